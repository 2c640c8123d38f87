"use fibers"
import { threadId } from "node:worker_threads"
/** The fibers of `going-on.test.ts`: what they go on with, and whom they answer to, is decided before they move. */
import { ContextVar, currentFiber, type HookEvent, type Resumable, setTrace, sleep, suspend, wait } from "rove"
import { calledOn, gate } from "./gate.ts"

const tenant = new ContextVar("tenant", { default: "none" })
const tags = new ContextVar<Map<string, number>>("tags")
class Money {
  readonly cents: number
  constructor(cents: number) {
    this.cents = cents
  }
}
const price = new ContextVar<Money>("price", {
  transfer: { encode: ({ cents }) => cents, decode: (cents: number) => new Money(cents) },
})

const cache = new ContextVar("cache", { default: "none here", transfer: "drop" })

const reasonOf = (error: unknown) => String((error as { reason?: unknown }).reason)

/** Interrupted while it waits: the throw is pending when it goes. */
export function* waits(): Resumable<string> {
  try {
    yield* sleep(1e9)
    return "nothing was thrown"
  } catch (error) {
    return reasonOf(error)
  }
}

/** Has what it waited for when it goes. */
export function* awaits(): Resumable<unknown> {
  return yield* wait(gate.promise)
}

export function* named(): Resumable<(string | undefined)[]> {
  const before = currentFiber()?.name
  yield* suspend()
  return [before, currentFiber()?.name]
}

/** Still waits when it goes: it waits again there, for what is left of the time. */
export function* sleeps(): Resumable<unknown[]> {
  const until = Date.now() + 500
  const slept = yield* sleep(500)
  return [slept, Date.now() >= until - 2]
}

/** Runs until it is elsewhere: whoever interrupts it does so while it could go on. */
export function* busy(): Resumable<string> {
  const here = threadId
  try {
    while (threadOf() === here);
    yield* sleep(1)
    return "was not interrupted"
  } catch (error) {
    return `${reasonOf(error)}, ${threadOf() === here ? "here" : "there"}`
  }
}
function threadOf(): number {
  return threadId
}

/** Was interrupted, and has caught that: nobody interrupts it a second time. */
export function* interruptedBefore(): Resumable<string[]> {
  const seen: string[] = []
  for (const reason of ["first", "second"]) {
    try {
      seen.push(String(yield* currentFiber()?.interrupt(reason) ?? suspend()))
    } catch (error) {
      seen.push(reasonOf(error))
    }
    yield* suspend()
  }
  return seen
}

/** Stops while a computation that it iterates stands on its stack. */
export function* iterates(): Resumable<unknown[]> {
  const seen: unknown[] = []
  const pages = paged(3)
  for (const page of pages) seen.push(page)
  seen.push(pages.next().done)
  return seen
}
function* paged(count: number): Resumable<string, string> {
  try {
    for (let i = 0; i < count; i++) {
      if (i === 1) yield* suspend()
      yield `page ${i}`
    }
  } finally {
    yield "last"
  }
  return ""
}

/** Takes back, in the context that it has entered, what it set there. */
export function* entered(): Resumable<string[]> {
  return yield* tenant.run("outer", inside())
}
function* inside(): Resumable<string[]> {
  const token = tenant.set("inner")
  const seen = [tenant.get()]
  yield* suspend()
  tenant.reset(token)
  return [...seen, tenant.get()]
}

/** A context that was left is not one that is entered later. */
export function* left(): Resumable<string> {
  const token = yield* tenant.run("first", setsInside())
  yield* suspend()
  return tenant.run("second", () => {
    try {
      tenant.reset(token)
      return "a token of another context was taken"
    } catch (error) {
      return (error as { code: string }).code
    }
  })
}
function* setsInside(): Resumable<ReturnType<typeof tenant.set>> {
  return tenant.set("inside")
}

/** A token that was used before it went is used. */
export function* used(): Resumable<string> {
  const token = tenant.set("blue")
  tenant.reset(token)
  yield* suspend()
  try {
    tenant.reset(token)
    return "it worked twice"
  } catch (error) {
    return (error as { code: string }).code
  }
}

/** Has computations that have not begun, that rest at a yield, that are about to return, and that have ended. */
export function* holds(): Resumable<unknown[]> {
  const counter = { start: 10, count }
  const unstarted = counter.count(2)
  const resting = counter.count(3)
  const ended = counter.count(0)
  const seen: unknown[] = [resting.next().value, ended.next().done]
  yield* suspend()
  seen.push(...unstarted, ...resting, ended.next().done)
  seen.push(counter.count(5).return("not begun").value)
  for (const one of closes(seen)) {
    seen.push(one)
    break
  }
  return seen
}
function* count(this: { start: number }, n: number): Generator<number, unknown> {
  for (let i = 0; i < n; i++) yield this.start + i
  return undefined
}
/** Whoever leaves the loop over it makes it return, through all that it delegates to. */
function* closes(seen: unknown[]): Resumable<void, string> {
  yield* cleansUp()
  seen.push("went on")
}
function* cleansUp(): Resumable<void, string> {
  try {
    yield "one"
  } finally {
    yield* suspend()
  }
}

/** Is resumed inside computations that iterate one another, each with callers of its own; and how many more calls fit there. */
export function* nested(): Resumable<number[]> {
  const seen: number[] = []
  const resting = rests(5)
  resting.next()
  for (const n of deeper(2)) seen.push(n)
  seen.push(resting.next().value ?? 0)
  return seen
}
/** Rests at a yield that so many calls stand on. */
function* rests(n: number): Resumable<void, number> {
  if (n > 0) return yield* rests(n - 1)
  yield 0
  yield yield* room(0)
}
function* deeper(n: number): Resumable<number[], number> {
  if (n > 0) for (const below of deeper(n - 1)) yield below
  else yield* suspend()
  yield yield* room(0)
  return []
}
function* room(n: number): Resumable<number> {
  try {
    return yield* room(n + 1)
  } catch {
    return n
  }
}

/** Values of which each reader gets one of its own. */
export function* kept(): Resumable<unknown[]> {
  tags.set(new Map([["a", 1]]))
  price.set(new Money(5))
  cache.set("of this thread")
  yield* suspend()
  tags.get().set("b", 2)
  return [tags.get().size, price.get() instanceof Money, price.get().cents, cache.get()]
}

function failing({ kind, reason }: HookEvent): void {
  if (kind === "yield" && reason === "suspend") throw new RangeError("thrown by a hook")
}

/** What its hook threw as it went is thrown where it arrives. */
export function* failed(): Resumable<string> {
  try {
    yield* setTrace(failing)
    yield* suspend()
    return "nothing was thrown"
  } catch (error) {
    return `${String(error)} on thread ${threadId}`
  }
}

/** Is taken while something waits in the inbox of the thread on which it runs. */
export function* leaves(): Resumable<unknown[]> {
  const here = threadId
  try {
    while (threadOf() === here);
    for (let i = 0; i < 100; i++) yield* sleep(0)
    return ["not hit", calledOn.length]
  } catch (error) {
    return [String(error), calledOn.length]
  }
}

/** Runs on a thread in whose inbox something may wait: how many calls were made there so far. */
export function* runs(): Resumable<number> {
  for (let i = 0; i < 3; i++) yield* sleep(0)
  return calledOn.splice(0).length
}

/** Moves from a depth that only frames as data have. */
export function* deepInside(): Resumable<number> {
  return yield* sum(60_000)
}
function* sum(n: number): Resumable<number> {
  if (n === 30_000) yield* suspend()
  return n === 0 ? 0 : n + (yield* sum(n - 1))
}
