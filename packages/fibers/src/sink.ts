/**
 * Owns a computation whose yields are taken by ordinary code of its own thread: a frame of ours drives it, leaves each value in a
 * sink, and waits when that has enough.
 */
import {
  type Closure,
  Computation,
  Frame,
  NEXT,
  nothing,
  type ResumeKind,
  SUSPENDED,
  type Suspended,
  THROW,
} from "@rove/core"
import { BaseOperation } from "./operations/operation.ts"
import { LocalWaiter } from "./operations/waiter.ts"
import { unstarted } from "./runtime/admit.ts"
import { delegate } from "./runtime/delegate.ts"
import type { FiberState } from "./runtime/fiber.ts"
import { handOver } from "./runtime/hand-over.ts"
import type { Host } from "./runtime/host.ts"
import { hold, type Machine, takeOut } from "./runtime/machine.ts"
import { ownClosure } from "./runtime/own-code.ts"
import { type Advance, ENDED, resume, STOPPED, YIELDED } from "./runtime/run.ts"

/** What has been yielded and was not taken: at most `room` values, and then the fiber waits. */
export class Sink {
  readonly #room: number
  readonly #values: unknown[] = []
  /** Of the fiber, while there is no room. */
  #waiter: LocalWaiter | null = null
  /** Of who takes values, while there are none. */
  #taker: (() => void) | null = null
  constructor(room: number) {
    this.#room = room
  }
  get isEmpty(): boolean {
    return this.#values.length === 0
  }
  take(): unknown {
    const value = this.#values.shift()
    const waiter = this.#waiter
    this.#waiter = null
    waiter?.wake(NEXT, undefined)
    return value
  }
  /** Calls back when there is a value, or when it is told that there will be none. */
  whenTold(taker: () => void): void {
    this.#taker = taker
  }
  tell(): void {
    const taker = this.#taker
    this.#taker = null
    taker?.()
  }
  put(value: unknown, fiber: FiberState, host: Host): undefined | Suspended {
    const isLast = this.#values.length + 1 >= this.#room
    // before anything happens: it is refused where nothing may wait
    const waiter = isLast ? new SinkWaiter(this, fiber, host) : null
    this.#values.push(handOver(value))
    this.tell()
    if (waiter === null) return undefined
    this.#waiter = waiter
    return waiter.park()
  }
  left(): void {
    this.#waiter = null
  }
}

class SinkWaiter extends LocalWaiter {
  readonly #sink: Sink
  constructor(sink: Sink, fiber: FiberState, host: Host) {
    super(fiber, host, "somebody who takes what it yields")
    this.#sink = sink
  }
  override cancel(): void {
    this.#sink.left()
  }
}

class Put extends BaseOperation<void> {
  readonly #sink: Sink
  readonly #value: unknown
  constructor(sink: Sink, value: unknown) {
    super()
    this.#sink = sink
    this.#value = value
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    return this.#sink.put(this.#value, fiber, host)
  }
}

class SinkFrame extends Frame {
  inner: Computation
  sink: Sink
  constructor(closure: Closure, inner?: Computation, sink?: Sink) {
    super(closure)
    this.inner = inner as Computation
    this.sink = sink as Sink
  }
}

/** The computation stopped on its way to its next yield. */
const ADVANCING = 0
const PUTTING = 1
const live = ["inner", "sink"]

const closure = ownClosure({
  id: "sink",
  name: "toAsyncIterable",
  points: { advance: live, put: live },
  Frame: SinkFrame,
  fields: { inner: nothing, sink: nothing },
  begins: nothing,
  step,
})

function step(m: Machine, frame: SinkFrame | null, _self: unknown, inner: Computation, sink: Sink): unknown {
  const { depth } = m
  const f = frame ?? new SinkFrame(closure, inner, sink)
  let result = frame === null ? resume(m, f.inner, NEXT, undefined, true) : goOn(m, f)
  while (result === YIELDED) {
    const value = takeOut(m, true)
    m.depth = depth
    let kind: ResumeKind = NEXT
    let sent: unknown
    try {
      if (delegate(m, new Put(f.sink, value)) === SUSPENDED) return stop(m, f, PUTTING)
    } catch (error) {
      kind = THROW
      sent = error
    }
    result = resume(m, f.inner, kind, sent, true)
  }
  if (result === STOPPED) return stop(m, f, ADVANCING)
  m.depth = depth
  return m.value
}

function goOn(m: Machine, f: SinkFrame): Advance {
  const { kind, value } = m
  if (f.pc === PUTTING) return resume(m, f.inner, kind, kind === NEXT ? undefined : value, true)
  if (kind === THROW) throw value
  return m.done ? ENDED : YIELDED
}

function stop(m: Machine, f: SinkFrame, at: number): Suspended {
  f.pc = at
  return hold(m, f)
}

/** Its second argument, the sink, is for who starts it to add: it is not handed over. Throws as `admit` for what is no unstarted computation. */
export function sunk(
  computation: unknown,
  where: string,
): { readonly outer: Computation; readonly inner: Computation } {
  const inner = unstarted(computation, where)
  return { outer: new Computation(closure, undefined, [inner]), inner }
}
