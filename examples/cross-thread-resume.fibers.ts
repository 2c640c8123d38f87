"use fibers"
/** The fiber of `cross-thread-resume.ts`: deep in a loop, a nested call and two catch blocks, it changes threads. */
import { writeSync } from "node:fs"
import { ContextVar, currentFiber, currentThread, handledExceptions, type Resumable, sleep, spawn, stack } from "rove"

const tenant = new ContextVar("tenant", { default: "none" })

/** What is seen at each hop. */
export interface Hop {
  readonly thread: number
  readonly nativeId: number | null
  readonly fiber: string
  readonly depth: number
  readonly tenant: string
  readonly handled: string
  readonly hop: number
}

export function* journey(hops: number): Resumable<Hop[]> {
  tenant.set("blue")
  try {
    throw new RangeError("bridge out")
  } catch (error) {
    return yield* detour(hops, error as RangeError)
  }
}

function* detour(hops: number, first: RangeError): Resumable<Hop[]> {
  const seen: Hop[] = []
  try {
    throw new TypeError("no map", { cause: first })
  } catch {
    for (let hop = 1; hop <= hops; hop++) {
      seen.push(yield* look(hop))
      if (hop < hops) yield* changeThread()
    }
  }
  return seen
}

function* look(hop: number): Resumable<Hop> {
  const depth = (yield* stack()).length
  const handled = (yield* handledExceptions()).map(String).join(", ")
  // asked for now and not before: whatever was known of the thread is void after each stop
  const { id, nativeId, name } = currentThread()
  const fiber = currentFiber()?.id ?? "none"
  const seen = { thread: id, nativeId, fiber, depth, tenant: tenant.get(), handled, hop }
  writeSync(
    1,
    `${`${hop}`.padStart(3)}  ${name.padEnd(8)} ${String(nativeId).padEnd(9)} ${fiber}    ${depth}      ${seen.tenant}    ${handled}\n`,
  )
  return seen
}

/**
 * Runs until another thread has taken this fiber. Nobody can ask for that; but where two fibers want to run, an idle
 * thread takes one of them, sooner or later this one.
 */
function* changeThread(): Resumable<void> {
  const here = currentThread().id
  while (currentThread().id === here) {
    const rival = yield* spawn(stay(here))
    yield* sleep(1) // lets the rival begin
    for (let turn = 0; turn < 3_000_000 && currentThread().id === here; turn++) {} // at each turn this fiber may be moved
    yield* rival.interrupt()
  }
}

function* stay(here: number): Resumable<void> {
  while (currentThread().id === here) {}
}
