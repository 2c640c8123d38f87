/** Owns the message for generators of native code where compiled ones are needed: which one, and what mends it. */
import { closureOf, isDynamic, RoveError } from "@rove/core"
import { computationOf } from "./generator.ts"
import { apply, getPrototypeOf, ITERATOR, isArray } from "./intrinsics.ts"
import { Performable } from "./performable.ts"

/** `given`: the function of the program whose call gave the value, if one did. */
export function notCompiled(value: unknown, where: string, given?: unknown): RoveError {
  if (!isGenerator(value))
    return new RoveError(
      "ROVE_NOT_COMPILED",
      typeof given === "function"
        ? noWork(value, where, given as () => unknown)
        : `${where} takes an unstarted computation, f(args) with a compiled generator function f, not ${kindOf(value)}${typeof value === "function" ? `: call it, ${nameOf(value)}(…)` : ""}`,
    )
  const origin = originOf(value)
  const which = origin === null ? "a native generator" : `a native generator of ${origin.name} in ${origin.module}`
  if (origin?.isDynamic === true)
    return new RoveError(
      "ROVE_NOT_COMPILED",
      `${where} was given ${which}: with a direct eval or a \`with\` in it, it stays native (ROVE_DYNAMIC); take that out, or use indirect eval, (0, eval)(text)`,
    )
  const module = origin === null ? "its module" : "that module"
  return new RoveError(
    "ROVE_NOT_COMPILED",
    `${where} was given ${which}: ${module} must begin with "use fibers" and be loaded by the compiler (node --import rove/register, the bundler plugin, or rove compile)`,
  )
}

function isGenerator(value: unknown): value is object {
  return Object.prototype.toString.call(value) === "[object Generator]"
}

/** What a function gave that was to give something to be performed: a computation, an operation, or what `yield*` takes. */
export function workOf(value: unknown, where: string, given: unknown): unknown {
  if (isWork(value)) return value
  throw notCompiled(value, where, given)
}

export function isWork(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false
  return computationOf(value) !== null || Performable.is(value) || ITERATOR in value
}

/** For a function that was called and gave none: which, what it gave, and what to do. */
export function noWork(value: unknown, where: string, given: () => unknown): string {
  const isLater = typeof value === "object" && value !== null && ("then" in value || Symbol.asyncIterator in value)
  const remedy = isLater
    ? "what is asynchronous stays native: write function*, with yield* wait(promise) in place of await"
    : "write function*, or return f(args) with a compiled generator function f"
  return `${where} takes a compiled generator function, and ${calledAs(given)} gave ${kindOf(value)}: ${remedy}`
}

/** A function that is called and answers at once: a generator function would give a computation, which nobody runs. */
export function refuseGenerator(fn: unknown, where: string, wanted = "a function that answers at once"): void {
  if (typeof fn !== "function") return
  const isCompiled = closureOf(fn) !== undefined
  if (!isCompiled && !generatorFunctions.includes(getPrototypeOf(fn))) return
  const is = isCompiled
    ? "a compiled generator function: its call makes a computation"
    : "a generator function: its call makes a generator"
  throw new RoveError(
    "ROVE_INVALID_ARGUMENT",
    `${where} takes ${wanted}, and ${calledAs(fn as () => unknown)} is ${is}, which nobody would run`,
  )
}

/** What generator functions inherit from. */
const generatorFunctions: readonly unknown[] = [function* () {}, async function* () {}].map(getPrototypeOf)

const { toString: textOf } = Function.prototype

function nameOf(fn: unknown): string {
  const { name } = fn as { readonly name: unknown }
  return typeof name === "string" && name !== "" && closureOf(fn as () => unknown) !== undefined ? name : "f"
}

/** A function without a name is known by its text, if that is short. */
export function calledAs(fn: () => unknown): string {
  if (typeof fn.name === "string" && fn.name !== "") return `the function ${fn.name}`
  const text = String(apply(textOf, fn, [])).replace(/\s+/g, " ")
  return text.length > 40 ? "the function it was given" : `the function ${text}`
}

export function kindOf(value: unknown): string {
  if (value === null) return "null"
  if (value === undefined) return "undefined"
  if (typeof value === "function") return `the function ${value.name || "without name"} itself`
  if (typeof value === "object" && Performable.is(value)) return "an operation, which a fiber performs with yield*"
  if (computationOf(value) !== null) return "a computation"
  if (value instanceof Promise) return "a promise"
  if (isArray(value)) return "an array"
  if (typeof value === "object" && value.constructor === Object) return "an object"
  if (typeof value === "object") return `an object of class ${value.constructor?.name || "without name"}`
  if (typeof value !== "string") return `${typeof value} ${String(value)}`
  return value.length > 40 ? `a text of ${value.length} characters` : `the text ${JSON.stringify(value)}`
}

interface Origin {
  readonly name: string
  readonly module: string
  /** It has a direct eval or a `with`, for which it is not compiled. */
  readonly isDynamic: boolean
}

type Property = { name: string; value?: { description?: string; value?: { scriptId: string; lineNumber: number } } }

/** The function of a native generator: the language does not tell, the inspector of the process does. */
function originOf(generator: object): Origin | null {
  const inspector = globalThis.process?.getBuiltinModule?.("node:inspector")
  if (inspector === undefined) return null
  const key = "rove.not-compiled"
  const globals = globalThis as Record<string, unknown>
  const session = new inspector.Session()
  try {
    session.connect()
    globals[key] = generator
    const scripts = new Map<string, string>()
    session.on("Debugger.scriptParsed", ({ params }) => scripts.set(params.scriptId, params.url))
    let id: string | undefined
    let properties: readonly Property[] = []
    session.post("Runtime.evaluate", { expression: `globalThis[${JSON.stringify(key)}]` }, (_, found) => {
      id = found?.result.objectId
    })
    if (id === undefined) return null
    session.post("Runtime.getProperties", { objectId: id, ownProperties: true }, (_, found) => {
      properties = (found?.internalProperties ?? []) as readonly Property[]
    })
    session.post("Debugger.enable")
    const text = properties.find(p => p.name === "[[GeneratorFunction]]")?.value?.description ?? ""
    const place = properties.find(p => p.name === "[[GeneratorLocation]]")?.value?.value
    if (place === undefined) return null
    const name = /^(?:static\s+)?(?:function\s*)?\*\s*([^\s(]+)/.exec(text)?.[1] ?? "an unnamed function"
    const module = `${scripts.get(place.scriptId) || "an unknown module"}:${place.lineNumber + 1}`
    return { name, module, isDynamic: isDynamic(text) === true }
  } catch {
    return null // a message without a name is better than none
  } finally {
    delete globals[key]
    session.disconnect()
  }
}
