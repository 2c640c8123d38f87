/** Owns telling what kind an object is: the one place that decides what is portable. */

import { Closure, stampOf } from "../code.ts"
import { Frame } from "../frame.ts"
import { privatesOf } from "../members.ts"
import { unregistered } from "./advice.ts"
import { proxyFrom } from "./ancestry.ts"
import { Unportable } from "./errors.ts"
import { F_PROPERTIES, F_PROTOTYPE } from "./format.ts"
import { kindOf } from "./kinds.ts"
import { append } from "./list.ts"
import { Moved } from "./move.ts"
import { nativeOf } from "./natives.ts"
import { type Names, NO_KEYS, Plan } from "./plan.ts"
import {
  hasContent,
  isArgumentList,
  isHandle,
  isOpaque,
  isPlatformError,
  isProxy,
  isRawJson,
  platformError,
} from "./platform.ts"
import { referenceOf } from "./references.ts"
import { argumentsPlan, builtinTag } from "./rows/arguments.ts"
import { isShared } from "./rows/buffers.ts"
import { framePlan } from "./rows/code.ts"
import { nodeErrorPlan } from "./rows/errors.ts"
import { CUSTOM, extensionPlan, isCustom } from "./rows/extension.ts"
import { INTRINSICS, type Intrinsic } from "./rows/intrinsics.ts"
import { withPrivates } from "./rows/members.ts"
import { planArray, planObject } from "./rows/plain.ts"
import { isOwnPrototype } from "./rows/prototypes.ts"

const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Object
const objectPrototype = Object.prototype
const arrayPrototype = Array.prototype
const shared = (globalThis as Partial<typeof globalThis>).SharedArrayBuffer?.prototype

/** What an object inherits from; throws {@link Unportable} if it is a Proxy, which must not be asked. */
export function parentOf(value: object): object | null {
  if (isProxy(value)) throw new Unportable(value, "a Proxy is not portable")
  return getPrototypeOf(value)
}

/** Finds out how an object is carried; throws {@link Unportable} if it is not. Null for what is no object of its own: see {@link isDetour}. */
export function planOf(value: object, names: Names): Plan | null {
  const prototype = parentOf(value)
  refuseProxies(prototype)
  return planBy(prototype, value, names)
}

/** Throws {@link Unportable} if there is a Proxy among what an object inherits from: what asks for its class would run its traps. */
export function refuseProxies(prototype: object | null): void {
  if (prototype === objectPrototype || prototype === arrayPrototype) return
  const proxy = proxyFrom(prototype)
  if (proxy !== null) throw new Unportable(proxy, "a Proxy is not portable")
}

/** As {@link planOf} for an object that inherits from `prototype`, and from no Proxy. */
export function planBy(prototype: object | null, value: object, names: Names): Plan | null {
  if (prototype === objectPrototype) {
    if (value === objectPrototype) throw new Unportable(value, "Object.prototype is not portable")
    if (value === globalThis) throw new Unportable(value, "globalThis is not portable")
    const plan = planObject(value)
    return (plan.flags & F_PROPERTIES) === 0 ? plan : unusual(value, plan, names)
  }
  if (prototype === arrayPrototype && Array.isArray(value)) return planArray(value)
  if (value instanceof Frame) return framePlan(value)
  const intrinsic = prototype === null ? undefined : INTRINSICS.get(prototype)
  if (intrinsic?.brand(value) === true) return intrinsic.plan(value)
  if (isDetour(value) || isNamespace(value)) return null
  if (prototype === null && !isRawJson(value)) return isPrototype(value, names) ? null : withoutPrototype(value)
  const kind = kindOf(value)
  if (kind !== undefined) return extensionPlan(kind, value)
  if (isPrototype(value, names)) return null
  if (prototype === null) return withoutPrototype(value)
  return instance(value, prototype, names) ?? nodeErrorPlan(value, prototype) ?? heir(value, prototype)
}

/** Kinds with content that the language tells of whatever they inherit from, and that have unusual properties. */
const CONTENT = new Set(
  ["Array", "Boolean", "Date", "Error", "Number", "RegExp", "String"].map(kind => `[object ${kind}]`),
)

/** The plan of what inherits from `Object.prototype`, and has properties that a literal does not give. */
function unusual(value: object, plan: Plan, names: Names): Plan | null {
  if (isPrototype(value, names) || isNamespace(value)) return null
  const tag = builtinTag(value)
  if (tag === "[object Arguments]") return argumentsPlan(value)
  if (!CONTENT.has(tag)) return plan
  throw new Unportable(value, "an object of the language that inherits from Object.prototype alone is not portable")
}

export const PLAIN_OBJECT = 1
export const PLAIN_ARRAY = 2

