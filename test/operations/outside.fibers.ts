"use fibers"
/** What `outside.test.ts` runs. */
import { byReference, callAsync, type Resumable } from "rove"

export async function later(ms: number, value: { n: number }): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, ms))
  return value.n
}
export async function fails(): Promise<never> {
  throw new RangeError("it failed")
}
/** Counts how often it was called, on whichever thread. */
export async function counted(calls: Int32Array): Promise<number> {
  const before = Atomics.add(calls, 0, 1)
  if (before === 0) await new Promise(() => {})
  return before
}
export const shout = byReference("outside.shout", (text: string) => `${text}!`)

export function* calls(): Resumable<unknown[]> {
  const given = { n: 1 }
  const operation = callAsync(later, 5, given)
  given.n = 2 // the arguments were cloned
  const seen: unknown[] = [yield* operation, yield* callAsync(shout, "now")]
  try {
    yield* callAsync(fails)
  } catch (error) {
    seen.push(`${error}`)
  }
  for (const wrong of [setTimeout as never, spawned, 5 as never])
    try {
      yield* callAsync(wrong as unknown as () => number)
    } catch (error) {
      seen.push((error as { code?: string }).code)
    }
  return seen
}
function* spawned(): Resumable<number> {
  return 1
}
export function* callsCounted(shared: Int32Array): Resumable<number> {
  return yield* callAsync(counted, shared)
}
