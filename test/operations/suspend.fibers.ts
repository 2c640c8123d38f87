"use fibers"
/** What `suspend.test.ts` runs. */
import {
  type Channel,
  channel,
  currentThread,
  type Fiber,
  type Interruption,
  migrateTo,
  noBlock,
  type Resumable,
  type Resumer,
  select,
  sleep,
  spawn,
  suspend,
  timeout,
} from "rove"

export class Refused extends Error {
  readonly times: number
  constructor(times: number) {
    super(`refused ${times} times`)
    this.times = times
  }
}

/** Callbacks of ordinary code: with a value, with an error, at once, several times. */
export function* byCallbacks(): Resumable<unknown[]> {
  const seen: unknown[] = []
  seen.push(yield* suspend<string>(resume => setTimeout(resume.resolve, 2, "later")))
  try {
    yield* suspend(resume => setTimeout(() => resume.reject(new Refused(3)), 2))
  } catch (error) {
    seen.push([error instanceof Refused, (error as Refused).times])
  }
  const answers: boolean[] = []
  const got = yield* suspend<number>(resume => {
    answers.push(resume.resolve(1), resume.resolve(2), resume.reject(new Error("too late")))
  })
  seen.push(got, answers)
  seen.push(yield* suspend<string>(async resume => resume.resolve("async")))
  const given = { n: 1 }
  const copy = yield* suspend<{ n: number }>(resume => resume.resolve(given))
  seen.push(copy, copy === given)
  return seen
}

/** What register throws, in each of its forms, is thrown; and what it has handed out is good for nothing. */
export function* failsToRegister(): Resumable<unknown[]> {
  const resumers: Resumer<unknown>[] = []
  const seen: unknown[] = []
  const ways: ((resume: Resumer<unknown>) => unknown)[] = [
    resume => {
      resumers.push(resume)
      throw new RangeError("at once")
    },
    async resume => {
      resumers.push(resume)
      throw new RangeError("of a promise")
    },
    function* (resume: Resumer<unknown>) {
      resumers.push(resume)
      yield* sleep(1)
      throw new RangeError("of a generator")
    },
  ]
  for (const register of ways)
    try {
      yield* suspend(register)
    } catch (error) {
      seen.push(`${error}`)
    }
  for (const resume of resumers) seen.push(yield* resume.with(1))
  return seen
}

/** A resumer goes through a channel to fibers that may be anywhere: exactly one is the first. */
export function* raced(fibers: number): Resumable<{ got: number; first: number[] }> {
  const resumers = channel<Resumer<number>>()
  const children: Fiber<boolean>[] = []
  for (let i = 0; i < fibers; i++) children.push(yield* spawn(racer(resumers, i), { prefer: 1 + (i % 2) }))
  const got = yield* suspend<number>(function* (resume) {
    for (let i = 0; i < fibers; i++) yield* resumers.send(resume)
  })
  const first: number[] = []
  for (const [i, child] of children.entries()) if (yield* child.join()) first.push(i)
  return { got, first }
}
function* racer(from: Channel<Resumer<number>>, value: number): Resumable<boolean> {
  const resume = yield* from.receive()
  return yield* resume.with(value)
}

/** An instance of a class of this module, and an error, from another thread than that of the one who waits. */
export function* fromThread(thread: number, fails: boolean): Resumable<unknown> {
  const resumers = channel<Resumer<Refused>>()
  const child = yield* spawn(resumesOn(thread, resumers, fails), { prefer: thread })
  try {
    const value = yield* suspend<Refused>(resume => sends(resumers, resume))
    return [value instanceof Refused, value.times, yield* child.join()]
  } catch (error) {
    return [`${error}`, error instanceof Refused, yield* child.join()]
  }
}
function* sends<T>(to: Channel<T>, value: T): Resumable<void> {
  yield* to.send(value)
}
function* resumesOn(thread: number, from: Channel<Resumer<Refused>>, fails: boolean): Resumable<unknown> {
  const resume = yield* from.receive()
  yield* migrateTo(thread)
  let ordinary = "allowed"
  try {
    resume.resolve(new Refused(0))
  } catch (error) {
    ordinary = String((error as { code?: string }).code)
  }
  const first = yield* fails ? resume.fail(new Refused(7)) : resume.with(new Refused(7))
  return [first, ordinary, currentThread().id]
}

/** Waits on the thread where it begins; another fiber resumes it. */
export function* waits(resumers: Channel<Resumer<string>>, ms?: number, thread?: number): Resumable<string> {
  if (thread !== undefined) yield* goTo(thread)
  return yield* suspend<string>(
    function* (resume) {
      yield* resumers.send(resume)
    },
    ms === undefined ? {} : { timeout: ms },
  )
}
/** The wait is over by an interrupt, by its own timeout, and by a timeout around it: then nobody is the first. */
export function* ends(): Resumable<unknown[]> {
  const seen: unknown[] = []
  const resumers = channel<Resumer<string>>({ capacity: 1 })
  const interrupted = yield* spawn(waits(resumers))
  const first = yield* resumers.receive()
  yield* sleep(1)
  const delivery: Interruption = yield* interrupted.interrupt("enough")
  try {
    yield* interrupted.join()
  } catch (error) {
    seen.push(delivery, (error as { code?: string }).code, yield* first.with("too late"))
  }
  for (const late of [waits(resumers, 5), timeout(100, waits(resumers))])
    try {
      yield* late
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      seen.push(code, message, yield* (yield* resumers.receive()).with("too late"))
    }
  return seen
}

/** Moves while it waits, by way of a departure or a record: whoever has the resumer need not know. */
export function* resumes(resumers: Channel<Resumer<string>>, go: Channel<void>): Resumable<boolean> {
  const resume = yield* resumers.receive()
  yield* go.receive()
  return yield* resume.with("from afar")
}

/** Begins to wait on the thread where it is, and waits on another one. */
export function* waitsElsewhere(from: number, thread: number): Resumable<string> {
  yield* goTo(from)
  return yield* suspend<string>(() => goTo(thread))
}
/** Somebody may steal a fiber that has just arrived. */
function* goTo(thread: number): Resumable<void> {
  while (currentThread().id !== thread) yield* migrateTo(thread)
}

/** Nothing is registered where nothing may wait; a resumption is no branch of a select. */
export function* refused(): Resumable<unknown[]> {
  const calls: unknown[] = []
  const seen: unknown[] = []
  const code = (error: unknown): unknown => (error as { code?: string }).code
  try {
    yield* noBlock(function* () {
      yield* suspend(resume => calls.push(resume))
    })
  } catch (error) {
    seen.push(code(error))
  }
  for (const wrong of [5, null])
    try {
      yield* suspend(wrong as never)
    } catch (error) {
      seen.push(code(error))
    }
  let kept: Resumer<number> | undefined
  yield* suspend<number>(resume => {
    kept = resume
    resume.resolve(1)
  })
  try {
    yield* select({ a: (kept as Resumer<number>).with(2) })
  } catch (error) {
    seen.push(code(error))
  }
  return [...seen, calls.length]
}
export function* gives(go: Channel<void>): Resumable<void> {
  yield* go.send()
}
export function* dies(thread: number): Resumable<never> {
  yield* goTo(thread)
  process.exit(3)
}
export function* registersFor(ms: number, resumers: Channel<Resumer<string>>): Resumable<string> {
  return yield* suspend<string>(function* (resume) {
    yield* resumers.send(resume)
    if (ms > 0) yield* sleep(ms)
  })
}
export function* resumesAtOnce(resumers: Channel<Resumer<string>>): Resumable<boolean> {
  return yield* (yield* resumers.receive()).with("from another")
}
