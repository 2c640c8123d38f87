/** That a pino logger can be passed in, and hears of what nobody else would. */
import { Pool } from "@rove/scheduler"
import pino from "pino"
import { expect, test } from "vitest"
import { exit } from "./programs.ts"

test("a pino logger is told of a worker's death, with the thread and the cause", async () => {
  const lines: { msg: string; thread: number; cause: string }[] = []
  const logger = pino({ level: "warn" }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  await using pool = await Pool.start({ workers: 1, grace: 2000, logger })
  await expect(pool.run(exit(3))).rejects.toMatchObject({ code: "ROVE_WORKER_LOST" })
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(0)
  expect(lines[0]).toMatchObject({ msg: "a worker died and is replaced", thread: expect.any(Number) })
})
