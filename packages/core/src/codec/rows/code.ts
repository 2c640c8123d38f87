/** Owns what compiled code leaves behind: closures, frames and computations. */
import { type Closure, stampOf } from "../../code.ts"
import { Computation } from "../../computation.ts"
import type { Frame, FrameFields } from "../../frame.ts"
import { CodeChangedError, misgiven } from "../changes.ts"
import type { Decoder } from "../decoder.ts"
import type { Encoder } from "../encoder.ts"
import { RecordError, Unportable } from "../errors.ts"
import { F_KIND, F_PROPERTIES, FROZEN, T_CLOSURE, T_FRAME } from "../format.ts"
import type { Found } from "../found.ts"
import { checkFrame } from "../frame-checks.ts"
import { refuseInternal } from "../internals.ts"
import type { FrameTarget } from "../link-targets.ts"
import { codeLink, type FrameLink, frameLinkOf } from "../links.ts"
import { append } from "../list.ts"
import { alteredMethod } from "../local-methods.ts"
import { readProperties } from "../own-properties.ts"
import { NO_KEYS, Plan, type Row } from "../plan.ts"
import { found, prototypeOf, restrict, surveyExtras } from "../properties.ts"

import { COMPUTATION } from "./computations.ts"
import { bindsClass, extendsBound, integrityOfFunction, isChanged, lostBy } from "./functions.ts"
import { placing, recordedKeys } from "./key-order.ts"
import { make, natureOf } from "./natures.ts"
import { changesOf, clear, stateOf } from "./prototypes.ts"

/** The function object has properties of its own, or cannot be extended. */
const F_EXTRAS = F_KIND
/** The function object inherits from something else than it was made with. */
const F_HEIR = F_KIND << 1
/** What was added to the prototype object follows. */
const F_CHANGED = F_KIND << 2
const OWN_KEYS = new Set(["length", "name", "prototype", "arguments", "caller"])

const CLOSURE: Row = {
  tag: T_CLOSURE,
  flags: F_EXTRAS | F_HEIR | F_CHANGED,
  announce(encoder, plan) {
    const { code, env } = plan.value as Closure
    encoder.link(codeLink(code))
    encoder.out.varint(env.length)
    for (const captured of env) encoder.value(captured)
  },
  describe(encoder, plan) {
    const fn = plan.parts as object
    if ((plan.flags & F_EXTRAS) !== 0) encoder.properties(fn, plan.keys)
    if ((plan.flags & F_HEIR) !== 0) encoder.value(Object.getPrototypeOf(fn))
    const changes = (plan.flags & F_CHANGED) === 0 ? null : changesOf(plan.value as Closure)
    if (changes !== null) {
      encoder.out.byte(changes.reordered ? 1 : 0)
      encoder.properties(changes.prototype, changes.keys)
      encoder.value(changes.base)
    }
    if ((plan.flags & F_EXTRAS) !== 0) encoder.out.byte(integrityOfFunction(fn))
  },
  allocate(decoder, plan) {
    const from = decoder.in.position
    const code = decoder.code()
    const env: unknown[] = []
    for (let left = decoder.in.count(); left > 0; left--) append(env, decoder.value())
    const fn = make(code, env, from)
    plan.parts = fn
    return stampOf(fn) as Closure
  },
  fill(decoder, plan) {
    // before it has its properties: a forged one is some other object, which is none of the record's
    const prototype = prototypeOf(plan.parts)
    if ((plan.flags & F_EXTRAS) !== 0) readProperties(decoder, plan.parts as object, placing(plan.parts as object))
    if ((plan.flags & F_HEIR) !== 0) inherit(decoder, plan.parts as object, decoder.value())
    if ((plan.flags & F_CHANGED) !== 0) change(decoder, prototype)
    if ((plan.flags & F_EXTRAS) !== 0) close(decoder, plan.parts as object)
  },
  copy(cloner, plan) {
    const { code, env } = plan.value as Closure
    const copied = env.map(captured => cloner.value(captured))
    return stampOf(make(code, copied, 0)) as Closure
  },
  complete(cloner, plan, to) {
    const made = (to as Closure).fn as { prototype: object }
    if ((plan.flags & F_EXTRAS) !== 0) {
      const place = placing(made)
      for (const key of plan.keys) {
        place(key)
        cloner.property(plan.parts as object, key, made)
      }
    }
    if ((plan.flags & F_HEIR) !== 0)
      Object.setPrototypeOf(made, cloner.value(Object.getPrototypeOf(plan.parts)) as object | null)
    const changes = (plan.flags & F_CHANGED) === 0 ? null : changesOf(plan.value as Closure)
    if (changes !== null) {
      if (changes.reordered) clear(made.prototype)
      for (const key of changes.keys) cloner.property(changes.prototype, key, made.prototype)
      if (changes.base !== undefined) Object.setPrototypeOf(made.prototype, cloner.value(changes.base) as object | null)
    }
    if ((plan.flags & F_EXTRAS) !== 0) restrict(made, integrityOfFunction(plan.parts as object))
  },
}

