/** Owns what the rules work with, and how their messages name things. */
import type { Unit } from "../2-analyze/bindings.ts"
import type { Node } from "../2-analyze/nodes.ts"
import type { ModuleState } from "../3-lower/module.ts"
import type { Finding } from "../diagnostics.ts"
import type { Names } from "./names.ts"
import type { Spawn } from "./spawned.ts"
import type { Tree } from "./tree.ts"
import type { Types } from "./types.ts"

export interface Subject {
  readonly module: ModuleState
  readonly tree: Tree
  readonly names: Names
  readonly types: Types
  /** It has the directive: what it is for is said. */
  readonly marked: boolean
  /** Calls of the module's own functions, by the function that is called. */
  readonly callers: () => ReadonlyMap<Unit, readonly Node[]>
  /** What starts fibers of the module's functions. */
  readonly spawns: () => readonly Spawn[]
}

/** A way in which a program can be wrong. */
export type Rule = (subject: Subject) => Iterable<Finding>

/** `12:3`, in the source. */
export function at({ module }: Subject, offset: number): string {
  const { line, column } = module.position(offset)
  return `${line}:${column}`
}

/** The function, for people. */
export function called({ tree }: Subject, unit: Unit): string {
  const holder = tree.taker(unit.node)
  const member = holder?.type === "Property" || holder?.type.endsWith("Definition") === true
  const name =
    unit.node.id?.name ??
    (holder?.type === "VariableDeclarator"
      ? holder.id.name
      : member && !holder?.computed
        ? holder?.key.name
        : undefined)
  return name === undefined ? "the function" : `\`${name}\``
}
