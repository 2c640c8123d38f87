/**
 * Owns the pass from values to bytes.
 *
 * Objects are described in the order in which they were announced, so nothing recurses however deep the graph is.
 */
import { Closure, stampOf } from "../code.ts"
import { checksum } from "./checksum.ts"
import { planOf } from "./classify.ts"
import { Unportable } from "./errors.ts"
import { explained } from "./explain.ts"
import {
  F_PROPERTIES,
  F_PROTOTYPE,
  F_SHAPE,
  HEADER_SIZE,
  MAGIC_0,
  MAGIC_1,
  T_ASCII,
  T_BIGINT,
  T_DECLARE,
  T_DOUBLE,
  T_EMPTY,
  T_FALSE,
  T_FUNCTION,
  T_HANDLE,
  T_INT,
  T_LINK,
  T_MINUS_ZERO,
  T_NAN,
  T_NULL,
  T_PROTOTYPE,
  T_REF,
  T_SMALL,
  T_STRING_REF,
  T_SYMBOL,
  T_SYMBOL_REGISTERED,
  T_SYMBOL_WELL_KNOWN,
  T_TRUE,
  T_UNDEFINED,
  VERSION,
} from "./format.ts"
import { keyLink, type Link, referenceLink, shapeLink, singleLink, trimShapes } from "./links.ts"
import { firstNode, TABLE_LIMIT, tableOf } from "./link-table.ts"
import { Moved } from "./move.ts"
import { inOrder } from "./needs.ts"
import type { Names, Plan } from "./plan.ts"
import { isHandle } from "./platform.ts"
import { attributesOf, propertyOf, valueBehind } from "./properties.ts"
import { referenceOf } from "./references.ts"
import { wellKnownIndex } from "./symbols.ts"
import { StringsSeen } from "./strings-seen.ts"
import { Table } from "./table.ts"
import { Writer } from "./writer.ts"

export interface EncodeOptions {
  /** Gives the key of a value that is to be carried by reference; undefined for all others. */
  readonly reference?: (value: object) => string | undefined
  /** Whether a value is to be carried beside the bytes, in addition to those that always are (SharedArrayBuffer, MessagePort …). */
  readonly handle?: (value: object) => boolean
  /** What the root is called in the path of an error. */
  readonly label?: string
}

export interface Encoded {
  /** The record, in a buffer of exactly its size. */
  readonly bytes: ArrayBuffer
  /** What bytes cannot carry, by index. */
  readonly handles: unknown[]
  /** Where to import the modules that define what the record names. */
  readonly modules: string[]
}

/** `depth` counts the records under way: a registered kind may encode while it is encoded. */
const state = { session: 0, depth: 0 }
/** Encoders that are not in use, with their buffers. */
const idle: Encoder[] = []

export class Encoder implements Names {
  readonly out = new Writer()
  handles: unknown[] = []
  modules: string[] = []
  options: EncodeOptions = {}
  #session = 0
  #links: Link[] = []
  #table = firstNode()
  #keys: Map<string, Link> | null = null
  readonly #plans: (Plan | null)[] = []
  readonly #objects = new Table<unknown>()
  readonly #strings = new StringsSeen()

