// The direction of imports, as ARCHITECTURE.md draws it; test/import-rules.test.ts proves that each rule bites.
// Imports of types count. (What a worker loads at its start is another question: scripts/lint/worker-start.cjs.)

/** The package folders, and what each may import among them. */
const allowed = {
  core: [],
  compiler: ["core"],
  fibers: ["core"],
  scheduler: ["core", "fibers"],
  rove: ["core", "compiler", "fibers", "scheduler"],
}

const tests = "\\.test(-d)?\\.ts$"

const directions = Object.entries(allowed).map(([from, to]) => ({
  name: `${from}-imports-only-${to.length === 0 ? "itself" : to.join("-and-")}`,
  severity: "error",
  comment: "Layers point one way, so that a stored record needs no compiler and a program on one thread no scheduler.",
  from: { path: `^packages/${from}/src/`, pathNot: tests },
  to: { path: "^packages/", pathNot: `^packages/(${[from, ...to].join("|")})/` },
}))

module.exports = {
  forbidden: [
    ...directions,
    {
      name: "packages-import-no-workspace-folder",
      severity: "error",
      comment: "What is published cannot reach tests, examples or benches.",
      from: { path: "^packages/", pathNot: tests },
      to: { path: "^(test|examples|bench|scripts)/" },
    },
    {
      name: "loop-imports-no-operation",
      severity: "error",
      comment: "An operation is a small object with `perform(fiber, host)`: adding one never edits the run loop.",
      from: { path: "^packages/fibers/src/runtime/", pathNot: tests },
      to: { path: "^packages/fibers/src/operations/" },
    },
    {
      name: "effect-behind-one-file",
      severity: "error",
      comment: "Effect is the face of a pool for those who use it, never on the hot path nor in a worker's start.",
      from: { path: "^packages/", pathNot: `^packages/rove/src/effect\\.ts$|${tests}` },
      to: { path: "(^|/)node_modules/(effect|@effect)/" },
    },
    {
      name: "pino-only-as-type",
      severity: "error",
      comment: "A logger is passed in; nobody is made to load one.",
      from: { path: "^packages/", pathNot: tests },
      to: { path: "(^|/)node_modules/pino/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-cycle",
      severity: "error",
      comment: "Two files that need each other are one file, or there is a third one between them.",
      // the lowering follows the grammar, in which statements, expressions, patterns and functions contain each other
      from: { path: "^packages/", pathNot: "^packages/compiler/src/3-lower/|^packages/compiler/src/4-generate/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      comment: "A path that leads nowhere would slip through every other rule.",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
}
