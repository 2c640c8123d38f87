/** Owns what a link leads to on this thread, and whether it still does. */

import { type Code, definitions, findCode } from "../code.ts"
import { findVariable, type VariableKey } from "../context/variables.ts"
import type { CodeChange } from "./changes.ts"
import { findMethodReference } from "./class-methods.ts"
import { checksOf } from "./frame-checks.ts"
import { findKind, type Kind } from "./kinds.ts"
import type { Migration } from "./migrate.ts"
import { findNative } from "./natives.ts"
import { SHAPE_LIMIT } from "./properties.ts"
import { findReference, type Reference } from "./references.ts"

/** Any value fits where a number and then none was: the engine need not make room for others in each copy. */
function templateOf(keys: readonly string[]): Record<string, unknown> {
  const bare = Object.create(null) as Record<string, unknown>
  for (let i = 0; i < keys.length; i++) bare[keys[i] as string] = 0
  const template = { ...bare }
  for (let i = 0; i < keys.length; i++) template[keys[i] as string] = undefined
  return template
}

/** The keys of objects of one shape. */
export class ShapeTarget {
  readonly keys: readonly string[]
  #template: Record<string, unknown> | null = null
  constructor(keys: readonly string[]) {
    this.keys = keys
  }

  /**
   * An object with these keys and no values, whose copies can be assigned to: what Object.prototype has is not in the way.
   * Null if there are more keys than `encode` gives a shape, so that forged bytes never take room for what does not follow.
   */
  get template(): Readonly<Record<string, unknown>> | null {
    if (this.#template === null && this.keys.length <= SHAPE_LIMIT) this.#template = templateOf(this.keys)
    return this.#template
  }

  isCurrent(): boolean {
    return true
  }
}

/** A resume point. */
export class FrameTarget {
  readonly code: Code
  readonly pc: number
  /** What is saved there, in the order of the record. */
  readonly names: readonly string[]
  /** Makes a frame of the function as it is of one as it was; null if they are the same. */
  readonly migration: Migration | null
  /** What differs about the function, if its frames are taken all the same. */
  readonly change: CodeChange | null
  /** What is to hold of the locals; null if they are the program's own. */
  readonly checks: ReturnType<typeof checksOf>
  #definitions = definitions()
  constructor(
    code: Code,
    pc: number,
    names: readonly string[],
    migration: Migration | null,
    change: CodeChange | null,
  ) {
    this.code = code
    this.pc = pc
    this.names = names
    this.migration = migration
    this.change = change
    this.checks = checksOf(code, pc, names)
  }
  isCurrent(): boolean {
    const now = definitions()
    if (this.#definitions === now) return true
    if (findCode(this.code.id) !== this.code) return false
    this.#definitions = now
    return true
  }
}

/** The code of closures that are made again. */
export class CodeTarget {
  readonly code: Code
  constructor(code: Code) {
    this.code = code
  }
  isCurrent(): boolean {
    return findCode(this.code.id) === this.code
  }
}

/** A value: the closure of a function at module level, what was registered, or what the caller resolves. */
export class ValueTarget {
  readonly value: unknown
  readonly #source: Code | Reference | null
  #definitions = definitions()
  constructor(value: unknown, source: Code | Reference | null) {
    this.value = value
    this.#source = source
  }
  isCurrent(): boolean {
    const source = this.#source
    if (source === null) return false
    if ("single" in source) {
      if (source.single !== this.value) return false
      const now = definitions()
      if (this.#definitions === now) return true
      if (findCode(source.id) !== source) return false
      this.#definitions = now
      return true
    }
    return (findReference(source.name) ?? findNative(source.name) ?? findMethodReference(source.name)) === source
  }
}

export class KindTarget {
  readonly kind: Kind
  constructor(kind: Kind) {
    this.kind = kind
  }
  isCurrent(): boolean {
    return findKind(this.kind.name) === this.kind
  }
}

/** A context variable; one that nothing here has declared may be by the next record, and one that is declared stays so. */
export class VariableTarget {
  readonly variable: VariableKey
  readonly #isDeclared: boolean
  constructor(variable: VariableKey) {
    this.variable = variable
    this.#isDeclared = findVariable(variable.key) === variable
  }
  isCurrent(): boolean {
    return this.#isDeclared
  }
}

export type Target = VariableTarget | ShapeTarget | FrameTarget | CodeTarget | ValueTarget | KindTarget
