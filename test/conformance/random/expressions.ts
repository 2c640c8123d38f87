/** Owns random expressions, by what they most likely give. `yield` may stand in every operand position. */
import { rarer } from "./forms.ts"
import { classExpression, functionExpression } from "./functions.ts"
import { assignmentPattern } from "./patterns.ts"
import { deeper, named, type Scope } from "./scope.ts"

export type Rule = (scope: Scope) => string
type Rules = readonly (readonly [number, Rule])[]

/** An operand: now and then a yield of it, or one that is logged. */
export function operand(make: Rule): Rule {
  return scope => {
    const inner = make(deeper(scope))
    if (scope.generator && scope.choices.chance(18)) return `(yield ${inner})`
    return `(${inner})`
  }
}

function rule(simple: Rule, rules: Rules): Rule {
  return scope => {
    if (scope.depth <= 0 || scope.choices.over || scope.choices.chance(15)) return simple(scope)
    return scope.choices.weighted(rules)(scope)
  }
}

const n: Rule = operand(s => number(s))
const a: Rule = operand(s => array(s))
const o: Rule = operand(s => object(s))
const f: Rule = operand(s => fn(s))
const k: Rule = operand(s => key(s))

export const key: Rule = rule(
  s => s.choices.pick(['"a"', '"b"', '"c"', "0", "1"]),
  [
    [4, s => s.choices.pick(['"a"', '"b"', '"c"', "0", "1"])],
    [2, s => `log("key", ${s.choices.pick(['"a"', '"b"'])})`],
    [1, s => `{ toString() { log("toString"); return ${s.choices.pick(['"a"', '"b"'])} } }`],
    [1, s => `\`\${${s.choices.pick(['"a"', '"b"'])}}\``],
    [1, s => `${s.choices.pick(["Symbol.iterator", 'Symbol.for("k")'])}`],
  ],
)

const literal: Rule = s =>
  s.choices.pick(["1", "2", "0", "3", '"s"', "null", "undefined", "true", "false", "NaN", "10n"])

export function target(s: Scope): string {
  const rows: Rules = [
    [4, () => named(s, "number", !s.choices.chance(4)) ?? `${o(s)}.a`],
    [2, () => `${o(s)}.${s.choices.pick(["a", "b"])}`],
    [2, () => `${o(s)}[${k(s)}]`],
    [1, () => `${a(s)}[${n(s)}]`],
    [s.privates.length === 0 ? 0 : 2, () => `this.${s.choices.pick(s.privates)}`],
    [s.method ? 1 : 0, () => (s.choices.chance(50) ? "super.a" : `super[${k(s)}]`)],
  ]
  return s.choices.weighted(rows)(s)
}

export const number: Rule = rule(
  s => named(s, "number") ?? literal(s),
  [
    [3, literal],
    [8, s => named(s, "number") ?? literal(s)],
    [4, s => `log("${s.whole.names}", ${n(s)})`],
    [3, s => (s.generator ? `yield ${number(deeper(s))}` : literal(s))],
    [4, s => `${n(s)} ${s.choices.pick(["+", "-", "*", "|", "&", "<", ">=", "==", "===", "!==", "%", "**"])} ${n(s)}`],
    [3, s => `${n(s)} ${s.choices.pick(["&&", "||"])} ${n(s)}`],
    [2, s => `${n(s)} ?? ${n(s)}`],
    [3, s => `${n(s)} ? ${n(s)} : ${n(s)}`],
    [3, s => `${target(s)} = ${n(s)}`],
    [4, s => `${target(s)} ${s.choices.pick(["+=", "-=", "*=", "|="])} ${n(s)}`],
    [3, s => `${target(s)} ${s.choices.pick(["??=", "||=", "&&="])} ${n(s)}`],
    [
      3,
      s =>
        s.choices.chance(50)
          ? `${s.choices.pick(["++", "--"])}${target(s)}`
          : `${target(s)}${s.choices.pick(["++", "--"])}`,
    ],
    [2, s => `${o(s)}.${s.choices.pick(["a", "b", "c"])}`],
    [2, s => `${o(s)}[${k(s)}]`],
    [2, s => `${a(s)}[${n(s)}]`],
    [2, s => `${a(s)}.length`],
    [3, chain],
    [3, call],
    [2, s => `${n(s)}, ${n(s)}`],
    [2, s => `\`x\${${n(s)}}y\${${n(s)}}\``],
    [1, s => `${f(s)}\`p\${${n(s)}}q\${${n(s)}}\``],
    [1, s => `String.raw\`r\${${n(s)}}\``],
    [2, s => `${s.choices.pick(["typeof", "void", "!", "-", "~", "+"])} ${n(s)}`],
    [1, () => "typeof undeclared"],
    [1, s => `delete ${o(s)}[${k(s)}]`],
    [1, s => `delete ${o(s)}?.a?.[${k(s)}]`],
    [1, s => `${k(s)} in ${o(s)}`],
    [1, s => `${o(s)} instanceof ${operand(cls)(s)}`],
    [1, s => (s.privates.length === 0 ? literal(s) : `${s.choices.pick(s.privates)} in ${o(s)}`)],
    [2, delegation],
    [1, s => `(${assignmentPattern(deeper(s))}).length`],
    [1, s => (s.method ? s.choices.pick(["super.a", "super.m?.(1)", "super.toString === undefined"]) : literal(s))],
    [1, s => `(() => ${number(inArrow(s))})()`],
    [1, s => `new ${operand(cls)(s)}(${n(s)}).${s.choices.pick(["a", "b", "c"])}`],
    [1, () => "new.target === undefined"],
    [1, s => `"" + ${n(s)}`],
    [5, rarer],
  ],
)

