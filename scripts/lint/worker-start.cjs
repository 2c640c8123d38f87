// What a worker loads before it runs its first fiber: imports that stand in the emitted code, so types do not count,
// and neither do imports that are made later, on demand.
const shared = require("../../.dependency-cruiser.cjs")

module.exports = {
  forbidden: [
    {
      name: "worker-starts-light",
      severity: "error",
      comment:
        "A raw worker starts in 21 to 39 ms, one that imports effect in 160 to 250; two of Node's own cost 1 and 3 (builtins.ts).",
      from: { path: "^packages/scheduler/src/entry\\.ts$" },
      to: {
        path: "(^|/)node_modules/(effect|pino|oxc-[^/]+|@oxc-[^/]+)/|^packages/compiler/|^(node:)?(fs|crypto)$",
        reachable: true,
      },
    },
  ],
  options: { ...shared.options, tsPreCompilationDeps: false, exclude: { ...shared.options.exclude, dynamic: true } },
}
