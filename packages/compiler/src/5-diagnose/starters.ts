/** Owns which calls start fibers, and what each is given for that. */
import type { Binding } from "../2-analyze/bindings.ts"
import { bare, isFunction, type Node } from "../2-analyze/nodes.ts"
import type { Subject } from "./finding.ts"
import { property } from "./names.ts"

/** A computation; a list of them; items, and a function that gives each its computation, or combines two; or children with functions that start them. */
export type Taken = "computation" | "branches" | "function" | "combiner" | "children"

interface Starter {
  readonly name: string
  readonly takes: Taken
  readonly isPool: boolean
}

/** What starts fibers of what it is given. What is not here runs it in the fiber that performs it, and shares its variables. */
const STARTERS: ReadonlyMap<string, Taken> = new Map([
  ["spawn", "computation"],
  ["detach", "computation"],
  ["all", "branches"],
  ["allSettled", "branches"],
  ["race", "branches"],
  ["any", "branches"],
  ["map", "function"],
  ["forEach", "function"],
  ["reduce", "combiner"],
  ["supervisor", "children"],
])

/** By whatever name it was imported. */
export function starterOf(subject: Subject, call: Node): Starter | null {
  const name = subject.names.ofRove(call.callee)
  if (name !== null) {
    const takes = STARTERS.get(name)
    return takes === undefined ? null : { name, takes, isPool: false }
  }
  const callee = bare(call.callee)
  const method = callee.type === "MemberExpression" ? property(callee) : null
  if ((method !== "run" && method !== "stream") || !isPool(subject, callee.object)) return null
  return { name: `pool.${method}`, takes: "computation", isPool: true }
}

/** What the module starts as a pool, or says to be one. */
function isPool(subject: Subject, expression: Node): boolean {
  const { names, types, tree, module } = subject
  const value = names.value(expression)
  const binding = names.binding(value)
  if (binding === null) return isStart(subject, value)
  if (binding.kind === "using")
    return tree.definitions.some(
      ({ node }) => module.analysis.bindingOf.get(node.id) === binding && isStart(subject, node.init),
    )
  const declared = binding.kind === "param" ? parameter(subject, binding) : undefined
  return declared !== undefined && types.of(declared) === "Pool"
}

function parameter({ module }: Subject, binding: Binding): Node | undefined {
  const fn = binding.scope.node
  const params: Node[] = isFunction(fn) ? fn.params : []
  return params.find(p => module.analysis.bindingOf.get(p) === binding)
}

/** `await Pool.start(…)` */
function isStart({ names }: Subject, expression: Node): boolean {
  const node = bare(expression)
  const call = node.type === "AwaitExpression" ? bare(node.argument) : node
  const callee = call.type === "CallExpression" ? bare(call.callee) : null
  return callee?.type === "MemberExpression" && property(callee) === "start" && names.ofRove(callee.object) === "Pool"
}

/** What is written as a branch: in a list or in an object. */
export function branchesOf({ names }: Subject, call: Node): Node[] {
  const list = names.value(call.arguments[0])
  if (list.type === "ArrayExpression")
    return list.elements.filter((e: Node | null) => e !== null && e.type !== "SpreadElement")
  return list.type === "ObjectExpression"
    ? list.properties.flatMap((p: Node) => (p.type === "Property" && p.kind === "init" ? p.value : []))
    : []
}

/** `supervisor({ children: [{ start: f }] })`. */
export function startsOf({ names }: Subject, call: Node): Node[] {
  const list = names.value(keyed(names.value(call.arguments[0]), "children") ?? call)
  if (list.type !== "ArrayExpression") return []
  return list.elements.flatMap((child: Node | null) =>
    child === null ? [] : (keyed(names.value(child), "start") ?? []),
  )
}

function keyed(object: Node, key: string): Node | null {
  if (object.type !== "ObjectExpression") return null
  return (
    object.properties.find((p: Node) => p.type === "Property" && p.kind === "init" && !p.computed && p.key.name === key)
      ?.value ?? null
  )
}
