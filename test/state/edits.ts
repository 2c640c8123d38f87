/** What the tests of state do to a record on its way: each takes one field away, or puts one in. */
import {
  Binding,
  Computation,
  DECODE,
  EMPTY_VARIABLES,
  ENCODE,
  type Frame,
  NEXT,
  SHARED,
  type StoppedFiber,
  Variables,
} from "@rove/core"

const contextOf = (fiber: StoppedFiber) => fiber.context as NonNullable<StoppedFiber["context"]>
const hooksOf = (fiber: StoppedFiber) =>
  contextOf(fiber).extra?.hooks as { trace: unknown; profile: unknown; tracing: number }

/** The program's frames, youngest first. */
function* framesOf({ top }: StoppedFiber): Generator<Frame & Record<string, unknown>> {
  for (let frame = top; frame !== null; frame = frame.caller)
    if (!(frame instanceof Computation)) yield frame as Frame & Record<string, unknown>
}

export function withoutLimit(fiber: StoppedFiber): void {
  contextOf(fiber).recursionLimit = 100
}
export function withoutPriority(fiber: StoppedFiber): void {
  contextOf(fiber).priority = 1
}
export function withoutDepth(fiber: StoppedFiber): void {
  fiber.topDepth = 1
}
export function withoutHandled(fiber: StoppedFiber): void {
  for (const frame of framesOf(fiber))
    for (const slot of frame.closure.code.points[frame.pc]?.handled ?? [])
      frame[slot.split("?")[0] as string] = undefined
}
export function withoutLocals(fiber: StoppedFiber): void {
  for (const frame of framesOf(fiber))
    for (const name of frame.closure.code.points[frame.pc]?.live ?? []) if (name === "b") frame[name] = []
}
export function withoutResumption(fiber: StoppedFiber): void {
  fiber.resumeKind = NEXT
  fiber.resumeValue = undefined
}
export function withoutName(fiber: StoppedFiber): void {
  fiber.name = ""
}
export function withoutInner(fiber: StoppedFiber): void {
  fiber.inner = null
}
export function withoutVariables(fiber: StoppedFiber): void {
  contextOf(fiber).variables = EMPTY_VARIABLES
}
export function withoutTrace(fiber: StoppedFiber): void {
  hooksOf(fiber).trace = null
}
export function withoutProfile(fiber: StoppedFiber): void {
  hooksOf(fiber).profile = null
}
export function withoutTracing(fiber: StoppedFiber): void {
  hooksOf(fiber).tracing = 0
}
export function withoutFiberLocals(fiber: StoppedFiber): void {
  const { extra } = contextOf(fiber)
  if (extra !== null) extra.locals = null
}
export function withoutExits(fiber: StoppedFiber): void {
  const { extra } = contextOf(fiber)
  if (extra !== null) extra.exits = null
}
export function withoutOrigin(fiber: StoppedFiber): void {
  const { extra } = contextOf(fiber)
  if (extra !== null) extra.origin = null
}
export function withoutId(fiber: StoppedFiber): void {
  fiber.id = "9.9"
}
export function withoutInterrupt(fiber: StoppedFiber): void {
  fiber.interrupt = null
}
export function withoutPendingInterrupt(fiber: StoppedFiber): void {
  fiber.interruptPending = false
}
export function withoutScope(fiber: StoppedFiber): void {
  const { extra } = contextOf(fiber)
  if (extra !== null) extra.scope = 0
}
export function withoutScopes(fiber: StoppedFiber): void {
  const { extra } = contextOf(fiber)
  if (extra !== null) extra.scopes = 0
}
/** Each value is kept as if everyone could have it. */
export function withoutKeeping(fiber: StoppedFiber): void {
  const context = contextOf(fiber)
  const bindings = context.variables.bindings().map(({ variable, value }) => new Binding(variable, value, SHARED))
  context.variables = Variables.of(bindings)
}
export function withoutFailure(fiber: StoppedFiber): void {
  const { hooks } = contextOf(fiber).extra ?? {}
  if (hooks) hooks.failure = null
}
export function withoutThread(fiber: StoppedFiber): void {
  const { hooks } = contextOf(fiber).extra ?? {}
  if (hooks) hooks.thread = null
}
export function withoutUse(fiber: StoppedFiber): void {
  for (const frame of framesOf(fiber))
    for (const name of frame.closure.code.points[frame.pc]?.live ?? []) {
      const value = frame[name]
      if (isToken(value)) value[DECODE]({ ...value[ENCODE](fiber.id), used: false })
    }
}
interface Token {
  [ENCODE](fiber: string): object
  [DECODE](state: object): void
}
function isToken(value: unknown): value is Token {
  return typeof value === "object" && value !== null && DECODE in value
}
/** They begin anew. */
export function withoutComputations(fiber: StoppedFiber): void {
  for (const frame of framesOf(fiber))
    for (const name of frame.closure.code.points[frame.pc]?.live ?? [])
      if (name === "resting") frame[name] = [][Symbol.iterator]()
}
export function withoutBase(fiber: StoppedFiber): void {
  for (let frame = fiber.top; frame !== null; frame = frame.caller)
    if (frame instanceof Computation) frame.baseDepth = 0
}
