/** Owns what an object leads to, in words: for paths in messages. */
import { Closure, type Code, stampOf } from "../code.ts"
import { Computation } from "../computation.ts"
import { Context, ContextExtra } from "../context/context.ts"
import { Variables } from "../context/variables.ts"
import { Frame, type FrameFields } from "../frame.ts"
import { namesOfHandled } from "../handled.ts"
import { privateState, privatesOf } from "../members.ts"
import { piecesOf } from "../pieces.ts"
import { StoppedFiber } from "../stopped.ts"
import { inherits, leadsToProxy } from "./ancestry.ts"
import { kindOf } from "./kinds.ts"
import { arrayOf, List } from "./list.ts"
import { classOfMethod } from "./local-methods.ts"
import { Moved } from "./move.ts"
import { isProxy } from "./platform.ts"
import { ENCODE } from "./references.ts"
import { entriesOf, membersOf } from "./rows/collections.ts"
import { isCustom } from "./rows/extension.ts"
import { changesOf, isOwnPrototype } from "./rows/prototypes.ts"

export interface Edge {
  readonly value: unknown
  readonly words: readonly string[]
}

export function keyWord(key: PropertyKey): string {
  if (typeof key !== "string") return `[${String(key)}]`
  if (/^(0|[1-9]\d*)$/.test(key)) return `[${key}]`
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

/** The id of the fiber whose record the root is; null for any other value. */
export function fiberOf(root: unknown): string | null {
  return inherits(root, StoppedFiber) ? root.id : null
}
/** What the root is called. */
export function rootWord(root: unknown): string {
  const fiber = fiberOf(root)
  return fiber === null ? "" : `fiber ${fiber}`
}

/** `walk() walk.ts:14` */
function frameWord({ closure, pc }: Frame): string {
  const { code } = closure
  const file = piecesOf(piecesOf(code.id, "#")[0] ?? "", "/").at(-1) ?? ""
  return `${code.name}() ${file}:${code.points[pc]?.line ?? "?"}`
}

/**
 * All that `object` leads to, in the record of that fiber if there is one; never throws, since it explains a failure. A Proxy leads
 * nowhere, and what inherits from one has properties only: asking it runs code.
 */
export function edgesOf(object: object, fiber: string | null = null): Edge[] {
  if (isProxy(object)) return []
  try {
    return (leadsToProxy(object) ? null : special(object, fiber)) ?? propertyEdges(object)
  } catch {
    return []
  }
}

function special(object: object, fiber: string | null): Edge[] | null {
  if (object instanceof StoppedFiber) return recordEdges(object)
  if (object instanceof Context) return contextEdges(object)
  if (object instanceof ContextExtra) return extraEdges(object)
  if (object instanceof Variables) return variableEdges(object)
  if (object instanceof Computation) return computationEdges(object)
  if (object instanceof Frame) return frameEdges(object)
  if (object instanceof Closure) return closureEdges(object)
  if (object instanceof Moved) return [{ value: object.value, words: [] }]
  if (typeof object === "function") return functionEdges(object)
  if (object instanceof Map)
    return [...entryEdges(object, key => `Map value of ${brief(key)}`), ...propertyEdges(object)]
  if (object instanceof Set) {
    const members = arrayOf(membersOf(object)).map((value, i) => ({ value, words: [`Set member ${i + 1}`] }))
    return [...members, ...propertyEdges(object)]
  }
  const kind = Array.isArray(object) ? undefined : kindOf(object)
  if (kind !== undefined) return propertyEdges(kind.take(object))
  const prototype = Object.getPrototypeOf(object) as object | null
  if (prototype === null || !isCustom(prototype)) return null
  return propertyEdges({ state: (object as { [ENCODE](of: string | null): unknown })[ENCODE](fiber) })
}

function recordEdges(record: StoppedFiber): Edge[] {
  const frames = framesFrom(record.top).map(frame => ({ value: frame, words: [frameWord(frame)] }))
  return [
    ...frames,
    { value: record.root, words: [] },
    { value: record.inner, words: [] },
    { value: record.resumeValue, words: ["resume value"] },
    { value: record.context, words: [] },
    { value: record.interrupt, words: ["interrupt"] },
    { value: record.lifetime, words: ["scope"] },
  ]
}

function contextEdges({ variables, extra }: Context): Edge[] {
  return [
    { value: variables, words: [] },
    { value: extra, words: [] },
  ]
}

function extraEdges({ hooks, locals, exits }: ContextExtra): Edge[] {
  return [
    ...entryEdges(locals ?? new Map(), local => `fiber-local ${(local as { name?: string }).name}`),
    ...(exits ?? []).map(({ what, argument }) => ({ value: [what, argument], words: ["exit callback"] })),
    { value: exits, words: [] },
    { value: hooks?.trace, words: ["trace hook"] },
    { value: hooks?.profile, words: ["profile hook"] },
    { value: hooks?.failure, words: ["what a hook threw"] },
    { value: hooks, words: [] },
  ]
}

function variableEdges(variables: Variables): Edge[] {
  return variables.bindings().map(({ variable, value }) => ({ value, words: [`variable ${variable.key}`] }))
}

/** A frame and those that it returns into, so that a path names only the one that matters. */
function framesFrom(top: Frame | null): Frame[] {
  const frames = new List<Frame>()
  const seen = new Set<Frame>()
  for (let frame = top; frame !== null && !seen.has(frame); frame = frame.caller) {
    seen.add(frame)
    if (!(frame instanceof Computation)) frames.add(frame)
  }
  return arrayOf(frames)
}

function frameEdges(frame: Frame): Edge[] {
  const { closure, pc } = frame
  const fields = frame as FrameFields
  const handled = namesOfHandled(frame)
  const wordOf = (name: string): string => (handled.includes(name) ? "the exception it handles" : `local ${name}`)
  const locals = (closure.code.points[pc]?.live ?? []).map(name => ({ value: fields[name], words: [wordOf(name)] }))
  return [...locals, { value: closure, words: [] }, callerEdge(frame)]
}

function callerEdge({ caller }: Frame): Edge {
  return { value: caller, words: caller === null || caller instanceof Computation ? [] : [frameWord(caller)] }
}

function computationEdges(computation: Computation): Edge[] {
  const { of, self, args, top, caller, driver } = computation
  const name = `${of.code.name}()`
  return [
    { value: of, words: [] },
    { value: self, words: [`this of ${name}`] },
    ...(args ?? []).map((value, i) => ({ value, words: [`argument ${i + 1} of ${name}`] })),
    ...framesFrom(top).map(frame => ({ value: frame, words: [frameWord(frame)] })),
    { value: driver, words: [] },
    { value: caller, words: [] },
  ]
}

/** A captured variable that is assigned lives in a cell, which is nobody's business. */
function closureEdges({ code, env, fn, owner }: Closure): Edge[] {
  const captured = env.map((value, i) => ({
    value: cellContent(value),
    words: [`captured ${code.captures[i]} of ${nameOf(code)}`],
  }))
  return [...captured, { value: fn, words: [] }, { value: owner, words: [`class of ${nameOf(code)}`] }]
}

function nameOf(code: Code): string {
  return code.name === "" ? "a function" : `${code.name}()`
}

function cellContent(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isProxy(value)) return value
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  const keys = Reflect.ownKeys(value)
  return keys.length === 1 && keys[0] === "v" ? (value as { v: unknown }).v : value
}

