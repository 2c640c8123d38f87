/**
 * Owns the pass from values to bytes.
 *
 * Plain objects and arrays are written in place, down to a certain depth; all others are described in the order in which
 * they were announced, so nothing recurses however deep the graph is.
 */

import { Closure, type Code, stampOf } from "../code.ts"
import { Computation } from "../computation.ts"
import { Frame } from "../frame.ts"
import { Ahead, ELEMENTS } from "./ahead.ts"
import { methodReferenceOf } from "./class-methods.ts"
import {
  isNamespace,
  ownerOf,
  PLAIN_ARRAY,
  PLAIN_OBJECT,
  parentOf,
  plainKind,
  planBy,
  refuseProxies,
} from "./classify.ts"
import { fiberOf } from "./edges.ts"
import type { EncodeOptions } from "./encode.ts"
import { Encoded } from "./encoded.ts"
import { Unportable } from "./errors.ts"
import {
  F_PROPERTIES,
  F_PROTOTYPE,
  F_SHAPE,
  HEADER_SIZE,
  T_ACTIVATION,
  T_DECLARE,
  T_FUNCTION,
  T_HANDLE,
  T_LINK,
  T_LIST,
  T_LOCAL_METHOD,
  T_NULL,
  T_PLAIN,
  T_PROTOTYPE,
  T_REF,
  T_SYMBOL,
  T_SYMBOL_REGISTERED,
  T_SYMBOL_WELL_KNOWN,
  T_UNDEFINED,
} from "./format.ts"
import { writeHeader } from "./header.ts"
import { LinkList } from "./link-list.ts"
import { FrameLink, frameLinkOf, type Link, referenceLink, shapeLink, singleLink } from "./links.ts"
import { arrayOf, List, Pile } from "./list.ts"
import { localMethodOf } from "./local-methods.ts"
import { Moved } from "./move.ts"
import { nativeByNow, nativeOf } from "./natives.ts"
import { inOrder } from "./needs.ts"
import { type Names, NO_KEYS, Plan, type Row } from "./plan.ts"
import { isHandle } from "./platform.ts"
import { PrimitiveEncoder } from "./primitives.ts"
import { attributesOf, isAccessor, notPortableFunction, plainNames, propertyOf, valueBehind } from "./properties.ts"
import { type Reference, referenceOf } from "./references.ts"
import { describeFrame, framePlan } from "./rows/code.ts"
import { isDense } from "./rows/plain.ts"
import { wellKnownIndex } from "./symbols.ts"
import { Table } from "./table.ts"

// The engine reads an imported constant through a cell at each use, and folds one of this module into the code.
const tagActivation = T_ACTIVATION
const tagList = T_LIST
const tagNull = T_NULL
const tagPlain = T_PLAIN
const tagRef = T_REF
const tagUndefined = T_UNDEFINED

/** So deep objects are written in place; what is nested deeper comes after the rest, so that nothing recurses further. */
const IN_PLACE = 8

export class Encoder extends PrimitiveEncoder implements Names {
  #handles: List<unknown> | null = null
  #options: EncodeOptions = {}
  #root: unknown = undefined
  readonly #links = new LinkList()
  /** What comes after the rest; a frame of a function at module level needs no plan, and its link stands for it. */
  readonly #plans = new Pile<Plan | FrameLink>()
  readonly #frames = new Pile<Frame>()
  /** How many objects were announced: the number of the next one. */
  #count = 0
  /** Frames are looked for among frames only, and all else among all else: in a chain of them that is half the price. */
  readonly #frameTable = new Table<Frame>()
  readonly #objects = new Table<unknown>()
  readonly #ahead = new Ahead()
  /** How deep what is being written in place is nested; beyond {@link IN_PLACE} nothing is. */
  #depth = 0

