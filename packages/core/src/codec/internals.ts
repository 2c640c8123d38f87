/**
 * Owns the rule that nothing in a record inherits from an object of ours: it would count as one wherever `instanceof` asks, with
 * properties of its own in the place of those that the runtime relies on.
 */
import { Closure } from "../code.ts"
import { Context, ContextExtra } from "../context/context.ts"
import { Hooks } from "../context/hooks.ts"
import { Variables } from "../context/variables.ts"
import { Frame } from "../frame.ts"
import { StoppedFiber } from "../stopped.ts"
import type { Decoder } from "./decoder.ts"
import { ownClassOf } from "./own-classes.ts"

const CLASSES = [Frame, Closure, Context, ContextExtra, Hooks, Variables, StoppedFiber]

/** Refuses a prototype that is an object of ours, or inherits from one. */
export function refuseInternal(decoder: Decoder, prototype: object): void {
  for (let i = 0; i < CLASSES.length; i++)
    if (prototype instanceof (CLASSES[i] as (typeof CLASSES)[0])) decoder.in.fail("nothing inherits from that")
  const above: object | null = Object.getPrototypeOf(prototype)
  if (above !== null && ownClassOf(above)?.open === false && ownClassOf(prototype) === undefined)
    decoder.in.fail("nothing inherits from that")
}
