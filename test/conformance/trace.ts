/** Owns what a program is seen to do: the list of its effects as text, and how values are shown in it. */

/** Shows a value without running code of the program: no getters, no methods. */
export function show(value: unknown, depth = 3): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(masked(value))
    case "bigint":
      return `${value}n`
    case "symbol":
      return `Symbol(${value.description ?? ""})`
    case "number":
      return Object.is(value, -0) ? "-0" : String(value)
    case "function":
      return showFunction(value)
    case "object":
      return value === null ? "null" : showObject(value, depth)
    default:
      return String(value)
  }
}

/** The text of a function may differ. */
function masked(text: string): string {
  return /=>|[{}]/.test(text) ? "<text>" : text
}

function showFunction(value: object): string {
  const own = (key: string) => Object.getOwnPropertyDescriptor(value, key)?.value
  const name: unknown = own("name")
  return `${tagOf(value)} ${typeof name === "string" ? name : "?"}/${String(own("length"))}`
}

function tagOf(value: object): string {
  const prototype = Object.getPrototypeOf(value)
  if (prototype === null) return "null-prototype"
  return Object.prototype.toString.call(Object.create(prototype)).slice(8, -1)
}

function showObject(value: object, depth: number): string {
  if (value instanceof Error) return showError(value)
  if (depth === 0) return "…"
  if (value instanceof Map)
    return `Map(${[...value].map(([k, v]) => `${show(k, depth - 1)}=>${show(v, depth - 1)}`).join(", ")})`
  if (value instanceof Set) return `Set(${[...value].map(v => show(v, depth - 1)).join(", ")})`
  const parts: string[] = []
  for (const key of Reflect.ownKeys(value)) {
    if (Array.isArray(value) && key === "length") continue
    parts.push(`${masked(String(key))}: ${showProperty(Reflect.getOwnPropertyDescriptor(value, key), depth)}`)
  }
  if (Array.isArray(value)) return `[${value.length}| ${parts.map(part => part.replace(/^\d+: /, "")).join(", ")}]`
  return `${className(value)}{${parts.join(", ")}}`
}

function showProperty(property: PropertyDescriptor | undefined, depth: number): string {
  if (property === undefined) return "gone"
  const flags = `${property.enumerable ? "" : "!e"}${property.configurable ? "" : "!c"}`
  if (!("value" in property)) return `${flags}${property.get ? "get" : ""}${property.set ? "set" : ""}`
  return `${flags}${property.writable ? "" : "!w"}${show(property.value, depth - 1)}`
}

function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null) return "null "
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value
  if (typeof made === "function") return made === Object ? "" : `${made.name} `
  return `${Object.prototype.toString.call(value).slice(8, -1)} `
}

/** Errors that programs throw have messages that begin with "!"; V8's own wording depends on the text of an operand. */
function showError(error: Error): string {
  const { message } = error
  const own = typeof message === "string" && message.startsWith("!")
  const inner = error instanceof SuppressedError ? `(${show(error.error)}, ${show(error.suppressed)})` : ""
  return `${error.constructor.name}${own ? `: ${message}` : ""}${inner}`
}

/** What a program may call: `log` notes its arguments and gives the last one; `tick` is false when the fuel is used up. */
export class Trace {
  readonly lines: string[] = []
  #fuel: number
  constructor(fuel = 200) {
    this.#fuel = fuel
  }
  readonly log = (...values: unknown[]): unknown => {
    if (this.lines.length < 2000) this.lines.push(values.map(value => show(value)).join(" "))
    return values.at(-1)
  }
  /** An iterator that tells what is done to it, and may fail: natively, so that it stays where it is. */
  readonly iterator = (length: number, how: number): object => {
    const { log } = this
    let i = 0
    const it: Record<PropertyKey, unknown> = {
      [Symbol.iterator]() {
        log("iterator")
        return it
      },
      next() {
        log("next", i)
        if (how === 1 && i === 1) throw new Error("!next")
        return i < length ? { value: ++i, done: false } : { value: "end", done: true }
      },
    }
    if (how !== 2)
      it.return = (...values: unknown[]) => {
        log("return", values.length)
        if (how === 3) throw new Error("!return")
        return how === 4 ? 1 : { value: values[0], done: true }
      }
    if (how > 4)
      it.throw = (error: unknown) => {
        log("throw", error)
        if (how === 5) throw error
        return { value: 7, done: how === 6 }
      }
    this.fixed.add(it)
    for (const key of Reflect.ownKeys(it)) this.fixed.add(it[key] as object)
    return it
  }
  /** What belongs to the harness, and stays where it is. */
  readonly fixed = new Set<object>()
  readonly tick = (): boolean => --this.#fuel >= 0
  note(line: string): void {
    this.lines.push(line)
  }
}