  run(root: unknown, options: EncodeOptions): Encoded {
    const { out } = this
    this.options = options
    this.#session = ++state.session
    this.#table = firstNode()
    out.reset()
    out.position = HEADER_SIZE
    this.value(root)
    const plans = this.#plans
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i] as Plan | null
      if (plan !== null) this.#describe(plan)
    }
    return this.#finish()
  }

  #finish(): Encoded {
    const { out } = this
    const table = out.position
    const links = this.#links
    out.raw(links.length <= TABLE_LIMIT ? this.#table.bytes(links) : tableOf(links))
    const { bytes, view, position } = out
    bytes[0] = MAGIC_0
    bytes[1] = MAGIC_1
    bytes[2] = VERSION
    bytes[3] = 0
    view.setUint32(8, table, true)
    view.setInt32(4, checksum(view, 8, position), true)
    return { bytes: bytes.buffer.slice(0, position), handles: this.handles, modules: this.modules }
  }

  /** Forgets the record, so that nothing of it is kept alive. */
  clear(): void {
    this.handles = []
    this.modules = []
    this.options = {}
    this.#links = []
    this.#keys = null
    this.#plans.length = 0
    this.#objects.clear()
    this.#strings.clear()
  }

  value(value: unknown): void {
    switch (typeof value) {
      case "number":
        return this.number(value)
      case "string":
        return this.string(value)
      case "undefined":
        return this.out.byte(T_UNDEFINED)
      case "boolean":
        return this.out.byte(value ? T_TRUE : T_FALSE)
      case "object":
        return value === null ? this.out.byte(T_NULL) : this.#object(value)
      case "function":
        return this.#function(value)
      case "symbol":
        return this.#symbol(value)
      case "bigint":
        return this.#bigint(value)
    }
  }

  number(value: number): void {
    const { out } = this
    if ((value | 0) === value) {
      if (value >= 0 && value < 128 && !Object.is(value, -0)) out.byte(T_SMALL | value)
      else if (value === 0) out.byte(T_MINUS_ZERO)
      else {
        out.byte(T_INT)
        out.varint(((value << 1) ^ (value >> 31)) >>> 0)
      }
    } else if (value !== value) out.byte(T_NAN)
    else {
      out.byte(T_DOUBLE)
      out.double(value)
    }
  }

  string(value: string): void {
    if (value === "") return this.out.byte(T_EMPTY)
    const index = this.#strings.find(value)
    if (index < 0) return this.out.string(value, T_ASCII)
    this.out.byte(T_STRING_REF)
    this.out.varint(index)
  }

  #bigint(value: bigint): void {
    this.out.byte(T_BIGINT)
    this.out.string(value.toString(16), T_ASCII)
  }

  #symbol(value: symbol): void {
    const { out } = this
    const known = wellKnownIndex(value)
    if (known >= 0) {
      out.byte(T_SYMBOL_WELL_KNOWN)
      out.varint(known)
      return
    }
    const key = Symbol.keyFor(value)
    if (key !== undefined) {
      out.byte(T_SYMBOL_REGISTERED)
      this.string(key)
      return
    }
    const reference = referenceOf(value)
    if (reference !== undefined) return this.#linked(referenceLink(reference))
    const index = this.#objects.find(value)
    if (index >= 0) return this.#ref(index)
    this.#objects.add(value)
    this.#plans.push(null)
    out.byte(T_SYMBOL)
    this.value(value.description)
  }

  #ref(index: number): void {
    this.out.byte(T_REF)
    this.out.varint(index)
  }

  #function(value: object): void {
    if (this.#named(value)) return
    const closure = stampOf(value)
    if (closure === undefined) throw new Unportable(value, notPortableFunction(value))
    this.out.byte(T_FUNCTION)
    this.#object(closure)
  }

  /** Writes a value that is carried by reference or beside the bytes; false if it is not. */
  #named(value: object): boolean {
    const key = this.options.reference?.(value)
    if (key !== undefined) {
      this.#keys ??= new Map()
      let link = this.#keys.get(key)
      if (link === undefined) this.#keys.set(key, (link = keyLink(key)))
      this.#linked(link)
      return true
    }
    const reference = referenceOf(value)
    if (reference !== undefined) {
      this.#linked(referenceLink(reference))
      return true
    }
    return false
  }

  names(value: object): boolean {
    return this.options.reference?.(value) !== undefined || referenceOf(value) !== undefined
  }

  #linked(link: Link): void {
    this.out.byte(T_LINK)
    this.link(link)
  }

  /** Writes the number of a link, which is listed if it is new. */
  link(link: Link): void {
    if (link.session !== this.#session) {
      link.session = this.#session
      link.index = this.#links.length
      if (this.#links.push(link) <= TABLE_LIMIT) this.#table = this.#table.with(link)
      if (link.url !== "" && !this.modules.includes(link.url)) this.modules.push(link.url)
    }
    this.out.varint(link.index)
  }

  #object(value: object): void {
    const index = this.#objects.find(value)
    if (index >= 0) return this.#ref(index)
    if (this.#named(value)) return
    if (this.options.handle?.(value) === true) return this.#handle(value)
    const plan = planOf(value, this)
    if (plan === null) return this.#detour(value)
    if (plan.needs !== null) {
      for (const needed of inOrder(plan, this)) {
        this.out.byte(T_DECLARE)
        this.#announce(needed)
      }
    }
    this.#announce(plan)
  }

  /** Writes what stands for the object. */
  #detour(value: object): void {
    if (value instanceof Closure) return this.#linked(singleLink(value.code))
    if (value instanceof Moved) return this.value(value.value)
    if (isHandle(value)) return this.#handle(value)
    this.out.byte(T_PROTOTYPE)
    this.#object(stampOf(value) as Closure)
  }

  #handle(value: object): void {
    let index = this.handles.indexOf(value)
    if (index < 0) index = this.handles.push(value) - 1
    this.out.byte(T_HANDLE)
    this.out.varint(index)
  }

  /** Whether the object was announced or never will be. */
  has(value: object): boolean {
    return this.#objects.find(value) >= 0 || this.names(value) || this.options.handle?.(value) === true
  }

  #announce(plan: Plan): void {
    const { row, flags } = plan
    this.out.byte(row.tag)
    this.out.byte(flags)
    if ((flags & F_PROTOTYPE) !== 0) this.value(plan.proto)
    row.announce?.(this, plan)
    this.#objects.add(plan.value)
    this.#plans.push(plan)
  }

  #describe(plan: Plan): void {
    plan.row.describe?.(this, plan)
    if ((plan.flags & F_SHAPE) !== 0) {
      const { keys } = plan
      const object = plan.value as Record<PropertyKey, unknown>
      this.link(shapeLink(keys))
      for (let i = 0; i < keys.length; i++) this.value(object[keys[i] as string])
    } else if ((plan.flags & F_PROPERTIES) !== 0) this.properties(plan.value, plan.keys)
  }

  /** Writes own properties with their attributes. */
  properties(object: object, keys: readonly PropertyKey[]): void {
    this.out.varint(keys.length)
    for (const key of keys) {
      const descriptor = propertyOf(object, key)
      this.value(key)
      this.out.byte(attributesOf(key, descriptor))
      this.value(valueBehind(object, key, descriptor))
    }
  }
}

export function notPortableFunction(value: object): string {
  const name = Object.getOwnPropertyDescriptor(value, "name")?.value
  const what = typeof name === "string" && name !== "" ? `function ${name}` : "an anonymous function"
  return `${what} is not portable (neither compiled nor registered)`
}

/**
 * Turns a value into bytes. Changes nothing in it and runs none of its code, registered kinds aside.
 * Fails with `NotPortableError`, which names the path to what is in the way.
 */
export function encode(value: unknown, options: EncodeOptions = {}): Encoded {
  const encoder = idle.pop() ?? new Encoder()
  if (state.depth++ === 0) trimShapes()
  try {
    return encoder.run(value, options)
  } catch (error) {
    throw explained(error, value, encoder, options.label)
  } finally {
    state.depth--
    encoder.clear()
    idle.push(encoder)
  }
}
