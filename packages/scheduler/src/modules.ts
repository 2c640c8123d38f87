/**
 * Owns which modules this thread has imported for the sake of payloads, and the load hook that some of them need.
 *
 * A module is imported through its own file. If the pool's process has the hook (it announces itself with a symbol on
 * globalThis), or the file still says "use fibers", the hook is installed first, by a dynamic import: a thread that
 * needs no compiler never loads one.
 */
import { readFileSync } from "node:fs"

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
  /** Null if all are there; else a promise that is rejected if one cannot be imported. */
  load(urls: readonly string[]): Promise<void> | null {
    let waiting: Promise<void>[] | null = null
    for (const url of urls) {
      const state = this.#loaded.get(url) ?? this.#import(url)
      if (state === true) continue
      waiting ??= []
      waiting.push(state)
    }
    return waiting === null ? null : Promise.all(waiting).then(() => {})
  }
  #import(url: string): Promise<void> {
    const loading = this.#bring(url).then(
      () => void this.#loaded.set(url, true),
      error => {
        this.#loaded.delete(url)
        throw error
      },
    )
    this.#loaded.set(url, loading)
    return loading
  }
  async #bring(url: string): Promise<void> {
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
  if (!url.startsWith("file:")) return false
  try {
    return /^\s*(?:(?:\/\/.*|\/\*[\s\S]*?\*\/|#!.*|["']use strict["'];?)\s*)*["']use fibers["']/.test(
      readFileSync(new URL(url), "utf8"),
    )
  } catch {
    return false
  }
}