function functionEdges(fn: object): Edge[] {
  const closure = stampOf(fn)
  const made = classOfMethod(fn)
  if (closure === undefined) return made === undefined ? [] : [{ value: made, words: [] }]
  const extras = propertyEdges(fn).filter(({ words }) => words[0] !== ".prototype")
  return [{ value: closure, words: [] }, ...extras, ...instancesEdges(closure, fn)]
}

/** What was added to the prototype object that a function was made with, or what it has instead of that. */
function instancesEdges(closure: Closure, fn: object): Edge[] {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, "prototype")?.value
  if (prototype === undefined || closure.code.single === closure) return []
  if (!isOwnPrototype(closure, prototype)) return [{ value: prototype, words: [".prototype"] }]
  const changes = changesOf(closure)
  if (changes === null) return []
  const edges = changes.keys.flatMap(key => keyEdges(prototype, key))
  if (changes.base !== undefined) edges.push({ value: changes.base, words: ["[[Prototype]]"] })
  return edges.map(({ value, words }) => ({ value, words: [".prototype", ...words] }))
}

function entryEdges(map: object, word: (key: unknown) => string): Edge[] {
  const list = entriesOf(map)
  const edges = new List<Edge>()
  for (let i = 0; i < list.length; i += 2) {
    edges.add({ value: list[i], words: [`Map key ${i / 2 + 1}`] })
    edges.add({ value: list[i + 1], words: [word(list[i])] })
  }
  return arrayOf(edges)
}

