"use fibers"
/** A module that a thread has not imported as long as a file is there that `ROVE_TEST_GATE` names; that it tries shows beside it. */
import { existsSync, writeFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"
import { isMainThread } from "node:worker_threads"
import { currentThread, migrateTo, type Resumable } from "@rove/fibers"

const gate = process.env["ROVE_TEST_GATE"] ?? ""
while (!isMainThread && existsSync(gate)) {
  writeFileSync(`${gate}-2`, "")
  await setTimeout(5)
}

export function* says(what: string): Resumable<string> {
  return `${what} on ${currentThread().id}`
}
export function* goesTo(thread: number): Resumable<string> {
  try {
    yield* migrateTo(thread)
    return "gone"
  } catch (error) {
    return `stays: ${(error as Error).message}`
  }
}