function close(decoder: Decoder, fn: object): void {
  const integrity = decoder.in.byte()
  if (integrity > FROZEN) decoder.in.fail("not the integrity of a function")
  restrict(fn, integrity)
}

function inherit(decoder: Decoder, fn: object, prototype: unknown): void {
  const fits = prototype === null || typeof prototype === "object" || typeof prototype === "function"
  if (fits && prototype !== null) refuseInternal(decoder, prototype)
  if (!fits || !Reflect.setPrototypeOf(fn, prototype)) decoder.in.fail("a function cannot inherit from that")
}

export function closurePlan(closure: Closure): Plan {
  const { code, fn, env } = closure
  let flags = 0
  let keys = NO_KEYS
  if (fn !== null) {
    if (code.make === null)
      throw new Unportable(
        fn,
        `function ${code.name} closes over variables of an ordinary function, and is not portable`,
      )
    if (code.fixed !== undefined)
      throw new Unportable(fn, `class ${code.name} has static state (${code.fixed}) and is not portable`)
    const lost = lostBy(closure)
    if (lost !== undefined)
      throw new Unportable(fn, `${code.kind} ${code.name} has no "${lost}" any more, and is not portable`)
    if (code.kind === "class") {
      const state = stateOf(closure)
      if (state !== undefined)
        throw new Unportable(fn, `class ${code.name} has static state and is not portable`, state)
      const altered = alteredMethod(closure)
      if (altered !== undefined)
        throw new Unportable(altered, `class ${code.name} has a method that was given properties, and is not portable`)
      if (extendsBound(fn)) throw new Unportable(fn, `class ${code.name} extends a bound function, and is not portable`)
      if (!Object.isExtensible(fn)) flags = F_EXTRAS
    } else {
      const integrity = integrityOfFunction(fn)
      surveyExtras(fn, key => OWN_KEYS.has(key) && !isChanged(closure, key, integrity))
      keys = recordedKeys(fn, found.keys, () => natureOf(closure))
      if ((found.flags & ~F_PROPERTIES) !== 0 || keys.length > 0) flags = F_EXTRAS
    }
    if (!inheritsAsMade(closure, fn)) flags |= F_HEIR
    if (changesOf(closure) !== null) flags |= F_CHANGED
  }
  const plan = new Plan(CLOSURE, closure, flags, keys, fn)
  if (env.length > 0) plan.needs = env
  return plan
}

const MADE_WITH = new Set<unknown>(
  [() => {}, function* () {}, async () => {}, async function* () {}].map(Object.getPrototypeOf),
)

/** Whether making a function again gives it the prototype that it has. What a class extends is given by its text. */
function inheritsAsMade(closure: Closure, fn: object): boolean {
  const { shape } = closure
  const prototype: unknown = Object.getPrototypeOf(fn)
  if (bindsClass(closure)) return false
  return shape === null ? MADE_WITH.has(prototype) : prototype === shape.extended
}

/** Gives the prototype object that a function was made again with what was added to it. */
function change(decoder: Decoder, prototype: unknown): void {
  if (typeof prototype !== "object" || prototype === null) decoder.in.fail("a function without a prototype")
  const reordered = decoder.in.byte()
  if (reordered > 1) decoder.in.fail("not whether properties have another order")
  if (reordered === 1) clear(prototype)
  readProperties(decoder, prototype)
  const base = decoder.value()
  if (base === undefined) return
  if (typeof base === "object" && base !== null) refuseInternal(decoder, base)
  if ((typeof base !== "object" && typeof base !== "function") || !Reflect.setPrototypeOf(prototype, base))
    decoder.in.fail("a prototype object cannot inherit from that")
}

/** The closure is not the only one of its code, and follows. */
const F_CLOSURE = F_KIND
type Fields = Record<string, unknown>

/** Writes what a frame holds. */
export function describeFrame(encoder: Encoder, frame: Frame, link: FrameLink): void {
  const { live } = link
  const fields = frame as FrameFields
  let objects = 0
  for (let i = 0; i < live.length; i++) {
    const value = fields[live[i] as string]
    if (typeof value === "object" && value !== null && i < 31) objects |= 1 << i
    encoder.value(value)
  }
  link.objects = objects
}

