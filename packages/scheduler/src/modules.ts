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

export class Modules {
  readonly #loaded = new Map<string, Promise<void> | true>()
  readonly #register: string | null
  readonly #always: boolean
  #hook: Promise<unknown> | null = null
  /** `register`: where the hook is; `always`: install it before the first import, without looking at files. */
  constructor(register: string | null, always: boolean) {
    this.#register = register
    this.#always = always
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
    await import(url)
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
