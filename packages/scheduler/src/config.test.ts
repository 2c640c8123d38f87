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
