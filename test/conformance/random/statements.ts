/** Owns random statements. Every loop asks `tick()`, so that programs end, or ends by its bounds. */
import { alteredThing } from "./altered.ts"
import { changingLoop, sharedIterator } from "./collections.ts"
import { countingNest } from "./counting.ts"
import { anything, array, cls, fn, iterable, number, object } from "./expressions.ts"
import { functionDeclaration } from "./functions.ts"
import { assignmentPattern, bindingPattern, loopTarget } from "./patterns.ts"
import {
  deeper,
  fresh,
  type Holds,
  type Label,
  named,
  type Scope,
  type Variable,
  variable,
  withVariables,
} from "./scope.ts"

const makers: Record<Holds, (scope: Scope) => string> = { number, array, object, function: fn, class: cls }

/** Statements of a block, each on lines of its own. What is declared further down may be named before, rarely. */
export function block(scope: Scope, max: number): string {
  const { choices } = scope
  if (scope.depth <= 0 || choices.over) return ""
  let inside = scope
  const hoisted: Variable[] = choices.chance(15) ? [variable(scope, choices.pick(["function", "class"] as const))] : []
  inside = withVariables(inside, ...hoisted)
  const lines: string[] = []
  for (let left = 1 + choices.below(max); left > 0 && !choices.over; left--) {
    const { text, declares } = statement(inside)
    lines.push(text)
    inside = withVariables(inside, ...declares)
  }
  for (const made of hoisted)
    lines.splice(choices.below(lines.length + 1), 0, functionDeclaration(deeper(inside), made))
  return lines.join("\n")
}

/** As `block`, for the body of a function. */
export function declareIn(scope: Scope, max: number): string {
  return block(scope, max)
}

interface Made {
  readonly text: string
  readonly declares: readonly Variable[]
}
type Rule = (scope: Scope) => Made | string

const rules: readonly (readonly [number, Rule])[] = [
  [8, s => `${anything(deeper(s))};`],
  [8, declaration],
  [3, destructuring],
  [4, s => (s.generator ? `yield ${anything(deeper(s))};` : `log(${anything(deeper(s))});`)],
  [3, s => `log("${++s.whole.names}", ${anything(deeper(s))});`],
  [3, s => `if (${number(deeper(s))}) ${braces(s)}${s.choices.chance(40) ? ` else ${braces(s)}` : ""}`],
  [4, forLoop],
  [4, forOf],
  [2, forIn],
  [2, countingNest],
  [2, s => `while (tick() && (${number(deeper(s))})) ${loopBody(s)}`],
  [2, s => `do ${loopBody(s)} while (tick() && (${number(deeper(s))}));`],
  [5, tryStatement],
  [2, switchStatement],
  [3, labelled],
  [4, jump],
  [1, s => braces(s)],
  [1, s => `throw new Error("!${++s.whole.names}");`],
  [1, s => `${assignmentPattern(deeper(s))};`],
  [1, s => usingStatement(s)],
  [1, s => (s.choices.chance(60) ? changingLoop : sharedIterator)(s, inside => block(inLoop(inside), 2))],
  [1, s => alteredThing(s, inside => block(inside, 2))],
  [1, s => `if (${number(deeper(s))}) return ${anything(deeper(s))};`],
]

export function statement(scope: Scope): Made {
  const made = scope.choices.weighted(rules)(scope)
  return typeof made === "string" ? { text: guard(made), declares: [] } : made
}

