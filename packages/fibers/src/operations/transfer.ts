/**
 * Owns going from one stack of a fiber to another: a fiber may have many, of which one runs. Each is a chain of frames that ends
 * at the fiber's root, like the fiber's own; going over is the run loop's going on elsewhere, and costs the same at any depth.
 */
import {
  anything,
  Computation,
  type Context,
  type Fits,
  Frame,
  instance,
  isNatural,
  isObject,
  NEXT,
  nothing,
  oneOf,
  orNull,
  RecordError,
  type ResumeKind,
  RoveError,
  registerOwnClass,
  SUSPENDED,
  type Suspended,
  THROW,
  Variables,
} from "@rove/core"
import { unstarted } from "../runtime/admit.ts"
import { assignVariables } from "../runtime/ambient.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { yieldedBy } from "../runtime/forgotten.ts"
import type { Host } from "../runtime/host.ts"
import { BOUNCE, hold, type Machine, TRANSFER } from "../runtime/machine.ts"
import { ownClosure } from "../runtime/own-code.ts"
import { restrictionsOf } from "../runtime/region.ts"
import type { Restricted } from "../runtime/restrictions.ts"
import { type Advance, ENDED, resume, STOPPED, YIELDED } from "../runtime/run.ts"
import { wrongFrames } from "../runtime/sound.ts"
import { goAside, type Holder } from "../runtime/stack-lifetimes.ts"

/** What goes over to a stack. */
export interface Delivered {
  readonly kind: ResumeKind
  readonly value: unknown
}

/** One that runs, that waits to be switched to, or has not begun, as the run loop sees it. */
export interface Transferable extends Holder {
  /** While it is switched away from. */
  stack: Stack | null
  /** What it begins with; null once it has. */
  body: object | null
  /** With what its fiber goes on where, when it has ended. */
  ended(end: Delivered): { readonly to: Transferable; readonly with: Delivered }
  /** It runs from now on. */
  entered(): void
}

/** What is a stack's own while another one runs. */
export class Stack {
  /** What comes out of a record was not constructed. */
  readonly #ours = true
  readonly top: SwitchFrame
  readonly depth: number
  readonly inner: Computation
  restricted: Restricted | null
  readonly variables: Variables
  readonly scope: number
  constructor(top: SwitchFrame, depth: number, inner: Computation, fiber: FiberState) {
    this.top = top
    this.depth = depth
    this.inner = inner
    this.restricted = fiber.restricted
    this.variables = fiber.context.variables
    this.scope = fiber.context.extra?.scope ?? 0
  }
  static #isOurs(stack: object): boolean {
    return #ours in stack
  }
  /** Refuses what a forged record may hold: frames that lead nowhere, or in a circle. */
  check(fiber: FiberState): void {
    if (Stack.#isOurs(this)) return
    const wrong = wrongFrames(this, fiber.root, NEXT)
    if (wrong !== null) throw new RecordError(0, `the frames of a coroutine cannot go on: ${wrong}`)
    this.restricted = restrictionsOf(this.top, fiber.root)
  }
}

/** The youngest frame of whoever switches: it goes away when it is first stepped, and is back when it is stepped again. */
class SwitchFrame extends Frame {
  from: Transferable | null = null
  to: Transferable | null = null
  kind: ResumeKind = NEXT
  value: unknown = undefined
}

registerOwnClass("rove.Stack", Stack, {
  top: value => value instanceof SwitchFrame && value.pc === ARRIVING,
  depth: isNatural,
  inner: instance(Computation),
  restricted: orNull(isObject),
  variables: value => value instanceof Variables,
  scope: isNatural,
})

/** The oldest frame of a stack but for the root: it drives what the coroutine runs. */
class BaseFrame extends Frame {
  of: Transferable | null = null
  inner: Computation | null = null
}

/** What a base frame begins with. */
interface Beginning {
  readonly body: object | null
  readonly value: unknown
}

const LEAVING = 1
const ARRIVING = 2

/** What has stacks, which says so itself. */
const transferables: { fits: Fits } = { fits: nothing }
export function registerTransferable(fits: Fits): void {
  transferables.fits = fits
}
function isTransferable(value: unknown): boolean {
  return transferables.fits(value)
}

const switching = ownClosure({
  id: "switch",
  name: "switchTo",
  points: { start: [], leave: ["from", "to", "kind", "value"], arrive: [] },
  Frame: SwitchFrame,
  fields: { from: isTransferable, to: isTransferable, kind: oneOf(NEXT, THROW), value: anything },
  step: stepSwitch,
})

