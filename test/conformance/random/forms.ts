/** Owns random expressions of the rarer forms: calls of what may not be there, generators driven by hand, private methods. */
import { args, inArrow, iterable, key, number, object, operand, type Rule } from "./expressions.ts"
import { functionExpression } from "./functions.ts"
import { deeper, named, type Scope } from "./scope.ts"

const n: Rule = operand(s => number(s))
const o: Rule = operand(s => object(s))
const k: Rule = operand(s => key(s))

/** One of them, as something like a number. */
export function rarer(s: Scope): string {
  return s.choices.weighted<Rule>([
    [3, optionalCall],
    [2, driven],
    [1, s => `[...${s.choices.pick(s.whole.generators)}(${n(s)}, ${n(s)})].length`],
    [2, template],
    [2, s => `arguments${s.choices.pick([".length", "[0]", "[1]"])}`],
    [1, s => `(arguments[0] = ${n(s)})`],
    [s.method ? 4 : 0, ofSuper],
    [s.privateMethods.length > 0 ? 4 : 0, privateCall],
    [s.privates.length > 0 ? 3 : 0, ofPrivate],
    [1, s => `((a, b = () => a++, { c = () => b() } = {}, ...[d]) => (c(), a + d))(${args(s)})`],
    [s.generator ? 3 : 0, delegated],
    [
      1,
      s =>
        `(class { static #s = ${n(inArrow(s))}; static m() { return this.#s++ } static n() { return this.m() } }).n()`,
    ],
    [1, s => `Function.prototype.call.call(${o(s)}.m, ${args(s)})`],
    [1, s => `Reflect.construct(function (a) { this.a = new.target === undefined ? 1 : a }, [${args(s)}]).a`],
    [1, s => `Array.from(${iterable(deeper(s))}, x => ${number(inArrow(s))}).length`],
    [1, s => `(${named(s, "array") ?? "[1, 2]"})[${n(s)}]${s.choices.pick(["++", " ??= 1", " **= 2", " >>>= 1"])}`],
  ])(s)
}

/** What is called may be undefined, an object without that property, or no function. */
function optionalCall(s: Scope): string {
  const callee = s.choices.weighted<Rule>([
    [4, s => named(s, "number") ?? "undefined"],
    [2, s => `(${n(s)} ? ${named(s, "function") ?? "undefined"} : undefined)`],
    [2, s => `${o(s)}.${s.choices.pick(["zz", "m", "a"])}`],
    [1, s => `${o(s)}[${k(s)}]`],
    [s.method ? 2 : 0, s => `super.${s.choices.pick(["zz", "m"])}`],
  ])(s)
  return `${callee}?.(${args(s)})${s.choices.pick(["", "", ".a", "?.b", "[0]"])}`
}

/** A generator object that ordinary code drives. */
function driven(s: Scope): string {
  const how = s.choices.pick(["next", "next", "return", "throw"])
  const made = `${s.choices.pick(s.whole.generators)}(${n(s)}, ${n(s)})`
  return `(it => (it.next(${n(inArrow(s))}), it.${how}(${n(inArrow(s))}), it.next().value))(${made})`
}

function template(s: Scope): string {
  if (s.choices.chance(40)) return `(f => f() === f())(() => (s => s)\`t\${${n(inArrow(s))}}\`)`
  return `((s, ...v) => log("tag", s.raw, ...v))\`a\${${n(s)}}b\${${n(s)}}c\``
}

function ofSuper(s: Scope): string {
  return s.choices.weighted<Rule>([
    [2, s => `super.${s.choices.pick(["a", "m", "toString"])}?.(${args(s)})`],
    [2, s => `super[${k(s)}]`],
    [2, s => `(() => super.${s.choices.pick(["a", "m?.(1)", "b = 1", "a++"])})()`],
    [1, s => `((x = super.a) => super[${k(inArrow(s))}])()`],
    [1, s => `typeof super[${k(s)}]`],
  ])(s)
}

function privateCall(s: Scope): string {
  const name = s.choices.pick(s.privateMethods)
  return s.choices.weighted<Rule>([
    [3, s => `this.${name}(${args(s)})`],
    [1, s => `this?.${name}(${args(s)})`],
    [1, s => `${o(s)}.${name}?.(${args(s)})`],
    [1, s => `this.${name}.call(${s.choices.chance(50) ? "this" : o(s)}, ${args(s)})`],
    [1, s => `(() => this.${name}(${args(inArrow(s))}))()`],
    [1, () => `this.${name} = 1`],
    [1, s => `${name} in ${o(s)}`],
    [s.generator ? 2 : 0, s => `yield* this.${name}(${args(s)}) ?? []`],
  ])(s)
}

function ofPrivate(s: Scope): string {
  const name = s.choices.pick(s.privates)
  return s.choices.weighted<Rule>([
    [2, () => `this?.${name}`],
    [1, s => `${o(s)}?.${name}?.a`],
    [1, s => `(() => this.${name} ${s.choices.pick(["+=", "??=", "="])} ${n(inArrow(s))})()`],
    [1, s => `([this.${name} = ${n(s)}] = ${iterable(deeper(s))}).length`],
    [1, () => `delete this.a, this.${name}++`],
  ])(s)
}

/** A generator that is made where it is called. */
function delegated(s: Scope): string {
  const made = functionExpression(deeper(s), "generator", "")
  return `yield* (${made}).call(${o(s)}, ${args(s)})`
}
