"use fibers"
/** What the stacks of a fiber enter: scopes, limits in time, uninterruptible stretches. */
import {
  type Channel,
  Coroutine,
  channel,
  defer,
  migrateTo,
  type Resumable,
  scope,
  sleep,
  spawn,
  timeLeft,
  timeout,
  uninterruptible,
} from "rove"

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error)

/** Where the fiber goes before it goes on with that step; nowhere if there are no threads. */
function* move(threads: readonly number[], step: number): Resumable<void> {
  if (threads.length > 0) yield* migrateTo(threads[step % threads.length] as number)
}

/** A limit of a stack that is switched away from is over while another one waits. */
export function* limited(threads: readonly number[]): Resumable<string[]> {
  const log: string[] = []
  const main = Coroutine.current<unknown>()
  const other = new Coroutine<void, unknown>(function* (): Resumable<void> {
    try {
      yield* timeout(20, function* () {
        yield* main.switchTo(undefined)
        log.push("other goes on")
        yield* sleep(60_000)
      })
    } catch (error) {
      log.push(`other ${codeOf(error)}`)
    }
    log.push(`other has ${timeLeft()} left`)
  })
  yield* other.switchTo()
  yield* move(threads, 0)
  log.push(`main has ${timeLeft()} left`)
  yield* sleep(40)
  log.push("main has slept")
  yield* move(threads, 1)
  yield* other.switchTo()
  return log
}

/** Children, cleanups and the failure of a child are those of the scope's stack. */
export function* scoped(threads: readonly number[]): Resumable<string[]> {
  const log: string[] = []
  const main = Coroutine.current<unknown>()
  const failed = channel<void>({ capacity: 1 })
  const other = new Coroutine<void, unknown>(function* (): Resumable<void> {
    try {
      yield* scope(function* () {
        yield* defer(function* () {
          yield* sleep(1)
          log.push("other's cleanup")
        })
        yield* spawn(fails(failed))
        yield* main.switchTo(undefined)
        log.push("other goes on")
        yield* sleep(60_000)
      })
    } catch (error) {
      log.push(`other ${error}`)
    }
  })
  yield* other.switchTo()
  const child = yield* spawn(waits()) // not the other's scope would end it
  yield* move(threads, 0)
  yield* failed.receive()
  yield* sleep(5)
  log.push("main has slept")
  yield* move(threads, 1)
  yield* other.switchTo()
  yield* child.interrupt("main's")
  try {
    yield* child.join()
  } catch (error) {
    log.push(`child: ${(error as { reason?: unknown }).reason}`)
  }
  return log
}
function* fails(failed: Channel<void>): Resumable<never> {
  yield* failed.send(undefined)
  throw new RangeError("the other's child")
}
function* waits(): Resumable<void> {
  yield* sleep(60_000)
}

/** An interrupt comes where the stack that runs lets it in. */
export function* sheltered(ready: Channel<void>, threads: readonly number[]): Resumable<string[]> {
  const log: string[] = []
  const main = Coroutine.current<unknown>()
  const other = new Coroutine<void, unknown>(function* (): Resumable<void> {
    yield* uninterruptible(function* () {
      yield* main.switchTo(undefined)
      yield* sleep(1)
      log.push("other goes on")
    })
  })
  yield* other.switchTo()
  yield* move(threads, 0)
  try {
    yield* ready.send(undefined)
    yield* sleep(60_000)
  } catch (error) {
    log.push(`main ${codeOf(error)}`)
  }
  yield* other.switchTo()
  return log
}

/** What lies around the switch to a coroutine is in force there; around the next switch it may be something else. */
export function* around(threads: readonly number[]): Resumable<string[]> {
  const log: string[] = []
  const main = Coroutine.current<unknown>()
  const left = () => log.push(timeLeft() > 60_000 ? "no limit" : timeLeft() > 10_000 ? "a minute" : "soon")
  const other = new Coroutine<void, unknown>(function* (): Resumable<void> {
    yield* scope(function* () {
      for (let n = 0; n < 3; n++) {
        left()
        yield* main.switchTo(undefined)
      }
      left()
      yield* sleep(60_000)
    })
  })
  yield* timeout(60_000, function* () {
    yield* other.switchTo()
    yield* move(threads, 0)
    yield* other.switchTo()
  })
  yield* other.switchTo()
  try {
    yield* timeout(500, function* () {
      yield* move(threads, 1)
      yield* other.switchTo()
    })
  } catch (error) {
    log.push(codeOf(error), other.status)
  }
  return log
}

/** What an abandoned stack had entered ends with the fiber. */
export function* abandoned(cleaned: Int32Array, threads: readonly number[]): Resumable<string> {
  const main = Coroutine.current<unknown>()
  const other = new Coroutine<void, unknown>(function* (): Resumable<void> {
    yield* scope(function* () {
      yield* defer(adds(cleaned, 1))
      yield* spawn(adds(cleaned, 10))
      yield* main.switchTo(undefined)
    })
  })
  yield* other.switchTo()
  yield* move(threads, 0)
  return "over"
}
/** A child of an abandoned stack's scope fails while the fiber goes on; the scope may have a cleanup. */
export function* failedAside(cleans: boolean): Resumable<string> {
  const main = Coroutine.current<unknown>()
  const cleaned = new Int32Array(new SharedArrayBuffer(4))
  const other = new Coroutine<void, unknown>(function* (): Resumable<void> {
    yield* scope(function* () {
      if (cleans) yield* defer(adds(cleaned, 1))
      yield* spawn(failsSoon())
      yield* main.switchTo(undefined)
    })
  })
  yield* other.switchTo()
  yield* sleep(20)
  return "over"
}
function* failsSoon(): Resumable<never> {
  yield* sleep(1)
  throw new RangeError("a child's")
}
/** A cleanup goes to another stack and back; an interrupt has come meanwhile. Tells through `cleaned` which cleanups have run. */
export function* cleanedAcross(ready: Channel<void>, cleaned: Int32Array): Resumable<void> {
  const main = Coroutine.current<void>()
  const other = new Coroutine<void, unknown>(function* (): Resumable<void> {
    for (;;) yield* main.switchTo()
  })
  yield* scope(function* () {
    yield* defer(adds(cleaned, 1))
    yield* defer(adds(cleaned, 10))
    yield* defer(function* () {
      yield* ready.send()
      yield* other.switchTo()
      Atomics.add(cleaned, 0, 100)
    })
  })
  yield* sleep(60_000)
}
function* adds(cleaned: Int32Array, n: number): Resumable<void> {
  yield* sleep(10)
  Atomics.add(cleaned, 0, n)
}
export function* takes(ready: Channel<void>): Resumable<void> {
  yield* ready.receive()
}
