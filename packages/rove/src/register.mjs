/**
 * Owns what an old Node is told by `rove/register` in a clone: it cannot read TypeScript, and would name that. Packages that are
 * installed have JavaScript, and node-version.ts tells them.
 */
import { createRequire } from "node:module"

const { node } = process.versions
if (Number.parseInt(node, 10) < 24) {
  const text = `Rove needs Node 24 or newer, and this is Node ${node}: install a newer one, or put one first in the PATH`
  throw Object.assign(new Error(text), { code: "ROVE_NODE" })
}
// not awaited: then `--require` could not load it
createRequire(import.meta.url)("./register.ts")
