/** Owns random functions and classes: closures that assign what they capture, methods, accessors, generator methods. */
import { anything, cls, key, number } from "./expressions.ts"
import { bindingPattern } from "./patterns.ts"
import { deeper, fresh, inFunction, named, type Scope, type Variable, variable, withVariables } from "./scope.ts"
import { block, declareIn } from "./statements.ts"

export type Form = "arrow" | "function" | "generator" | "method" | "generator method" | "getter" | "setter"

/** Parameters, and the scope behind them. */
export function parameters(scope: Scope, max: number): { text: string; scope: Scope } {
  let inside = scope
  const parts = scope.choices.list(0, max, () => {
    if (scope.choices.chance(12)) {
      const { text, declares } = bindingPattern(deeper(inside, { generator: false }), false)
      inside = withVariables(inside, ...declares)
      return `${text} = ${text.startsWith("[") ? "[1]" : "{}"}`
    }
    const made = variable(scope, "number", false, "p")
    const text = scope.choices.chance(25) ? `${made.name} = ${number(deeper(inside, { generator: false }))}` : made.name
    inside = withVariables(inside, made)
    return text
  })
  if (scope.choices.chance(12)) {
    const made = variable(scope, "array", false, "p")
    inside = withVariables(inside, made)
    parts.push(`...${made.name}`)
  } else if (scope.choices.chance(5)) {
    const { text, declares } = bindingPattern(deeper(inside, { generator: false }), false)
    inside = withVariables(inside, ...declares)
    parts.push(`...${text}`)
  }
  return { text: parts.join(", "), scope: inside }
}

export function functionExpression(scope: Scope, form: Form, name: string): string {
  const generator = form === "generator method" || form === "generator"
  const method = form !== "arrow" && form !== "function" && form !== "generator"
  const inner = inFunction(scope, {
    generator: false,
    method: form === "arrow" ? scope.method : method,
    privates: form === "arrow" || method ? scope.privates : [],
    privateMethods: form === "arrow" || method ? scope.privateMethods : [],
  })
  if (form === "getter") return `get ${name}() ${body(inner)}`
  const { text, scope: with_ } = parameters(inner, form === "setter" ? 0 : 2)
  if (form === "setter") {
    if (scope.choices.chance(20)) {
      const { text: pattern, declares } = bindingPattern(deeper(inner), false)
      return `set ${name}(${pattern}) ${body(withVariables(inner, ...declares))}`
    }
    const made = variable(scope, "number", false, "p")
    return `set ${name}(${made.name}) ${body(withVariables(inner, made))}`
  }
  const inside = { ...with_, generator }
  if (form === "arrow")
    return scope.choices.chance(50) ? `(${text}) => (${anything(deeper(inside))})` : `(${text}) => ${body(inside)}`
  if (form === "function" || form === "generator")
    return `function${generator ? "*" : ""} ${scope.choices.chance(30) ? fresh(scope, "f") : ""}(${text}) ${body(inside)}`
  return `${generator ? "*" : ""}${name}(${text}) ${body(inside)}`
}

/** Captured variables are assigned, so that sharing is seen. */
function body(scope: Scope): string {
  const captured = named(scope, "number", true)
  const change =
    captured !== null && scope.choices.chance(50) ? `${captured} ${scope.choices.pick(["+= 1", "= 5", "++"])};` : ""
  const inside = deeper(scope, { depth: Math.min(scope.depth - 1, 3) })
  return `{ if (!tick()) return 0; log("in"); ${change} ${block(inside, 2)} return ${number(deeper(inside))}; }`
}