  run(root: unknown, options: EncodeOptions): Encoded {
    const { out } = this
    this.#options = options
    this.#root = root
    this.#links.begin()
    out.begin()
    out.position += HEADER_SIZE
    this.value(root)
    const plans = this.#plans
    let frame = 0
    for (let i = 0; i < plans.count; i++) {
      const plan = plans.items[i] as Plan | FrameLink
      if (plan instanceof FrameLink) describeFrame(this, this.#frames.items[frame++] as Frame, plan)
      else this.#describe(plan)
    }
    const links = this.#links.table()
    out.raw(links)
    writeHeader(out, out.position - links.length)
    const handles = this.#handles === null ? [] : arrayOf(this.#handles)
    return new Encoded(out.finish(), handles, this.#links.modules)
  }

  /** Forgets the record, so that nothing of it is kept alive. */
  clear(): void {
    this.#handles = null
    this.#options = {}
    this.#root = undefined
    this.#links.forget()
    this.#plans.clear()
    this.#frames.clear()
    this.#objects.clear()
    this.#frameTable.clear()
    this.#ahead.clear()
    this.#count = 0
    this.#depth = 0
    this.forget()
  }

  /** The id of the fiber whose record this becomes; null for what is handed over. */
  get fiber(): string | null {
    return fiberOf(this.#root)
  }

  value(value: unknown): void {
    // comparisons one by one: a switch has the engine make a string of the type
    if (typeof value === "number") this.number(value)
    else if (typeof value === "string") this.string(value)
    else if (value === null) this.out.byte(tagNull)
    else if (value === undefined) this.out.byte(tagUndefined)
    else if (typeof value === "object") this.#object(value)
    else if (typeof value === "boolean") this.boolean(value)
    else if (typeof value === "function") this.#function(value)
    else if (typeof value === "symbol") this.#symbol(value)
    else this.bigint(value as bigint)
  }

  #indexed(tag: number, index: number): void {
    this.out.byte(tag)
    this.out.varint(index)
  }

  #linked(link: Link): void {
    this.#indexed(T_LINK, this.#links.numberOf(link))
  }

  /** Has the module imported before the record is decoded. */
  module(url: string): void {
    this.#links.needs(url)
  }

  /** Writes the number of a link. */
  link(link: Link): void {
    this.out.varint(this.#links.numberOf(link))
  }

  #symbol(value: symbol): void {
    const known = wellKnownIndex(value)
    const key = Symbol.keyFor(value)
    if (known >= 0) this.#indexed(T_SYMBOL_WELL_KNOWN, known)
    else if (key !== undefined) {
      this.out.byte(T_SYMBOL_REGISTERED)
      this.string(key)
    } else this.#ownSymbol(value)
  }

  #ownSymbol(value: symbol): void {
    const key = this.#options.reference?.(value)
    const reference = key === undefined ? referenceOf(value) : undefined
    const index = this.#objects.find(value)
    if (key !== undefined) this.#linked(this.#links.ofKey(key))
    else if (reference !== undefined) this.#linked(referenceLink(reference))
    else if (index >= 0) this.#indexed(tagRef, index)
    else {
      this.#objects.add(value, this.#count++)
      this.out.byte(T_SYMBOL)
      this.value(value.description)
    }
  }

  #function(value: object): void {
    if (this.#named(value)) return
    const closure = stampOf(value)
    if (closure === undefined) {
      const native = nativeOf(value) ?? methodReferenceOf(value) ?? nativeByNow(value)
      if (native === undefined) this.#localMethod(value)
      else this.#linked(referenceLink(native))
      return
    }
    this.out.byte(T_FUNCTION)
    this.#object(closure)
  }

