/**
 * Owns object literals whose methods become closures that can be made again. A method that uses `super` gets its home
 * through a cell that is filled when the object exists.
 */

import type { Unit } from "../2-analyze/bindings.ts"
import { bare, isFunction, type Node } from "../2-analyze/nodes.ts"
import { waitsInside } from "../2-analyze/suspends.ts"
import { isMade } from "./captures.ts"
import { keyParameter, madeText } from "./functions.ts"
import { generatorExpression } from "./generators.ts"
import { isNamedBy, keyName, shownKey } from "./named.ts"
import { type Hint, isInsideCompiled, type Place, plain, text } from "./text.ts"

export interface Part {
  readonly kind: "init" | "spread" | "get" | "set" | "proto" | "entry"
  /** Text of the key: as in the source, or of the value of a computed one. */
  readonly key: string
  readonly value: string
  readonly computed?: boolean
  /** The value is the function itself, where it could be text of a function of the key. */
  readonly made?: boolean
}

/** Text of a literal that does not stop; null if it can stand as it is. */
export function objectText(place: Place, node: Node): string | null {
  const special = node.properties.filter((p: Node) => isSpecial(place, p))
  // nothing can be put around a literal that waits
  const stays = !place.unit.compiled && needsHome(place, node) && waitsInside(node)
  if (special.length === 0) return null
  if (stays) return inPlaceText(place, node, special)
  const home = needsHome(place, node) ? (place.lowering?.temporary() ?? `${place.module.prefix}home`) : null
  const parts = node.properties.map((p: Node): Part => {
    if (p.type === "SpreadElement") return { kind: "spread", key: "", value: text(place, p.argument) }
    const key = p.computed ? `${place.module.helper("toKey")}(${text(place, p.key)})` : keyText(place, p)
    if (isPlain(p)) return { kind: partKind(p), key, value: text(place, p.value), computed: p.computed }
    return functionPart(place, p, key, home)
  })
  const literal = assembled(place, parts, home)
  if (home === null) return literal
  return place.lowering !== null && place.unit === place.lowering.unit
    ? `(${home} = { v: void 0 }, ${literal})`
    : `((${home}) => ${literal})({ v: void 0 })`
}

/** Text of a literal that stays where it is: only what would lose the name that a computed key gives it is made apart. */
function inPlaceText(place: Place, node: Node, special: readonly Node[]): string {
  const { module } = place
  const properties = node.properties.map((p: Node): Node => {
    if (!special.includes(p) || p.method || p.kind !== "init") return p
    const key = `${module.helper("toKey")}(${text(place, p.key)})`
    const { value } = functionPart(place, p, key, null)
    return { type: "Replaced", start: p.start, end: p.end, text: `...${module.helper("entry")}(${key}, ${value})` }
  })
  return plain(place, { ...node, properties })
}

/** A method or accessor that does not stand in place: it is compiled, or made by a maker. */
function isSpecial(place: Place, p: Node): boolean {
  if (p.type === "SpreadElement") return false
  if (p.kind === "init" && !p.method) return p.computed && isNamedBy(p) && changes(place, bare(p.value))
  const unit = place.module.analysis.unitOf.get(p.value)
  return place.unit.compiled || (unit !== undefined && (unit.compiled || isMade(unit)))
}

/** Whether a function or class does not stay as it stands, and so would lose the name that its key gives it. */
function changes(place: Place, value: Node): boolean {
  const unit = place.module.analysis.unitOf.get(value) as Unit
  return isInsideCompiled(place.unit) || unit.compiled || unit.units.some(inner => inner.compiled)
}

/** A property with an ordinary value. */
export function isPlain(p: Node): boolean {
  return p.kind === "init" && !p.method && (!isNamedBy(p) || partKind(p) === "proto")
}

export function needsHome(place: Place, node: Node): boolean {
  return node.properties.some((p: Node) => p.type !== "SpreadElement" && usesHome(place, p.value))
}

function usesHome(place: Place, fn: Node): boolean {
  return (
    isFunction(fn) &&
    fn.type !== "ArrowFunctionExpression" &&
    (place.module.analysis.unitOf.get(fn)?.homeBinding ?? null) !== null
  )
}

export function keyText(place: Place, p: Node): string {
  return place.module.source.slice(p.key.start, p.key.end)
}

export function partKind(p: Node): "init" | "proto" {
  return !p.computed && !p.shorthand && keyName(p.key) === "__proto__" ? "proto" : "init"
}