export function classExpression(scope: Scope, name = ""): string {
  const base = scope.choices.chance(35)
    ? ` extends (${scope.generator && scope.choices.chance(40) ? "yield " : ""}${cls(deeper(scope))})`
    : ""
  const privates = scope.choices.chance(40) ? [...scope.privates, fresh(scope, "#p")] : scope.privates
  const own = privates.length > scope.privates.length ? (privates.at(-1) as string) : null
  const called = scope.choices.chance(15) ? fresh(scope, "#m") : null
  const privateMethods = called === null ? scope.privateMethods : [...scope.privateMethods, called]
  const inside = deeper(scope, { privates, privateMethods, method: true })
  const members = scope.choices.list(0, 4, () => member(inside))
  if (own !== null) members.unshift(privateMember(inside, own))
  if (called !== null)
    members.push(functionExpression(deeper(inside), scope.choices.pick(["method", "generator method"]), called))
  if (scope.choices.chance(30)) members.push(constructorOf(inside, base !== ""))
  return `class ${name}${base} { ${members.join(" ")} }`
}

/** A private field or accessor; now and then one of the class, which instances do not have. */
function privateMember(scope: Scope, name: string): string {
  const { choices } = scope
  if (choices.chance(15))
    return `${functionExpression(deeper(scope), "getter", name)} ${functionExpression(deeper(scope), "setter", name)}`
  return `${choices.chance(8) ? "static " : ""}${name} = ${number(inFunction(scope))};`
}

function constructorOf(scope: Scope, isDerived: boolean): string {
  const { choices } = scope
  const made = choices.weighted<string>([
    [6, "super(x);"],
    [2, "(() => super(x))();"],
    [1, "const again = () => super(x); again();"],
    [1, "try { this.c } catch (e) { log(e) } super(...[x]);"],
  ])
  const inner = inFunction(scope)
  const more = choices.chance(30) ? bindingPattern(deeper(inner), false) : { text: "", declares: [] }
  const parameter = more.text === "" ? "" : `, ${choices.chance(30) ? "..." : ""}${more.text} = [[1], 2]`
  const list = parameter.startsWith(", ...") ? `x${parameter.replace(/ = \[\[1\], 2\]$/, "")}` : `x${parameter}`
  const inside = withVariables(inner, ...more.declares)
  const last = choices.weighted<() => string>([
    [6, () => ""],
    [2, () => `this.b = () => ${number(deeper(inside))};`],
    [1, () => `return ${choices.pick(["{ a: x }", "this", "undefined"])};`],
  ])()
  return `constructor(${list}) { ${isDerived ? made : ""} log("constructor", new.target === undefined); this.c = x; ${last} }`
}

function member(scope: Scope): string {
  const { choices } = scope
  const outer = deeper(scope)
  // yields in computed keys belong to the function around the class
  const name = choices.chance(30)
    ? `[${scope.generator && choices.chance(50) ? "yield " : ""}${key(outer)}]`
    : choices.pick(["a", "b", "m", "c"])
  const isStatic = choices.chance(20) ? "static " : ""
  const inner = inFunction(scope, { method: true })
  return choices.weighted<() => string>([
    [4, () => `${isStatic}${name} = ${number(inner)};`],
    [4, () => `${isStatic}${functionExpression(outer, "method", name)}`],
    [1, () => `${isStatic}${functionExpression(outer, "generator method", choices.chance(50) ? "g" : name)}`],
    [2, () => `${isStatic}${functionExpression(outer, choices.pick(["getter", "setter"]), name)}`],
    [1, () => `static { log("static"); ${block(deeper(inner), 1)} }`],
    [1, () => `${isStatic}${name};`],
  ])()
}

/** A declaration of a function or class inside a block; the name is seen in the whole block. */
export function functionDeclaration(scope: Scope, made: Variable): string {
  if (made.holds === "class") return classExpression(deeper(scope), made.name)
  const { text, scope: inside } = parameters(inFunction(scope, { method: false, privates: [] }), 2)
  return `function ${made.name}(${text}) ${body(inside)}`
}

/** One of the generators that programs call. */
export function generatorDeclaration(scope: Scope, name: string): string {
  const { text, scope: inside } = parameters(inFunction(scope, { generator: true }), 3)
  return `function* ${name}(${text}) {\n  if (!tick()) return 0;\n${declareIn({ ...inside, generator: true }, 4)}\n  return ${number(deeper({ ...inside, generator: true }))};\n}`
}
