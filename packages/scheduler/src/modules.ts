/**
 * Owns which modules this thread has imported for the sake of payloads, and the load hook that some of them need.
 *
 * A module is imported through its own file. If the pool's process has the hook (it announces itself with a symbol on
 * globalThis), or the file still says "use fibers", the hook is installed first, by a dynamic import: a thread that
 * needs no compiler never loads one.
 */
import { RoveError } from "@rove/core"
import { contentOf, readText } from "./builtins.ts"

/** In a list of modules, Rove's own operations: what has nothing of the program's, a branch that sleeps say, may come to a thread that has imported nothing. */
export const OPERATIONS: string = "rove:operations"

/** Set by `rove/register` to its own URL, in the thread where it is installed. */
const REGISTER_KEY: symbol = Symbol.for("rove.register")

export function announcedRegister(): string | null {
  const url = (globalThis as Record<symbol, unknown>)[REGISTER_KEY]
  return typeof url === "string" ? url : null
}

/** Set of the URLs that a worker is evaluating at the moment, on globalThis: a bundled application has this file twice. */
const EVALUATING_KEY: symbol = Symbol.for("rove.evaluating")

/** A module that this worker is evaluating for the sake of its fibers; null in threads that are no workers of a pool. */
export function evaluatedModule(): string | null {
  const urls = (globalThis as Record<symbol, unknown>)[EVALUATING_KEY]
  return urls instanceof Set ? ((urls.values().next().value as string | undefined) ?? null) : null
}

/** The mark of a worker's thread. */
export function announceEvaluation(): Set<string> {
  const urls = new Set<string>()
  Object.defineProperty(globalThis, EVALUATING_KEY, { value: urls })
  return urls
}

/** What each module's file held when this thread first had to do with it; "" for what is no file. Threads have the same text, or say so. */
const versions = new Map<string, string>()
/** The same with the URL in front, as it goes to other threads: made once. */
const written = new Map<string, string>()
const BETWEEN = "\t"

function versionOf(url: string): string {
  const known = versions.get(url)
  if (known !== undefined) return known
  const version = contentOf(url)
  versions.set(url, version)
  return version
}
/** A module as this thread has it, for another one that is to have the same. */
export function withVersion(url: string): string {
  const known = written.get(url)
  if (known !== undefined) return known
  const text = url + BETWEEN + versionOf(url)
  written.set(url, text)
  return text
}

function refuseChanged(url: string, version: string): void {
  const here = versionOf(url)
  if (version === "" || here === "" || version === here) return
  throw new RoveError(
    "ROVE_CODE_CHANGED",
    `${url} has changed on disk since the pool first loaded it: threads that start now have other code than those that run. Start the program anew`,
  )
}

export class Modules {
  readonly #loaded = new Map<string, Promise<void> | true>()
  readonly #register: string | null
  readonly #always: boolean
  readonly #evaluating: Set<string> | null
  #hook: Promise<unknown> | null = null
  /**
   * `register`: where the hook is; `always`: install it before the first import, without looking at files;
   * `evaluating`: is told what is being imported.
   */
  constructor(register: string | null, always: boolean, evaluating: Set<string> | null = null) {
    this.#register = register
    this.#always = always
    this.#evaluating = evaluating
  }
  /** Modules as `withVersion` writes them. Null if all are there; else a promise that is rejected if one cannot be imported, or is another version. */
  load(modules: readonly string[]): Promise<void> | null {
    let waiting: Promise<void>[] | null = null
    for (const module of modules) {
      const state = this.#loaded.get(module) ?? this.#import(module)
      if (state === true) continue
      waiting ??= []
      waiting.push(state)
    }
    return waiting === null ? null : Promise.all(waiting).then(() => {})
  }
  #import(module: string): Promise<void> {
    const [url = "", version = ""] = module.split(BETWEEN)
    const bringing = url === OPERATIONS ? import("@rove/fibers") : this.#bring(url, version)
    const loading = bringing.then(
      () => void this.#loaded.set(module, true),
      error => {
        this.#loaded.delete(module)
        throw error
      },
    )
    this.#loaded.set(module, loading)
    return loading
  }
  async #bring(url: string, version: string): Promise<void> {
    refuseChanged(url, version)
    if (this.#register !== null && (this.#always || saysUseFibers(url))) {
      this.#hook ??= import(this.#register)
      await this.#hook
    }
    this.#evaluating?.add(url)
    try {
      await import(url)
    } finally {
      this.#evaluating?.delete(url)
    }
  }
}

/** Whether the file has the directive and so waits for a compiler. What cannot be read here is the import's to report. */
function saysUseFibers(url: string): boolean {
  return /^\s*(?:(?:\/\/.*|\/\*[\s\S]*?\*\/|#!.*|["']use strict["'];?)\s*)*["']use fibers["']/.test(readText(url))
}
