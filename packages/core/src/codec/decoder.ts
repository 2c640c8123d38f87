/**
 * Owns the pass from bytes to values.
 *
 * What is read was perhaps altered or made up: counts are checked against what is left, names only lead to what was
 * registered, properties are defined and never assigned. All links are followed before any object is made.
 */
import { type Closure, Closure as ClosureClass, type Code } from "../code.ts"
import type { VariableKey } from "../context/variables.ts"
import { Frame } from "../frame.ts"
import type { After } from "./after.ts"
import type { DecodeOptions } from "./decode.ts"
import {
  F_INTEGRITY,
  F_PROPERTIES,
  F_PROTOTYPE,
  F_SHAPE,
  HEADER_SIZE,
  isNumberTag,
  P_DEFAULT,
  T_ACTIVATION,
  T_ASCII,
  T_BIGINT,
  T_CUSTOM,
  T_DECLARE,
  T_DOUBLE,
  T_EMPTY,
  T_FALSE,
  T_FUNCTION,
  T_HANDLE,
  T_HOLE,
  T_INT,
  T_LATIN1,
  T_LINK,
  T_LIST,
  T_LOCAL_METHOD,
  T_MINUS_ZERO,
  T_NAN,
  T_NULL,
  T_OBJECT,
  T_PLAIN,
  T_PRIVATE,
  T_PROTOTYPE,
  T_REF,
  T_SMALL,
  T_STRING_REF,
  T_SYMBOL,
  T_SYMBOL_REGISTERED,
  T_SYMBOL_WELL_KNOWN,
  T_TRUE,
  T_UNDEFINED,
  T_UTF16,
} from "./format.ts"
import { type Found, giveBack, takeFound } from "./found.ts"
import { readHeader } from "./header.ts"
import { refuseInternal } from "./internals.ts"
import type { Kind } from "./kinds.ts"
import { type Follow, readLinks, readTable } from "./link-reader.ts"
import {
  CodeTarget,
  FrameTarget,
  KindTarget,
  ShapeTarget,
  type Target,
  ValueTarget,
  VariableTarget,
} from "./link-targets.ts"
import { append, emptyList } from "./list.ts"
import { findLocalMethod } from "./local-methods.ts"
import { isUnnamed } from "./natives.ts"
import { announcedAs, ownClassOf } from "./own-classes.ts"
import { defineOwn, readProperties } from "./own-properties.ts"
import { NO_KEYS, Plan, type Row } from "./plan.ts"
import { prototypeOf, restrict } from "./properties.ts"
import type { Reader } from "./reader.ts"
import { refuseLack } from "./recorded-privates.ts"
import { fillFrame, readFrames } from "./rows/code.ts"
import { ROWS } from "./rows/index.ts"
import { wellKnownSymbol } from "./symbols.ts"

const DEFAULT_BYTES = 2 ** 30
const MAX_DEPTH = 40

// The engine reads an imported constant through a cell at each use, and folds one of this module into the code.
const tagAscii = T_ASCII
const tagDeclare = T_DECLARE
const tagDouble = T_DOUBLE
const tagEmpty = T_EMPTY
const tagFalse = T_FALSE
const tagInt = T_INT
const tagLatin1 = T_LATIN1
const tagList = T_LIST
const tagMinusZero = T_MINUS_ZERO
const tagNan = T_NAN
const tagNull = T_NULL
const tagPlain = T_PLAIN
const tagRef = T_REF
const tagSmall = T_SMALL
const tagStringRef = T_STRING_REF
const tagTrue = T_TRUE
const tagUndefined = T_UNDEFINED
const tagUtf16 = T_UTF16

export class Decoder {
  readonly in: Reader
  readonly maxBytes: number
  readonly #options: DecodeOptions
  #links: ArrayLike<Target> = []
  readonly #found: Found
  /** What is done once all objects have their content. */
  readonly after: After
  /** Prototypes whose classes have no private members. */
  #without: Set<object> | null = null
  #depth = 0

  /** Where links lead, if not to what this thread has. */
  readonly #follow: Follow | null

  constructor(bytes: Uint8Array, options: DecodeOptions, follow: Follow | null = null) {
    this.#follow = follow
    this.#found = takeFound()
    this.in = this.#found.input
    this.after = this.#found.after
    this.in.begin(bytes)
    this.#options = options
    this.maxBytes = options.limits?.bytes ?? DEFAULT_BYTES
  }

  run(): unknown {
    try {
      return this.#run()
    } finally {
      giveBack(this.#found)
    }
  }

  #run(): unknown {
    const input = this.in
    const table = readHeader(input, this.maxBytes)
    input.position = table
    this.#links = this.#follow === null ? readLinks(input, this.#options) : readTable(input, this.#follow)
    input.position = HEADER_SIZE
    input.end = table
    const root = this.value()
    const { plans, frames } = this.#found
    let frame = 0
    for (let i = 0; i < plans.count; i++) {
      const plan = plans.items[i] as Plan | FrameTarget
      if (plan instanceof FrameTarget) fillFrame(this, frames.items[frame++] as Frame, plan)
      else this.#fill(plan)
    }
    if (input.position !== table) input.fail("something follows the last object")
    this.after.run()
    return root
  }

