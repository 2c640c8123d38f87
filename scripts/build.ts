/** Builds every package into its `dist`: JavaScript, declarations and source maps. `npm run build` */
import { spawnSync } from "node:child_process"
import { globSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"

const root = dirname(import.meta.dirname)

/** Builds from nothing, in the order of the project references. Throws if a package does not compile. */
export function build(): void {
  for (const folder of globSync("packages/*/dist", { cwd: root })) rmSync(join(root, folder), { recursive: true })
  const { status } = spawnSync("tsc", ["--build", ...globSync("packages/*/", { cwd: root })], {
    cwd: root,
    stdio: "inherit",
  })
  if (status !== 0) throw new Error(`tsc --build ended with ${status}`)
}

if (import.meta.main) build()
