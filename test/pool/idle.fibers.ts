"use fibers"
/** What `idle.test.ts` has a thread do while fibers sleep there, or compute. */
import { readFile } from "node:fs/promises"
import { connect, createServer, type Server } from "node:net"
import type { Resumable } from "@rove/fibers"

let server: Server | null = null

/** Serves one byte at a time on this thread, back as it came; gives the port. */
export async function serves(): Promise<number> {
  const opened = createServer(socket => socket.pipe(socket))
  server = opened
  await new Promise<void>(resolve => opened.listen(0, "127.0.0.1", resolve))
  return (opened.address() as { port: number }).port
}
export function closes(): void {
  server?.close()
}
/** Writes on this thread, later, from ordinary code: as often, with so many milliseconds between. */
export function chatters(times: number, ms: number): void {
  let left = times
  const timer = setInterval(() => {
    console.log(`tick ${left--}`)
    if (left === 0) clearInterval(timer)
  }, ms)
}

/** Milliseconds that a byte takes there and back, and a small file to be read, on this thread: the longest of so many. */
export async function reaches(port: number, path: string, times: number): Promise<number> {
  const socket = connect(port, "127.0.0.1")
  await new Promise(resolve => socket.once("connect", resolve))
  let longest = 0
  for (let i = 0; i < times; i++) {
    const before = performance.now()
    const echoed = new Promise(resolve => socket.once("data", resolve))
    socket.write("x")
    await echoed
    await readFile(path)
    longest = Math.max(longest, performance.now() - before)
  }
  socket.destroy()
  return longest
}
/** Computes until the word is set, and never waits. */
export function* computes(stop: SharedArrayBuffer): Resumable<number> {
  const word = new Int32Array(stop)
  let turns = 0
  while (Atomics.load(word, 0) === 0) turns++
  return turns
}
