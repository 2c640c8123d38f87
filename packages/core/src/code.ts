/**
 * Owns compiled functions: the immutable code, a closure of it, and the stamp that leads from a function object to them.
 *
 * Compiler and run loop meet here and nowhere else: emitted text calls `defineCode`, `makeClosure` and `mark`.
 */
import { Adopt } from "./adopt.ts"
import type { Fields } from "./codec/fits.ts"
import { List } from "./codec/list.ts"
import type { Frame, Suspended } from "./frame.ts"

/** As they were when this was loaded: programs may replace them. */
const { getOwnPropertyDescriptors, getPrototypeOf, setPrototypeOf } = Object

/** The global variable through which scripts reach their helpers; see the compiler's holder.ts. */
export const HOLDER = "$rove"

/** Among what a function captured: the computed key that it is called by, which is no variable. */
export const COMPUTED_KEY = "computed key"
/** Among what a bound function was made from: what it calls. */
export const BOUND_FUNCTION = "bound function"

/** A place where a function can stop. */
export interface ResumePoint {
  /** Unique within its function, and by what stops there, so that it is the same in a later version of the source. */
  readonly id: string
  /** The tries, loops and handlers around it. */
  readonly path: readonly string[]
  readonly line: number
  readonly column: number
  /** The locals that are saved there. */
  readonly live: readonly string[]
  /** Those of them that hold an exception being handled, innermost first; see handled.ts. */
  readonly handled: readonly string[]
}

export type CodeKind = "generator" | "function" | "class"

/** The immutable part of a compiled function, one per place in the source. */
export interface CodeInfo {
  /** `path#qualified.name`, with `name@version/` in front for installed packages. */
  readonly id: string
  /** Of the type-stripped syntax tree, without positions. */
  readonly hash: string
  readonly name: string
  /** Where to import the module from on this machine (`import.meta.url`); empty for scripts. Not part of the identity. */
  readonly url: string
  readonly kind: CodeKind
  /** Indexed by `pc`; entry 0 is the place where the function begins, and its `live` are the parameters as the step takes them. */
  readonly points: readonly ResumePoint[]
  /** What of a class is static state, so that it cannot be made again. */
  readonly fixed?: string
  /** Names of the captured variables, in the order of `Closure.env`. */
  readonly captures: readonly string[]
  /** Locals of the program that are called like some of the compiler's. */
  readonly plain?: readonly string[]
  /** Locals that live in a cell, `{ v }`, once the function has begun; and the captured variables that do, by their place in `captures`. */
  readonly cells?: readonly string[]
  readonly capturedCells?: readonly number[]
}

export interface CodeParts {
  /** Makes an empty frame of this code's shape; null for kinds that have no frames. */
  readonly Frame: (new (closure: Closure) => Frame) | null
  /** Makes the (stamped) function again from its captured variables; null for functions at module level, whose only closure is `single`. */
  readonly make: ((...env: never[]) => object) | null
  /** Of our own functions: what each field of a frame can hold. */
  readonly fields?: Fields
  /** Of our own functions: whether they can begin with that. */
  readonly begins?: (self: unknown, args: readonly unknown[]) => boolean
}

export interface Code extends CodeInfo, CodeParts {
  /** The closure of a function at module level, once its module ran. */
  single: Closure | null
  /** What records keep of each resume point, by `pc`, once they had to name it. */
  readonly links: { [pc: number]: object | undefined }
}

/**
 * Runs a compiled function until it returns, throws or stops.
 * `frame` null begins: `args` are the arguments. Otherwise it continues that frame with the machine's `kind` and `value`.
 * Each takes frames of its own class, so only the run loop calls one, which goes by the frame's closure.
 */
export type Step = (machine: never, frame: never, self: never, ...args: never) => unknown | Suspended

/** What a class was made with, so that it can be told what was changed since. */
export interface Shape {
  readonly own: Readonly<PropertyDescriptorMap>
  readonly prototype: Readonly<PropertyDescriptorMap>
  /** What the prototype object inherits from. */
  readonly base: object | null
  /** What the class itself inherits from. */
  readonly extended: object | null
}

