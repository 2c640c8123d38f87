/** Owns random destructuring: binding patterns, which declare, and assignment patterns, with yields in defaults and keys. */
import { array, iterable, key, number, object } from "./expressions.ts"
import { deeper, named, type Scope, type Variable, variable } from "./scope.ts"

export interface Pattern {
  readonly text: string
  readonly declares: readonly Variable[]
}

/** A pattern whose leaves are new names. Defaults name what was there before, and now and then names of the pattern. */
export function bindingPattern(scope: Scope, constant: boolean): Pattern {
  const declares: Variable[] = []
  const seen = [...scope.variables]
  const inside: Scope = { ...scope, variables: seen }
  const leaf = () => {
    const made = variable(scope, "number", constant)
    declares.push(made)
    if (scope.choices.chance(25)) seen.push(made)
    return made.name
  }
  return { text: scope.choices.chance(50) ? arrayPattern(inside, leaf) : objectPattern(inside, leaf), declares }
}

function assignable(scope: Scope): () => string {
  return () => {
    const { choices } = scope
    const simple = named(scope, "number", true)
    if (simple !== null && choices.chance(50)) return simple
    if (scope.privates.length > 0 && choices.chance(20)) return `this.${choices.pick(scope.privates)}`
    if (scope.method && choices.chance(20)) return choices.pick(["super.a", 'super["b"]'])
    if (choices.chance(50)) return `(${object(deeper(scope))}).${choices.pick(["a", "b"])}`
    return `(${object(deeper(scope))})[${maybeYield(scope, key(deeper(scope)))}]`
  }
}

/** What a loop assigns, of names that are there: a member, or a pattern. */
export function loopTarget(scope: Scope): string {
  const leaf = assignable(scope)
  const text = scope.choices.weighted<() => string>([
    [3, leaf],
    [1, () => arrayPattern(scope, leaf)],
    [1, () => objectPattern(scope, leaf)],
  ])()
  return text
}

/** An assignment to a pattern, as an expression. */
export function assignmentPattern(scope: Scope): string {
  const leaf = assignable(scope)
  if (scope.choices.chance(50)) return `(${arrayPattern(scope, leaf)} = ${iterable(deeper(scope))})`
  return `(${objectPattern(scope, leaf)} = ${object(deeper(scope))})`
}

function maybeYield(scope: Scope, text: string): string {
  return scope.generator && scope.choices.chance(35) ? `yield ${text}` : text
}

function inner(scope: Scope, leaf: () => string): string {
  if (scope.depth <= 0 || !scope.choices.chance(25)) return leaf()
  return scope.choices.chance(50) ? arrayPattern(deeper(scope), leaf) : objectPattern(deeper(scope), leaf)
}

function withDefault(scope: Scope, text: string): string {
  if (/^[[{]/.test(text)) return `${text} = ${text.startsWith("[") ? array(deeper(scope)) : object(deeper(scope))}`
  return scope.choices.chance(40) ? `${text} = ${maybeYield(scope, number(deeper(scope)))}` : text
}

function arrayPattern(scope: Scope, leaf: () => string): string {
  const parts = scope.choices.list(0, 3, () => (scope.choices.chance(12) ? "" : withDefault(scope, inner(scope, leaf))))
  if (scope.choices.chance(25)) parts.push(`...${inner(scope, leaf)}`)
  else if (parts.at(-1) === "") parts.push("")
  return `[${parts.join(", ")}]`
}

function objectPattern(scope: Scope, leaf: () => string): string {
  const parts = scope.choices.list(0, 3, () => {
    const name = scope.choices.chance(35)
      ? `[${maybeYield(scope, key(deeper(scope)))}]`
      : scope.choices.pick(["a", "b", "length", "0"])
    return `${name}: ${withDefault(scope, inner(scope, leaf))}`
  })
  if (scope.choices.chance(20)) parts.push(`...${leaf()}`)
  return `{ ${parts.join(", ")} }`
}
