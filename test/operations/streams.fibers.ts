"use fibers"
/** What `streams.test.ts` runs. */
import { createReadStream, createWriteStream } from "node:fs"
import { connect, createServer, type Socket } from "node:net"
import { PassThrough, Readable, Writable } from "node:stream"
import { chunks, type Fiber, lines, type Resumable, scope, sleep, spawn, timeout, wait, writeTo } from "rove"

const later = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
const nameOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message: string }
  return code ?? message
}

/** Writes so many lines to a file, and reads them back. */
export function* file(path: string, count: number): Resumable<unknown[]> {
  const out = createWriteStream(path, { highWaterMark: 1024 })
  for (let i = 0; i < count; i++) {
    yield* writeTo(out, `line ${i} ${"é".repeat(i % 50)}\n`)
    if (out.writableLength > 1024 + 200) throw new Error(`${out.writableLength} bytes wait`)
  }
  yield* writeTo(out, "the last one has no end", { end: true })
  const input = createReadStream(path, { highWaterMark: 777 }) // in the middle of characters, too
  let wrong = 0
  let n = 0
  let last = ""
  for (const line of lines(input)) {
    if (n < count && line !== `line ${n} ${"é".repeat(n % 50)}`) wrong++
    last = line
    n++
  }
  let bytes = 0
  for (const chunk of chunks(createReadStream(path, { highWaterMark: 4096 }))) bytes += chunk.length
  return [n, wrong, last, bytes === out.bytesWritten, out.closed]
}

/** Ends of lines, in pieces of one byte and as one. */
export function* lineEnds(): Resumable<unknown[]> {
  const seen: unknown[] = []
  for (const text of ["", "\n", "a\nb", "a\r\nb\r\n", "\n\nc", "d\re\n\r", "ü\n€"])
    for (const pieces of [[text], [...Buffer.from(text)].map(byte => Buffer.of(byte)), [...text]]) {
      const read: string[] = []
      for (const line of lines(Readable.from(pieces.length === 0 ? [""] : pieces, { objectMode: false })))
        read.push(line)
      seen.push(read.join("|"))
    }
  return seen
}

/** The source is asked for more only as the loop goes on. */
export function* pressure(): Resumable<unknown[]> {
  let made = 0
  const endless = new Readable({
    highWaterMark: 4,
    objectMode: true,
    read() {
      this.push(made++)
    },
  })
  const ahead: number[] = []
  for (const n of chunks<number>(endless)) {
    yield* sleep(2)
    ahead.push(made - n)
    if (n === 20) break
  }
  return [Math.max(...ahead) <= 6, endless.destroyed, made < 30]
}

/** How a loop over a stream ends, and what becomes of the stream. */
export function* waysOut(): Resumable<unknown[]> {
  const seen: unknown[] = []
  for (const destroy of [true, false]) {
    const broken = Readable.from(["a\nb\n", "c\n"], { objectMode: false })
    for (const line of lines(broken, { destroy })) if (line === "a") break
    seen.push(["break", broken.destroyed])
    const thrown = new PassThrough()
    thrown.write("x")
    try {
      for (const _ of chunks(thrown, { destroy })) throw new Error("thrown")
    } catch (error) {
      seen.push([nameOf(error), thrown.destroyed])
    }
    const waited = new PassThrough()
    try {
      yield* timeout(100, reads(waited, destroy))
    } catch (error) {
      seen.push([nameOf(error), waited.destroyed, waited.listenerCount("readable"), waited.listenerCount("error")])
    }
    waited.destroy()
  }
  const streams: (() => Readable)[] = [
    () => brokenIn(5, new RangeError("it broke")),
    () => brokenIn(5),
    () => createReadStream("/no/such/file"),
    () => Readable.from([{}]),
  ]
  for (const make of streams)
    try {
      for (const line of lines(make())) seen.push(line)
    } catch (error) {
      seen.push(nameOf(error))
    }
  for (const wrong of [5, null, {}])
    try {
      for (const line of lines(wrong as never)) seen.push(line)
    } catch (error) {
      seen.push(nameOf(error))
    }
  return seen
}
function brokenIn(ms: number, error?: Error): PassThrough {
  const stream = new PassThrough({ highWaterMark: 1 })
  setTimeout(() => stream.destroy(error), ms)
  return stream
}
function* reads(stream: Readable, destroy: boolean): Resumable<number> {
  let n = 0
  for (const _ of chunks(stream, { destroy })) n++
  return n
}