/** Whether what inherits from `prototype` does so as objects or arrays by literals do: 0 for all else. */
export function plainKind(prototype: object | null, value: object): number {
  if (prototype === objectPrototype) return value === globalThis ? 0 : PLAIN_OBJECT
  return prototype === arrayPrototype && Array.isArray(value) ? PLAIN_ARRAY : 0
}

/** Whether it is the prototype object of a function, which is carried as such: a copy of it would be nobody's prototype. */
function isPrototype(value: object, names: Names): boolean {
  const made = classOf(value)
  if (made === null) return false
  if (isKnown(made, names)) return true
  throw new Unportable(value, `the prototype object of ${nameOf(made)} is not portable`)
}

/** Whether it is `Math` or its like, or the console. */
export function isNamespace(value: object): boolean {
  return Object.hasOwn(value, Symbol.toStringTag) && nativeOf(value) !== undefined
}

/** Whether the destination can find the class: it is registered, or made by compiled code. */
function isKnown(made: object, names: Names): boolean {
  return names.names(made) || referenceOf(made) !== undefined || stampOf(made) !== undefined
}

/** Whether something else stands for the object: a handle, what is wrapped, the function at module level or the closure it belongs to. */
function isDetour(value: object): boolean {
  return isWholeHandle(value) || value instanceof Moved || isStamped(value) || value instanceof Closure
}

/** Whether it is a function of compiled code, or the prototype object that one is made with; it may have another one by now. */
function isStamped(value: object): boolean {
  const closure = stampOf(value)
  if (closure === undefined) return false
  if (typeof value === "function" || getOwnPropertyDescriptor(closure.fn, "prototype")?.value === value) return true
  throw new Unportable(value, `the prototype object that ${nameOf(closure.fn)} had before is not portable`)
}

/** Whether it is a handle with nothing that the platform would leave behind: of shared memory it carries no properties. */
function isWholeHandle(value: object): boolean {
  if (!isHandle(value)) return false
  if (getPrototypeOf(value) !== shared) return true
  if (isShared(value) && Reflect.ownKeys(value).length > 0)
    throw new Unportable(value, "a SharedArrayBuffer with properties of its own is not portable")
  return isShared(value)
}

function withoutPrototype(value: object): Plan {
  const tag = getOwnPropertyDescriptor(value, Symbol.toStringTag)
  if (tag?.value === "Module" && tag.writable === false && tag.configurable === false && !Object.isExtensible(value)) {
    throw new Unportable(value, "a module namespace is not portable")
  }
  const plan = objectPlan(value, null)
  plan.flags |= F_PROTOTYPE
  return plan
}

/** As {@link basePlan}, of what may be an arguments object. */
function objectPlan(value: object, prototype: object | null): Plan {
  return Object.hasOwn(value, "callee") && isArgumentList(value) ? argumentsPlan(value) : basePlan(value, prototype)
}

/** An object whose prototype is an ordinary object, which moves with it. */
function heir(value: object, prototype: object): Plan {
  if (ITERATORS.has(prototype))
    throw new Unportable(value, `${nameOf(value)} is not portable (no compiled code made it)`)
  if (typeof prototype === "function")
    throw new Unportable(value, "an object that inherits from a function is not portable")
  const plan = objectPlan(value, prototype)
  plan.flags |= F_PROTOTYPE
  plan.proto = prototype
  plan.needs = plan.needs === null ? [prototype] : [...plan.needs, prototype]
  // behind an object that was put in between there may be the class that made it
  const above: unknown = getPrototypeOf(prototype)
  if (above === objectPrototype || above === null) return plan
  const classes = classesOf(prototype).filter(made => privatesOf(made) !== null)
  return classes.some(made => privatesOf(made)?.has(value) === true) ? withPrivates(plan, classes) : plan
}

/** An instance of a class that the destination can find: registered, or made by compiled code. Null if there is no class. */
function instance(value: object, prototype: object, names: Names): Plan | null {
  const made = classOf(prototype)
  if (made === null) return null
  if (OPAQUE.has(made)) throw new Unportable(value, `${nameOf(value)} is not portable`)
  if (!isKnown(made, names)) throw new Unportable(value, `${nameOf(value)} is not portable (${unregistered(made)})`)
  const plan = isCustom(prototype) ? new Plan(CUSTOM, value, 0, NO_KEYS, null) : basePlan(value, prototype)
  plan.flags |= F_PROTOTYPE
  plan.proto = made
  plan.needs = plan.needs === null ? [made] : [...plan.needs, made]
  return plan.row === CUSTOM ? plan : withPrivates(plan, classesOf(prototype))
}

/** The classes that made an instance with that prototype, innermost base last. */
function classesOf(prototype: object): object[] {
  const classes: object[] = []
  for (let at: object | null = prototype; at !== null; at = getPrototypeOf(at) as object | null) {
    const made = classOf(at)
    if (made !== null) append(classes, made)
  }
  return classes
}