function brief(key: unknown): string {
  if (typeof key === "string") return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key)
  return typeof key === "object" || typeof key === "function" ? "an object" : String(key)
}

/** The private fields of an instance that its classes show. */
function privateEdges(object: object): List<Edge> {
  const edges = new List<Edge>()
  if (leadsToProxy(object)) return edges
  for (let at = Object.getPrototypeOf(object) as object | null; at !== null; at = Object.getPrototypeOf(at)) {
    const made: unknown = Object.getOwnPropertyDescriptor(at, "constructor")?.value
    const privates = typeof made === "function" ? privatesOf(made) : null
    if (privates?.has(object) !== true) continue
    const values = privateState(privates, object) ?? []
    privates.names.forEach((name, i) => {
      if (i < values.length) edges.add({ value: values[i], words: [`.${name}`] })
    })
  }
  return edges
}

function isFrame(value: unknown): value is Frame {
  return typeof value === "object" && inherits(value, Frame)
}

function propertyEdges(object: object): Edge[] {
  const edges = privateEdges(object)
  for (const key of Reflect.ownKeys(object)) for (const edge of keyEdges(object, key)) edges.add(edge)
  const prototype = Object.getPrototypeOf(object) as object | null
  if (prototype !== null) edges.add(prototypeEdge(prototype))
  return arrayOf(edges)
}

function keyEdges(object: object, key: PropertyKey): Edge[] {
  const edge = propertyEdge(object, key)
  return edge === null ? accessorEdges(object, key) : [edge]
}

/** An instance leads to its class, which goes along if a generator made it. What iterators inherit from has an accessor there. */
function prototypeEdge(prototype: object): Edge {
  const descriptor = isProxy(prototype) ? undefined : Object.getOwnPropertyDescriptor(prototype, "constructor")
  const made: unknown = descriptor?.value
  return made === undefined ? { value: prototype, words: ["[[Prototype]]"] } : { value: made, words: ["its class"] }
}

/** An accessor leads to its functions; they do not run. */
function accessorEdges(object: object, key: PropertyKey): Edge[] {
  const { get, set } = Object.getOwnPropertyDescriptor(object, key) ?? {}
  const edges = [
    { value: get as unknown, words: [`get ${keyWord(key)}`] },
    { value: set as unknown, words: [`set ${keyWord(key)}`] },
  ]
  return edges.filter(edge => edge.value !== undefined)
}

/** A property with a value. */
function propertyEdge(object: object, key: PropertyKey): Edge | null {
  const descriptor = Object.getOwnPropertyDescriptor(object, key)
  if (descriptor === undefined || descriptor.get !== undefined || descriptor.set !== undefined) return null
  const value: unknown = descriptor.value
  const word = keyWord(key)
  if (isFrame(value) && !(value instanceof Computation)) return { value, words: [word, frameWord(value)] }
  return { value, words: [word] }
}
