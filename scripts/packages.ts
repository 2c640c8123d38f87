/**
 * Bundles the packages that every thread of a pool loads: a handful of files instead of two hundred, which each thread would look
 * for, read and link one by one. What entries of a package share is in a file of its own, so that there is one of everything.
 */
import { globSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { rolldown } from "rolldown"

const LOADED_AT_START = ["core", "fibers", "scheduler"]

/** Puts bundles in the place of what was compiled file by file; declarations stay. */
export async function bundlePackages(root: string): Promise<void> {
  for (const name of LOADED_AT_START) await bundlePackage(join(root, "packages", name))
}

async function bundlePackage(folder: string): Promise<void> {
  const dist = join(folder, "dist")
  for (const file of globSync("**/*.{js,js.map}", { cwd: dist })) rmSync(join(dist, file))
  const bundle = await rolldown({
    input: entriesOf(folder),
    // other packages, and Node
    external: /^[^./]/,
    platform: "node",
  })
  const { output } = await bundle.write({
    dir: dist,
    format: "esm",
    codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] },
    chunkFileNames: "[name].js",
    // locals only: classes and functions are known by their names, to people at least
    minify: { codegen: true, mangle: { toplevel: false, keepNames: true }, compress: false },
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await bundle.close()
  for (const file of output) if (file.type === "chunk") refuseRenamed(file.fileName, file.code)
}

/** The sources of what the package exports, by the name of the file that is made from each. */
function entriesOf(folder: string): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string>>
  }
  // that one is a script, and holds all of them
  const sources = Object.values(exports).filter(file => !file.endsWith("/standalone.ts"))
  return Object.fromEntries(sources.map(file => [file.replace(/^\.\/src\/|\.ts$/g, ""), join(folder, file)]))
}

/** Two classes of one name: one of them would have another name in what people see. */
function refuseRenamed(file: string, code: string): void {
  const renamed = /\b[A-Z]\w*\$\d+ ?= ?class\b|\bclass \w+\$\d+/.exec(code)
  if (renamed !== null) throw new Error(`${file}: a class is renamed, ${renamed[0]}: give it a name of its own`)
}
