/** Owns what a piece of a random program may name: variables by what they hold, labels, and what kind of function it is in. */
import type { Choices } from "./choices.ts"

/** What a variable most likely holds. Programs may be wrong about it: then they throw, which is fine too. */
export type Holds = "number" | "array" | "object" | "function" | "class"

export interface Variable {
  readonly name: string
  readonly holds: Holds
  readonly constant: boolean
}

export interface Label {
  readonly name: string
  readonly loop: boolean
}

/** Names and depth are shared by a whole program. */
export interface Whole {
  readonly choices: Choices
  names: number
  /** Generator functions at the top level that take (number, number). */
  readonly generators: string[]
}

export interface Scope {
  readonly whole: Whole
  readonly choices: Choices
  readonly variables: readonly Variable[]
  readonly labels: readonly Label[]
  /** Whether an unlabelled break or continue has a target. */
  readonly breakable: boolean
  readonly continuable: boolean
  /** Whether `yield` may stand here; if not, it is the body of a plain function. */
  readonly generator: boolean
  /** Whether `super.x` may stand here. */
  readonly method: boolean
  /** Private names: of fields and accessors, and of methods. */
  readonly privates: readonly string[]
  readonly privateMethods: readonly string[]
  /** How deep the tree may still grow. */
  readonly depth: number
}

export function deeper(scope: Scope, change: Partial<Scope> = {}): Scope {
  return { ...scope, depth: scope.depth - 1, ...change }
}

/** As seen from inside a plain function: no yields, no jumps to the outside. */
export function inFunction(scope: Scope, change: Partial<Scope> = {}): Scope {
  return deeper(scope, { labels: [], breakable: false, continuable: false, generator: false, ...change })
}

export function fresh(scope: Scope, prefix = "v"): string {
  return `${prefix}${++scope.whole.names}`
}

export function variable(scope: Scope, holds: Holds, constant = false, prefix = "v"): Variable {
  return { name: fresh(scope, prefix), holds, constant }
}

export function withVariables(scope: Scope, ...added: readonly Variable[]): Scope {
  return { ...scope, variables: [...scope.variables, ...added] }
}

/** A variable that holds such a thing; null if there is none. */
export function named(scope: Scope, holds: Holds, assignable = false): string | null {
  const found = scope.variables.filter(v => v.holds === holds && !(assignable && v.constant))
  if (found.length === 0) return null
  // late ones are more interesting
  const near = scope.choices.chance(60) ? found.slice(-4) : found
  return scope.choices.pick(near).name
}
