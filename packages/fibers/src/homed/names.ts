/** Owns the names that fibers of a runtime are registered under; they live at the pool's own thread. */
import { RoveError } from "@rove/core"
import type { FiberRef } from "../operations/handle.ts"
import { type Fibers, registerProvided } from "../runtime/homed-kinds.ts"
import { Listening } from "./listening.ts"
import { HomedObject, NONE } from "./object.ts"
import { Parties } from "./parties.ts"

export const REGISTER = 0
export const UNREGISTER = 1
export const WHEREIS = 2
export const NAMES_VERBS = ["register at", "unregister at", "look up in"]

export interface Registration {
  readonly name: string
  readonly fiber: FiberRef<unknown>
}

class NamesObject extends HomedObject {
  readonly kind = "names"
  readonly #fibers: Fibers
  readonly #byName = new Map<string, Listening>()
  constructor(fibers: Fibers) {
    super()
    this.#fibers = fibers
  }
  attempt(operation: number, argument: unknown): unknown {
    if (operation === WHEREIS) return this.#byName.get(argument as string)?.fiber ?? NONE
    const { name, fiber } = argument as Registration
    if (operation === REGISTER) return this.#register(name, fiber)
    const known = this.#byName.get(name)
    if (known?.fiber.id !== fiber.id) return false
    known.stop()
    return this.#byName.delete(name)
  }
  #register(name: string, fiber: FiberRef<unknown>): void {
    const known = this.#byName.get(name)?.fiber
    if (known !== undefined)
      throw new RoveError(
        "ROVE_NAME_TAKEN",
        `fiber ${known.id} (${known.name}) is registered as "${name}": a name is free again when its fiber has ended`,
      )
    const registered = new Listening(fiber, this.#fibers)
    this.#byName.set(name, registered)
    registered.start(() => void this.#byName.delete(name), true)
  }
  /** Nobody waits for a name. */
  protected override queueOf(): Parties {
    return new Parties()
  }
  protected override readonly queues: readonly Parties[] = []
  protected override serveNext(): boolean {
    return false
  }
  /** The pool's thread does not go. */
  pack(): null {
    return null
  }
}

registerProvided("names", (_id, _home, fibers) => new NamesObject(fibers))