/** A method, an accessor, or an anonymous function as value. With a computed key the value is text of a function of the key. */
export function functionPart(place: Place, p: Node, key: string, home: string | null): Part {
  const { module } = place
  const unit = module.analysis.unitOf.get(bare(p.value)) as Unit
  const accessor = p.kind === "get" || p.kind === "set"
  const plainKey = p.computed ? null : (keyName(p.key) as string)
  const kind = accessor ? (p.kind as "get" | "set") : p.computed || plainKey === "__proto__" ? "entry" : "init"
  const hint: Hint = plainKey ?? { parameter: module.unique(`${module.prefix}key`), shown: shownKey(p.key) }
  const given = (value: string): Part => ({
    kind,
    key: kind === "entry" && plainKey !== null ? JSON.stringify(plainKey) : key,
    value: kind === "entry" || (accessor && p.computed) ? `(${keyParameter(hint).join("")}) => ${value}` : value,
    computed: p.computed,
  })
  if (!p.method && !accessor) return given(text(place, p.value, hint))
  if (unit.compiled) return given(generatorExpression(place, p.value, unit, hint, true, home))
  const homeName = unit.homeBinding === null ? null : module.unique(`${module.prefix}home`)
  const keys = keyParameter(hint)
  if (homeName !== null) module.cells.set(p.value, homeName)
  const source = methodSource(place, p, unit, keys[0] ?? JSON.stringify(plainKey), homeName)
  return given(
    madeText(
      place,
      p.value,
      unit,
      source,
      null,
      [...keys, ...(homeName === null ? [] : [homeName])],
      [...keys, ...(homeName === null ? [] : [home as string])],
    ),
  )
}

/** Expression that gives the method's function: made in an object of its own, whose prototype stands for that of the home. */
function methodSource(place: Place, p: Node, unit: Unit, key: string, home: string | null): string {
  const { module } = place
  const inner = plain({ ...place, unit }, p.value)
  const star = p.value.generator ? "*" : ""
  const before = p.kind === "init" ? `${p.value.async ? "async " : ""}${star}` : `${p.kind} `
  const literal = `{ ${before}[${key}]${inner} }`
  const object = home === null ? `(${literal})` : `${module.helper("homed")}(${literal}, ${home}, ${unit.strict})`
  return p.kind === "init" ? `${object}[${key}]` : `${module.helper("accessorOf")}(${object}, ${key}, "${p.kind}")`
}

/**
 * Text of the literal: plain as far as possible, the rest added by a helper in the order of the source. In parentheses,
 * because the brace may stand right behind a word.
 */
export function assembled(place: Place, given: readonly Part[], home: string | null): string {
  const parts = given[0]?.kind === "spread" ? clonedFirst(given) : given
  const steps: string[] = []
  let open: string[] = []
  const isClone = given[0]?.kind === "spread"
  const close = (): void => {
    // a repeated key loses its first place behind a spread that begins a literal, which the source may not have there
    if (open[0]?.startsWith("...") && !(isClone && steps.length === 0) && repeatsName(parts)) open.unshift("...null")
    if (open.length > 0 || steps.length === 0) steps.push(`{ ${open.join(", ")} }`)
    open = []
  }
  for (const p of parts) {
    const key = p.computed ? `[${p.key}]` : p.key
    const value = p.made === true ? `() => ${p.value}` : p.value
    if (p.kind === "spread") open.push(`...(${p.value})`)
    else if (p.kind === "init") open.push(`${initKey(p, key)}: ${p.value}`)
    else if (p.kind === "proto" && steps.length === 0) open.push(`${key}: ${p.value}`)
    else if (p.kind === "entry") open.push(`...${place.module.helper("entry")}(${p.key}, ${value})`)
    else {
      close()
      const name = p.computed ? p.key : keyLiteral(p.key)
      steps.push(
        p.computed && p.kind !== "proto"
          ? `["${p.kind}", ${name}, ${value}, true]`
          : `["${p.kind}", ${name}, ${value}]`,
      )
    }
  }
  close()
  const object = steps.length === 1 ? `(${steps[0]})` : `(${place.module.helper("objectOf")}(${steps.join(", ")}))`
  return home === null ? object : `(${home}.v = ${object})`
}

/**
 * V8 begins a literal with a spread by a clone, and defines the accessors up to the next spread or computed key behind all else
 * that stands there; what a later property of that name replaces is only evaluated.
 */
function clonedFirst(parts: readonly Part[]): readonly Part[] {
  const next = parts.findIndex((p, i) => i > 0 && (p.kind === "spread" || p.computed))
  const end = next < 0 ? parts.length : next
  const values: Part[] = []
  const accessors: Part[] = []
  for (const [i, p] of parts.slice(0, end).entries()) {
    const later = parts.slice(i + 1).filter(other => !other.computed && nameOf(other) === nameOf(p))
    if (isAccessor(p)) {
      if (later.every(other => isAccessor(other) && other.kind !== p.kind)) accessors.push(p)
    } else if (p.kind !== "proto" && later.some(other => other.kind !== "spread" && other.kind !== "proto"))
      values.push({ kind: "spread", key: "", value: `${p.value}, null` })
    else values.push(p)
  }
  return [...values, ...accessors, ...parts.slice(end)]
}

function repeatsName(parts: readonly Part[]): boolean {
  const names = parts.filter(({ kind, computed }) => kind === "init" && !computed).map(nameOf)
  return new Set(names).size < names.length
}

const isAccessor = ({ kind }: Part): boolean => kind === "get" || kind === "set"
const nameOf = ({ key }: Part): string => key.replace(/^(["'])(.*)\1$/, "$2")

function initKey(p: Part, key: string): string {
  return p.key === "__proto__" && !p.computed ? '["__proto__"]' : key
}

/** A key of the source as a value. */
function keyLiteral(key: string): string {
  return /^[\p{ID_Start}$_]/u.test(key) ? JSON.stringify(key) : key
}