  /** Whether the record is read without the program that made it: what classes tell of themselves is not there. */
  get isForeign(): boolean {
    return this.#follow !== null
  }

  value(): unknown {
    const input = this.in
    for (;;) {
      const tag = input.byte()
      if (tag >= tagSmall) return tag - tagSmall
      switch (tag) {
        case tagUndefined:
          return undefined
        case tagNull:
          return null
        case tagFalse:
          return false
        case tagTrue:
          return true
        case tagNan:
          return Number.NaN
        case tagMinusZero:
          return -0
        case tagInt: {
          const zigzag = input.varint()
          return (zigzag >>> 1) ^ -(zigzag & 1)
        }
        case tagDouble:
          return input.double()
        case tagEmpty:
          return ""
        case tagAscii:
        case tagLatin1:
        case tagUtf16: {
          const text = input.string(tag - tagAscii)
          this.#found.strings.add(text)
          return text
        }
        case tagStringRef:
          return this.#known(this.#found.strings.items, this.#found.strings.count)
        case tagRef:
          return this.#known(this.#found.objects.items, this.#found.objects.count)
        case tagPlain:
        case tagList:
          return this.#inPlace(tag)
        case tagDeclare:
          this.#nested(input.byte())
          continue
        default:
          return this.#nested(tag)
      }
    }
  }

  /** Values within values, which only what is needed to make an object is: a few deep, unless it is forged. */
  #nested(tag: number): unknown {
    if (++this.#depth > MAX_DEPTH) this.in.fail("announcements are nested too deep")
    const value = tag < T_OBJECT ? this.#rare(tag) : this.#announced(tag)
    this.#depth--
    return value
  }

  /** A plain object or array with its content, which may refer to it. */
  #inPlace(tag: number): object {
    if (++this.#depth > MAX_DEPTH) this.in.fail("announcements are nested too deep")
    const value = tag === T_PLAIN ? this.#plain() : this.#list()
    this.#depth--
    return value
  }

