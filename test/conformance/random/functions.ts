/** Owns random functions and classes: closures that assign what they capture, methods, accessors, generator methods. */
import { anything, cls, key, number } from "./expressions.ts"
import { bindingPattern } from "./patterns.ts"
import { deeper, fresh, inFunction, named, type Scope, type Variable, variable, withVariables } from "./scope.ts"
import { block, declareIn } from "./statements.ts"

export type Form = "arrow" | "function" | "method" | "generator method" | "getter" | "setter"

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
  }
  return { text: parts.join(", "), scope: inside }
}

export function functionExpression(scope: Scope, form: Form, name: string): string {
  const generator = form === "generator method"
  const method = form !== "arrow" && form !== "function"
  const inner = inFunction(scope, {
    generator: false,
    method: form === "arrow" ? scope.method : method,
    privates: form === "arrow" || method ? scope.privates : [],
  })
  if (form === "getter") return `get ${name}() ${body(inner)}`
  const { text, scope: with_ } = parameters(inner, form === "setter" ? 0 : 2)
  if (form === "setter") {
    const made = variable(scope, "number", false, "p")
    return `set ${name}(${made.name}) ${body(withVariables(inner, made))}`
  }
  const inside = { ...with_, generator }
  if (form === "arrow")
    return scope.choices.chance(50) ? `(${text}) => (${anything(deeper(inside))})` : `(${text}) => ${body(inside)}`
  if (form === "function")
    return `function ${scope.choices.chance(30) ? fresh(scope, "f") : ""}(${text}) ${body(inside)}`
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
  const inside = deeper(scope, { privates, method: true })
  const members = scope.choices.list(0, 4, () => member(inside))
  if (own !== null) members.unshift(`${own} = ${number(inFunction(inside))};`)
  if (scope.choices.chance(30))
    members.push(`constructor(x) { ${base === "" ? "" : "super(x);"} log("constructor"); this.c = x; }`)
  return `class ${name}${base} { ${members.join(" ")} }`
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
