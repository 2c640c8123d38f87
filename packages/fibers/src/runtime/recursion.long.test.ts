import { expect, test } from "vitest"
import { program } from "../../../../test/semantics/program.ts"
import type { Resumable } from "../types.ts"
import { LocalHost } from "./local-host.ts"

const deep = program<(n: number) => Resumable<number>>(
  "function* deep(n) { return n === 1 ? 1 : 1 + (yield* deep(n - 1)) }",
  "deep",
)

test("the limit of recursion is 100,000 frames, where nobody says another one, and may be millions", async () => {
  const host = new LocalHost()
  expect(await host.run(deep(100_000))).toBe(100_000)
  const error = { name: "RecursionLimitError", code: "ROVE_RECURSION_LIMIT" }
  await expect(host.run(deep(100_001))).rejects.toMatchObject(error)
  expect(await host.run(deep(2_000_000), { recursionLimit: 2_000_000 })).toBe(2_000_000)
  await expect(host.run(deep(2_000_001), { recursionLimit: 2_000_000 })).rejects.toMatchObject(error)
})