  #plain(): object {
    const target = this.#shapeTarget()
    const { template } = target
    const object = template === null ? {} : { ...template }
    this.#found.objects.add(object)
    this.#shape(object, target, template !== null || isAssignable(object, target.keys))
    return object
  }

  #list(): unknown[] {
    const input = this.in
    const count = input.count()
    const array = isNumberTag(input.bytes[input.position] as number) ? [] : emptyList(count)
    this.#found.objects.add(array)
    if (array.length > 0) for (let i = 0; i < count; i++) array[i] = this.value()
    else for (let left = count; left > 0; left--) append(array, this.value())
    return array
  }

  #prototypeOf(owner: unknown): object {
    const prototype = prototypeOf(owner instanceof ClosureClass ? owner.fn : owner)
    return typeof prototype === "object" && prototype !== null
      ? prototype
      : this.in.fail("a function without a prototype")
  }

  #known<T>(list: ArrayLike<T | null>, count: number): T {
    const index = this.in.varint()
    if (index >= count) this.in.fail(`refers to item ${index} of ${count}`)
    return list[index] as T
  }

  #rare(tag: number): unknown {
    const input = this.in
    switch (tag) {
      case T_BIGINT:
        return input.bigint()
      case T_SYMBOL_WELL_KNOWN: {
        const symbol = wellKnownSymbol(input.varint())
        return symbol ?? input.fail("not a well-known symbol")
      }
      case T_SYMBOL_REGISTERED:
        return Symbol.for(this.string())
      case T_SYMBOL: {
        const description = this.value()
        if (description !== undefined && typeof description !== "string") input.fail("not the description of a symbol")
        const symbol = Symbol(description as string | undefined)
        this.#found.objects.add(symbol)
        return symbol
      }
      case T_FUNCTION: {
        const { fn } = this.closure()
        return fn ?? input.fail("a closure without a function")
      }
      case T_PROTOTYPE: {
        const owner = this.value()
        // those of the language are what all of the program's objects inherit from
        if (this.#options.resolve === undefined && isUnnamed(owner))
          input.fail("the prototype object of a native class")
        return this.#prototypeOf(owner)
      }
      case T_LOCAL_METHOD:
        return this.#localMethod()
      case T_ACTIVATION:
        return readFrames(this, this.#found)
      case T_LINK: {
        const target = this.#link()
        return target instanceof ValueTarget ? target.value : input.fail("the link does not name a value")
      }
      case T_HANDLE: {
        const handles = this.#options.handles ?? []
        return this.#known(handles, handles.length)
      }
      default:
        return input.fail(tag === T_HOLE ? "a hole outside of an array" : `no value begins with ${tag}`)
    }
  }

  #localMethod(): object {
    const place = this.in.varint()
    const key = this.value()
    if (typeof key !== "string" && typeof key !== "symbol") this.in.fail("not a property key")
    const made = this.value()
    const method = this.isForeign ? made : findLocalMethod(made, place, key)
    return (method as object | undefined) ?? this.in.fail(`the class was made without the method ${String(key)}`)
  }

  #announced(tag: number): unknown {
    const from = this.in.position
    const row = ROWS[tag] as Row | undefined
    if (row === undefined) this.in.fail(`no kind has the number ${tag}`)
    const flags = this.in.byte()
    if ((flags & ~row.flags) !== 0) this.in.fail(`an object of kind ${tag} cannot have flags ${flags}`)
    const proto = (flags & F_PROTOTYPE) !== 0 ? this.#prototype(tag) : null
    const own = proto === null ? undefined : ownClassOf(proto)
    const plan = new Plan(row, this, flags, NO_KEYS, null, proto)
    const object = row.allocate(this, plan)
    plan.value = object
    if ((flags & F_PROTOTYPE) !== 0 && Object.getPrototypeOf(object) !== proto) Object.setPrototypeOf(object, proto)
    this.#found.objects.add(object)
    this.#found.plans.add(plan)
    if (own !== undefined) announcedAs(this, own, plan, from)
    return object
  }

  /** Once for each: what inherits from it here has no private members, nor may it have any now. */
  #checkLack(prototype: object): void {
    if (this.isForeign || this.#without?.has(prototype) === true) return
    refuseInternal(this, prototype)
    refuseLack(this, prototype, [])
    this.#without ??= new Set()
    this.#without.add(prototype)
  }

  /** The prototype that instances of the class that follows have; else the object that follows, or null. */
  #prototype(tag: number): object | null {
    const made = this.value()
    if (made === null) return made
    const prototype = typeof made === "object" ? made : prototypeOf(made)
    if (typeof prototype !== "object" || prototype === null) return this.in.fail("not a class")
    if (typeof made !== "object" && tag !== T_PRIVATE && tag !== T_CUSTOM) this.#checkLack(prototype)
    else if (!this.isForeign) refuseInternal(this, prototype)
    return prototype
  }

  #fill(plan: Plan): void {
    plan.row.fill?.(this, plan)
    const { flags, value } = plan
    if ((flags & F_SHAPE) !== 0) this.#shape(value)
    else if ((flags & F_PROPERTIES) !== 0) readProperties(this, value)
    const integrity = flags & F_INTEGRITY
    if (integrity !== 0) this.#restrict(value, integrity)
  }

  #restrict(object: object, integrity: number): void {
    try {
      restrict(object, integrity)
    } catch {
      this.in.fail("an object cannot be frozen")
    }
  }

  #shape(object: object, { keys } = this.#shapeTarget(), isFree = isAssignable(object, keys)): void {
    if (isFree) {
      const fields = object as Record<string, unknown>
      for (let i = 0; i < keys.length; i++) fields[keys[i] as string] = this.value()
    } else {
      for (let i = 0; i < keys.length; i++) defineOwn(this, object, keys[i] as string, this.value(), P_DEFAULT)
    }
  }

  #shapeTarget(): ShapeTarget {
    const target = this.#link()
    return target instanceof ShapeTarget ? target : this.in.fail("the link does not name a shape")
  }

  string(): string {
    const value = this.value()
    return typeof value === "string" ? value : this.in.fail("not a string")
  }

  number(): number {
    const value = this.value()
    return typeof value === "number" ? value : this.in.fail("not a number")
  }

  frameOrNull(): Frame | null {
    const value = this.value()
    return value === null || value instanceof Frame ? value : this.in.fail("not a frame")
  }

  closure(): Closure {
    const value = this.value()
    return value instanceof ClosureClass ? value : this.in.fail("not a closure")
  }

  /** Whether a hole is next, which is then passed. */
  hole(): boolean {
    if (this.in.bytes[this.in.position] !== T_HOLE) return false
    this.in.byte()
    return true
  }

  #link(number = this.in.varint()): Target {
    if (number >= this.#links.length) this.in.fail(`refers to item ${number} of ${this.#links.length}`)
    return this.#links[number] as Target
  }

  frame(number?: number): FrameTarget {
    const target = this.#link(number)
    return target instanceof FrameTarget ? target : this.in.fail("the link does not name a resume point")
  }

  code(): Code {
    const target = this.#link()
    return target instanceof CodeTarget ? target.code : this.in.fail("the link does not name code")
  }

  names(): readonly string[] {
    const target = this.#link()
    return target instanceof ShapeTarget ? target.keys : this.in.fail("the link does not name fields")
  }

  variable(): VariableKey {
    const target = this.#link()
    return target instanceof VariableTarget ? target.variable : this.in.fail("the link does not name a variable")
  }

  kind(): Kind {
    const target = this.#link()
    return target instanceof KindTarget ? target.kind : this.in.fail("the link does not name a kind")
  }
}

/** Whether assigning the keys defines them: nothing that the object inherits is in the way. */
function isAssignable(object: object, keys: readonly string[]): boolean {
  for (let i = 0; i < keys.length; i++) if ((keys[i] as string) in object) return false
  return true
}
