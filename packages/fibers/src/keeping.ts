/** Owns how values of context variables are kept: as a frozen clone, or as the variable's policy has it. */
import { Binding, CODED, DROPPED, FRESH, HELD, RoveError, SHARED, type VariableKey } from "@rove/core"
import { freezeDeep } from "./freeze.ts"
import { handOver, isPlain } from "./runtime/hand-over.ts"

/** Turns values into portable state and back. Both are called at any time, also more often than once. */
export interface VariableCodec<T> {
  encode(value: T): unknown
  decode(state: never): T
}

/**
 * clone: the value is cloned and frozen when it is set. drop: it stays as it is, in this fiber, as long as that stays on
 * its thread; children do not have it. refuse: it stays as it is, and pins its fiber and the children that inherit it.
 * A codec: its state is kept, and each `get` makes a value of it.
 */
export type Transfer<T> = "clone" | "drop" | "refuse" | VariableCodec<T>

export function bindingOf<T>(key: VariableKey, name: string, value: T, transfer: Transfer<T>): Binding {
  if (transfer === "drop") return new Binding(key, value, DROPPED)
  if (transfer === "refuse") return new Binding(key, value, HELD)
  if (transfer !== "clone") return new Binding(key, ownOf(name, transfer.encode(value)), CODED)
  const own = ownOf(name, value)
  return new Binding(key, own, isShared(own) ? SHARED : FRESH)
}

/** What reading a value gives that cannot simply be given out. */
export function valueIn<T>({ value, keeping }: Binding, transfer: Transfer<T>): unknown {
  // coded is what the same variable's `encode` gave
  if (keeping === CODED && typeof transfer === "object") return transfer.decode(handOver(value) as never)
  return keeping === FRESH ? handOver(value) : value
}

/** Whether a value can be given to everyone: nobody can change it. */
function isShared(value: unknown): boolean {
  return isPlain(value) || handOver(value) === value
}

function ownOf<T>(name: string, value: T): T {
  try {
    return freezeDeep(handOver(value))
  } catch (refusal) {
    // without the refusal as cause: it holds the culprit, and so could not itself be handed to a joiner
    const why = refusal instanceof Error ? refusal.message : String(refusal)
    throw new RoveError("ROVE_NOT_PORTABLE", `a value for the context variable "${name}" cannot be cloned: ${why}`)
  }
}
