/** What is reopened, on two OS threads: files and sockets of which only the way to open them moves. */
import { existsSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { scratch } from "../support/scratch.ts"
import { type End, Threads } from "../support/threads.ts"

let threads: Threads
beforeAll(async () => {
  threads = await Threads.start(
    new URL("./reopened.ts", import.meta.url),
    new URL("../state/edits.ts", import.meta.url),
  )
}, 60_000)
afterAll(() => threads[Symbol.asyncDispose]())

async function run(fiber: string, ...args: unknown[]): Promise<unknown> {
  const end: End = await threads.run(fiber, { args })
  if (end.error !== undefined) throw new Error(end.error)
  return end.value
}

test("a file is opened once on each thread that uses it, by what moved with the fiber", async () => {
  const path = join(scratch({}), "log.txt")
  expect(await run("log", path)).toEqual({
    lines: ["first thread", "first thread", "second thread", "first thread"],
    // here, here, there not yet, there; back: the handle that came back is another one
    states: [false, true, true, false, true, false, true, false],
    opened: 3,
  })
})

test("a using block in which the fiber moves closes what it opened at the destination", async () => {
  expect(await run("block", join(scratch({}), "block.txt"))).toBe("one two closed on the second thread")
})

test("a socket is a connection of each thread's own, and the handle stays one object", async () => {
  const peers = new Set<number | undefined>()
  const server: Server = createServer(socket => {
    peers.add(socket.remotePort)
    socket.on("data", data => socket.write(`${data}!`))
    socket.on("error", () => {})
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  expect(await run("talk", port)).toEqual(["hello!", "again!", true])
  expect(peers.size).toBe(2)
  server.close()
})

test("what opening throws is thrown at the use, and the next use tries again", async () => {
  const path = join(scratch({}), "later.txt")
  expect(existsSync(path)).toBe(false)
  expect(await run("absent", path)).toBe("ENOENT, then number")
})

test("a function that nobody finds at the destination is refused with the path through the handle", async () => {
  await expect(run("lost")).rejects.toThrow(
    /lost\(\) reopened\.ts:\d+ › local clock › \.open: function now is not portable/,
  )
})
