"use fibers"
/** Where a thread finds Rove. */

export function found(): string[] {
  const names = ["@rove/core", "@rove/fibers", "@rove/fibers/runtime", "@rove/scheduler", "rove", "rove/runtime"]
  return names.map(name => import.meta.resolve(name))
}
