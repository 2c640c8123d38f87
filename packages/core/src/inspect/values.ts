/** Owns a value in a few words. Runs nothing of the value's own. */
export interface ValueView {
  /** `string`, `null`, `Array`, the name of a class … */
  readonly kind: string
  /** What fits into a line. */
  readonly text: string
  /** Bytes, about, of what it leads to and what was not counted before it. */
  readonly size: number
}

const LONGEST = 60

export function kindOfValue(value: unknown): string {
  if (value === null) return "null"
  if (typeof value !== "object") return typeof value
  for (let at = Object.getPrototypeOf(value) as object | null; at !== null; at = Object.getPrototypeOf(at)) {
    const made: unknown = Object.getOwnPropertyDescriptor(at, "constructor")?.value
    const name: unknown = typeof made === "function" ? Object.getOwnPropertyDescriptor(made, "name")?.value : undefined
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
      return `function ${cut(String(dataOf(value, "name") ?? ""))}`.trim()
    default:
      return Object.is(value, -0) ? "-0" : cut(String(value))
  }
}

function textOfObject(value: object): string {
  const kind = kindOfValue(value)
  if (Array.isArray(value)) return `${kind}(${value.length})`
  if (value instanceof Map || value instanceof Set) return `${kind}(${sizeOf(value)})`
  if (value instanceof Error) return `${kind}: ${String(dataOf(value, "message") ?? "")}`
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `${kind}(${value.byteLength} bytes)`
  if (value instanceof Date) return Date.prototype.toISOString.call(value)
  const keys = Object.keys(value)
  return `${kind === "Object" ? "" : `${kind} `}{${keys.length === 0 ? "" : ` ${keys.join(", ")} `}}`
}

function sizeOf(value: Map<unknown, unknown> | Set<unknown>): number {
  return Reflect.get(value instanceof Map ? Map.prototype : Set.prototype, "size", value) as number
}

function dataOf(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}
