/**
 * Bundles the packages that every thread of a pool loads, and the compiler, which the first start of a program waits for: a handful
 * of files instead of three hundred, which would be looked for, read and linked one by one. What entries of a package share is in
 * files of its own, so that there is one of everything.
 */
import { globSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { type OutputOptions, rolldown } from "rolldown"

const LOADED_AT_START = ["core", "fibers", "scheduler"]

/** Puts bundles in the place of what was compiled file by file; declarations stay. */
export async function bundlePackages(root: string): Promise<void> {
  const one = { groups: [{ name: "shared", minShareCount: 2 }] }
  for (const name of LOADED_AT_START) {
    const folder = join(root, "packages", name)
    await bundlePackage(folder, entriesOf(folder), one)
  }
  // what needs the parser is apart from what every thread loads: the hook requires it once it has to compile
  const compiler = join(root, "packages", "compiler")
  await bundlePackage(compiler, { ...entriesOf(compiler), prepare: join(compiler, "src/prepare.ts") }, true)
}

async function bundlePackage(
  folder: string,
  input: Readonly<Record<string, string>>,
  codeSplitting: NonNullable<OutputOptions["codeSplitting"]>,
): Promise<void> {
  const dist = join(folder, "dist")
  for (const file of globSync("**/*.{js,js.map}", { cwd: dist })) rmSync(join(dist, file))
  const bundle = await rolldown({
    input,
    // other packages, and Node
    external: /^[^./]/,
    platform: "node",
  })
  const { output } = await bundle.write({
    dir: dist,
    format: "esm",
    codeSplitting,
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
