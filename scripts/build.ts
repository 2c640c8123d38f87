/** Builds every package into its `dist`: JavaScript, declarations and source maps. `npm run build` */
import { spawnSync } from "node:child_process"
import { globSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { bundlePackages } from "./packages.ts"
import { bundleStandalone } from "./standalone.ts"

/** Builds from nothing, in the order of the project references. Throws if a package does not compile. */
export async function build(root: string): Promise<void> {
  for (const folder of globSync("packages/*/dist", { cwd: root })) rmSync(join(root, folder), { recursive: true })
  const { status } = spawnSync("tsc", ["--build", ...globSync("packages/*/", { cwd: root })], {
    cwd: root,
    stdio: "inherit",
  })
  if (status !== 0) throw new Error(`tsc --build ended with ${status}`)
  await bundlePackages(root)
  // in the place of the module that was made from the same file
  bundleStandalone(root, join(root, "packages/fibers/dist/standalone.js"))
}

if (import.meta.main) await build(dirname(import.meta.dirname))
