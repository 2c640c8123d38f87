/** Owns what may or may not exist where this runs: looked for once, never required. */

type Check = (value: object) => boolean
interface NodeProcess {
  getBuiltinModule?(name: string): { types?: { isProxy?: Check } } | undefined
}

/** Whether the value is a Proxy, where that can be found out. */
export const isProxy: Check =
  (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.("node:util")?.types?.isProxy ?? (() => false)

/** Classes of things that cannot be bytes and that the platform can hand to another thread. */
const HANDLES = ["SharedArrayBuffer", "MessagePort", "Blob", "CryptoKey"]
  .map(name => (globalThis as Record<string, unknown>)[name])
  .concat((globalThis as { WebAssembly?: { Module?: unknown } }).WebAssembly?.Module)
  .filter(made => typeof made === "function")
const handlePrototypes = new Set<object>(HANDLES.map(made => (made as { prototype: object }).prototype))

/** Whether a value is carried beside the bytes. */
export function isHandle(value: object): boolean {
  return handlePrototypes.has(Object.getPrototypeOf(value) as object)
}
