/** Owns what may or may not exist where this runs: looked for once, never required. */

import { accepts, getter } from "./brand.ts"

type Check = (value: object) => boolean
type Checks = { readonly isProxy?: Check; readonly [name: string]: Check | undefined }
interface NodeProcess {
  getBuiltinModule?(name: string): { types?: Checks } | undefined
}
const types: Checks = (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.("node:util")?.types ?? {}

/** Whether the value is a Proxy, where that can be found out. */
export const isProxy: Check = types.isProxy ?? (() => false)

function anyOf(...names: readonly string[]): Check {
  const checks = names.map(name => types[name]).filter(check => check !== undefined)
  return value => {
    for (let i = 0; i < checks.length; i++) if ((checks[i] as Check)(value)) return true
    return false
  }
}

/** Whether the object has content besides its properties that is portable, whatever its prototype says. */
export const hasContent: Check = anyOf(
  "isMap",
  "isSet",
  "isDate",
  "isRegExp",
  "isNativeError",
  "isAnyArrayBuffer",
  "isArrayBufferView",
  "isBoxedPrimitive",
)
/** Whether it is an arguments object, whatever its prototype says. */
export const isArgumentList: Check = anyOf("isArgumentsObject")
/** Whether the object has content that nobody can read. */
export const isOpaque: Check = anyOf(
  "isPromise",
  "isWeakMap",
  "isWeakSet",
  "isMapIterator",
  "isSetIterator",
  "isGeneratorObject",
  "isExternal",
)

const { DOMException: Exception } = globalThis as { DOMException?: typeof DOMException }
/** The platform's own class of errors that are none of the language's: their name and message are nowhere to be put. */
export const platformError: typeof DOMException | undefined = Exception
/** Whether it is one of these, whatever its prototype says. */
export const isPlatformError: Check =
  Exception === undefined ? () => false : accepts(getter(Exception.prototype, "message"))

type RawJson = { isRawJSON?: Check; rawJSON?(text: string): { readonly rawJSON: string } }
const { isRawJSON, rawJSON } = JSON as RawJson
/** Text that `JSON.stringify` puts in as it is; the language knows these objects by a mark that no property shows. */
export const isRawJson: Check = isRawJSON ?? (() => false)
export const rawJson = rawJSON

/** As they were when this was loaded: programs may replace them. */
const {
  SharedArrayBuffer: Shared,
  MessagePort: Port,
  WebAssembly: Wasm,
} = globalThis as Partial<typeof globalThis> & { readonly WebAssembly?: { readonly Module?: unknown } }

/** Prototypes of things that cannot be bytes and that the platform can hand to another thread. */
let handles: ReadonlySet<object> | null = null

/** Whether a value is carried beside the bytes. */
export function isHandle(value: object): boolean {
  // when first asked: Node loads its cryptography for the class of keys, which a thread that starts has no use for
  handles ??= collectHandles()
  return handles.has(Object.getPrototypeOf(value) as object)
}

function collectHandles(): ReadonlySet<object> {
  const late = ["Blob", "CryptoKey"].map(name => (globalThis as Record<string, unknown>)[name])
  const classes = [Shared, Port, Wasm?.Module, ...late].filter(made => typeof made === "function")
  return new Set(classes.map(made => (made as { prototype: object }).prototype))
}
