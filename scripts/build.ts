/** Builds every package into its `dist`: JavaScript, declarations and source maps. `npm run build` */
import { spawnSync } from "node:child_process"
import { globSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { bundleStandalone } from "./standalone.ts"

/** Builds from nothing, in the order of the project references. Throws if a package does not compile. */
export function build(root: string): void {
  for (const folder of globSync("packages/*/dist", { cwd: root })) rmSync(join(root, folder), { recursive: true })
  const { status } = spawnSync("tsc", ["--build", ...globSync("packages/*/", { cwd: root })], {
    cwd: root,
    stdio: "inherit",
  })
  if (status !== 0) throw new Error(`tsc --build ended with ${status}`)
  // in the place of the module that was compiled from the same file
  bundleStandalone(root, join(root, "packages/fibers/dist/standalone.js"))
}

if (import.meta.main) build(dirname(import.meta.dirname))