/** What is left by one loop is there for the next. */
export function* inTurns(): Resumable<string[]> {
  const stream = new PassThrough({ objectMode: true })
  for (const word of ["one", "two", "three"]) stream.write(word)
  stream.end()
  const seen: string[] = []
  for (const word of chunks<string>(stream, { destroy: false })) {
    seen.push(word)
    break
  }
  for (const word of chunks<string>(stream)) seen.push(word)
  return seen
}

/** A stream that takes its time: a fiber that writes waits as often as it has to. */
export function* slowly(): Resumable<unknown[]> {
  const taken: string[] = []
  const slow = new Writable({
    highWaterMark: 8,
    decodeStrings: false,
    write(chunk, _, done) {
      setTimeout(() => {
        taken.push(String(chunk))
        done()
      }, 2)
    },
  })
  let most = 0
  for (let i = 0; i < 5; i++) {
    yield* writeTo(slow, `part ${i}`)
    most = Math.max(most, slow.writableLength)
  }
  const writers: Fiber<void>[] = []
  yield* scope(function* () {
    for (let i = 0; i < 20; i++) writers.push(yield* spawn(writes(slow, i), { pinned: "it shares a stream" }))
  })
  yield* writeTo(slow, "end", { end: true })
  return [most <= 8, taken.length, taken.at(-1), slow.listenerCount("drain"), slow.writableFinished]
}
function* writes(stream: Writable, i: number): Resumable<void> {
  yield* writeTo(stream, `more ${i}`)
}

/** Errors of a stream come out of the write that waits, or of the next one; an interrupt leaves it open. */
export function* writeErrors(): Resumable<unknown[]> {
  const seen: unknown[] = []
  const broken = new Writable({
    highWaterMark: 1,
    write(_, __, done) {
      setTimeout(() => done(new RangeError("it broke")), 2)
    },
  })
  const later0 = new Writable({
    write(_, __, done) {
      setTimeout(() => done(new RangeError("it broke later")), 2)
    },
  })
  const stuck = new Writable({ highWaterMark: 1, write() {} })
  const ended = new Writable({ write: (_, __, done) => done() })
  ended.end()
  const attempts: (() => Resumable<void>)[] = [
    () => writes(broken, 1),
    () => writes(broken, 2),
    () => twice(later0),
    () => writes(ended, 1),
    () => writes(brokenIn(5), 1),
    () => writes(5 as never, 1),
  ]
  for (const attempt of attempts)
    try {
      yield* attempt()
      seen.push("written")
    } catch (error) {
      seen.push(nameOf(error))
    }
  try {
    yield* timeout(100, writeTo(stuck, "x"))
  } catch (error) {
    seen.push(nameOf(error), stuck.destroyed, stuck.writableLength)
  }
  return seen
}
function* twice(stream: Writable): Resumable<void> {
  yield* writeTo(stream, "first")
  yield* wait(later(10))
  yield* writeTo(stream, "second")
}

/** A server that gives back each line in capitals, and a client: half of the connection ends before the other. */
export function* sockets(): Resumable<string[]> {
  const server = createServer({ allowHalfOpen: true })
  yield* wait(new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve)))
  const accepted = new Promise<Socket>(resolve => server.once("connection", resolve))
  const seen: string[] = []
  yield* scope(function* () {
    yield* spawn(serves(accepted), { pinned: "it has a socket" })
    const socket = connect({
      port: (server.address() as { port: number }).port,
      host: "127.0.0.1",
      allowHalfOpen: true,
    })
    yield* writeTo(socket, "one\ntwo\n")
    yield* writeTo(socket, "three\n", { end: true })
    for (const line of lines(socket)) seen.push(line)
  })
  server.close()
  return seen
}
function* serves(accepted: Promise<Socket>): Resumable<void> {
  const socket = yield* wait(accepted)
  for (const line of lines(socket)) yield* writeTo(socket, `${line.toUpperCase()}\n`)
  yield* writeTo(socket, "bye", { end: true })
}

/** Holds a file open in its loop. */
export function* holds(path: string): Resumable<void> {
  for (const _ of lines(createReadStream(path))) yield* sleep(60_000)
}
