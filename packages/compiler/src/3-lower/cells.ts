/**
 * Owns the text of ordinary functions inside compiled ones whose variables are cells: what their scopes begin with, and
 * loops, each turn of which has cells of its own.
 */

import type { Binding, Scope } from "../2-analyze/bindings.ts"
import { bare, boundNames, isClass, isFunction, type Node, someChild } from "../2-analyze/nodes.ts"
import { isMade } from "./captures.ts"
import { closureText, functionsOf, named } from "./functions.ts"
import { isIterated, iteratedText } from "./makings.ts"
import { hintFor } from "./named.ts"
import { notLoopedText } from "./printed.ts"
import { type Place, text } from "./text.ts"

/** Text that the block of a scope begins with: cells, then the functions declared there. */
export function ordinaryEntry(place: Place, scope: Scope): string {
  const { module } = place
  const out: string[] = []
  const functions: string[] = []
  const around = scope.unit.scope
  // parameters with defaults have a scope of their own
  if (scope.kind === "function" && around?.kind === "params")
    for (const b of cellsOf(around)) out.push(cellText(place, b))
  const declared = functionsOf(scope)
  for (const b of scope.bindings.values()) {
    const node = declared.get(b.name)
    const unit = node === undefined ? undefined : module.analysis.unitOf.get(node)
    if (node !== undefined && unit !== undefined && (b.mode === "cell" || isMade(unit))) {
      const value = functionValue(place, node, b.name)
      if (b.mode === "cell") out.push(cellText(place, b))
      functions.push(
        `${b.mode === "cell" ? `${b.local}.v` : `${scope.kind === "function" ? "var" : "let"} ${b.local}`} = ${value};`,
      )
    } else {
      if (unit?.compiled === true && node !== undefined)
        functions.push(`${module.helper("mark")}(${b.local}, ${module.closureName(node)}());`)
      if (b.mode === "cell") out.push(cellText(place, b))
    }
  }
  return [...out, ...functions].join(" ")
}

/** Whether the declaration is replaced by what its scope begins with. */
export function isMovedToEntry(place: Place, node: Node): boolean {
  const { analysis } = place.module
  const binding = node.id === null ? undefined : analysis.bindingOf.get(node.id)
  const unit = analysis.unitOf.get(node)
  return (
    binding !== undefined && unit !== undefined && !unit.parent?.compiled && (binding.mode === "cell" || isMade(unit))
  )
}

/** The function that a declaration makes, as an expression: without its own name, which would hide the variable. */
function functionValue(place: Place, node: Node, name: string): string {
  const expression: Node = {
    ...node,
    type: "FunctionExpression",
    original: node,
    id: { type: "Replaced", start: node.id.start, end: node.id.end, text: "" },
  }
  const unit = place.module.analysis.unitOf.get(node)
  const made = closureText(place, expression, name)
  return unit !== undefined && (unit.compiled || isMade(unit)) ? made : named(made, name)
}

function cellText({ module }: Place, b: Binding): string {
  if (b.kind === "param") return `${b.local} = { v: ${b.local} };`
  const seeded = b.kind === "var" && b.owner.scope !== b.scope && b.owner.scope?.bindings.has(b.name)
  // a parameter of that name is seen until then
  if (seeded) return `var ${b.local} = { v: ${b.local} };`
  // a parameter may have the name of a function of the body
  const isOfBody = b.kind === "var" || (b.kind === "function" && b.scope.kind === "function")
  return `${isOfBody ? "var" : "const"} ${b.local} = ${emptyCell(module.helper("TDZ"), b)};`
}

function emptyCell(uninitialised: string, b: Binding): string {
  return `{ v: ${b.checked ? uninitialised : "void 0"} }`
}

/** The body of an arrow function that is an expression: its parameters become cells first. */
export function arrowBody(place: Place, node: Node): string {
  const cells = cellsOf(place.module.analysis.scopeOf.get(node)).map(b => `${b.local} = { v: ${b.local} }, `)
  const body = text(place, node.body)
  return cells.length === 0 ? body : `(${cells.join("")}${body})`
}

function cellsOf(scope: Scope | undefined): Binding[] {
  return [...(scope?.bindings.values() ?? [])].filter(b => b.mode === "cell")
}

