/**
 * Owns copying a value on one thread, with the meaning that encoding and decoding it would have.
 *
 * Objects are made when first met and completed in that order, so nothing recurses however deep the graph is.
 */

import { type Closure, stampOf } from "../code.ts"
import { inherits } from "./ancestry.ts"
import { methodReferenceOf } from "./class-methods.ts"
import { ownerOf, planOf } from "./classify.ts"
import { edgesOf } from "./edges.ts"
import { Unportable } from "./errors.ts"
import { F_INTEGRITY, F_PROPERTIES, F_PROTOTYPE, F_SHAPE, P_DEFAULT } from "./format.ts"
import { isDeepFrozen } from "./frozen.ts"
import { arrayOf, List } from "./list.ts"
import { findLocalMethod, localMethodOf } from "./local-methods.ts"
import { Moved } from "./move.ts"
import { nativeByNow, nativeOf } from "./natives.ts"
import { inOrder } from "./needs.ts"
import type { Names, Plan } from "./plan.ts"
import { isHandle } from "./platform.ts"
import {
  attributesOf,
  define,
  defineAccessor,
  isAccessor,
  notPortableFunction,
  propertyOf,
  restrict,
  valueBehind,
} from "./properties.ts"
import { referenceOf } from "./references.ts"
import { wellKnownIndex } from "./symbols.ts"
import { Table } from "./table.ts"

export class Cloner implements Names {
  /** Whether buffers are transferred instead of copied. */
  moving = false
  /** What was met, what became of it, and the plan by which it is completed; all by the same index. */
  readonly #seen = new Table<unknown>()
  readonly #copies = new List<unknown>()
  readonly #plans = new List<Plan | null>()
  #later: List<() => void> | null = null