/** The plan of the intrinsic that the class extends; of an object of properties if there is none. */
function basePlan(value: object, prototype: object | null): Plan {
  if (Array.isArray(value)) return planArray(value)
  for (let at = prototype; at !== null; at = getPrototypeOf(at) as object | null) {
    const intrinsic: Intrinsic | undefined = INTRINSICS.get(at)
    if (intrinsic?.brand(value) === true) return intrinsic.plan(value)
    const base = classOf(at)
    if (base !== null && OPAQUE.has(base)) throw new Unportable(value, `${nameOf(value)} is not portable`)
  }
  if (value === globalThis || isOpaque(value)) throw new Unportable(value, `${nameOf(value)} is not portable`)
  return (hasContent(value) ? contentPlan(value) : null) ?? planObject(value)
}

/** The plan of an object of the language's own kinds whose prototype does not tell. */
function contentPlan(value: object): Plan | null {
  if (isPlatformError(value)) throw new Unportable(value, "a DOMException of another class is not portable")
  if (isShared(value)) throw new Unportable(value, "a SharedArrayBuffer of another class is not portable")
  for (const intrinsic of INTRINSICS.values()) if (intrinsic.brand(value)) return intrinsic.plan(value)
  return null
}

/** Prototypes of iterators of the language, which nobody can ask where they stand. */
const ITERATORS = new Set<object>(
  [[].values(), ""[Symbol.iterator](), new Map().values(), new Set().values(), "".matchAll(/a/g)].map(getPrototypeOf),
)
const { Iterator: Iterators } = globalThis as {
  Iterator?: { prototype: { take(n: number): object }; from(x: object): object }
}
if (Iterators !== undefined) {
  ITERATORS.add(getPrototypeOf(Reflect.apply(Iterators.prototype.take, Iterators.prototype, [0])) as object)
  ITERATORS.add(getPrototypeOf(Iterators.from({ next: () => ({ done: true }) })) as object)
}

/** Classes whose content nobody can read. */
const OPAQUE = new Set<object>([WeakMap, WeakSet, WeakRef, FinalizationRegistry, Promise, Function])
if (platformError !== undefined) OPAQUE.add(platformError)
const { DisposableStack, AsyncDisposableStack, EventTarget, WebAssembly } = globalThis as Record<string, unknown>
const within = (namespace: unknown): unknown[] =>
  Object.values(Object.getOwnPropertyDescriptors(namespace ?? {})).map(({ value }) => value as unknown)
const opaque = [DisposableStack, AsyncDisposableStack, EventTarget, ...within(globalThis.Intl), ...within(WebAssembly)]
for (const made of opaque) if (typeof made === "function") OPAQUE.add(made)

/** What a detour leads to: the closure that the object is stamped with, or the function whose prototype object it is. */
export function ownerOf(value: object): object | null {
  return stampOf(value) ?? classOf(value)
}

/** The class whose instances have that prototype, as a plain data property says on both sides. */
function classOf(prototype: object): object | null {
  const made: unknown = getOwnPropertyDescriptor(prototype, "constructor")?.value
  if (typeof made !== "function" || isProxy(made)) return null
  const own = getOwnPropertyDescriptor(made, "prototype")
  if (own?.value !== prototype) return null
  // only that of a class cannot be replaced
  return (own.writable === false && isExtensible(made)) || isMadeWith(made, prototype) ? made : null
}

/** Whether making the function again makes the prototype object too: an arrow function or a generator may have been given one. */
function isMadeWith(made: object, prototype: object): boolean {
  const closure = stampOf(made)
  return closure === undefined || closure.code.make === null || isOwnPrototype(closure, prototype)
}

/** A name for people, found without running code of the value. */
function nameOf(value: unknown): string {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return typeof value
  if (value === globalThis) return "globalThis"
  if (isProxy(value)) return "a Proxy"
  if (typeof value === "function") return functionName(value)
  if (proxyFrom(value) !== null) return "an object that inherits from a Proxy"
  for (let at = getPrototypeOf(value) as object | null; at !== null; at = getPrototypeOf(at) as object | null) {
    const tag: unknown = getOwnPropertyDescriptor(at, Symbol.toStringTag)?.value
    const made = classOf(at)
    if (made !== null && made !== Object) {
      const name: unknown = getOwnPropertyDescriptor(made, "name")?.value
      if (typeof name === "string" && name !== "") return name
    }
    if (typeof tag === "string") return tag
  }
  return "an object with a prototype of its own"
}

function functionName(value: object): string {
  const name: unknown = getOwnPropertyDescriptor(value, "name")?.value
  return typeof name === "string" && name !== "" ? `function ${name}` : "an anonymous function"
}
