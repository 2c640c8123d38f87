/** Streams of Node in fibers: files, sockets and streams that fail or are slow, on one thread and on a pool. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { LocalHost, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./streams.fibers.ts"

const pool = await Pool.start({ workers: 2, grace: 2000 })
const folder = mkdtempSync(join(tmpdir(), "rove-streams-"))
afterAll(async () => {
  await pool.close()
  rmSync(folder, { recursive: true })
})
const hosts = { "on one thread": new LocalHost(), "on a pool": pool }

describe.each(Object.entries(hosts))("streams %s", (where, host) => {
  test("a file is written no faster than it takes it, and read by lines and by chunks", async () => {
    const path = join(folder, where)
    expect(await host.run(fibers.file(path, 3000))).toEqual([3001, 0, "the last one has no end", true, true])
  })
  test("lines end as they do, wherever the pieces are cut", async () => {
    const read = ["", "", "a|b", "a|b", "||c", "d\re|\r", "ü|€"]
    expect(await host.run(fibers.lineEnds())).toEqual(read.flatMap(text => [text, text, text]))
  })
  test("a stream is read as the loop goes on", async () => {
    expect(await host.run(fibers.pressure())).toEqual([true, true, true])
  })
  test("leaving a loop destroys the stream, unless it is to be left; its errors are thrown", async () => {
    expect(await host.run(fibers.waysOut())).toEqual([
      ["break", true],
      ["thrown", true],
      ["ROVE_TIMEOUT", true, 1, 1],
      ["break", false],
      ["thrown", false],
      ["ROVE_TIMEOUT", false, 0, 0],
      "it broke",
      "ERR_STREAM_PREMATURE_CLOSE",
      "ENOENT",
      ...Array.from({ length: 4 }, () => "ROVE_INVALID_ARGUMENT"),
    ])
    expect(await host.run(fibers.inTurns())).toEqual(["one", "two", "three"])
  })
  test("who writes waits for room, many fibers too, with one listener; `end` waits until all has left", async () => {
    expect(await host.run(fibers.slowly())).toEqual([true, 26, "end", 1, true])
  })
  test("errors come out of the write that waits, or of the next one; an interrupt leaves the stream open", async () => {
    expect(await host.run(fibers.writeErrors())).toEqual([
      "it broke",
      "it broke",
      "it broke later",
      "ROVE_INVALID_ARGUMENT",
      "ERR_STREAM_PREMATURE_CLOSE",
      "ROVE_INVALID_ARGUMENT",
      "ROVE_TIMEOUT",
      false,
      1,
    ])
  })
  test("a socket is read to its end and can be written to after that", async () => {
    expect(await host.run(fibers.sockets())).toEqual(["ONE", "TWO", "THREE", "bye"])
  })
})

test("a stream that is being read is what cannot be saved, and an interrupt destroys it", async () => {
  const path = join(folder, "held")
  writeFileSync(path, "a\nb\n")
  const fiber = pool.run(fibers.holds(path))
  fiber.catch(() => {})
  await expect.poll(async () => (await fiber.status()).waitsFor, { timeout: 10_000, interval: 5 }).toMatch("sleep")
  await expect(fiber.record()).rejects.toThrow(/holds\(\).*a ReadStream that is being read is not portable/)
  expect(await fiber.interrupt()).toBe("delivered")
})
