"use fibers"
/** What `regions.test.ts` runs. Each says in words what it saw. */
import {
  atomic,
  currentFiber,
  type Fiber,
  noBlock,
  noSwitch,
  type Operation,
  pin,
  pinned,
  type Restorable,
  type Resumable,
  receive,
  record,
  restorable,
  sleep,
  spawn,
  stack,
  tell,
  wait,
} from "@rove/fibers"

function* codeOf(operation: () => Operation<unknown>): Resumable<string> {
  try {
    yield* operation()
    return "done"
  } catch (error) {
    return (error as { code?: string }).code ?? `${error}`
  }
}

export function* everyWait(inside: "noSwitch" | "noBlock"): Resumable<string[]> {
  const ended = yield* spawn(nothing())
  yield* ended.join()
  const child = yield* spawn(nap(200)) // a busy machine takes its time
  const region = inside === "noSwitch" ? noSwitch : noBlock
  const seen = yield* region(function* () {
    return [
      yield* codeOf(() => sleep(5)),
      yield* codeOf(() => sleep(0)),
      yield* codeOf(() => wait(Promise.resolve())),
      yield* codeOf(() => stack()),
      yield* codeOf(() => child.join()),
      yield* codeOf(() => ended.join()),
    ]
  })
  yield* child.join() // what was refused has changed nothing
  seen.push(yield* codeOf(() => sleep(1)))
  return seen
}

/** In the region there is a message that it told itself, and none behind that. */
export function* receivesInside(inside: "noSwitch" | "noBlock"): Resumable<unknown[]> {
  return yield* (yield* spawn(receivesOwn(inside), { pinned: "its inbox is where it is" })).join()
}
function* receivesOwn(inside: "noSwitch" | "noBlock"): Resumable<unknown[]> {
  const me = currentFiber() as Fiber<unknown>
  yield* tell(me, "unwanted")
  yield* tell(me, "there already")
  const region = inside === "noSwitch" ? noSwitch : noBlock
  return yield* region(function* () {
    const wanted = yield* receive((message: unknown): message is string => message === "there already")
    return [wanted, yield* receive(), yield* codeOf(() => receive())]
  })
}

/** Whether another fiber of this thread ran while this one computed, for so many ms if it did not. */
export function* othersRan(
  inside: "noSwitch" | "noBlock" | "atomic" | "none",
  waits: boolean,
  ms: number,
): Resumable<boolean> {
  const counter = new Int32Array(new SharedArrayBuffer(4))
  const other = yield* spawn(count(counter), { pinned: "it is to be on this thread" })
  yield* sleep(5)
  using _ = pin("the other one is here")
  const body = function* (): Resumable<boolean> {
    const before = counter[0]
    if (waits) yield* sleep(5)
    const end = performance.now() + ms
    while (counter[0] === before && performance.now() < end) {}
    return counter[0] !== before
  }
  const regions = { noSwitch, noBlock, atomic }
  const ran = inside === "none" ? yield* body() : yield* regions[inside](body)
  yield* other.interrupt()
  return ran
}
function* count(counter: Int32Array): Resumable<void> {
  for (;;) {
    counter[0] = (counter[0] as number) + 1
    yield* sleep(0)
  }
}

export function* nested(): Resumable<string[]> {
  const seen: string[] = []
  try {
    yield* noSwitch(function* () {
      yield* noBlock(function* () {
        seen.push(yield* codeOf(() => sleep(0)))
      })
      seen.push(yield* codeOf(() => sleep(0)))
      throw new RangeError("out")
    })
  } catch (error) {
    seen.push(`${error}`)
  }
  seen.push(yield* codeOf(() => sleep(0)))
  yield* noBlock(function* () {
    seen.push(
      yield* noSwitch(function* () {
        return yield* codeOf(() => sleep(0))
      }),
    )
    seen.push(yield* codeOf(() => sleep(0)))
  })
  return seen
}

/** Goes on where its record is resumed, in the same regions. */
export function* recordedInside(): Resumable<unknown> {
  return yield* noBlock(function* () {
    const taken = yield* record()
    if (!taken.resumed) return taken.record
    return `${yield* codeOf(() => sleep(5))}, ${yield* codeOf(() => sleep(0))}`
  })
}

export function* deepInside(depth: number): Resumable<string> {
  return yield* noSwitch(function* () {
    return `${yield* deep(depth)} ${yield* codeOf(() => sleep(1))}`
  })
}
function* deep(n: number): Resumable<number> {
  return n === 0 ? 0 : 1 + (yield* deep(n - 1))
}

export function* asks(): Resumable<Restorable[]> {
  const seen = [yield* restorable()]
  seen.push(yield* pinned("it draws", restorableInside()))
  seen.push(yield* noSwitch(restorableInside()))
  const local = { socket: new WeakMap() }
  seen.push(yield* restorable())
  if (local.socket.has(local)) return []
  seen.push(...[0].flatMap(() => [...askedNatively()]))
  return seen
}
function* restorableInside(): Resumable<Restorable> {
  return yield* restorable()
}
function* askedNatively(): Resumable<never, Restorable> {
  yield yield* restorable()
  return undefined as never
}

export function* interruptedInside(seen: Int32Array): Resumable<never> {
  yield* atomic(function* () {
    seen[0] = 1
    const end = performance.now() + 150
    while (performance.now() < end) {}
    seen[0] = 2
  })
  for (;;) {}
}

function* nothing(): Resumable<void> {}
function* nap(ms: number): Resumable<number> {
  yield* sleep(ms)
  return ms
}

/** What a region says of functions that give nothing which could run inside. */
export function* givenNothing(): Resumable<string[]> {
  const said: string[] = []
  for (const [region, given] of [
    [noSwitch, 5],
    [atomic, undefined],
    [noBlock, Symbol("none")],
  ] as const)
    try {
      yield* region((() => given) as never)
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      said.push(`${code} ${message}`)
    }
  return said
}
