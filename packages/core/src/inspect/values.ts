/** Owns a value in a few words. Runs nothing of the value's own. */
import { inherits } from "../codec/ancestry.ts"
import { asked, getter } from "../codec/brand.ts"
import { hasContent, isProxy } from "../codec/platform.ts"
import { bytesOf } from "../codec/rows/buffers.ts"

export interface ValueView {
  /** `string`, `null`, `Array`, the name of a class … */
  readonly kind: string
  /** What fits into a line. */
  readonly text: string
  /** Bytes, about, of what it leads to and what was not counted before it. */
  readonly size: number
}

const LONGEST = 60
// asked for past what a program gave the object itself
const mapSize = getter(Map.prototype, "size") as (this: object) => number
const setSize = getter(Set.prototype, "size") as (this: object) => number
const { getTime, toISOString } = Date.prototype

export function kindOfValue(value: unknown): string {
  if (value === null) return "null"
  if (typeof value !== "object") return typeof value
  if (isProxy(value)) return "Proxy"
  let at = Object.getPrototypeOf(value) as object | null
  for (; at !== null && !isProxy(at); at = Object.getPrototypeOf(at)) {
    const made = dataOf(at, "constructor")
    const name = typeof made === "function" ? dataOf(made, "name") : undefined
    if (typeof name === "string" && name !== "") return name
  }
  return "Object"
}

export function textOfValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(cut(value))
    case "bigint":
      return cut(`${value}n`)
    case "object":
      return value === null ? "null" : cut(textOfObject(value))
    case "function":
      return `function ${cut(wordOf(dataOf(value, "name")))}`.trim()
    default:
      return Object.is(value, -0) ? "-0" : cut(String(value))
  }
}

function textOfObject(value: object): string {
  const kind = kindOfValue(value)
  if (isProxy(value)) return kind
  if (Array.isArray(value)) return `${kind}(${value.length})`
  if (inherits(value, Error)) return `${kind}: ${wordOf(dataOf(value, "message"))}`
  const content = hasContent(value) ? textOfContent(kind, value) : undefined
  if (content !== undefined) return content
  const keys = Object.keys(value)
  return `${kind === "Object" ? "" : `${kind} `}{${keys.length === 0 ? "" : ` ${keys.join(", ")} `}}`
}

/** Of what has content besides its properties; undefined if that is nothing to be told of. */
function textOfContent(kind: string, value: object): string | undefined {
  const members = asked(mapSize, value) ?? asked(setSize, value)
  if (members !== undefined) return `${kind}(${members})`
  const bytes = bytesOf(value)
  if (bytes !== undefined) return `${kind}(${bytes} bytes)`
  const time = asked(getTime, value)
  return time === undefined ? undefined : (asked(toISOString, value) ?? "Invalid Date")
}

/** A message may be anything. */
function wordOf(message: unknown): string {
  return typeof message === "object" || typeof message === "function" ? kindOfValue(message) : String(message ?? "")
}

function dataOf(value: object, key: string): unknown {
  return isProxy(value) ? undefined : Object.getOwnPropertyDescriptor(value, key)?.value
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}