  run(root: unknown): unknown {
    const copy = this.value(root)
    const plans = this.#plans
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i] as Plan | null
      if (plan !== null) this.#complete(plan, this.#copies[i] as object)
    }
    const later = this.#later
    if (later !== null) for (let i = later.length - 1; i >= 0; i--) (later[i] as () => void)()
    return copy
  }

  later(run: () => void): void {
    this.#later ??= new List()
    this.#later.add(run)
  }

  names(value: object): boolean {
    return referenceOf(value) !== undefined
  }

  has(value: object): boolean {
    return this.#seen.find(value) >= 0
  }

  value(value: unknown): unknown {
    if (typeof value === "object") return value === null ? null : this.#object(value)
    if (typeof value === "function") return this.#function(value)
    return typeof value === "symbol" ? this.#symbol(value) : value
  }

  #symbol(value: symbol): symbol {
    if (wellKnownIndex(value) >= 0 || Symbol.keyFor(value) !== undefined || referenceOf(value) !== undefined)
      return value
    const index = this.#seen.find(value)
    if (index >= 0) return this.#copies[index] as symbol
    const copy = Symbol(value.description)
    this.#add(value, copy, null)
    return copy
  }

  #add(from: unknown, copy: unknown, plan: Plan | null): void {
    this.#seen.add(from, this.#copies.length)
    this.#copies.add(copy)
    this.#plans.add(plan)
  }

  #function(value: object): unknown {
    if (this.names(value)) return value
    const closure = stampOf(value)
    if (closure === undefined) {
      if ((nativeOf(value) ?? methodReferenceOf(value) ?? nativeByNow(value)) !== undefined) return value
      const method = localMethodOf(value)
      if (method === undefined) throw new Unportable(value, notPortableFunction(value))
      const key = typeof method.key === "symbol" ? this.#symbol(method.key) : method.key
      return findLocalMethod(this.value(method.made), method.place, key)
    }
    return closure.code.single === closure ? value : (this.#object(closure) as Closure).fn
  }

  #object(value: object): unknown {
    const index = this.#seen.find(value)
    if (index >= 0) return this.#copies[index]
    if (this.names(value) || isDeepFrozen(value)) return value
    const plan = planOf(value, this)
    if (plan === null) return this.#detour(value)
    if (plan.needs !== null) this.#makeNeeds(plan)
    return this.#make(plan)
  }

  #makeNeeds(plan: Plan): void {
    const order = inOrder(plan, this)
    for (let i = 0; i < order.length; i++) this.#make(order[i] as Plan)
  }

  /** The copy of what something else stands for. */
  #detour(value: object): unknown {
    if (value instanceof Moved) return this.#moved(value)
    const closure = stampOf(value)
    if (closure !== undefined) return this.#prototype(value, closure)
    const made = isHandle(value) ? null : ownerOf(value)
    return made === null ? value : (this.value(made) as { prototype: unknown }).prototype
  }

  /** What is moved is not copied at all, unless buffers must be transferred: then what leads to them is made anew. */
  #moved({ value }: Moved<unknown>): unknown {
    if (typeof value !== "object" || value === null || this.has(value)) return this.value(value)
    const buffers = buffersIn(value)
    if (buffers.length > 0) {
      this.#transfer(buffers.filter(buffer => !this.has(buffer)))
      return this.value(value)
    }
    this.#add(value, value, null)
    return value
  }

  /** All views are planned before any buffer is transferred, since afterwards they are empty. */
  #transfer(buffers: readonly object[]): void {
    this.moving = true
    for (const plan of buffers.map(buffer => planOf(buffer, this))) {
      if (plan !== null && !this.has(plan.value)) this.#make(plan)
    }
    this.moving = false
  }

  #prototype(value: object, closure: Closure): unknown {
    if (closure.code.single === closure) return value
    return ((this.#object(closure) as Closure).fn as { prototype: unknown }).prototype
  }

  #make(plan: Plan): object {
    const copy = plan.row.copy(this, plan)
    if ((plan.flags & F_PROTOTYPE) !== 0) {
      const made = this.value(plan.proto) as object | null
      const prototype = typeof made === "function" ? (made as { prototype: object }).prototype : made
      if (Object.getPrototypeOf(copy) !== prototype) Object.setPrototypeOf(copy, prototype)
    }
    this.#add(plan.value, copy, plan)
    return copy
  }

  #complete(plan: Plan, to: object): void {
    const from = plan.value
    const { flags, keys } = plan
    plan.row.complete?.(this, plan, to)
    if ((flags & F_SHAPE) !== 0) {
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i] as string
        const value = this.value((from as Record<string, unknown>)[key])
        // what it inherits (setters among it) must be defined, not assigned
        if (!(key in to)) (to as Record<string, unknown>)[key] = value
        else define(to, key, value, P_DEFAULT)
      }
    } else if ((flags & F_PROPERTIES) !== 0) {
      for (const key of keys) {
        this.property(from, key, to)
      }
    }
    restrict(to, flags & F_INTEGRITY)
  }

  /** Gives the copy a property with its attributes. */
  property(from: object, key: PropertyKey, to: object): void {
    const descriptor = propertyOf(from, key)
    const attributes = attributesOf(key, descriptor)
    const copiedKey = typeof key === "symbol" ? this.#symbol(key) : key
    if (isAccessor(attributes))
      defineAccessor(to, copiedKey, this.value(descriptor.get), this.value(descriptor.set), attributes)
    else define(to, copiedKey, this.value(valueBehind(from, key, descriptor)), attributes)
  }
}

/** The ArrayBuffers and views that can be reached from the value, views first. */
function buffersIn(root: object): object[] {
  const seen = new Set<object>([root])
  const views = new List<object>()
  const buffers = new List<object>()
  for (const object of seen) {
    if (ArrayBuffer.isView(object)) views.add(object)
    else if (inherits(object, ArrayBuffer)) buffers.add(object)
    else {
      for (const { value } of edgesOf(object)) {
        if ((typeof value === "object" && value !== null) || typeof value === "function") seen.add(value)
      }
    }
  }
  return [...arrayOf(views), ...arrayOf(buffers)]
}
