/** Owns what to do about an object whose class nobody has registered, in words: for those of the platform, of other realms, and of modules that are not compiled. */
import { isNative } from "./natives.ts"
import { isProxy } from "./platform.ts"

/** What is portable and says as much, by the name of the platform's class. */
const INSTEAD: Readonly<Record<string, string>> = {
  URL: "keep its href, and make the URL where it is used",
  URLSearchParams: "keep its toString(), and make it again where it is used",
  Headers: "keep its entries, [...headers]",
  FormData: "keep its entries, [...data]",
  Request: "keep its url, method and entries of headers, and make it where it is used",
  Response: "keep its status and its body, which text() or bytes() gives",
  AbortSignal: "give it to spawn or run as the option signal, or interrupt the fiber",
  AbortController: "keep it where it is, and interrupt the fiber",
  ReadableStream: "read it before, or open it again behind: reopen()",
  WritableStream: "end it before, or open it again behind: reopen()",
}

/** Classes whose instances are refused for what they are, and why; so are those of classes that extend them. */
const advised = new WeakMap<object, string>()

export function advise(made: object, why: string): void {
  advised.set(made, why)
}

/** What the compiler does for all classes of a module. */
const UNKNOWN = 'its class is not registered, as those are whose module says "use fibers"'

/** Why an instance of that class is refused, and what helps. */
export function unregistered(made: object): string {
  for (let at: object | null = made; at !== null && !isProxy(at); at = Object.getPrototypeOf(at) as object | null) {
    const why = advised.get(at)
    if (why !== undefined) return why
  }
  const name: unknown = Object.getOwnPropertyDescriptor(made, "name")?.value
  if (typeof name !== "string") return UNKNOWN
  const ours: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined
  if (instead !== undefined && isNamed(made, name)) return `it is the platform's: ${instead}`
  // a class of the language, and none of a program that has the same name
  if (typeof ours === "function" && ours !== made && isNative(made))
    return `it comes from another realm, such as a vm context: structuredClone makes one of this realm of it`
  return UNKNOWN
}

/** The platform defines many of its classes when somebody first asks: that runs nothing of the program. */
function isNamed(made: object, name: string): boolean {
  return Reflect.get(globalThis, name) === made
}
