"use fibers"
/**
 * The fibers of `placement.test.ts`: a parent hands things to a child, and looks at what became of them. `desk` is shared
 * memory: [whether to wait until the child has begun, the thread on which it did, what a child wrote].
 */
import { threadId } from "node:worker_threads"
import { byReference, ContextVar, type Fiber, move, type Resumable, spawn } from "rove"

export type Desk = Int32Array<SharedArrayBuffer>
interface Case {
  readonly seen: unknown
  /** Whether the child ran on another thread than its parent. */
  readonly stolen: boolean
}

const settings = byReference("placement.settings", { mode: "shared" })
const named = new ContextVar<{ list: number[] }>("placement")

/** Called first by each child. */
function begin(desk: Desk): void {
  Atomics.store(desk, 1, threadId)
}

/** Lets an idle thread take the child; else the join runs it. */
function* given(desk: Desk): Resumable<void> {
  if (Atomics.load(desk, 0) === 0) return
  for (let i = 0; Atomics.load(desk, 1) === 0 && i < 5e7; i++);
}

function* end<R>(child: Fiber<R>, desk: Desk): Resumable<[R, boolean]> {
  yield* given(desk)
  const result = yield* child.join()
  return [result, Atomics.load(desk, 1) !== threadId]
}

function* changing(desk: Desk, list: number[], frozen: ReadonlyMap<string, number>): Resumable<number> {
  begin(desk)
  list.push(4)
  ;(frozen as Map<string, number>).set("new", 1)
  return list.length + frozen.size
}

export function* argumentsAreCloned(desk: Desk): Resumable<Case> {
  const list = [1, 2, 3]
  const map = Object.freeze(new Map([["old", 0]]))
  const child = yield* spawn(changing(desk, list, map))
  list.push(5, 6) // too late for the child
  const [result, stolen] = yield* end(child, desk)
  return { seen: [result, list.length, map.size], stolen }
}

class Box {
  readonly inside: number[] = []
}
interface Settings {
  readonly limits: readonly number[]
}

function* handing(desk: Desk, settings: Settings, box: Box, made: typeof Box): Resumable<unknown[]> {
  begin(desk)
  box.inside.push(1)
  return [Object.isFrozen(settings.limits), settings.limits[1], Object.isFrozen(box), box.inside.length, made === Box]
}

/** Only the plain ones: what is inside a frozen instance may change. */
export function* frozenAllTheWay(desk: Desk): Resumable<Case> {
  const settings: Settings = Object.freeze({ limits: Object.freeze([1, 2]) })
  const box = Object.freeze(new Box())
  const child = yield* spawn(handing(desk, settings, box, Box))
  const [result, stolen] = yield* end(child, desk)
  return { seen: [...result, box.inside.length], stolen }
}

function* symbolsBack(desk: Desk, own: symbol, shared: symbol): Resumable<{ own: symbol[]; shared: symbol[] }> {
  begin(desk)
  return { own: [own, own], shared: [shared, Symbol.iterator] }
}

export function* symbolsBecomeFresh(desk: Desk): Resumable<Case> {
  const own = Symbol("own")
  const child = yield* spawn(symbolsBack(desk, own, Symbol.for("placement")))
  const [back, stolen] = yield* end(child, desk)
  const fresh = back.own[0] !== own && back.own[0] === back.own[1] && back.own[0]?.description === "own"
  return { seen: [fresh, back.shared[0] === Symbol.for("placement"), back.shared[1] === Symbol.iterator], stolen }
}

function* listing(desk: Desk): Resumable<{ list: number[] }> {
  begin(desk)
  return { list: [1] }
}

export function* joinersGetTheirOwn(desk: Desk): Resumable<Case> {
  const child = yield* spawn(listing(desk))
  const [one, stolen] = yield* end(child, desk)
  const two = yield* child.join()
  one.list.push(2)
  return { seen: [one !== two, two.list], stolen }
}

function* summing(desk: Desk, bytes: Uint8Array): Resumable<number> {
  begin(desk)
  return bytes.reduce((a, b) => a + b, 0)
}

export function* movedBuffersAreTransferred(desk: Desk): Resumable<Case> {
  const bytes = new Uint8Array([1, 2, 3])
  const child = yield* spawn(summing(desk, move(bytes)))
  const left = bytes.length
  const [sum, stolen] = yield* end(child, desk)
  return { seen: [left, sum], stolen }
}

function* writing(desk: Desk, given: typeof settings, read: typeof begin): Resumable<boolean[]> {
  begin(desk)
  Atomics.store(desk, 2, 7)
  return [given === settings, read === begin]
}

export function* referencesAndSharedMemory(desk: Desk): Resumable<Case> {
  const child = yield* spawn(writing(desk, settings, begin))
  const [same, stolen] = yield* end(child, desk)
  return { seen: [same, Atomics.load(desk, 2)], stolen }
}

function* variable(desk: Desk): Resumable<unknown[]> {
  begin(desk)
  const value = named.get()
  const inherited = [Object.isFrozen(value), Object.isFrozen(value.list), value.list.length]
  named.set({ list: [] })
  return inherited
}

export function* variablesAreClonedAndFrozen(desk: Desk): Resumable<Case> {
  const given = { list: [1] }
  named.set(given)
  given.list.push(2)
  const child = yield* spawn(variable(desk))
  const [inherited, stolen] = yield* end(child, desk)
  return { seen: [inherited, named.get().list, Object.isFrozen(given)], stolen }
}

export function* closuresCarryCopies(desk: Desk): Resumable<Case> {
  const list = [1]
  function* adding(): Resumable<number> {
    begin(desk)
    return list.push(2, 3)
  }
  const child = yield* spawn(adding())
  const [length, stolen] = yield* end(child, desk)
  return { seen: [length, list], stolen }
}

function* any(desk: Desk, value: unknown): Resumable<string> {
  begin(desk)
  return typeof value
}

/** Refused where it is spawned, wherever it would have run; a pinned child takes it as it is. */
export function* whatCannotBeCloned(desk: Desk): Resumable<Case> {
  let code = "none"
  try {
    yield* spawn(any(desk, new WeakMap()))
  } catch (error) {
    code = (error as { code: string }).code
  }
  const pinned = yield* spawn(any(desk, new WeakMap()), { pinned: "it has a WeakMap" })
  return { seen: [code, yield* pinned.join()], stolen: true }
}
