/** Owns fiber-locals: values of one fiber alone, which move with it and are cleaned up at its end. */
import { optionNames, RoveError, refuseUnknown, registerReference } from "@rove/core"
import { moduleOfCaller } from "./caller.ts"
import { runAtEnd } from "./runtime/exits.ts"
import type { FiberState } from "./runtime/fiber.ts"
import { registerEndings, registerLocals } from "./runtime/held.ts"
import { refuseGenerator } from "./runtime/not-compiled.ts"
import { refuseNameless } from "./runtime/options.ts"
import { machine } from "./runtime/thread.ts"

export interface FiberLocalOptions<T> {
  /** Makes the value of a fiber, when it is first asked for there. */
  readonly initial?: () => T
  /** Called with the value when the fiber has ended, on the thread where that happens; no generator function. */
  readonly cleanup?: (value: T) => void
}

const OPTIONS = optionNames<FiberLocalOptions<unknown>>({ initial: true, cleanup: true })

export class FiberLocal<T> {
  readonly name: string
  readonly #options: FiberLocalOptions<T>

  /** Declare them at module level: module and name are their identity, so that a fiber that has moved finds them; see ContextVar. */
  constructor(name: string, options: FiberLocalOptions<T> = {}) {
    refuseNameless(name, "FiberLocal")
    refuseUnknown(options, OPTIONS, "FiberLocal")
    refuseGenerator(options.cleanup, "FiberLocal, as cleanup,")
    const module = moduleOfCaller(FiberLocal)
    this.name = name
    this.#options = options
    registerReference(`fiber-local ${module.name}#${name}`, this, module.url)
  }

  /** @internal */
  static is(value: object): boolean {
    return #options in value
  }

  /** The running fiber's value. Throws ROVE_NO_FIBER outside of fibers, ROVE_NO_VALUE if there is none. */
  get(): T {
    const fiber = this.#fiber()
    const locals = fiber.context.extra?.locals
    if (locals?.has(this)) return locals.get(this) as T
    const { initial } = this.#options
    if (initial === undefined)
      throw new RoveError(
        "ROVE_NO_VALUE",
        `the fiber-local "${this.name}" was not set in fiber ${fiber.id} (${fiber.name})`,
      )
    const value = initial()
    this.#keep(fiber, value)
    return value
  }

  /** Sets the running fiber's value; children do not inherit it. A value that is not portable pins the fiber. */
  set(value: T): void {
    this.#keep(this.#fiber(), value)
  }

  #keep(fiber: FiberState, value: T): void {
    const more = fiber.ownContext().more()
    more.locals ??= new Map()
    if (!more.locals.has(this) && this.#options.cleanup !== undefined) runAtEnd(fiber, this, null)
    more.locals.set(this, value)
  }

  /** @internal What the end of the fiber calls. */
  ended(fiber: FiberState): void {
    this.#options.cleanup?.(fiber.context.extra?.locals?.get(this) as T)
  }

  #fiber(): FiberState {
    const { fiber } = machine
    if (fiber === null)
      throw new RoveError("ROVE_NO_FIBER", `the fiber-local "${this.name}" is used where no fiber runs`)
    return fiber
  }
}

registerLocals(FiberLocal.is)
registerEndings(FiberLocal.is)
