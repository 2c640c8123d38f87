/**
 * Owns what the analysis knows: units (functions, classes, the program), their scopes, bindings and references.
 *
 * `this`, `arguments`, `new.target` and the home object of `super` are bindings of the function that has them, so that
 * they are captured like any variable.
 */
import type { Node } from "./nodes.ts"

export type BindingKind =
  | "var"
  | "let"
  | "const"
  | "function"
  | "class"
  | "param"
  | "import"
  | "catch"
  | "self"
  | "this"
  | "arguments"
  | "home"
  | "target"
  | "using"

export interface Binding {
  readonly name: string
  readonly kind: BindingKind
  readonly scope: Scope
  /** The function (or program) whose variable it is. */
  readonly owner: Unit
  /** Where it is surely initialised, for positions after it in the same function; -1: from the start. */
  ready: number
  readonly refs: Ref[]
  /** Assigned other than by its own declaration. */
  assigned: boolean
  /** Used by another unit than its owner. */
  captured: boolean
  /** Captured by a function declaration, which is made before anything of its scope is initialised. */
  early: boolean
  /** How compiled code of the owner keeps it; see lower/variables. */
  mode: "native" | "slot" | "cell"
  /** Name in the emitted code. */
  local: string
  /** The parameter whose value a `var` of the body starts with. */
  seed?: Binding
  /** A function of a block in sloppy code, which is a variable of the same name too. */
  twin?: Binding
  /** Some use of it cannot be proved to come after its initialisation. */
  checked: boolean
}

export interface Ref {
  readonly node: Node
  readonly scope: Scope
  readonly unit: Unit
  binding: Binding | null
  readonly write: boolean
}

export interface Scope {
  readonly kind: "program" | "function" | "params" | "block" | "switch" | "class" | "catch" | "self" | "loop"
  readonly parent: Scope | null
  readonly unit: Unit
  readonly node: Node
  readonly bindings: Map<string, Binding>
}

/** A target that gets a value; null: what counting up or down makes of it. */
export interface Given {
  readonly target: Node
  readonly value: Node | null
}

/** A function, a class (its fields and static blocks see names as a function does), or the program. */
export interface Unit {
  readonly node: Node
  readonly parent: Unit | null
  readonly kind: "program" | "function" | "arrow" | "class" | "field"
  readonly strict: boolean
  /** The direct eval or the `with` inside or around it, for which its variables have to stay where they are; null: there is none. */
  dynamic: Node | null
  /** It becomes a state machine. */
  compiled: boolean
  /** A function that is made once for each evaluation of the module; see once.ts. */
  once: boolean
  /** Inside a compiled unit (or itself one). */
  inside: Unit | null
  scope: Scope | null
  /** Whether its maker can stand at module level, once that was asked; see lower/captures. */
  hoisted: boolean | null
  /** The class that its maker has to stay in, once that was asked; see lower/private-makers. */
  home: { readonly of: Unit | null | undefined } | null
  readonly units: Unit[]
  readonly scopes: Scope[]
  /** Assignments in its own code, and declarations that give a value. */
  readonly given: Given[]
  /** Local variables of enclosing units that it (or a unit inside) uses. */
  readonly captures: Set<Binding>
  /** Names that it (or a unit inside) uses and that are declared outside of it. */
  readonly outer: Set<string>
  thisBinding: Binding | null
  argumentsBinding: Binding | null
  homeBinding: Binding | null
  targetBinding: Binding | null
  /** The object literal that it is a member of. */
  readonly literal: Node | null
}

/** A function of a block in sloppy code: its own binding, and the `var` that gets its value where the declaration stands. */
export interface BlockFunction {
  readonly from: Binding
  readonly to: Binding
}

/** Kept at the nodes themselves: maps took three times as long. Copies of names do not have them. */
const refKey = Symbol("ref")
const bindingKey = Symbol("binding")
type Named = Node & { [refKey]?: Ref; [bindingKey]?: Binding }

/** The reference that a name is, or `this` and the like. */
export class RefTable {
  get(node: Node | null | undefined): Ref | undefined {
    return (node as Named | null | undefined)?.[refKey]
  }

  set(node: Node, ref: Ref): void {
    ;(node as Named)[refKey] = ref
  }
}

/** The variable that a name declares. */
export class BindingTable {
  get(node: Node | null | undefined): Binding | undefined {
    return (node as Named | null | undefined)?.[bindingKey]
  }

  has(node: Node): boolean {
    return (node as Named)[bindingKey] !== undefined
  }

  set(node: Node, binding: Binding): void {
    ;(node as Named)[bindingKey] = binding
  }
}

export interface Analysis {
  readonly program: Unit
  readonly unitOf: Map<Node, Unit>
  readonly refOf: RefTable
  readonly scopeOf: Map<Node, Scope>
  readonly bindingOf: BindingTable
  readonly scopes: readonly Scope[]
  /** Names that are used; those that only declare are none of them. */
  readonly refs: readonly Ref[]
  /** Every identifier of the module, for choosing new ones. */
  readonly names: Set<string>
  /** What heritage and computed keys of a named class see under its name. */
  readonly headOf: Map<Node, Binding>
  /** Functions of blocks in sloppy code that are variables of the function around them too. */
  readonly blockFunctions: Map<Node, BlockFunction>
}

export function makeBinding(name: string, kind: BindingKind, scope: Scope, ready: number): Binding {
  return {
    name,
    kind,
    scope,
    owner: scope.unit,
    ready,
    refs: [],
    assigned: false,
    captured: false,
    early: false,
    mode: "native",
    local: name,
    checked: false,
  }
}
