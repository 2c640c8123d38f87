/**
 * Owns parameters. Plain names are the step's own parameters. Anything else (patterns, defaults, rest, `arguments`) is
 * bound by a function that runs at the call, as natively, and hands the bound values to the step.
 */

import type { Binding, Scope, Unit } from "../2-analyze/bindings.ts"
import type { Node } from "../2-analyze/nodes.ts"
import type { ModuleState } from "./module.ts"
import { isAnonymous } from "./named.ts"
import { type Place, text } from "./text.ts"
import { hasMappedArguments } from "./variables.ts"

export function hasSimpleParameters(unit: Unit, node: Node): boolean {
  const params: readonly Node[] = node.params
  if (unit.argumentsBinding !== null || params.some(p => p.type !== "Identifier")) return false
  return params.length < 2 || new Set(params.map(p => p.name)).size === params.length
}

export function parametersText(
  place: Place,
  node: Node,
  unit: Unit,
  bound: readonly string[],
  name: string,
  closure: string,
): string {
  const { module } = place
  const inner: Place = { module, lowering: null, unit }
  const p = module.prefix
  const self = unit.thisBinding?.local ?? `${p}self`
  const lines: string[] = []
  const own = (unit.scope as Scope).parent
  if (own?.kind === "self" && own.unit === unit)
    for (const b of own.bindings.values()) if (b.refs.length > 0) lines.push(`const ${b.local} = ${closure}.fn;`)
  for (const b of (unit.scope as Scope).bindings.values() as Iterable<Binding>) {
    if (b.kind !== "param") continue
    if (hasMappedArguments(unit)) {
      lines.push(`let ${b.local};`)
      continue
    }
    const empty = b.checked ? module.helper("TDZ") : "void 0"
    lines.push(`let ${b.local} = ${b.mode === "cell" ? `{ v: ${empty} }` : empty};`)
  }
  if (hasMappedArguments(unit)) lines.push(...mappedText(module, unit, closure))
  else {
    if (unit.argumentsBinding !== null)
      lines.push(argumentsText(unit.argumentsBinding, `${module.helper("argumentsOf")}(${p}a)`))
    node.params.forEach((param: Node, i: number) => {
      lines.push(`${bindText(inner, param, i)};`)
    })
  }
  return `function ${name}(${self}, ${p}a) {${strictly(module, unit)}\n  ${lines.join("\n  ")}\n  return [${bound.join(", ")}];\n}`
}

/** The directive that a strict function needs in a sloppy script. */
export function strictly(module: ModuleState, unit: Unit): string {
  return unit.strict && !module.analysis.program.strict ? ' "use strict";' : ""
}

function argumentsText(binding: Binding, value: string): string {
  return `const ${binding.local} = ${binding.mode === "cell" ? `{ v: ${value} }` : value};`
}

/** Sloppy `arguments` and parameters are aliases: a native function makes them, and cells that lead to its parameters. */
function mappedText(module: ModuleState, unit: Unit, closure: string): string[] {
  const own = unit.argumentsBinding as Binding
  const r = (name: string | number): string => `${module.prefix}${name}`
  const names: Node[] = unit.node.params
  const aliased = module.helper("Aliased")
  const cells = names.map((_, i) => `new ${aliased}(() => ${r(i)}, (${r("v")}) => { ${r(i)} = ${r("v")}; })`)
  const made = `(function (${names.map((_, i) => r(i)).join(", ")}) { return [arguments, ${cells.join(", ")}]; })`
  return [
    `const ${r("c")} = ${made}.apply(void 0, ${r("a")});`,
    `${r("c")}[0].callee = ${closure}.fn;`,
    argumentsText(own, `${r("c")}[0]`),
    // of equal names the last one counts
    ...names.map((p, i) => `${module.analysis.bindingOf.get(p)?.local} = ${r("c")}[${i + 1}];`),
  ]
}

function bindText(place: Place, param: Node, i: number): string {
  const a = `${place.module.prefix}a`
  if (param.type === "RestElement")
    return assigned(place, param.argument, `${place.module.helper("slice")}(${a}, ${i})`)
  // what was not given is not looked for: the prototype of arrays may have it
  const value = `${a}.length > ${i} ? ${a}[${i}] : void 0`
  if (param.type === "ObjectPattern") return objectText(place, param, `(${value})`)
  if (param.type !== "AssignmentPattern") return assigned(place, param, value)
  const hint = param.left.type === "Identifier" && isAnonymous(param.right) ? param.left.name : null
  return assigned(
    place,
    param.left,
    `${a}.length <= ${i} || ${a}[${i}] === void 0 ? ${text(place, param.right, hint)} : ${a}[${i}]`,
  )
}

function assigned(place: Place, target: Node, value: string): string {
  return target.type === "ObjectPattern" ? `(${text(place, target)} = ${value})` : `${text(place, target)} = ${value}`
}

/** A parameter that is a pattern of an object. What is none has no name in the engine's error: a real parameter throws it. */
function objectText(place: Place, pattern: Node, value: string): string {
  const first = firstText(place, pattern.properties[0])
  const bound = assigned(place, pattern, value)
  return first === null ? bound : `${value} ?? (({ ${first} }) => {})(${value});\n  ${bound}`
}

/** The first property, as far as the engine's error speaks of it; null if it speaks of its default. */
function firstText({ module }: Place, first: Node | undefined): string | null {
  if (first === undefined || first.type === "RestElement" || first.computed) return ""
  const { key, value } = first
  const own = `${module.source.slice(key.start, key.end)}: ${module.prefix}v`
  if (value.type !== "AssignmentPattern") return own
  return value.left.type === "Identifier" ? `${own} = 0` : null
}
