import { availableParallelism } from "node:os"
import { expect, test } from "vitest"
import { configure } from "./config.ts"

test("without options a pool has a thread per processor; an option that is undefined is none, and each limit stands alone", () => {
  const usual = configure({})
  expect(usual).toEqual(configure({ workers: undefined, limits: undefined } as never))
  expect(usual).toMatchObject({
    workers: availableParallelism(),
    name: "rove",
    quantum: 1,
    grace: 5000,
    uncaught: "report",
  })
  expect(configure({ workers: 7, limits: { queue: 5 } })).toEqual({
    ...usual,
    workers: 7,
    limits: { ...usual.limits, queue: 5 },
  })
})

test("memory is in megabytes: what can only have been meant as bytes is refused", () => {
  expect(configure({ limits: { memory: 2 ** 20 } }).limits.memory).toBe(2 ** 20)
  expect(configure({ limits: { memory: null } } as never).limits.memory).toBe(null)
  for (const memory of [40 * 2 ** 20, 7, Number.NaN, "64"])
    expect(() => configure({ limits: { memory } } as never)).toThrow(
      expect.objectContaining({ code: "ROVE_CONFIG", message: expect.stringContaining("megabytes from 8 to 1048576") }),
    )
})
