/** Owns what a link leads to on this thread, and whether it still does. */

import { type Code, definitions, findCode } from "../code.ts"
import { findVariable, type VariableKey } from "../context/variables.ts"
import type { CodeChange } from "./changes.ts"
import { findMethodReference } from "./class-methods.ts"
import { findKind, type Kind } from "./kinds.ts"
import type { Migration } from "./migrate.ts"
import { findNative } from "./natives.ts"
import { findReference, type Reference } from "./references.ts"

/** The keys of objects of one shape. */
export class ShapeTarget {
  readonly keys: readonly string[]
  /** The record for which it was last found that Object.prototype has none of them. */
  assignableIn = 0
  constructor(keys: readonly string[]) {
    this.keys = keys
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
  constructor(value: unknown, source: Code | Reference | null) {
    this.value = value
    this.#source = source
  }
  isCurrent(): boolean {
    const source = this.#source
    if (source === null) return false
    if ("single" in source) return source.single === this.value && findCode(source.id) === source
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

/** A context variable; one that nothing here has declared may be by the next record. */
export class VariableTarget {
  readonly variable: VariableKey
  constructor(variable: VariableKey) {
    this.variable = variable
  }
  isCurrent(): boolean {
    return findVariable(this.variable.key) === this.variable
  }
}

export type Target = VariableTarget | ShapeTarget | FrameTarget | CodeTarget | ValueTarget | KindTarget
