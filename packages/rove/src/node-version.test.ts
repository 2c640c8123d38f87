/** An old Node is told what it lacks, and what is new enough is let through. */
import { spawnSync } from "node:child_process"
import { expect, test } from "vitest"
import { checkNode } from "./node-version.ts"

test("an old Node is refused by name", () => {
  for (const version of ["20.20.2", "22.15.0", "23.11.1", "9.0.0"])
    expect(() => checkNode(version)).toThrow(
      expect.objectContaining({ code: "ROVE_NODE", message: expect.stringContaining(version) }),
    )
})

test("Node 24 and newer ones are let through", () => {
  for (const version of ["24.0.0", "24.21.0", "26.0.0-nightly", "100.1.2"]) checkNode(version)
})

test.each([
  ["--import", "rove/register", "-e", "0"],
  ["-e", "require('rove/register')"],
])("%s %s of a clone tells an old Node before it reads TypeScript", (...load) => {
  const old = "Object.defineProperty(process.versions, 'node', { value: '20.20.2' })"
  const given = ["--import", `data:text/javascript,${encodeURIComponent(old)}`, ...load]
  const { status, stderr } = spawnSync(process.execPath, given, { cwd: import.meta.dirname, encoding: "utf8" })
  let told: unknown
  try {
    checkNode("20.20.2")
  } catch (error) {
    told = error
  }
  expect([status, stderr]).toEqual([1, expect.stringContaining(String(told))])
  expect(stderr).toContain("register.mjs:")
})
