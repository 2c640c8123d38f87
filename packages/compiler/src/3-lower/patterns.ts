/** Owns destructuring: untouched where nothing in the pattern stops, else steps over the value with proper closing. */

import { isFlat } from "../2-analyze/flat.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import { referenceOf } from "./chains.ts"
import { expression, gathering, keep } from "./expressions.ts"
import { finalizerOf, jump, resumeLeaps, THREW } from "./leaps.ts"
import type { Lowering } from "./lowering.ts"
import type { ModuleState } from "./module.ts"
import { isAnonymous, keyName } from "./named.ts"
import { wordsOf } from "./points.ts"
import { notDefaultText, notIterableText, printed } from "./printed.ts"
import { assignBinding, placeOf } from "./statements.ts"
import { text } from "./text.ts"
import { guarded, place } from "./tries.ts"

/**
 * Assigns the value to what the pattern names. For messages, `source` is the initializer of an array pattern, or what is
 * said of a value that cannot be iterated, as text, and `called` what V8 calls the value of an object pattern.
 */
export function bindPattern(
  l: Lowering,
  pattern: Node,
  value: string,
  source: Node | string | null = null,
  called: string | null = null,
): void {
  if (pattern.type === "Identifier") {
    assignBinding(l, pattern, value)
    return
  }
  if (!suspends(pattern)) {
    const target = text(placeOf(l), pattern)
    if (pattern.type !== "ObjectPattern") l.b.line(`${target} = ${value};`)
    else if (called === null) l.b.line(`(${target} = ${value});`)
    else l.b.line(`(${target} = ${presentText(l.module, pattern, value, called)});`)
    return
  }
  l.scoped(() => {
    const named = called === ".for" ? JSON.stringify(`${called} is not iterable`) : null
    const message = source === null ? named : typeof source === "string" ? source : notIterableText(source)
    if (isFlat(l.analysis, pattern)) flatPattern(l, pattern, value, message)
    else if (pattern.type === "ObjectPattern") objectPattern(l, pattern, value, called)
    else if (pattern.type === "ArrayPattern") arrayPattern(l, pattern, value, message)
    else l.b.line(`${referenceOf(l, pattern, false, false).target} = ${value};`)
  })
}

/** How many values a flat pattern takes (all, if it ends in a rest: that says how many have names), and which of them nobody wants. */
export function countOf(pattern: Node): string {
  const holes = pattern.elements.flatMap((e: Node | null, i: number) => (e === null ? [i] : []))
  const count =
    pattern.elements.at(-1)?.type === "RestElement" ? String(-pattern.elements.length) : String(pattern.elements.length)
  return holes.length === 0 ? count : `${count}, [${holes.join(", ")}]`
}

function flatPattern(l: Lowering, pattern: Node, value: string, said: string | null): void {
  const { b } = l
  const count = countOf(pattern)
  const message = said === null ? "" : `${count.includes("[") ? "" : ", void 0"}, ${said}`
  const list = gathering(l, `${value}, ${count}${message}`)
  const label = b.label()
  label.offset = pattern.start
  place(l, label, wordsOf(pattern))
  b.line(`if (${list}.run(${l.r("m")}) === ${l.module.helper("SUSPENDED")}) ${b.saveText(label)}`)
  bindFlat(
    l,
    pattern,
    i => `${list}.list[${i}]`,
    i => `${list}.rest(${i})`,
  )
}

/** Gives the names of a flat pattern their values: the text of each, and that of all from one on. */
export function bindFlat(l: Lowering, pattern: Node, at: (i: number) => string, rest: (i: number) => string): void {
  pattern.elements.forEach((e: Node | null, i: number) => {
    if (e?.type === "RestElement") assignBinding(l, e.argument, rest(i))
    else if (e !== null) assignBinding(l, e, at(i))
  })
}

/** A target whose reference is evaluated before the value is taken. */
type Target = (value: string) => void

function targetOf(
  l: Lowering,
  node: Node,
  later: boolean,
  missing: string | null = null,
  called: string | null = null,
): Target {
  const n = bare(node)
  if (n.type === "MemberExpression") {
    const reference = referenceOf(l, n, true, later)
    return value => l.b.line(`${reference.target} = ${value};`)
  }
  return value => bindPattern(l, n, value, missing, called)
}

/** One element: target first, then the value, then its default. */
function element(l: Lowering, node: Node, take: () => string, called: string | null = null): void {
  l.scoped(() => {
    const withDefault = node.type === "AssignmentPattern"
    const inner = withDefault ? node.left : node
    const missing = withDefault ? notDefaultText(node.right) : called === null ? null : JSON.stringify(`=${called}`)
    const target = targetOf(
      l,
      inner,
      withDefault && suspends(node.right),
      missing,
      withDefault ? printed(node.right) : null,
    )
    if (!withDefault) {
      target(take())
      return
    }
    const { b } = l
    const value = keep(l, take())
    const end = b.label()
    b.line(`if (${value} !== void 0) { ${jump(l, end)}; }`)
    const hint = inner.type === "Identifier" && isAnonymous(node.right) ? inner.name : null
    l.scoped(() => l.assign(value, expression(l, node.right, true, hint)))
    b.place(end)
    target(l.use(value))
  })
}

/** Text of the value of an object pattern; one that has no properties is an error as V8 says it. */
export function presentText(module: ModuleState, pattern: Node, value: string, called: string): string {
  const [first] = pattern.properties
  if (first?.type === "RestElement" && !looksFirst(pattern)) return value
  const key = looksFirst(pattern) ? null : keyName(first.key)
  const name = key === null ? called : calledBy(first.value, called)
  if (name === null) return value
  const what = key === null ? `'${name}'` : `property '${key}' of '${name}'`
  return `${module.helper("present")}(${value}, ${JSON.stringify(what)})`
}

