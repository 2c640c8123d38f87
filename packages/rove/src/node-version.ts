/**
 * Owns what an old Node is told: the version that is needed, instead of the first name that it lacks. Imports nothing,
 * because it is evaluated before everything else.
 */
const NEEDED = 24

/** Throws ROVE_NODE for a version of Node that cannot run Rove. */
export function checkNode(version: string): void {
  if (Number.parseInt(version, 10) >= NEEDED) return
  const error = new Error(
    `Rove needs Node ${NEEDED} or newer, and this is Node ${version}: install a newer one, or put one first in the PATH`,
  )
  throw Object.assign(error, { code: "ROVE_NODE" })
}

checkNode(process.versions.node)
