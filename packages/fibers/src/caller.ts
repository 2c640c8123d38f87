/**
 * Owns finding out which module calls: declarations that need the same identity on every thread are named by it. Compiled
 * modules say what they are called, so that their declarations have portable names too: the same in another folder.
 */
import { limitStacks } from "@rove/core"

interface CallSite {
  getFileName(): string | null | undefined
}

/** Compiled modules, by URL. */
const compiled = new Map<string, CallingModule>()

/**
 * What a compiled module calls before anything else of it runs: `import.meta.url`, or the file of a CommonJS module. In a
 * bundle, its modules do so one after another. Gives the URL from which other threads import it; empty if there is none.
 */
export function moduleOf(id: string, place: string): string {
  const url = withoutQuery(place)
  const imported = place.startsWith("file:") ? place : ofFile(place)
  if (url !== "") compiled.set(url, { name: id, url, imported })
  return imported
}

export interface CallingModule {
  /** Of a compiled module its id, of others the URL; empty if it cannot be told. The same on every thread of a process. */
  readonly name: string
  /** Its `import.meta.url`. */
  readonly url: string
  /** What to import so that it declares what it declares; empty for modules that may do anything when they are imported. */
  readonly imported: string
}

/** The module of the code that called `callee`, a class. Costs microseconds: for declarations at module level. */
export function moduleOfCaller(callee: abstract new (...args: never[]) => unknown): CallingModule {
  const url = urlOfCaller(callee)
  return compiled.get(url) ?? { name: url, url, imported: "" }
}

function urlOfCaller(callee: unknown): string {
  const { prepareStackTrace, stackTraceLimit } = Error
  const holder: { stack?: readonly CallSite[] | string } = {}
  limitStacks(1)
  prepareStacks((_, sites) => sites)
  try {
    Error.captureStackTrace(holder, callee as () => void)
    return withoutQuery(fileOf(holder.stack))
  } finally {
    prepareStacks(prepareStackTrace)
    limitStacks(stackTraceLimit)
  }
}

/** Where nobody can (`Object.freeze(Error)`), stacks are the text that they were. */
function prepareStacks(prepare: typeof Error.prepareStackTrace): void {
  try {
    Error.prepareStackTrace = prepare
  } catch {
    // read-only
  }
}

/** Of the youngest frame. */
function fileOf(stack: readonly CallSite[] | string | undefined): string {
  if (typeof stack !== "string") return stack?.[0]?.getFileName() ?? ""
  const [, file = ""] = /\n {4}at (?:.*\()?(.+?):\d+:\d+\)?(?:\n|$)/.exec(stack) ?? []
  return file
}

/** Bundlers and test runners add queries, and some name files where others give URLs. */
function withoutQuery(name: string): string {
  const plain = name.replace(/[?#].*$/, "")
  return ofFile(plain) || plain
}

/** The URL of a path; empty if it is none. */
function ofFile(path: string): string {
  const absolute = /^[A-Za-z]:\\/.test(path) ? `/${path.replaceAll("\\", "/")}` : path
  return absolute.startsWith("/") ? `file://${encodeURI(absolute).replace(/[?#]/g, encodeURIComponent)}` : ""
}