const basing = ownClosure({
  name: "coroutine",
  points: { start: [], run: ["of", "inner"] },
  Frame: BaseFrame,
  fields: { of: isTransferable, inner: orNull(instance(Computation)) },
  step: stepBase,
})

/** Leaves the stack that runs, which is `from`'s, for `to`. The operation returns what this returns. */
export function transfer(m: Machine, from: Transferable, to: Transferable, { kind, value }: Delivered): Suspended {
  const frame = new SwitchFrame(switching)
  frame.pc = LEAVING
  frame.from = from
  frame.to = to
  frame.kind = kind
  frame.value = value
  // all that lies beneath becomes data first
  m.signal = BOUNCE
  return hold(m, frame)
}

function stepSwitch(m: Machine, frame: SwitchFrame): unknown {
  const { kind, value } = frame
  if (m.kind === THROW) throw m.value
  if (frame.pc === ARRIVING) {
    frame.value = undefined
    if (kind === THROW) throw value
    return value
  }
  const from = frame.from as Transferable
  const to = frame.to as Transferable
  frame.pc = ARRIVING
  frame.from = frame.to = null
  from.stack = new Stack(frame, m.depth, m.innermost as Computation, m.fiber as FiberState)
  return arrive(m, from, to, { kind, value })
}

/** The run loop goes on there. */
function arrive(m: Machine, from: Transferable, to: Transferable, delivered: Delivered): Suspended {
  const fiber = m.fiber as FiberState
  goAside(from, to, fiber, m.host as Host)
  if (to.stack === null) begin(m, fiber, to, delivered)
  else {
    const { stack } = to
    stack.check(fiber)
    stack.top.kind = delivered.kind
    stack.top.value = delivered.value
    m.top = stack.top
    m.topDepth = stack.depth
    m.innermost = stack.inner
    fiber.restricted = stack.restricted
    restoreContext(fiber.ownContext(), stack)
    to.stack = null
  }
  to.entered()
  m.held = true
  m.signal = TRANSFER
  return SUSPENDED
}

function restoreContext(context: Context, { variables, scope }: Stack): void {
  if (context.variables !== variables) assignVariables(context, variables)
  if ((context.extra?.scope ?? 0) !== scope) context.more().scope = scope
}

/** A stack of one frame, which has not begun. */
function begin(m: Machine, fiber: FiberState, to: Transferable, { kind, value }: Delivered): void {
  const frame = new BaseFrame(basing)
  const starter = new SwitchFrame(switching)
  const { body } = to
  to.body = null
  frame.of = to
  frame.pc = 1
  frame.caller = fiber.root
  // what begins it stands on its stack: an error of that is the coroutine's
  starter.pc = ARRIVING
  starter.kind = kind
  starter.value = kind === THROW ? value : ({ body, value } satisfies Beginning)
  starter.caller = frame
  fiber.restricted = null
  m.top = starter
  m.topDepth = 2
  m.innermost = fiber.root
}

function stepBase(m: Machine, frame: BaseFrame): unknown {
  const of = frame.of as Transferable
  const depth = 1
  let result: Advance
  try {
    result = frame.inner === null ? first(m, frame) : goOn(m)
    while (result === YIELDED) {
      const inner = frame.inner as Computation
      const forgotten = m.raw ? null : yieldedBy("a coroutine", inner.top, m.out)
      m.depth = depth
      m.raw = false
      result = resume(m, inner, THROW, forgotten ?? yieldsToNobody(), true)
    }
  } catch (error) {
    return leave(m, of, { kind: THROW, value: error })
  }
  m.depth = depth
  if (result === STOPPED) return hold(m, frame)
  return leave(m, of, { kind: NEXT, value: m.value })
}

function first(m: Machine, frame: BaseFrame): Advance {
  if (m.kind === THROW) throw m.value
  const { body, value } = m.value as Beginning
  const inner = unstarted(typeof body === "function" ? body(value) : body, "a coroutine", body)
  frame.inner = inner
  return resume(m, inner, NEXT, undefined, true)
}

function goOn(m: Machine): Advance {
  if (m.kind === THROW) throw m.value
  return m.done ? ENDED : YIELDED
}

function leave(m: Machine, of: Transferable, end: Delivered): Suspended {
  m.kind = NEXT
  const next = of.ended(end)
  return arrive(m, of, next.to, next.with)
}

function yieldsToNobody(): RoveError {
  return new RoveError(
    "ROVE_COROUTINE",
    "a coroutine yields a value, and nobody takes that: switch to the one who is to have it, yield* other.switchTo(value)",
  )
}