/** Arrows see `this`, `super` and private names of what is around them, but cannot yield. */
export function inArrow(s: Scope): Scope {
  return deeper(s, { generator: false, labels: [], breakable: false, continuable: false })
}

function chain(s: Scope): string {
  const head = s.choices.chance(25) ? "(null)" : o(s)
  const links = s.choices.list(1, 3, () =>
    s.choices.weighted<Rule>([
      [3, () => `?.${s.choices.pick(["a", "b", "c"])}`],
      [2, () => `.${s.choices.pick(["a", "b"])}`],
      [2, () => `?.[${k(s)}]`],
      [1, () => `[${k(s)}]`],
      [2, () => `?.m?.(${n(s)})`],
      [1, () => `.m(${n(s)})`],
      [1, () => `?.(${n(s)})`],
    ])(s),
  )
  const first = links[0] as string
  const text =
    head +
    (first.startsWith("?.") ? first : `?.${first.startsWith(".") ? first.slice(1) : first}`) +
    links.slice(1).join("")
  return s.choices.chance(15) ? `(${text})${s.choices.pick(["?.a", "?.b", "?.(1)"])}` : text
}

export function args(s: Scope): string {
  return s.choices
    .list(0, 3, () => (s.choices.chance(20) ? `...${s.choices.chance(70) ? a(s) : iterable(deeper(s))}` : n(s)))
    .join(", ")
}

function call(s: Scope): string {
  return s.choices.weighted<Rule>([
    [4, () => `${f(s)}(${args(s)})`],
    [3, () => `${o(s)}.m(${args(s)})`],
    [1, () => `${o(s)}[${s.generator ? '(yield "m")' : '"m"'}](${args(s)})`],
    [2, () => `${f(s)}?.(${args(s)})`],
    [1, () => `(0, ${o(s)}.m)(${args(s)})`],
    [1, () => `${f(s)}.call(${o(s)}, ${args(s)})`],
    [1, () => `Math.max(${args(s)})`],
    [1, () => `${a(s)}.${s.choices.pick(["map", "filter", "forEach", "some"])}(${f(s)})`],
    [1, () => `new ${operand(cls)(s)}(${args(s)})`],
  ])(s)
}

function delegation(s: Scope): string {
  if (!s.generator) return literal(s)
  const { generators } = s.whole
  return s.choices.weighted<Rule>([
    [4, () => `yield* ${s.choices.pick(generators)}(${n(s)}, ${n(s)})`],
    [2, () => `yield* ${operand(iterable)(s)}`],
    [1, () => `yield* ${a(s)}`],
    [1, () => `yield* ${o(s)}.g?.(${n(s)}) ?? []`],
  ])(s)
}

/** Something to iterate over. */
export const iterable: Rule = rule(
  s => named(s, "array") ?? "[1, 2]",
  [
    [4, s => array(deeper(s))],
    [3, s => `iterator(${s.choices.below(4)}, ${s.choices.below(8)})`],
    [3, s => `${s.choices.pick(s.whole.generators)}(${n(s)}, ${n(s)})`],
    [2, s => `new Map([[${n(s)}, ${n(s)}], [${n(s)}, 1]])`],
    [2, s => `new Set([${n(s)}, ${n(s)}, 3])`],
    [1, s => `new Map([[1, ${n(s)}], [2, 1]]).${s.choices.pick(["keys", "values", "entries"])}()`],
    [1, s => `${a(s)}.${s.choices.pick(["entries", "keys", "values"])}()`],
    [1, s => s.choices.pick(['"ab"', '"x\\u{1F600}y"', "new Uint8Array([1, 2])", "arguments", "null", "undefined"])],
    [1, s => `[1, 2, 3].values().${s.choices.pick([`map(${f(s)})`, "take(2)", "drop(1)", `filter(${f(s)})`])}`],
  ],
)

