/**
 * Owns object literals whose methods become closures that can be made again. A method that uses `super` gets its home
 * through a cell that is filled when the object exists.
 */
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Unit } from "../2-analyze/scopes.ts"
import { madeText } from "./functions.ts"
import { generatorExpression } from "./generators.ts"
import { isAnonymous, keyName, type Place, plain, text } from "./text.ts"

export interface Part {
  readonly kind: "init" | "spread" | "get" | "set" | "proto" | "entry"
  /** Text of the key: as in the source, or of the value of a computed one. */
  readonly key: string
  readonly value: string
  readonly computed?: boolean
}

/** Text of a literal that does not stop; null if it can stand as it is. */
export function objectText(place: Place, node: Node): string | null {
  if (!node.properties.some((p: Node) => isSpecial(place, p))) return null
  const home = needsHome(place, node) ? (place.lowering?.temporary() ?? `${place.module.prefix}home`) : null
  const parts = node.properties.map((p: Node): Part => {
    if (p.type === "SpreadElement") return { kind: "spread", key: "", value: text(place, p.argument) }
    const key = p.computed ? `${place.module.helper("toKey")}(${text(place, p.key)})` : keyText(place, p)
    if (p.kind === "init" && !p.method && !isAnonymous(p.value)) return { kind: partKind(p), key, value: text(place, p.value), computed: p.computed }
    return functionPart(place, p, key, home)
  })
  const literal = assembled(place, parts, home)
  if (home === null) return literal
  return place.lowering !== null && place.unit === place.lowering.unit ? `(${home} = { v: void 0 }, ${literal})` : `((${home}) => ${literal})({ v: void 0 })`
}

/** A method or accessor that cannot stand in place: it is compiled, or stands at the level of a compiled function. */
function isSpecial(place: Place, p: Node): boolean {
  if (p.type === "SpreadElement" || (p.kind === "init" && !p.method)) return p.computed === true && place.unit.compiled && isAnonymous(p.value ?? p)
  return place.unit.compiled || (place.module.analysis.unitOf.get(p.value)?.compiled ?? false)
}

export function needsHome(place: Place, node: Node): boolean {
  return node.properties.some((p: Node) => p.type !== "SpreadElement" && isSpecial(place, p) && usesHome(place, p.value))
}

function usesHome(place: Place, fn: Node): boolean {
  return (place.module.analysis.unitOf.get(fn)?.homeBinding ?? null) !== null
}

export function keyText(place: Place, p: Node): string {
  return place.module.source.slice(p.key.start, p.key.end)
}

export function partKind(p: Node): "init" | "proto" {
  return !p.computed && !p.shorthand && keyName(p.key) === "__proto__" ? "proto" : "init"
}

/** A method, an accessor, or an anonymous function as value. */
export function functionPart(place: Place, p: Node, key: string, home: string | null): Part {
  const { module } = place
  const unit = module.analysis.unitOf.get(bare(p.value)) as Unit
  const accessor = p.kind === "get" || p.kind === "set"
  if (!p.method && !accessor) {
    const hint = p.computed ? null : keyName(p.key)
    return { kind: p.computed ? "entry" : "init", key, value: text(place, p.value, hint), computed: p.computed }
  }
  const kind = accessor ? (p.kind as "get" | "set") : p.computed || keyName(p.key) === "__proto__" ? "entry" : "init"
  const name = p.computed ? "method" : (keyName(p.key) as string)
  const literalKey = kind === "entry" && !p.computed ? JSON.stringify(name) : key
  if (unit.compiled) return { kind, key: literalKey, value: generatorExpression(place, p.value, unit, name, true, home), computed: p.computed }
  if (!place.unit.compiled) throw new Error("broken invariant in functionPart: an ordinary method of an ordinary literal is left as it is")
  const homeName = unit.homeBinding === null ? null : module.unique(`${module.prefix}home`)
  const value = madeText(place, p.value, unit, methodSource(place, p, unit, name, homeName), null, homeName === null ? [] : [homeName], homeName === null ? [] : [home as string])
  return { kind, key: literalKey, value, computed: p.computed }
}

/** Expression that gives the method's function: made in an object of its own, whose prototype stands for that of the home. */
function methodSource(place: Place, p: Node, unit: Unit, name: string, home: string | null): string {
  const { module } = place
  const inner = plain({ ...place, unit }, p.value)
  const before = module.source.slice(p.start, p.key.start).replace(/\b(get|set)\s*$|\[\s*$/g, "").replace(/\b(get|set)\s*$/, "")
  const literal = `{ ${p.kind === "init" ? before : `${p.kind} `}${JSON.stringify(name)}${inner} }`
  const object = home === null ? `(${literal})` : `${module.helper("homed")}(${literal}, ${home})`
  return p.kind === "init" ? `${object}[${JSON.stringify(name)}]` : `${module.helper("accessorOf")}(${object}, ${JSON.stringify(name)}, "${p.kind}")`
}

/** Text of the literal: plain as far as possible, the rest added by a helper in the order of the source. */
export function assembled(place: Place, parts: readonly Part[], home: string | null): string {
  const steps: string[] = []
  let open: string[] = []
  const close = (): void => {
    if (open.length > 0 || steps.length === 0) steps.push(`{ ${open.join(", ")} }`)
    open = []
  }
  for (const p of parts) {
    const key = p.computed ? `[${p.key}]` : p.key
    if (p.kind === "spread") open.push(`...(${p.value})`)
    else if (p.kind === "init") open.push(`${key}: ${p.value}`)
    else if (p.kind === "proto" && steps.length === 0) open.push(`${key}: ${p.value}`)
    else if (p.kind === "entry") open.push(`...${place.module.helper("entry")}(${p.key}, ${p.value})`)
    else {
      close()
      const name = p.computed ? p.key : keyLiteral(p.key)
      steps.push(`["${p.kind}", ${name}, ${p.value}]`)
    }
  }
  close()
  const object = steps.length === 1 ? `(${steps[0]})` : `${place.module.helper("objectOf")}(${steps.join(", ")})`
  return home === null ? object : `(${home}.v = ${object})`
}

/** A key of the source as a value. */
function keyLiteral(key: string): string {
  return /^[\p{ID_Start}$_]/u.test(key) ? JSON.stringify(key) : key
}