export function shapeOf(made: { readonly prototype: object }): Shape {
  const { prototype } = made
  return {
    own: getOwnPropertyDescriptors(made),
    prototype: getOwnPropertyDescriptors(prototype),
    base: getPrototypeOf(prototype) as object | null,
    extended: getPrototypeOf(made) as object | null,
  }
}

/** A compiled function with its captured variables. `enter` takes raw arguments, `step` continues frames (and, with parameters already bound, begins). */
export class Closure {
  readonly code: Code
  readonly step: Step
  /** As `step`, for the raw arguments of a call; the same function unless parameters have patterns or defaults. */
  readonly enter: Step
  readonly env: readonly unknown[]
  readonly Frame: new (
    closure: Closure,
  ) => Frame
  /** The function object that users see. */
  fn: object | null = null
  /** The class of a method that is made anew with its class; null for all others. */
  owner: object | null = null
  /** Of a class. */
  shape: Shape | null = null
  /** Binds complex parameters, for a method whose shell stands elsewhere than its step. */
  bind: ((self: unknown, args: ArrayLike<unknown>) => readonly unknown[]) | null = null
  constructor(code: Code, step: Step, enter: Step, env: readonly unknown[]) {
    this.code = code
    this.step = step
    this.enter = enter
    this.env = env
    this.Frame = code.Frame as new (closure: Closure) => Frame
  }
}

/** The codes that this thread knows, by id. A module that is evaluated again replaces its codes. */
const codes = new Map<string, Code>()
// a program may have taken these away before it loads more code
const { apply } = Reflect
const { get: codeOf, set: setCode, forEach: eachCode } = codes
const { startsWith, lastIndexOf, slice } = String.prototype
/** How often a code was registered: while it is the same, so is what an id leads to. */
const defined = { times: 0 }

/** Registers a code: compiled modules do it when they are evaluated. */
export function defineCode(info: CodeInfo & CodeParts): Code {
  // nothing of it is inherited: programs may give all objects properties, and what is not there is asked for
  const code: Code = setPrototypeOf({ ...info, single: null, links: new List<object>() }, null)
  apply(setCode, codes, [info.id, code])
  defined.times++
  return code
}

/** The code with that id, if its module was evaluated on this thread. */
export function findCode(id: string): Code | undefined {
  return apply(codeOf, codes, [id])
}

/** The module of that id, if this thread has evaluated it: a function of it has another name now, or is gone. */
export function evaluatedModule(id: string): string | null {
  const module: string = apply(slice, id, [0, apply(lastIndexOf, id, ["#"])])
  let isThere = false
  const look = (_: Code, known: string): void => {
    if (apply(startsWith, known, [`${module}#`])) isThere = true
  }
  apply(eachCode, codes, [look])
  return isThere ? module : null
}

/** Changes when an id may lead to another code than before. */
export function definitions(): number {
  return defined.times
}

/** A private field cannot be seen by reflection, is not inherited and does not pass through a proxy, unlike a symbol. */
class Stamp extends Adopt {
  #closure: Closure
  constructor(target: object, closure: Closure) {
    super(target)
    this.#closure = closure
  }
  static read(target: object): Closure | undefined {
    return #closure in target ? (target as Stamp).#closure : undefined
  }
}

/** Stamps a function object (or the prototype object of its generators) with its closure. Returns the target. */
export function stamp<T extends object>(target: T, closure: Closure): T {
  if (Stamp.read(target) === undefined) new Stamp(target, closure)
  return target
}

/** The closure that an object is stamped with, or undefined. */
export function stampOf(target: unknown): Closure | undefined {
  return typeof target === "function" || (typeof target === "object" && target !== null)
    ? Stamp.read(target)
    : undefined
}

/** The closure of a generator function, or undefined; the hot path of a call. Other functions have no frames. */
export function closureOf(fn: unknown): Closure | undefined {
  const closure = typeof fn === "function" ? Stamp.read(fn) : undefined
  return closure !== undefined && closure.Frame !== null ? closure : undefined
}