export const array: Rule = rule(
  s => named(s, "array") ?? "[1, 2]",
  [
    [4, s => named(s, "array") ?? "[1, 2, 3]"],
    [4, s => `[${s.choices.list(0, 4, () => element(s)).join(", ")}]`],
    [1, s => `log("array", ${a(s)})`],
    [1, s => (s.generator ? `yield ${array(deeper(s))}` : "[1]")],
    [1, s => `${n(s)} ? ${a(s)} : ${a(s)}`],
    [1, s => `Object.${s.choices.pick(["keys", "values", "entries"])}(${o(s)})`],
    [1, s => `Array.from(${iterable(deeper(s))})`],
    [1, s => `${a(s)}.concat(${a(s)})`],
    [1, s => assignmentPattern(deeper(s))],
  ],
)

function element(s: Scope): string {
  return s.choices.weighted<Rule>([
    [6, n],
    [2, () => `...${operand(iterable)(s)}`],
    [1, () => ""],
    [1, () => o(s)],
    [1, () => f(s)],
  ])(s)
}

export const object: Rule = rule(
  s => named(s, "object") ?? "{ a: 1, b: 2 }",
  [
    [5, s => named(s, "object") ?? "{ a: 1 }"],
    [5, s => `{ ${accessorsLast(s.choices.list(0, 4, () => property(s))).join(", ")} }`],
    [1, s => `log("object", ${o(s)})`],
    [1, s => (s.generator ? `yield ${object(deeper(s))}` : "{}")],
    [1, s => `new ${operand(cls)(s)}(${args(s)})`],
    [1, s => `${n(s)} ? ${o(s)} : ${o(s)}`],
    [1, s => `Object.freeze(${o(s)})`],
    [1, s => `${o(s)} ?? ${o(s)}`],
    [1, () => "this === globalThis ? {} : this ?? {}"],
  ],
)

/** V8 defines accessors of some literals behind the methods that follow them. */
function accessorsLast(properties: readonly string[]): string[] {
  const isAccessor = (text: string) => /^[gs]et /.test(text)
  return [...properties.filter(p => !isAccessor(p)), ...properties.filter(isAccessor)]
}

function property(s: Scope): string {
  const { choices } = s
  const name = choices.chance(30) ? `[${k(s)}]` : choices.pick(["a", "b", "c", '"d e"', "0"])
  return choices.weighted<Rule>([
    [5, () => `${name}: ${n(s)}`],
    [1, () => `${name}: ${o(s)}`],
    [1, () => `${name}: ${f(s)}`],
    [1, () => `...${choices.chance(70) ? o(s) : a(s)}`],
    [2, () => functionExpression(deeper(s), "method", "m")],
    [1, () => functionExpression(deeper(s), "method", name)],
    [1, () => functionExpression(deeper(s), "generator method", "g")],
    [1, () => functionExpression(deeper(s), choices.pick(["getter", "setter"]), name)],
    [1, () => named(s, "number") ?? "a: 1"],
    [1, () => `__proto__: ${o(s)}`],
  ])(s)
}

export const fn: Rule = rule(
  s => named(s, "function") ?? "x => x",
  [
    [4, s => named(s, "function") ?? "(x, y) => y"],
    [4, s => functionExpression(deeper(s), "arrow", "")],
    [2, s => functionExpression(deeper(s), "function", "")],
    [1, s => functionExpression(deeper(s), "generator", "")],
    [1, s => (s.privateMethods.length === 0 ? "x => x" : `this.${s.choices.pick(s.privateMethods)}`)],
    [1, s => (s.generator ? `yield ${fn(deeper(s))}` : "x => x")],
    [1, s => `log("function", ${f(s)})`],
    [1, s => `${n(s)} ? ${f(s)} : ${f(s)}`],
  ],
)

export const cls: Rule = rule(
  s => named(s, "class") ?? "class { a = 1 }",
  [
    [4, s => named(s, "class") ?? "class { b = 2 }"],
    [3, s => classExpression(deeper(s))],
    [1, s => (s.generator ? `yield ${cls(deeper(s))}` : "Object")],
  ],
)

/** Any expression at all. */
export function anything(s: Scope): string {
  return s.choices.weighted<Rule>([
    [8, n],
    [3, a],
    [3, o],
    [2, f],
    [1, operand(cls)],
  ])(s)
}
