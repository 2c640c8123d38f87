"use fibers"
/** The fibers of `records.test.ts`, where a process of its own may have a copy of them. */
import {
  ContextVar,
  currentFiber,
  currentThread,
  type Fiber,
  type FiberRecord,
  type Resumable,
  record,
  register,
  sleep,
  spawn,
  wait,
  whereis,
} from "rove"

const tenant = new ContextVar("tenant", { default: "none" })

export function* steps(ms: number): Resumable<string[]> {
  const log: string[] = []
  for (const step of ["one", "two", "three"]) {
    yield* sleep(ms)
    log.push(step)
  }
  return log
}

export function* hog(turns: number): Resumable<number> {
  let sum = 0
  for (let i = 0; i < turns; i++) sum = (sum + i * 7) % 1_000_003
  return sum
}

export function* id(): Resumable<string | undefined> {
  yield* sleep(1)
  return currentFiber()?.id
}

export function* socket(): Resumable<string> {
  const held = unportable()
  const key = {}
  held.set(key, "kept")
  yield* sleep(1000)
  return held.get(key) ?? "lost"
}

const unportable = () => new WeakMap<object, string>()

export function* parent(): Resumable<string> {
  const child = yield* spawn(naps(1000))
  yield* sleep(1)
  return yield* child.join()
}
function* naps(ms: number): Resumable<string> {
  yield* sleep(ms)
  return "slept"
}

/** A record of its child, made inside of a context that the child has entered. */
export function* lends(): Resumable<FiberRecord<unknown>> {
  const child = yield* spawn(entering())
  return (yield* child.join()) as FiberRecord<unknown>
}
function* entering(): Resumable<unknown> {
  return yield* tenant.run("inner", insideOf())
}
function* insideOf(): Resumable<unknown> {
  const token = tenant.set("own")
  const { resumed, record: taken } = yield* record()
  if (!resumed) return taken
  const own = tenant.get()
  tenant.reset(token)
  return [currentFiber()?.id, own, tenant.get()]
}

/** Records of its child, and of itself, who joins that child. */
export function* keeps(): Resumable<unknown> {
  const child = yield* spawn(copied())
  const ofChild = yield* child.join()
  const { resumed, record: taken } = yield* record()
  return resumed ? yield* joins(child) : [ofChild, taken]
}
function* copied(): Resumable<unknown> {
  const { resumed, record: taken } = yield* record()
  return resumed ? "resumed" : taken
}

export function* named(): Resumable<string> {
  yield* register("named", currentFiber() as Fiber<unknown>)
  yield* sleep(100)
  return "named"
}
export function* find(): Resumable<Fiber<unknown>> {
  for (;;) {
    const found = yield* whereis("named")
    if (found !== null) return found
    yield* sleep(1)
  }
}

export function* joins(other: Fiber<unknown>): Resumable<unknown> {
  try {
    return yield* other.join()
  } catch (error) {
    return (error as { code: string }).code
  }
}

export function* checkpoints(): Resumable<unknown[]> {
  const seen: unknown[] = ["begun"]
  const { resumed, record: taken } = yield* record()
  seen.push(resumed)
  return [seen, taken, currentThread().runtimeId]
}

export function* promises(): Resumable<string> {
  const read = yield* wait(new Promise<string>(resolve => setTimeout(resolve, 80, "settled")))
  yield* sleep(1)
  return read
}