  #localMethod(value: object): void {
    const method = localMethodOf(value)
    if (method === undefined) throw new Unportable(value, notPortableFunction(value))
    this.#indexed(T_LOCAL_METHOD, method.place)
    this.value(method.key)
    // what is needed to make the class may lead to the method, and must not have its content yet
    this.#depth += IN_PLACE
    this.#function(method.made)
    this.#depth -= IN_PLACE
  }

  #object(value: object): void {
    const proof = this.#ahead.of(value)
    const index = this.#objects.find(value)
    if (index >= 0) {
      this.#indexed(tagRef, index)
      return
    }
    if (this.#named(value)) return
    if (proof !== null && this.#depth < IN_PLACE) {
      if (proof === ELEMENTS) this.#list(value as unknown[])
      else this.#plain(value as Record<string, unknown>, proof)
      return
    }
    const prototype = parentOf(value)
    if (this.#depth < IN_PLACE && this.#inPlace(prototype, value)) return
    refuseProxies(prototype)
    if (value instanceof Frame) {
      this.frame(value)
      return
    }
    const plan = planBy(prototype, value, this)
    if (plan === null) this.#detour(value)
    else this.#planned(plan)
  }

  /** Writes an object or array that is nothing out of the ordinary with its content at once; false for all else. */
  #inPlace(prototype: object | null, value: object): boolean {
    const kind = plainKind(prototype, value)
    if (kind === PLAIN_ARRAY) return isDense(value as unknown[]) && this.#list(value as unknown[])
    if (kind !== PLAIN_OBJECT) return false
    const names = plainNames(value)
    return names !== null && this.#plain(value as Record<string, unknown>, names)
  }

  #plain(object: Record<string, unknown>, names: readonly string[]): true {
    this.out.byte(tagPlain)
    this.link(shapeLink(names))
    this.#objects.add(object, this.#count++)
    this.#depth++
    let left = names.length
    // own properties come first; reading them while enumerating is what engines do fastest
    for (const name in object) {
      if (left === 0) break
      left--
      this.value(object[name])
    }
    if (left > 0) throw new Unportable(object, "changed while it was read")
    this.#depth--
    return true
  }

  #list(array: readonly unknown[]): true {
    const { length } = array
    this.out.byte(tagList)
    this.out.varint(length)
    this.#objects.add(array, this.#count++)
    this.#depth++
    for (let i = 0; i < length; i++) this.value(array[i])
    this.#depth--
    return true
  }

  /** As `value` for what can only be a frame: nothing else has to be asked. */
  frame(frame: Frame | null): void {
    if (frame === null) {
      this.out.byte(tagNull)
      return
    }
    const index = this.#frameTable.find(frame)
    if (index >= 0) {
      this.#indexed(tagRef, index)
      return
    }
    const code = codeAlone(frame)
    if (code === null) this.#planned(framePlan(frame))
    else this.#chain(frame, code)
  }

  /** Announces a frame of a function at module level and those of such functions that it returns into, one behind the other. */
  #chain(first: Frame, its: Code): void {
    const { out } = this
    out.byte(tagActivation)
    let frame = first
    let code = its
    for (;;) {
      const link = frameLinkOf(frame, code)
      const number = this.#links.numberOf(link) * 2
      this.#frameTable.add(frame, this.#count++)
      this.#frames.add(frame)
      this.#plans.add(link)
      if (link.objects !== 0) this.#ahead.note(frame, link)
      const { caller } = frame
      const next = caller === null ? null : codeAlone(caller)
      if (caller === null || next === null || this.#frameTable.find(caller) >= 0) {
        out.varint(number + 1)
        this.#ahead.look()
        this.frame(caller)
        return
      }
      out.varint(number)
      frame = caller
      code = next
    }
  }

  /** As `value` for an object of ours that has nothing but what its row writes: nothing else has to be asked. */
  own(value: object | null, row: Row): void {
    const index = value === null ? -1 : this.#objects.find(value)
    if (value === null) this.out.byte(tagNull)
    else if (index >= 0) this.#indexed(tagRef, index)
    else this.#announce(new Plan(row, value, 0, NO_KEYS, null))
  }

  /** As `value` for what can only be a closure. */
  closure(closure: Closure): void {
    if (closure.code.single === closure) this.#linked(singleLink(closure.code))
    else this.#object(closure)
  }

  #planned(plan: Plan): void {
    if (plan.needs !== null) {
      const order = inOrder(plan, this)
      for (let i = 0; i < order.length; i++) {
        this.out.byte(T_DECLARE)
        this.#announce(order[i] as Plan)
      }
    }
    this.#announce(plan)
  }

  /** Writes what stands for the object. */
  #detour(value: object): void {
    if (value instanceof Closure) this.#linked(singleLink(value.code))
    else if (isNamespace(value)) this.#linked(referenceLink(nativeOf(value) as Reference))
    else if (value instanceof Moved) this.value(value.value)
    else if (isHandle(value)) this.#handle(value)
    else {
      this.out.byte(T_PROTOTYPE)
      this.value(ownerOf(value))
    }
  }

  #handle(value: object): void {
    this.#handles ??= new List()
    const handles = this.#handles
    let index = 0
    while (index < handles.length && handles[index] !== value) index++
    if (index === handles.length) handles.add(value)
    this.#indexed(T_HANDLE, index)
  }

  /** Writes what the caller or a registration gives a name, or is to travel beside the bytes; false for all else. */
  #named(value: object): boolean {
    const { reference, handle } = this.#options
    const key = reference?.(value)
    const registered = key === undefined ? referenceOf(value) : undefined
    if (key !== undefined) this.#linked(this.#links.ofKey(key))
    else if (registered !== undefined) this.#linked(referenceLink(registered))
    else if (handle?.(value) === true) this.#handle(value)
    else return false
    return true
  }

  names(value: object): boolean {
    const { reference, handle } = this.#options
    return reference?.(value) !== undefined || referenceOf(value) !== undefined || handle?.(value) === true
  }

  has(value: object): boolean {
    return this.#objects.find(value) >= 0 || this.#frameTable.find(value as Frame) >= 0
  }

  #announce(plan: Plan): void {
    const { row, flags } = plan
    this.out.byte(row.tag)
    this.out.byte(flags)
    // what is needed to make the object may lead back to it: it must not have its content yet
    this.#depth += IN_PLACE
    if ((flags & F_PROTOTYPE) !== 0) this.value(plan.proto)
    row.announce?.(this, plan)
    this.#depth -= IN_PLACE
    const { value } = plan
    if (value instanceof Frame) this.#frameTable.add(value, this.#count++)
    else this.#objects.add(value, this.#count++)
    this.#plans.add(plan)
  }

  #describe(plan: Plan): void {
    plan.row.describe?.(this, plan)
    if ((plan.flags & F_SHAPE) !== 0) {
      const { keys } = plan
      const object = plan.value as Record<PropertyKey, unknown>
      this.link(shapeLink(keys as readonly string[]))
      for (let i = 0; i < keys.length; i++) this.value(object[keys[i] as string])
    } else if ((plan.flags & F_PROPERTIES) !== 0) this.properties(plan.value, plan.keys)
  }

  /** Writes own properties with their attributes. */
  properties(object: object, keys: readonly PropertyKey[]): void {
    this.out.varint(keys.length)
    for (const key of keys) {
      const descriptor = propertyOf(object, key)
      this.value(key)
      const attributes = attributesOf(key, descriptor)
      this.out.byte(attributes)
      if (isAccessor(attributes)) {
        this.value(descriptor.get)
        this.value(descriptor.set)
      } else this.value(valueBehind(object, key, descriptor))
    }
  }
}

/** The code of a frame of a function at module level, which needs no plan; null for all others. */
function codeAlone(frame: Frame): Code | null {
  const { closure } = frame
  const { code } = closure
  return code.single === closure && !(frame instanceof Computation) ? code : null
}
