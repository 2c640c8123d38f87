"use fibers"
/** What `hosted.test.ts` runs. */
import {
  ContextVar,
  currentFiber,
  currentThread,
  type Resumable,
  sleep,
  spawn,
  toAsyncIterable,
  toPromise,
  wait,
} from "rove"

const tenant = new ContextVar("hosted.tenant", { default: "none" })
function* tenantOf(): Resumable<string> {
  yield* sleep(1)
  return tenant.get()
}

export class Odd extends Error {}

export function* half(n: number): Resumable<number> {
  yield* sleep(1)
  if (n % 2 === 1) throw new Odd(`${n} is odd`)
  return n / 2
}
export function* counts(seen: unknown[], to: number): Resumable<string, { n: number }> {
  try {
    for (let n = 0; n < to; n++) {
      marks.get(seen[0] as string)?.push(`yields ${n}`)
      yield { n }
    }
    return "all"
  } finally {
    yield* sleep(2)
    marks.get(seen[0] as string)?.push("cleaned up")
  }
}
/** Fibers share nothing, so what they do is noted by name. */
const marks = new Map<string, string[]>()
export function marksOf(name: string): string[] {
  const list: string[] = []
  marks.set(name, list)
  return list
}
export function* forever(name: string): Resumable<void> {
  try {
    yield* sleep(600_000)
  } finally {
    yield* sleep(2)
    marks.get(name)?.push("cleaned up")
  }
}
export function* where(): Resumable<[number, string | undefined, number]> {
  const child = yield* spawn(half(4))
  yield* sleep(1)
  return [currentThread().id, currentFiber()?.name, yield* child.join()]
}

const nameOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message: string }
  return code ?? message
}

/** Ordinary code that a fiber calls, on whichever thread that runs: all that `toPromise` and `toAsyncIterable` promise. */
export async function ordinary(): Promise<Record<string, unknown>> {
  const here = currentThread().id
  const given = [4]
  const seen: Record<string, unknown> = {}
  seen.result = await toPromise(half(8))
  const [thread, name, joined] = await toPromise(where(), { name: "asked" })
  seen.where = [thread === here, name, joined]
  seen.variables = await tenant.run("of who calls", () => toPromise(tenantOf()))
  seen.unportable = await toPromise(gives()).catch(nameOf)
  seen.error = await toPromise(half(3)).catch(error => [error instanceof Odd, error.message])
  seen.timeout = await toPromise(forever("t"), { timeout: 5 }).catch(nameOf)
  const log = marksOf("signal")
  const signal = AbortSignal.timeout(100)
  seen.signal = await toPromise(forever("signal"), { signal }).catch(error => [error === signal.reason, ...log])
  seen.aborted = await toPromise(half(2), { signal: AbortSignal.abort("before") }).catch(String)
  const used = half(2)
  const running = toPromise(used)
  seen.refused = await Promise.all([
    toPromise(used).catch(nameOf),
    toPromise(new Map().values() as never).catch(nameOf),
    toPromise(half(2), { nmae: "x" } as never).catch(nameOf),
    toPromise(takesSocket(new WeakMap() as never)).catch(nameOf),
  ])
  await running
  return { ...seen, given }
}
function* gives(): Resumable<object> {
  return new WeakMap()
}
function* takesSocket(_: object): Resumable<void> {}

export async function iterates(): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {}
  const all: number[] = []
  const iteration = toAsyncIterable(counts(["none"], 3))
  for await (const { n } of iteration) all.push(n)
  seen.all = [...all, (await iteration.next()).done]
  const byHand = toAsyncIterable(counts(["none"], 1))
  seen.byHand = await Promise.all([byHand.next(), byHand.next(), byHand.next()])

  const left = toAsyncIterable(slow())
  const pending = left.next()
  const [returned] = await Promise.all([left.return?.({ n: -1 } as never), pending])
  seen.left = [returned, await pending, await left.next()]

  const lazy = marksOf("lazy")
  const unbegun = toAsyncIterable(counts(["lazy"], 5))
  await new Promise(resolve => setTimeout(resolve, 5))
  const before = [...lazy]
  await unbegun.return?.()
  seen.lazy = [before, lazy, await unbegun.next()]

  for (const buffer of [1, 3]) {
    const log = marksOf(`ahead ${buffer}`)
    for await (const { n } of toAsyncIterable(counts([`ahead ${buffer}`], 100), { buffer })) {
      await new Promise(resolve => setTimeout(resolve, 30))
      log.push(`takes ${n}`)
      if (n === 1) break
    }
    seen[`ahead ${buffer}`] = [...log]
  }

  const signal = AbortSignal.timeout(200)
  const got: number[] = []
  try {
    for await (const { n } of toAsyncIterable(slow(), { signal })) got.push(n)
  } catch (error) {
    seen.signal = [got.length > 0, error === signal.reason]
  }
  try {
    for await (const _ of toAsyncIterable(fails())) got.length = 0
  } catch (error) {
    seen.error = [got.length, error instanceof Odd]
  }
  try {
    for await (const _ of toAsyncIterable(yieldsUnportable())) seen.unportable = "never"
  } catch (error) {
    seen.unportable = nameOf(error)
  }
  {
    await using disposed = toAsyncIterable(counts(["disposed"], 9))
    const log = marksOf("disposed")
    await disposed.next()
    seen.disposed = log
  }
  const used = half(2)
  const running = toPromise(used)
  const refusals = [
    () => toAsyncIterable(used as never),
    () => toAsyncIterable(slow(), { buffer: 0 }),
    () => toAsyncIterable(slow(), { bufer: 2 } as never),
  ]
  seen.refused = refusals.map(refused => {
    try {
      return refused()
    } catch (error) {
      return nameOf(error)
    }
  })
  await running
  return seen
}
function* slow(): Resumable<void, { n: number }> {
  for (let n = 0; ; n++) {
    yield* sleep(1)
    yield { n }
  }
}
function* fails(): Resumable<void, number> {
  yield 1
  throw new Odd("after one")
}
function* yieldsUnportable(): Resumable<void, object> {
  yield new WeakMap()
}

export function* callsOrdinary(): Resumable<unknown> {
  return yield* wait(ordinary)
}
export function* callsIterates(): Resumable<unknown> {
  return yield* wait(iterates)
}
