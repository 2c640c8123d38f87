/** Bundles modules into one script: the runtime as it is published as `@rove/fibers/standalone`, and what tests add to it. */
import { join } from "node:path"
import { buildSync } from "esbuild"

/** Bundles the runtime. Writes the script and its source map to `file`; without one it only gives the text. */
export function bundleStandalone(root: string, file?: string): string {
  return bundleScript(join(root, "packages/fibers/src/standalone.ts"), file)
}

export function bundleScript(entry: string, file?: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    // a script leaves nothing behind but the global that it defines
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2024",
    keepNames: false,
    legalComments: "none",
    logLevel: "warning",
    ...(file === undefined ? { write: false } : { outfile: file, sourcemap: true, allowOverwrite: true }),
  })
  return outputFiles?.[0]?.text ?? ""
}
