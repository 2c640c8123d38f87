/**
 * Owns telling hooks what a computation does. While a fiber has hooks it is in framed mode: no call nests natively (the
 * ceiling is beneath every depth), so each goes through the loop, and each event is exact, on throws too. Without hooks an
 * event point costs one look at `machine.hooks`.
 */
import { type Code, Computation, type ContextExtra, type Frame, type Hook, Hooks, type ResumePoint } from "@rove/core"
import { aside } from "./aside.ts"
import type { Birthplace, FiberState } from "./fiber.ts"
import type { Machine } from "./machine.ts"

export type HookKind = "call" | "return" | "exception" | "yield" | "resume" | "migrate" | "line"

/** What a hook is told: which function, where it stands, and what came or went. */
export interface HookEvent {
  readonly kind: HookKind
  /** Name of the function, and its code: `path#qualified.name`. */
  readonly name: string
  readonly code: string
  readonly line: number
  readonly column: number
  /** Of return: the result; of exception: what was thrown; of yield: what was yielded; of migrate: the number of the thread it came from. */
  readonly value: unknown
  /** Of yield: why the fiber stops ("preempted", "sleep of 5 ms" …); null if it hands a value to whoever iterates it. */
  readonly reason: string | null
}

/** A ceiling that every call finds too low. */
export const FRAMED = -1

/** Before a step of `frame` (null: of a computation that begins). */
export function beforeStep(m: Machine, c: Computation, frame: Frame | null): void {
  const code = frame === null ? c.of.code : frame.closure.code
  if (isOurs(code)) return
  ;(m.hooks as Hooks).code = code
  // what begins stops at once, as a frame of its own, and is told of when that is stepped
  if (frame !== null && frame.pc === 0) tell(m, "call", code, code.points[0], undefined, null)
}

export function afterStep(m: Machine, c: Computation, frame: Frame | null, kind: HookKind, value: unknown): void {
  const at = kind === "yield" ? program(m.top) : frame
  if (at === null && kind === "yield") return
  const code = at === null ? c.of.code : at.closure.code
  if (isOurs(code)) return
  tell(m, kind, code, code.points[at?.pc ?? 0], value, null)
}

/** A computation that somebody iterates goes on behind its yield. */
export function resumed(m: Machine, top: Frame | null): void {
  switched(m, top, "resume", undefined, null)
}

/** The fiber begins a slice in the middle; it may have come from another thread. */
export function beginSlice(m: Machine, fiber: FiberState, { prefix }: Birthplace): void {
  const hooks = m.hooks as Hooks
  const from = hooks.thread
  hooks.thread = prefix
  if (from !== null && from !== prefix) switched(m, fiber.top, "migrate", threadIn(from), null)
  switched(m, fiber.top, "resume", undefined, null)
}

/** The number of a thread, of what the ids of its fibers begin with: `1f2e3d4c-2.`. */
function threadIn(prefix: string): number {
  return Number(prefix.slice(prefix.lastIndexOf("-") + 1, -1))
}

/** The fiber stops. */
export function endSlice(m: Machine, fiber: FiberState, reason: string): void {
  switched(m, fiber.top, "yield", undefined, reason)
}

/** A statement begins, in code that was compiled with `lineEvents`. Throws what a hook throws. */
export function line(m: Machine, at: number, column: number): void {
  const hooks = m.hooks as Hooks
  const { code } = hooks
  if (code === null) return
  tell(m, "line", code, { line: at, column }, undefined, null)
  const failure = takeFailure(m)
  if (failure !== null) throw failure.error
}

/** What a hook threw and the computation has still to throw. */
export function takeFailure(m: Machine): { readonly error: unknown } | null {
  const hooks = m.hooks as Hooks
  const { failure } = hooks
  if (failure === null) return null
  hooks.failure = null
  detach(m)
  return failure
}

/** The hooks of a fiber, if there is anybody to be told, or something that one of them threw and the fiber has not. */
export function watching({ hooks }: ContextExtra): Hooks | null {
  if (hooks === null || (hooks.trace === null && hooks.profile === null && hooks.failure === null)) return null
  return hooks
}

/** Without hooks that are left, the mode is over. */
export function detach(m: Machine): void {
  const extra = m.fiber?.context.extra ?? null
  if (m.hooks === null || extra === null || watching(extra) !== null) return
  m.hooks = null
  forget(extra)
}

/** What is not told of now is not told of either if a hook is set meanwhile: how often that is so lies where hooks do. */
export function untold(extra: ContextExtra, by: 1 | -1): void {
  extra.hooks ??= new Hooks()
  extra.hooks.tracing += by
  forget(extra)
}

function forget(extra: ContextExtra): void {
  if (watching(extra) === null && extra.hooks?.tracing === 0) extra.hooks = null
}

function switched(m: Machine, top: Frame | null, kind: HookKind, value: unknown, reason: string | null): void {
  const frame = program(top)
  if (frame === null) return
  const { code } = frame.closure
  tell(m, kind, code, code.points[frame.pc], value, reason)
}

/** The youngest frame of the program; those of ours are nobody's business. */
function program(top: Frame | null): Frame | null {
  let frame = top
  while (frame !== null && (frame instanceof Computation || isOurs(frame.closure.code))) frame = frame.caller
  return frame
}

function isOurs(code: Code): boolean {
  return code.id.startsWith("rove#")
}

type Place = Pick<ResumePoint, "line" | "column">

function tell(
  m: Machine,
  kind: HookKind,
  { id, name }: Code,
  place: Place | undefined,
  value: unknown,
  reason: string | null,
): void {
  const hooks = m.hooks as Hooks
  if (hooks.tracing > 0) return
  const event: HookEvent = { kind, name, code: id, line: place?.line ?? 0, column: place?.column ?? 0, value, reason }
  if (hooks.trace !== null && !call(m, hooks, hooks.trace, event)) hooks.trace = null
  if (hooks.profile !== null && kind !== "line" && !call(m, hooks, hooks.profile, event)) hooks.profile = null
}

/** False if the hook threw. What it does is not told, to itself or the other one. */
function call(m: Machine, hooks: Hooks, { fn, argument }: Hook, event: HookEvent): boolean {
  hooks.tracing++
  try {
    // hooks are kept without the type of their argument, which came with them
    aside(m, () => fn(event as never, argument as never))
    return true
  } catch (error) {
    hooks.failure ??= { error }
    return false
  } finally {
    hooks.tracing--
  }
}