/** Reads frames of functions at module level, each of which returns into the next, and what the last one returns into. */
export function readFrames(decoder: Decoder, { objects, plans, frames }: Found): Frame {
  const input = decoder.in
  let first: Frame | null = null
  let last: Frame | null = null
  for (;;) {
    const from = input.position
    const number = input.varint()
    const target = decoder.frame(number >>> 1)
    const frame = makeFrame(target, target.code.single, from)
    objects.add(frame)
    plans.add(target)
    frames.add(frame)
    if (last !== null) last.caller = frame
    first ??= frame
    last = frame
    if ((number & 1) !== 0) break
  }
  last.caller = decoder.frameOrNull()
  return first
}

/** Makes an empty frame of a closure. */
function makeFrame({ code, pc }: FrameTarget, closure: Closure | null, from: number): Frame {
  if (closure === null || closure.code !== code)
    throw new RecordError(from, `${code.id} is not the function of this frame`)
  const frame = new closure.Frame(closure)
  frame.pc = pc
  return frame
}

/** Reads what {@link describeFrame} wrote. */
export function fillFrame(decoder: Decoder, frame: Frame, target: FrameTarget): void {
  const { names, migration, change, checks } = target
  if (checks !== null && migration === null && !decoder.isForeign) {
    decoder.after.check((of, from) => checkFrame(of, checks, from), frame, decoder.in.position)
  }
  if (migration !== null || change !== null) fillChanged(decoder, frame, target)
  else for (let i = 0; i < names.length; i++) (frame as FrameFields)[names[i] as string] = decoder.value()
}

/** A frame of a function that has changed. */
function fillChanged(decoder: Decoder, frame: Frame, { names, migration, change }: FrameTarget): void {
  const from = decoder.in.position
  const fields = Object.create(null) as Fields
  for (let i = 0; i < names.length; i++) fields[names[i] as string] = decoder.value()
  if (migration !== null) decoder.after.later(() => migration.apply(frame, fields))
  if (change === null) return
  const numbers = misgiven(frame, names, fields)
  if (numbers.length > 0) throw new CodeChangedError(from, [{ ...change, numbers, compatible: false }])
  Object.assign(frame, fields)
}

const FRAME: Row = {
  tag: T_FRAME,
  flags: F_CLOSURE,
  announce(encoder, plan) {
    const frame = plan.value as Frame
    const link = frameLinkOf(frame, frame.closure.code)
    plan.parts = link
    encoder.link(link)
    if ((plan.flags & F_CLOSURE) !== 0) encoder.closure((plan.value as Frame).closure)
  },
  describe(encoder, plan) {
    const frame = plan.value as Frame
    encoder.frame(frame.caller)
    describeFrame(encoder, frame, plan.parts as FrameLink)
  },
  allocate(decoder, plan) {
    const from = decoder.in.position
    const target = decoder.frame()
    plan.parts = target
    return makeFrame(target, (plan.flags & F_CLOSURE) === 0 ? target.code.single : decoder.closure(), from)
  },
  fill(decoder, plan) {
    const frame = plan.value as Frame
    frame.caller = decoder.frameOrNull()
    fillFrame(decoder, frame, plan.parts as FrameTarget)
  },
  copy(cloner, plan) {
    const from = plan.value as Frame
    const closure = (plan.flags & F_CLOSURE) === 0 ? from.closure : (cloner.value(from.closure) as Closure)
    const frame = new closure.Frame(closure)
    frame.pc = from.pc
    return frame
  },
  complete(cloner, plan, to) {
    const from = plan.value as Frame
    ;(to as Frame).caller = cloner.value(from.caller) as Frame | null
    for (const name of from.closure.code.points[from.pc]?.live ?? []) {
      ;(to as FrameFields)[name] = cloner.value((from as FrameFields)[name])
    }
  },
}

export function framePlan(frame: Frame): Plan {
  const closure = frame instanceof Computation ? frame.of : frame.closure
  const alone = closure.code.single === closure
  const plan =
    frame instanceof Computation
      ? new Plan(COMPUTATION, frame, 0, NO_KEYS, null)
      : new Plan(FRAME, frame, alone ? 0 : F_CLOSURE, NO_KEYS, null)
  if (!alone) plan.needs = [closure]
  return plan
}

export const CODE_ROWS: readonly Row[] = [CLOSURE, FRAME, COMPUTATION]
