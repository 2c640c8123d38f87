/**
 * Owns what compiled classes tell about themselves that nobody can find out from outside: the private state of their
 * instances, and the closures of their generator methods. A static block in the class's own text tells it.
 */
import type { Closure, Code } from "./code.ts"

/** The private members that a class's own text gives its instances. */
export interface Privates {
  /** Names of the private fields, in the order of `read` and `write`. */
  readonly names: readonly string[]
  /** Whether the object has them. */
  has(object: object): boolean
  read(object: object): readonly unknown[]
  write(object: object, values: readonly unknown[]): void
  /** Gives an object these members, uninitialised; a class that extends nothing makes a new one instead. */
  install(object: object): object
  /** Why that cannot be done, if it cannot. */
  readonly refused: string | null
}

/** Makers of closures that use private names of a class, by name. */
export type Makers = Readonly<Record<string, (...env: never[]) => object>>

/** What gives the private methods of a class, those that are no generators, by name: on request, once. */
export type PrivateMethods = () => Readonly<Record<string, object>>

interface Members {
  privates: Privates | null
  privateMethods: PrivateMethods | null
  makers: Makers | null
  methods: readonly Closure[]
}

const members = new WeakMap<object, Members>()
// a program may have replaced these before it makes a class
const { apply } = Reflect
const { get, set } = members

function knownOf(made: object): Members | undefined {
  return apply(get, members, [made])
}

function membersOf(made: object): Members {
  let found = knownOf(made)
  if (found === undefined) {
    found = { privates: null, privateMethods: null, makers: null, methods: [] }
    apply(set, members, [made, found])
  }
  return found
}

/** Tells of a class's private members. */
export function tellPrivates(made: object, privates: Privates): void {
  membersOf(made).privates = privates
}

/** Tells of a class's private methods. */
export function tellPrivateMethods(made: object, methods: PrivateMethods): void {
  membersOf(made).privateMethods = methods
}

/** The private methods of a class, by name; none if it told of none. */
export function privateMethodsOf(made: object): Readonly<Record<string, object>> {
  return knownOf(made)?.privateMethods?.() ?? NO_METHODS
}
const NO_METHODS: Readonly<Record<string, object>> = Object.freeze(Object.create(null))

/** Tells of the makers that stand in the text of a class. */
export function tellMakers(made: object, makers: Makers): void {
  membersOf(made).makers = makers
}

/** A maker in the text of the class; undefined if that is another class. */
export function makerIn(made: object, name: string): Makers[string] | undefined {
  return knownOf(made)?.makers?.[name]
}

/** The private members that a class gives its instances, as far as it was compiled. */
export function privatesOf(made: object): Privates | null {
  return knownOf(made)?.privates ?? null
}

/** What a class keeps privately in an object; null if it gave it a part only, because it failed on the way. */
export function privateState(privates: Privates, object: object): readonly unknown[] | null {
  try {
    return privates.read(object)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** Tells of the generator methods of a class that may be evaluated more than once: their closures belong to it. */
export function tellMethods(made: object, closures: readonly Closure[]): void {
  membersOf(made).methods = closures
  // by index: the program may have taken the iterator of arrays away
  for (let i = 0; i < closures.length; i++) (closures[i] as Closure).owner = made
}

/** The closure of the generator method of that code. */
export function methodOf(made: object, code: Code): Closure | undefined {
  return knownOf(made)?.methods.find(closure => closure.code === code)
}
