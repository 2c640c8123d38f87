/**
 * Owns the question which calls make a computation that nobody sees but `all` and its like: those in their list, where that
 * is written as their argument, or in a list of its own that is only pushed to before it is given to them.
 */
import type { Analysis, Binding, Unit } from "./bindings.ts"
import { bare, eachChild, isClass, isFunction, type Node } from "./nodes.ts"
import { suspends } from "./suspends.ts"

/** A call that makes such a computation. */
export interface Handed {
  /** The name of who takes it, where it stands there. */
  readonly taker: Node
  /** The name of the list that it is pushed to. */
  readonly list: Node | null
}

const TAKERS = new Set(["all", "allSettled", "race", "any"])
const SOURCES = new Set(["rove", "@rove/fibers"])
const NONE: ReadonlyMap<Node, Handed> = new Map()

/** The names under which the module has imported them. */
export function takersOf({ program, bindingOf }: Analysis): ReadonlySet<Binding> {
  const found = new Set<Binding>()
  for (const { type, source, specifiers } of program.node.body) {
    if (type !== "ImportDeclaration" || !SOURCES.has(source.value)) continue
    for (const { imported, local } of specifiers) {
      const binding = imported !== undefined && TAKERS.has(imported.name) ? bindingOf.get(local) : undefined
      if (binding !== undefined) found.add(binding)
    }
  }
  return found
}

/** What is done with a list. */
interface List {
  /** Begins as a list that is written where it is declared. */
  isNew: boolean
  taker: Node | null
  uses: number
  readonly pushed: { readonly value: Node; readonly list: Node | null }[]
}

/** The calls of a function whose computations only takers get. */
export function handedIn(analysis: Analysis, takers: ReadonlySet<Binding>, unit: Unit): ReadonlyMap<Node, Handed> {
  if (unit.dynamic !== null || ![...takers].some(({ refs }) => refs.some(ref => ref.unit === unit))) return NONE
  const search = new Search(analysis, takers)
  search.look(unit.node.body)
  return search.found(unit)
}

class Search {
  readonly #analysis: Analysis
  readonly #takers: ReadonlySet<Binding>
  readonly #lists = new Map<Binding, List>()
  readonly #found = new Map<Node, Handed>()
  constructor(analysis: Analysis, takers: ReadonlySet<Binding>) {
    this.#analysis = analysis
    this.#takers = takers
  }

  look(node: Node): void {
    if (node.type === "ExpressionStatement") this.#pushes(bare(node.expression))
    else if (node.type === "YieldExpression" && node.delegate) this.#takes(bare(node.argument))
    else if (node.type === "VariableDeclarator") this.#declares(node)
    eachChild(node, child => {
      if (!isFunction(child) && !isClass(child)) this.look(child)
    })
  }
  found(unit: Unit): ReadonlyMap<Node, Handed> {
    for (const [binding, { isNew, taker, uses, pushed }] of this.#lists) {
      const { owner, assigned, captured, refs } = binding
      if (!isNew || taker === null || owner !== unit || assigned || captured) continue
      if (refs.filter(({ node }) => !this.#analysis.bindingOf.has(node)).length !== uses) continue
      for (const { value, list } of pushed) if (isCall(value)) this.#found.set(value, { taker, list })
    }
    return this.#found
  }

  #declares({ id, init }: Node): void {
    const binding = this.#analysis.bindingOf.get(id)
    if (init === null || binding === undefined || (binding.kind !== "const" && binding.kind !== "let")) return
    const given = bare(init)
    if (given.type !== "ArrayExpression") return
    const list = this.#list(binding)
    list.isNew = true
    for (const value of written(given)) list.pushed.push({ value, list: null })
  }
  #pushes(call: Node): void {
    const callee: Node = call.callee
    if (call.type !== "CallExpression" || call.optional || callee.type !== "MemberExpression") return
    if (callee.computed || callee.optional || callee.property.name !== "push" || call.arguments.length !== 1) return
    const binding = this.#bindingOf(callee.object)
    if (binding === null) return
    const list = this.#list(binding)
    list.uses++
    list.pushed.push({ value: bare(call.arguments[0]), list: callee.object })
  }
  #takes(call: Node): void {
    if (call.type !== "CallExpression" || call.optional || call.arguments.length !== 1) return
    const { callee: taker } = call
    const known = this.#bindingOf(taker)
    if (known === null || !this.#takers.has(known)) return
    const given = bare(call.arguments[0])
    const binding = this.#bindingOf(given)
    if (binding === null) {
      for (const value of written(given)) if (isCall(value)) this.#found.set(value, { taker, list: null })
      return
    }
    const list = this.#list(binding)
    list.uses++
    list.taker = taker
  }

  #bindingOf(node: Node): Binding | null {
    return node.type === "Identifier" ? (this.#analysis.refOf.get(node)?.binding ?? null) : null
  }
  #list(of: Binding): List {
    const known = this.#lists.get(of)
    if (known !== undefined) return known
    const list: List = { isNew: false, taker: null, uses: 0, pushed: [] }
    this.#lists.set(of, list)
    return list
  }
}

/** The values of a list or an object, as they are written. */
function written({ type, elements, properties }: Node): Node[] {
  // a hole is looked up on the prototype, with the list as receiver, and so is a getter with the object
  if (type === "ArrayExpression") return elements.includes(null) ? [] : elements.map(bare)
  if (type !== "ObjectExpression" || properties.some(({ kind }: Node) => kind === "get")) return []
  return properties.flatMap((p: Node) => (isNamed(p) ? [bare(p.value)] : []))
}
function isNamed({ type, kind, computed, key }: Node): boolean {
  return type === "Property" && kind === "init" && !computed && (key.name ?? key.value) !== "__proto__"
}

/** A call of a function by its name, in which nothing stops. */
function isCall(node: Node): boolean {
  return (
    node.type === "CallExpression" &&
    !node.optional &&
    node.callee.type === "Identifier" &&
    node.callee.name !== "eval" &&
    !suspends(node)
  )
}
