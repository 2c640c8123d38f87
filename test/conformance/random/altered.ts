/**
 * Owns random changes of functions, classes, objects and lists as things with properties: names, lengths, order of keys,
 * prototype objects, what is bound, what is frozen. Behind a stop each of them is looked at.
 */
import { array, cls, fn, key, number, object, operand, type Rule } from "./expressions.ts"
import { classExpression } from "./functions.ts"
import { deeper, fresh, named, type Scope, withVariables } from "./scope.ts"

const n: Rule = operand(s => number(s))
const o: Rule = operand(s => object(s))
const k: Rule = operand(s => key(s))
const f: Rule = operand(s => fn(s))

type Kind = "function" | "class" | "object" | "array"
const makers: Readonly<Record<Kind, Rule>> = {
  function: s => s.choices.pick([madeTwice, bound, fn, (s: Scope) => `function (x) { this.x = ${number(s)}; }`])(s),
  // none of the language, which all programs have
  class: s => classExpression(deeper(s)),
  object: s => object(s),
  array: s => array(s),
}

/** A function that is made where another one of the same place is made too, under another name. */
function madeTwice(s: Scope): string {
  const form = s.choices.pick([
    "[k]() {}",
    "[k]: () => k",
    "[k]: function* () {}",
    "[k]: function (x) {}",
    "*[k]() { yield k }",
  ])
  return `(k => ({ ${form} })[k])(${s.choices.pick(['"a"', '"b"', '""', 'Symbol.for("k")'])})`
}

function bound(s: Scope): string {
  return `(${s.choices.chance(30) ? cls(deeper(s)) : fn(deeper(s))}).bind(${o(s)}${s.choices.chance(50) ? `, ${n(s)}` : ""})`
}

/** One change; `x` is what is changed, `y` another thing of the kind. */
function change(s: Scope, kind: Kind, x: string, y: string): string {
  const name = () => s.choices.pick(['"a"', '"b"', '"name"', '"length"', '"constructor"', '"0"', 'Symbol.for("k")'])
  const isMade = kind === "function" || kind === "class"
  // bound generator functions inherit one, which is the language's
  const has = `if (Object.hasOwn(${x}, "prototype"))`
  const own = s.choices.pick(["true", "false"])
  return s.choices.weighted<() => string>([
    [3, () => `${x}.${s.choices.pick(["a", "b", "c"])} = ${n(s)};`],
    [
      3,
      () =>
        `Object.defineProperty(${x}, ${name()}, { value: ${n(s)}, writable: true, configurable: true, enumerable: ${own} });`,
    ],
    [2, () => `Object.defineProperty(${x}, ${name()}, { get: ${f(s)}, configurable: true });`],
    [3, () => `delete ${x}[${name()}];`],
    [1, () => `{ const at = ${name()}, was = ${x}[at]; delete ${x}[at]; ${x}[at] = was; }`],
    [1, () => `Object.${s.choices.pick(["freeze", "seal", "preventExtensions"])}(${x});`],
    [1, () => `Object.setPrototypeOf(${x}, ${s.choices.chance(70) ? y : "null"});`],
    [isMade ? 3 : 0, () => `Object.defineProperty(${x}, "name", { value: ${y}.name });`],
    [isMade ? 2 : 0, () => `${x}.prototype = { a: 1, constructor: ${x} };`],
    [isMade ? 2 : 0, () => `${x}.prototype = ${y}.prototype;`],
    [isMade ? 3 : 0, () => `${has} ${x}.prototype.${s.choices.pick(["a", "b", "m"])} = ${n(s)};`],
    [isMade ? 2 : 0, () => `${has} { delete ${x}.prototype.constructor; ${x}.prototype.constructor = ${x}; }`],
    [isMade ? 2 : 0, () => `${has} Object.setPrototypeOf(${x}.prototype, ${y}.prototype ?? null);`],
    [kind === "array" ? 3 : 0, () => `${x}.length = ${s.choices.below(4)};`],
    [kind === "array" ? 2 : 0, () => `${x}[${s.choices.below(6)}] = ${n(s)};`],
    [kind === "object" ? 2 : 0, () => `${x}[${k(s)}] = ${y};`],
  ])()
}

/** Two things of a kind, changes of them, a stop, and what is to be seen then. */
export function alteredThing(s: Scope, body: (inside: Scope) => string): string {
  const { choices } = s
  const kind = choices.weighted<Kind>([
    [4, "function"],
    [2, "class"],
    [2, "object"],
    [1, "array"],
  ])
  const [x, y, i] = [fresh(s, "x"), fresh(s, "y"), fresh(s, "i")]
  const other =
    kind !== "class" && choices.chance(40) ? (named(s, kind) ?? makers[kind](deeper(s))) : makers[kind](deeper(s))
  const changes = () =>
    choices.list(
      1,
      3,
      () =>
        `try { ${choices.chance(75) ? change(s, kind, x, y) : change(s, kind, y, x)} } catch (e) { log("cannot", e); }`,
    )
  const stop = () => (s.generator ? `yield ${choices.pick([x, y, `[${x}, ${y}]`, `{ ${x}, ${i} }`, i])};` : "")
  const inside = withVariables(deeper(s), { name: x, holds: kind, constant: true })
  const look = `for (const t of [${x}, ${y}, ${i}, ${x}.prototype, ${y}.prototype]) { log(t); if (Object(t) === t) log(Reflect.ownKeys(t).filter(k => k !== "caller" && k !== "arguments"), Object.isFrozen(t), Object.isExtensible(t), [${x}, ${y}, Object.prototype, Function.prototype, null, ${x}.prototype, ${y}.prototype].indexOf(Object.getPrototypeOf(t)), t.constructor === ${x}); }`
  return [
    "{",
    `const ${x} = ${makers[kind](deeper(s))}, ${y} = ${other};`,
    `let ${i};`,
    ...changes(),
    `try { ${i} = Object.create(${x}.prototype ?? ${x}); ${i}.own = 1; } catch (e) { log("none", e); }`,
    stop(),
    ...(choices.chance(50) ? changes() : []),
    choices.chance(30) ? body(inside) : "",
    choices.chance(50) ? stop() : "",
    look,
    "}",
  ]
    .filter(Boolean)
    .join("\n")
}
