/**
 * Owns the decision how ordinary functions inside compiled ones share their variables with the closures made in them: a
 * variable that may change after its capture becomes a cell `{v}`, as in compiled code; all others stay as they are, and
 * are copied. What cannot become a cell stays native too, and closures over it cannot be saved.
 */

import type { Analysis, Binding, Ref, Unit } from "../2-analyze/bindings.ts"
import { boundNames, children, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"
import type { ModuleState } from "./module.ts"
import { bindingsOf, proved } from "./variables.ts"

export function decideOrdinary(module: ModuleState, unit: Unit): void {
  let cells = false
  for (const binding of bindingsOf(unit)) {
    if (!binding.captured) continue
    if (isGiven(binding))
      binding.local = module.unique(`${module.prefix}${binding.kind === "this" ? "self" : binding.kind}`)
    else if (binding.kind === "self") binding.mode = "slot"
    else decide(module, binding)
    if (binding.mode === "cell") cells = true
  }
  if (cells) together(module.analysis, unit)
}

/** `this` and the like: a function has them without a variable. */
export function isGiven(binding: Binding): boolean {
  return binding.kind === "this" || binding.kind === "arguments" || binding.kind === "target" || binding.kind === "home"
}

function decide(module: ModuleState, binding: Binding): void {
  const open = openRefs(module.analysis, binding)
  if (!binding.assigned && !binding.early && open.length === 0) return
  if (!canBeCell(binding)) return
  binding.mode = "cell"
  binding.checked = open.length > 0
  // the discriminant stands inside the block that the cells of a switch need, and sees none of them
  if (binding.scope.kind === "switch") binding.local = module.unique(binding.name)
}

/** Uses that cannot be proved to come after the initialisation. */
function openRefs({ bindingOf }: Analysis, binding: Binding): Ref[] {
  return binding.refs.filter(ref => !bindingOf.has(ref.node) && !proved(binding, ref))
}

function canBeCell(binding: Binding): boolean {
  const { kind, scope, owner } = binding
  const { node } = scope
  if (owner.dynamic !== null || kind === "using" || kind === "import" || binding.twin !== undefined) return false
  // the name of a class in its heritage: such a class stays where it is
  if (scope.kind === "class" && kind === "const") return false
  switch (kind) {
    case "param":
      return isPlainParameter(binding)
    case "catch":
      return node.param.type !== "Identifier" || !redeclares(node.body, binding.name)
    case "function":
      // in sloppy blocks they are variables of the function too
      return owner.strict || scope.kind === "function"
  }
  if (scope.kind !== "loop") return true
  // the iterated expression sees the variables uninitialised, where they are not made yet
  return node.type === "ForStatement" || !binding.refs.some(ref => isWithin(ref, node.right))
}

/** Nothing in the list of parameters shares it, and no sloppy `arguments` is its alias. */
function isPlainParameter({ owner, refs }: Binding): boolean {
  const { body } = owner.node
  if (!owner.strict && owner.argumentsBinding !== null) return false
  return refs.every(ref => ref.unit === owner || ref.node.start >= body.start)
}

/** Whether a parameter is used where it is not a cell yet. */
export function isBeforeCell(binding: Binding, ref: Ref): boolean {
  return (
    binding.kind === "param" &&
    !binding.owner.compiled &&
    ref.unit === binding.owner &&
    ref.node.start < binding.owner.node.body.start
  )
}

function isWithin(ref: Ref, node: Node): boolean {
  return ref.node.start >= node.start && ref.node.end <= node.end
}

/** A `var` of the same name as the parameter of a catch clause, which it assigns. */
function redeclares(body: Node, name: string): boolean {
  return declarationsIn(body, []).some(
    d => d.kind === "var" && d.declarations.some((v: Node) => boundNames(v.id).some(id => id.name === name)),
  )
}

/** The names of one declaration are all cells or none, and so are those of declarations that share a `var`. */
function together(analysis: Analysis, unit: Unit): void {
  const { bindingOf } = analysis
  const groups = new Map<Binding, Set<Binding>>()
  for (const node of declarationsIn(unit.node, [])) {
    const all = new Set<Binding>()
    for (const v of node.declarations)
      for (const id of boundNames(v.id)) {
        const binding = bindingOf.get(id)
        if (binding !== undefined) for (const b of groups.get(binding) ?? [binding]) all.add(b)
      }
    for (const b of all) groups.set(b, all)
  }
  for (const { kind, bindings } of unit.scopes) {
    const all = new Set(kind === "catch" ? bindings.values() : [])
    for (const b of all) groups.set(b, all)
  }
  for (const group of new Set(groups.values())) {
    const list = [...group]
    if (!list.some(b => b.mode === "cell")) continue
    const mode = list.every(canBeCell) ? "cell" : "native"
    for (const b of list) {
      b.mode = mode
      b.checked = mode === "cell" && openRefs(analysis, b).length > 0
    }
  }
}

function declarationsIn(node: Node, into: Node[]): Node[] {
  for (const child of children(node)) {
    if (isFunction(child) || isClass(child)) continue
    if (child.type === "VariableDeclaration") into.push(child)
    declarationsIn(child, into)
  }
  return into
}
