/** What the command `rove` does that takes long: until it is sure that nothing will happen any more. */
import { expect, test } from "vitest"
import { type Ended, node, scratch } from "./support/scratch.ts"

const rove = (folder: string, ...args: string[]): Promise<Ended> =>
  node(folder, ["node_modules/rove/src/cli/main.ts", ...args])

test("run ends when all fibers wait for each other, says who waits for what and where, and lets them clean up", {
  timeout: 40_000,
}, async () => {
  const stuck = `"use fibers"
import { channel, spawn } from "rove"
export function* stuck() {
  const it = channel()
  const taker = yield* spawn(takes(it))
  try {
    return yield* taker.join()
  } finally {
    console.log("cleaned up")
  }
}
function* takes(it) {
  return yield* it.receive()
}
`
  const { code, out, err } = await rove(
    scratch({ "package.json": '{"name":"app","type":"module"}', "src/stuck.js": stuck }),
    ...["run", "-w", "2", "src/stuck.js#stuck"],
  )
  expect([code, out]).toEqual([3, "cleaned up\n"])
  const lines = err.split("\n")
  expect(lines[0]).toBe("RoveError: every fiber waits for another one")
  expect(lines.slice(1, 3).toSorted()).toEqual([
    expect.stringMatching(/^ {2}fiber 0\.1 \(stuck\): join of fiber \d\.1 \(takes\), at stuck \(.*stuck\.js:7:\d+\)/),
    expect.stringMatching(/^ {2}fiber \d\.1 \(takes\): receive from channel.*, at takes \(.*stuck\.js:13:\d+\)/),
  ])
})