/** A catch clause whose parameter is a cell, or a pattern with one: then all its names are assigned, as in a declaration. */
export function catchText(place: Place, node: Node): string | null {
  const { module } = place
  const scope = module.analysis.scopeOf.get(node)
  const [cell] = cellsOf(scope)
  if (scope === undefined || cell === undefined) return null
  const head = module.source.slice(node.start, node.param.start)
  if (node.param.type === "Identifier")
    return `${head}${cell.local}) { ${cell.local} = { v: ${cell.local} }; ${text(place, node.body)} }`
  const item = module.unique(`${module.prefix}item`)
  const empty = (b: Binding) => (b.mode === "cell" ? emptyCell(module.helper("TDZ"), b) : module.helper("TDZ"))
  const made = [...scope.bindings.values()].filter(b => b.mode === "cell" || b.checked)
  const declared = place.unit.compiled ? "" : "const "
  const entry = `${declared}${made.map(b => `${b.local} = ${empty(b)}`).join(", ")};`
  return `${head}${item}) { ${entry} (${text(place, node.param)} = ${item}); ${text(place, node.body)} }`
}

/** A loop with cells; null if it can stand as it is. */
export function loopText(place: Place, node: Node): string | null {
  const { module } = place
  if (place.unit.compiled) return null
  if (node.type === "ForStatement") {
    const cells = cellsOf(module.analysis.scopeOf.get(node))
    return cells.length === 0 ? null : forText(place, node, cells)
  }
  const left: Node = node.left
  if (left.type !== "VariableDeclaration") return null
  if (left.kind === "var") return varHead(place, node)
  const cells = cellsOf(module.analysis.scopeOf.get(node))
  if (cells.length === 0) return null
  const item = module.unique(`${module.prefix}item`)
  const head = `${module.source.slice(node.start, left.start)}const ${item}`
  const made = cells.map(b => `${b.local} = ${emptyCell(module.helper("TDZ"), b)}`).join(", ")
  const target: Node = left.declarations[0].id
  const simple = cells.length === 1 && target.type === "Identifier"
  const bound = simple
    ? `const ${cells[0]?.local} = { v: ${item} };`
    : `const ${made}; (${text(place, target)} = ${item});`
  return `${head}${module.source.slice(left.end, node.right.start)}${loopedText(place, node)}${module.source.slice(node.right.end, node.body.start)}{ ${bound} ${text(place, node.body)} }`
}

/** What the loop goes over. */
function loopedText(place: Place, loop: Node): string {
  const { right } = loop
  const value = text(place, right)
  return isIterated(loop, right) ? iteratedText(place, right, value, notLoopedText) : value
}

/** `for (var x of …)` assigns the cell of the function. */
function varHead(place: Place, node: Node): string | null {
  const { module } = place
  const target: Node = node.left.declarations[0].id
  if (!boundNames(target).some(id => module.analysis.bindingOf.get(id)?.mode === "cell")) return null
  const value = text(place, target)
  const { source } = module
  return `${source.slice(node.start, node.left.start)}${value}${source.slice(node.left.end, node.right.start)}${loopedText(place, node)}${source.slice(node.right.end, node.body.start)}${text(place, node.body)}`
}

/** The cells are made in the head, copied for the first turn if a closure of the head may have them, and before each next one. */
function forText(place: Place, node: Node, cells: readonly Binding[]): string {
  const { module } = place
  const { source } = module
  const copies = cells.map(b => `${b.local} = { v: ${b.local}.v }`).join(", ")
  const init: Node = node.init
  const values = init.declarations.map((v: Node) => v.init)
  const simple =
    init.declarations.every((v: Node) => v.id.type === "Identifier") &&
    !values.some(hasClosure) &&
    !cells.some(b => b.checked)
  const assigned = init.declarations.map((v: Node, i: number) => ({
    id: text(place, v.id),
    value: values[i] === null ? "void 0" : text(place, values[i], hintFor(v, values[i])),
  }))
  const head = simple
    ? `let ${init.declarations.map((v: Node, i: number) => `${v.id.name} = { v: ${assigned[i]?.value} }`).join(", ")}`
    : `let ${cells.map(b => `${b.local} = ${emptyCell(module.helper("TDZ"), b)}`).join(", ")}, ${module.unique(`${module.prefix}turn`)} = (${assigned.map((a: { id: string; value: string }) => `${a.id} = ${a.value}`).join(", ")}, ${copies})`
  const test = node.test === null ? "" : text(place, node.test)
  const update = node.update === null ? copies : `${copies}, ${text(place, node.update)}`
  return `${source.slice(node.start, init.start)}${head}; ${test}; ${update}) ${text(place, node.body)}`
}

function hasClosure(node: Node | null): boolean {
  if (node === null) return false
  const n = bare(node)
  return isFunction(n) || isClass(n) || someChild(n, hasClosure)
}
