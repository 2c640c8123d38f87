/** Owns the second half of the analysis: which binding each reference means, and what is captured by whom. */
import { type Binding, type BindingTable, makeBinding, type Ref, type Scope, type Unit } from "./bindings.ts"

export function resolve(refs: readonly Ref[], declared: BindingTable): void {
  for (const ref of refs) {
    ref.binding ??= lookup(ref.scope, ref.node.name)
    if (ref.binding === null && ref.node.name === "arguments") ref.binding = ownerBinding(ref.unit, "arguments")
    noteOuter(ref)
    if (ref.binding !== null) note(ref, ref.binding, declared.has(ref.node))
  }
}

function lookup(scope: Scope | null, name: string): Binding | null {
  for (let s = scope; s !== null; s = s.parent) {
    const found = s.bindings.get(name)
    if (found !== undefined) return found
    // every function but an arrow function has its own
    if (name === "arguments" && s === s.unit.scope && s.unit.kind === "function") return null
  }
  return null
}

const slots = {
  this: "thisBinding",
  home: "homeBinding",
  arguments: "argumentsBinding",
  target: "targetBinding",
} as const

/** The `this`, `arguments`, `new.target` or home object that code of a unit sees: of the nearest one that has its own. */
export function ownerBinding(unit: Unit, kind: keyof typeof slots): Binding | null {
  let owner: Unit | null = unit
  // heritage and computed keys of a class belong to the unit around it
  while (owner !== null && (owner.kind === "arrow" || owner.kind === "class")) owner = owner.parent
  if (owner === null || owner.kind === "program" || (owner.kind === "field" && kind === "arguments")) return null
  const slot = slots[kind]
  owner[slot] ??= makeBinding(kind, kind, owner.scope as Scope, -1)
  return owner[slot]
}

/** Units between the reference and the declaration see the name as one from outside. */
function noteOuter({ unit, node, binding }: Ref): void {
  for (let u: Unit | null = unit; u !== null && u !== binding?.owner; u = u.parent)
    u.outer.add(node.type === "Identifier" ? node.name : "this")
}

function note(ref: Ref, binding: Binding, declares: boolean): void {
  binding.refs.push(ref)
  if (ref.write && (!declares || binding.kind === "var")) binding.assigned = true
  // what stands at the top level is seen from everywhere; a block there has variables of its own
  if (ref.unit === binding.owner || binding.scope.kind === "program") return
  binding.captured = true
  for (let u: Unit | null = ref.unit; u !== null && u !== binding.owner; u = u.parent) {
    u.captures.add(binding)
    if (u.parent === binding.owner && u.node.type === "FunctionDeclaration") binding.early = true
  }
}
