/** Owns the rule: a variable that a function captures of which fibers are started is not assigned, there or afterwards by the parent. */
import type { Binding, Ref, Unit } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import { at, called, type Subject } from "./finding.ts"
import { property } from "./names.ts"
import { type Order, runsAfter } from "./order.ts"
import type { Spawn } from "./spawned.ts"
import { isWithin, type Tree } from "./tree.ts"

const variables = new Set(["let", "var", "param", "const", "catch", "function", "class"])

export function* copies(subject: Subject): Generator<Finding> {
  const spawns = subject.spawns()
  const told = new Set<Ref>()
  for (const spawn of spawns)
    for (const [unit, sure] of spawn.copied)
      for (const binding of captured(unit))
        for (const ref of assignments(subject, binding))
          if (isWithin(ref.unit, unit) && !told.has(ref)) {
            told.add(ref)
            yield inside(subject, spawn, unit, sure, binding, ref)
          }
  for (const spawn of spawns) {
    if (!GOES_ON.has(spawn.name)) continue
    for (const [unit, certain] of spawn.copied)
      for (const binding of captured(unit))
        for (const ref of assignments(subject, binding)) {
          if (told.has(ref)) continue
          const order = after(subject, spawn, binding, ref)
          if (order === "never") continue
          told.add(ref)
          yield outside(subject, spawn, unit, binding, ref, certain ? order : "maybe")
        }
  }
}

/** Operations that leave their fiber running. When one of the others is over, so is all that it has begun. */
const GOES_ON = new Set(["spawn", "detach"])

/** `the spawn at 9:44`. */
export function placed(subject: Subject, { call, name }: Spawn): string {
  return `${named(name)} at ${at(subject, call.start)}`
}

const named = (name: string): string => (name === "spawn" ? "the spawn" : `the \`${name}\``)

/** How the value gets to the parent instead. */
export function instead(name: string): string {
  if (GOES_ON.has(name)) return "return the value and join the fiber"
  if (name === "forEach") return "return the value, and use `map`, which gives the results"
  return name === "supervisor" ? "send the value to who wants it" : `return the value: \`${name}\` gives it`
}

function captured(unit: Unit): Binding[] {
  return [...unit.captures].filter(b => variables.has(b.kind))
}

function assignments({ module }: Subject, binding: Binding): Ref[] {
  // of a constant, an assignment throws
  if (binding.kind === "const") return []
  return binding.refs.filter(r => r.write && !module.analysis.bindingOf.has(r.node))
}

function inside(subject: Subject, spawn: Spawn, unit: Unit, sure: boolean, { name }: Binding, ref: Ref): Finding {
  return {
    code: "ROVE_COPIED_VARIABLE",
    severity: sure ? "error" : "warning",
    message: `\`${name}\` is assigned in ${called(subject, unit)}, of which ${placed(subject, spawn)} ${sure ? "takes" : "may take"} a copy with all that it captures: this would change the copy's \`${name}\` only`,
    hint: `${instead(spawn.name)}; \`${name}\` of the fiber alone is declared in ${called(subject, unit)}`,
    offset: ref.node.start,
  }
}

function outside(subject: Subject, spawn: Spawn, unit: Unit, { name }: Binding, ref: Ref, order: Order): Finding {
  const sure = order === "surely"
  return {
    code: "ROVE_COPIED_VARIABLE",
    severity: sure ? "error" : "warning",
    message: `\`${name}\` ${sure ? "is" : "may be"} assigned after ${placed(subject, spawn)}, which takes a copy of ${called(subject, unit)} with the \`${name}\` that it captures: the fiber will not see this`,
    hint: `assign before ${named(spawn.name)}, or hand the value over as an argument`,
    offset: ref.node.start,
  }
}

/** Whether the assignment comes after the copy was taken. */
function after(subject: Subject, spawn: Spawn, binding: Binding, ref: Ref): Order {
  const { call, unit } = spawn
  if (ref.unit !== unit) return elsewhere(subject, spawn, ref)
  const assignment = assignmentOf(subject.tree, ref.node)
  const order = runsAfter(subject.tree, call, assignment, binding)
  if (order !== "surely") return order
  if (isConditional(assignment)) return "maybe"
  // the copy is taken when the operation is performed
  return isPerformed(subject.tree, call) ? beforeItsEnd(subject, spawn, assignment, binding) : "maybe"
}

/** The fiber may have ended before the assignment, if somebody joined it in between; then it misses nothing. */
function beforeItsEnd(subject: Subject, { call, unit }: Spawn, assignment: Node, binding: Binding): Order {
  const { tree, names } = subject
  for (const y of tree.yields.get(unit) ?? []) {
    if (y.end < call.end || bare(y.argument ?? y) === call || y.start > assignment.end || !y.delegate) continue
    const operation = bare(y.argument)
    if (operation.type !== "CallExpression") return "maybe"
    const name = names.ofRove(operation.callee)
    if (name === "sleep" || name === "spawn" || name === "detach" || name === "wait") continue
    // `(yield* spawn(f())).join()` contains the spawn
    const follows = y.start < call.start || runsAfter(tree, call, y, binding) === "surely"
    const inOrder = follows && startsAfter(tree, y, assignment, binding)
    return inOrder && isJoinOf(subject, operation, call) ? "never" : "maybe"
  }
  return "surely"
}

function startsAfter(tree: Tree, first: Node, assignment: Node, binding: Binding): boolean {
  return tree.around(first).includes(assignment) || runsAfter(tree, first, assignment, binding) === "surely"
}

/** `fiber.join()`, where `fiber` is a constant with what this spawn gave. */
function isJoinOf({ names }: Subject, operation: Node, spawn: Node): boolean {
  const callee = bare(operation.callee)
  if (callee.type !== "MemberExpression" || property(callee) !== "join") return false
  const value = names.value(callee.object)
  return value.type === "YieldExpression" && value.delegate === true && bare(value.argument) === spawn
}

/** Some other function assigns: who knows when it is called. */
function elsewhere({ module, tree, names }: Subject, { call, unit }: Spawn, ref: Ref): Order {
  if (isWithin(unit, ref.unit)) return ref.node.start < call.start ? "never" : "maybe"
  let top = ref.unit
  while (top.parent !== null && !isWithin(unit, top.parent)) top = top.parent
  if (top.node.start > call.start) return "maybe"
  const holder = tree.taker(top.node)
  const id =
    top.node.type === "FunctionDeclaration" ? top.node.id : holder?.type === "VariableDeclarator" ? holder.id : null
  const name =
    id !== null
      ? module.analysis.bindingOf.get(id)
      : holder?.type === "AssignmentExpression"
        ? names.binding(holder.left)
        : null
  const used = name?.refs.some(r => !r.write && r.node.start > call.start && !isWithin(r.unit, top)) ?? false
  return used ? "maybe" : "never"
}

/** The expression (or the loop's head) that assigns to the name. */
function assignmentOf(tree: Tree, name: Node): Node {
  for (const n of tree.around(name))
    if (
      n.type === "AssignmentExpression" ||
      n.type === "UpdateExpression" ||
      n.type === "ForOfStatement" ||
      n.type === "ForInStatement"
    )
      return n
  return name
}

/** `n ||= 1`, `for (n of list)`: perhaps nothing is assigned. */
function isConditional(assignment: Node): boolean {
  return assignment.type.startsWith("For") || ["||=", "&&=", "??="].includes(assignment.operator)
}

function isPerformed(tree: Tree, call: Node): boolean {
  const taker = tree.taker(call)
  return taker?.type === "YieldExpression" && taker.delegate === true && bare(taker.argument) === call
}
