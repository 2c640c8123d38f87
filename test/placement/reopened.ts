"use fibers"
/** The fibers of `reopen.test.ts`: each uses a file or a socket on two threads. */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { threadId } from "node:worker_threads"
import { type Reopened, type Resumable, reopen, suspend, wait } from "rove"

/** Writes a line from each thread, through a file that each opens at its first use. */
export function* log(path: string): Resumable<{ lines: string[]; states: boolean[]; opened: number }> {
  const first = threadId
  let opened = 0
  const file = reopen(
    () => {
      opened++
      return openSync(path, "a")
    },
    { close: fd => closeSync(fd) },
  )
  const states = [file.isOpen]
  const line = (): void => {
    writeSync(file.value, `${threadId === first ? "first" : "second"} thread\n`)
    states.push(file.isOpen)
  }
  line()
  line()
  yield* suspend()
  states.push(file.isOpen)
  line()
  yield* suspend()
  states.push(file.isOpen)
  line()
  file.close()
  states.push(file.isOpen)
  return { lines: readFileSync(path, "utf8").trim().split("\n"), states, opened }
}

/** A `using` block in which it moves: at its end only what is open there is closed. */
export function* block(path: string): Resumable<string> {
  const log = reopen((): string[] => [], { close: list => list.push("closed") })
  {
    using file = reopen(() => openSync(path, "a"), {
      close: fd => {
        closeSync(fd)
        log.value.push(`closed on ${threadId === first ? "the first" : "the second"} thread`)
      },
    })
    const first = threadId
    writeSync(file.value, "one ")
    yield* suspend()
    writeSync(file.value, "two ")
  }
  return `${readFileSync(path, "utf8")}${log.value.join(", ")}`
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket))
    socket.once("error", reject)
  })
}

function ask(socket: Socket, text: string): Promise<string> {
  return new Promise(resolve => {
    socket.once("data", data => resolve(String(data)))
    socket.write(text)
  })
}

/** Speaks with an echo server from both threads; two locals and a list share one handle. */
export function* talk(port: number): Resumable<[string, string, boolean]> {
  const line = reopen(() => dial(port), { close: async socket => (await socket).destroy() })
  const shared = [line]
  const one = yield* ask1(line, "hello")
  yield* suspend()
  const two = yield* ask1(line, "again")
  const same = shared[0] === line
  line.close()
  return [one, two, same]
}

function* ask1(line: Reopened<Promise<Socket>>, text: string): Resumable<string> {
  return yield* wait(async () => ask(await line.value, text))
}

/** What opens it reads a file that is there only at the destination. */
export function* absent(path: string): Resumable<string> {
  const file = reopen(() => openSync(path, "r"))
  let before = "opened"
  try {
    file.value
  } catch (error) {
    before = (error as { code: string }).code
  }
  yield* suspend()
  closeSync(openSync(path, "w"))
  const after = typeof file.value
  closeSync(file.value)
  return `${before}, then ${after}`
}

const { now } = { now: () => Date.now() }

/** What opens it is a function that nobody can find at the destination. */
export function* lost(): Resumable<number> {
  const clock = reopen(now)
  yield* suspend()
  return clock.value
}
