/** An old Node is told what it lacks, and what is new enough is let through. */
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