/** Whether the value is looked at before the first property is read: else that fails, behind the evaluation of its target. */
function looksFirst({ properties: [first] }: Node): boolean {
  if (first?.type === "RestElement") return bare(first.argument).type !== "MemberExpression"
  return first === undefined || first.computed
}

/** V8 names a value by the default of its first property if that is for an object pattern, and by nothing if there is code before. */
function calledBy(target: Node, called: string): string | null {
  if (target.type !== "AssignmentPattern") return bare(target).type === "MemberExpression" ? null : called
  return target.left.type === "ObjectPattern" ? printed(target.right) : null
}

function objectPattern(l: Lowering, node: Node, source: string, called: string | null): void {
  const value = keep(l, source)
  const looks = looksFirst(node)
  if (looks)
    l.b.line(
      called === null ? `${l.module.helper("coercible")}(${value});` : `${presentText(l.module, node, value, called)};`,
    )
  const keys: string[] = []
  const hasRest = node.properties.some((p: Node) => p.type === "RestElement")
  for (const p of node.properties) {
    if (p.type === "RestElement") {
      const target = targetOf(l, p.argument, false)
      target(`${l.module.helper("rest")}(${l.use(value)}, [${keys.join(", ")}])`)
      continue
    }
    let key: string
    if (p.computed) {
      const text = expression(l, p.key, true)
      key = keep(l, `${l.module.helper("toKey")}(${text})`)
    } else key = JSON.stringify(keyName(p.key))
    if (hasRest) keys.push(key)
    const named = p === node.properties[0] && !looks && (called !== null || isTakenByDefault(p))
    const read = () => (named ? presentText(l.module, node, l.use(value), called ?? "") : l.use(value))
    element(l, p.value, () => `${read()}[${key}]`, called)
  }
}

/**
 * Whether what is said of an element has to be said in front: reading its first property says it too, behind the evaluation of
 * a target that is a member, unless the engine takes the element apart, and calls it by a name of ours.
 */
function needsName(pattern: Node): boolean {
  const [first] = pattern.properties
  if (looksFirst(pattern) || isTakenByDefault(first)) return true
  const { value } = first
  const target = value?.type === "AssignmentPattern" ? value.left : value
  return !suspends(pattern) && target !== undefined && bare(target).type !== "MemberExpression"
}

function isTakenByDefault({ value }: Node): boolean {
  return value?.type === "AssignmentPattern" && value.left.type === "ObjectPattern"
}

/** An element that is taken apart: if it is null the engine does not name it, but says what was to be read. */
function readableText(l: Lowering, pattern: Node, value: string): string {
  const first: Node | undefined = pattern.properties[0]
  const plain = first?.type === "Property" && !first.computed
  if (plain && isTakenByDefault(first)) return presentText(l.module, pattern, value, "")
  const reading = plain ? ` (reading '${keyName(first.key)}')` : ""
  return `${l.module.helper("readable")}(${value}, ${JSON.stringify(reading)})`
}

function arrayPattern(l: Lowering, node: Node, value: string, said: string | null): void {
  const { b } = l
  const m = l.r("m")
  const S = l.module.helper("SUSPENDED")
  const cursor = l.slot("taker")
  l.assign(cursor, `${l.module.helper("taker")}(${value}${said === null ? "" : `, ${said}`})`)
  const f = finalizerOf(l)
  const outer = l.region
  /** Takes the next value; the taker knows whether it is at its end, and is not closed then. */
  const step = (method: "take" | "rest" | "skip"): string => {
    const label = b.label()
    label.offset = node.start
    place(l, label, wordsOf(node))
    b.line(`if (${l.use(cursor)}.${method}(${m}) === ${S}) ${b.saveText(label)}`)
    return `${l.use(cursor)}.value`
  }
  guarded(l, f, () => {
    for (const e of node.elements) {
      if (e === null) step("skip")
      else if (e.type === "RestElement") element(l, e.argument, () => step("rest"))
      else if (e.type === "ObjectPattern" && needsName(e)) element(l, e, () => readableText(l, e, step("take")))
      else element(l, e, () => step("take"))
    }
  })
  b.line(`${l.r("h")} = ${outer};`)
  const close = b.label()
  const after = b.label()
  close.offset = node.start
  place(l, close, "close")
  b.line(`if (${l.use(cursor)}.close(${m}) === ${S}) ${b.saveText(close)}`)
  b.line(`${jump(l, after)};`)
  b.ends()
  b.place(l.handlerOf(f.entry))
  b.line(`${l.r("h")} = ${outer};`)
  l.assign(f.value, l.r("v"))
  l.assign(f.kind, String(THREW))
  const abandon = b.label()
  abandon.offset = node.start
  place(l, abandon, "abandon")
  b.line(`if (${l.use(cursor)}.abandon(${m}) === ${S}) ${b.saveText(abandon)}`)
  b.line(`throw ${l.use(f.value)};`)
  b.ends()
  if (f.entry.targeted) {
    f.entry.offset = node.start
    place(l, f.entry, "leave")
    b.line(`${l.r("h")} = ${outer};`)
    b.line(`if (${l.use(cursor)}.close(${m}) === ${S}) ${b.saveText(f.entry)}`)
    resumeLeaps(l, f, false)
    b.ends()
  }
  b.place(after)
}
