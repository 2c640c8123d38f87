/** Owns what Ctrl-C and SIGTERM mean to a run: the first asks for an orderly end, the second ends the process at once. */

const CODES = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Milliseconds in which signals are one: of a single Ctrl-C the terminal tells this process, and so may the npm or npx that
 * started it.
 */
const SAME = 200

/** Milliseconds that what a module left open (a server, an interval) has, once the fibers have ended. */
const LEFT_OPEN = 100

/** Listens from when it is made until it is disposed of. */
export class Signals implements Disposable {
  readonly #first = Promise.withResolvers<null>()
  #code: number | null = null
  #since = 0

  constructor() {
    for (const name of names) process.on(name, this.#heard)
  }

  /** Resolves when the first comes. */
  get asked(): Promise<null> {
    return this.#first.promise
  }
  /** The exit code of a run that was asked to end; null: it was not. */
  get code(): number | null {
    return this.#code
  }

  readonly #heard = (name: NodeJS.Signals): void => {
    const code = CODES[name as keyof typeof CODES]
    if (this.#code !== null && performance.now() - this.#since >= SAME) process.exit(code)
    if (this.#code !== null) return
    this.#code = code
    this.#since = performance.now()
    this.#first.resolve(null)
  };

  [Symbol.dispose](): void {
    const code = this.#code
    // not at once: what the fibers printed last is on its way; till then the same Ctrl-C may come a second time
    if (code !== null) setTimeout(() => process.exit(code), LEFT_OPEN).unref()
    else for (const name of names) process.off(name, this.#heard)
  }
}

const names = Object.keys(CODES) as (keyof typeof CODES)[]