/** A statement must not begin like a declaration or a block. */
function guard(text: string): string {
  return /^(\{ |function|class|let\b)/.test(text) && text.endsWith(";") ? `(${text.slice(0, -1)});` : text
}

function braces(scope: Scope, max = 3): string {
  return `{\n${block(deeper(scope), max)}\n}`
}

const inLoop = (scope: Scope) => ({ ...scope, breakable: true, continuable: true })

function loopBody(scope: Scope, change: Partial<Scope> = {}, before = ""): string {
  return `{\n${before}${block(deeper(scope, { breakable: true, continuable: true, ...change }), 3)}\n}`
}

function declaration(scope: Scope): Made {
  const { choices } = scope
  const holds = choices.weighted<Holds>([
    [5, "number"],
    [2, "array"],
    [2, "object"],
    [2, "function"],
    [1, "class"],
  ])
  const kind = choices.pick(["let", "const", "let", "var"])
  const made = variable(scope, holds, kind === "const")
  const inside = choices.chance(4) ? withVariables(scope, made) : scope
  if (kind !== "const" && choices.chance(8)) return { text: `${kind} ${made.name};`, declares: [made] }
  const text = makers[holds](deeper(inside))
  const initial = scope.generator && choices.chance(15) ? `yield ${text}` : text
  return { text: `${kind} ${made.name} = ${initial};`, declares: [made] }
}

function destructuring(scope: Scope): Made {
  const kind = scope.choices.pick(["let", "const", "var"])
  const { text, declares } = bindingPattern(deeper(scope), kind === "const")
  const from = text.startsWith("[") ? iterable(deeper(scope)) : object(deeper(scope))
  return { text: `${kind} ${text} = ${from};`, declares }
}

function forLoop(scope: Scope): string {
  const made = variable(scope, "number", false, "i")
  const kind = scope.choices.pick(["let", "let", "var"])
  const inside = withVariables(scope, made)
  const y = (text: string) => (scope.generator && scope.choices.chance(15) ? `(yield ${text})` : text)
  const end = 1 + scope.choices.below(3)
  const step = scope.choices.chance(15) ? `log("step", ${made.name}++)` : `${made.name}++`
  const extra = scope.choices.chance(25) ? `, ${made.name}f = () => ${made.name}${scope.choices.pick(["", "++"])}` : ""
  const body = loopBody(
    extra === "" ? inside : withVariables(inside, { name: `${made.name}f`, holds: "function", constant: false }),
  )
  return `for (${kind} ${made.name} = ${y("0")}${extra}; tick() && ${y(`${made.name} < ${end}`)}; ${y(step)}) ${body}`
}

function forOf(scope: Scope): string {
  const from = iterable(deeper(scope))
  if (scope.choices.chance(12))
    return `for (${loopTarget(deeper(scope))} of ${from}) ${loopBody(scope, {}, "if (!tick()) break;\n")}`
  if (scope.choices.chance(8)) {
    const made = variable(scope, "object", true)
    return `for (using ${made.name} of [${resource(scope)}, ${resource(scope)}]) ${loopBody(withVariables(scope, made))}`
  }
  if (scope.choices.chance(15)) {
    const to = named(scope, "number", true)
    if (to !== null) return `for (${to} of ${from}) ${loopBody(scope, {}, "if (!tick()) break;\n")}`
  }
  const kind = scope.choices.pick(["const", "let", "var"])
  if (scope.choices.chance(25)) {
    const { text, declares } = bindingPattern(deeper(scope), kind === "const")
    return `for (${kind} ${text} of ${from}) ${loopBody(withVariables(scope, ...declares), {}, "if (!tick()) break;\n")}`
  }
  const made = variable(scope, "number", kind === "const")
  return `for (${kind} ${made.name} of ${from}) ${loopBody(withVariables(scope, made), {}, "if (!tick()) break;\n")}`
}

function forIn(scope: Scope): string {
  const made = variable(scope, "number", false)
  const kind = scope.choices.pick(["const", "let", "var"])
  const from = object(deeper(scope))
  if (scope.choices.chance(12))
    return `for (${loopTarget(deeper(scope))} in ${from}) ${loopBody(scope, {}, "if (!tick()) break;\n")}`
  return `for (${kind} ${made.name} in ${from}) ${loopBody(withVariables(scope, { ...made, constant: kind === "const" }), {}, "if (!tick()) break;\n")}`
}

function tryStatement(scope: Scope): string {
  const { choices } = scope
  const form = choices.pick(["catch", "finally", "both"])
  let text = `try ${braces(scope)}`
  if (form !== "finally") {
    const made = variable(scope, "object", false, "e")
    const parameter = choices.weighted<string>([
      [5, `(${made.name})`],
      [1, ""],
      [1, `({ name: ${made.name} = 1 })`],
      [1, `([${made.name}])`],
    ])
    if (choices.chance(15)) {
      const { text: pattern, declares } = bindingPattern(deeper(scope), false)
      text += ` catch (${pattern}) {\n${block(deeper(withVariables(scope, ...declares)), 3)}\n}`
    } else {
      const inside = parameter === "" ? scope : withVariables(scope, made)
      text += ` catch ${parameter} {\n${parameter === "" ? 'log("caught");' : `log("caught", ${made.name});`}\n${block(deeper(inside), 2)}\n}`
    }
  }
  if (form !== "catch") text += ` finally {\nlog("finally");\n${block(deeper(scope), 2)}\n}`
  return text
}

function switchStatement(scope: Scope): string {
  const { choices } = scope
  const on = number(deeper(scope))
  let inside = deeper(scope, { breakable: true })
  const at = choices.below(4)
  const cases = choices.list(1, 3, i => {
    const head = i === at ? "default" : `case ${number(deeper(scope))}`
    const lines = choices.list(0, 2, () => {
      const { text, declares } = statement(inside)
      inside = withVariables(inside, ...declares)
      return text
    })
    if (choices.chance(50)) lines.push("break;")
    return `${head}:\n${lines.join("\n")}`
  })
  return `switch (${on}) {\n${cases.join("\n")}\n}`
}

function labelled(scope: Scope): string {
  const name = fresh(scope, "l")
  const loop = scope.choices.chance(70)
  const label: Label = { name, loop }
  const inside = { ...scope, labels: [...scope.labels, label] }
  const body = loop ? scope.choices.pick([forLoop, forOf, forLoop, forIn])(inside) : braces(inside)
  return `${name}: ${body}`
}

function jump(scope: Scope): string {
  const { choices } = scope
  const loops = scope.labels.filter(label => label.loop)
  const rows: (readonly [number, () => string])[] = [
    [1, () => `return ${anything(deeper(scope))};`],
    [scope.breakable ? 2 : 0, () => "break;"],
    [scope.continuable ? 2 : 0, () => "continue;"],
    [scope.labels.length > 0 ? 4 : 0, () => `break ${choices.pick(scope.labels).name};`],
    [loops.length > 0 ? 4 : 0, () => `continue ${choices.pick(loops).name};`],
  ]
  const text = choices.weighted(rows)()
  return choices.chance(60) ? `if (${number(deeper(scope))}) ${text}` : text
}

function resource(scope: Scope): string {
  const fails = scope.choices.chance(25) ? `throw new Error("!${++scope.whole.names}");` : ""
  return `{ [Symbol.dispose]() { log("dispose"); ${fails} } }`
}

function usingStatement(scope: Scope): string {
  const made = variable(scope, "object", true)
  const held = resource(scope)
  const initial = scope.generator && scope.choices.chance(30) ? `yield ${held}` : held
  return `{\nusing ${made.name} = ${initial};\n${block(deeper(withVariables(scope, made)), 3)}\n}`
}
