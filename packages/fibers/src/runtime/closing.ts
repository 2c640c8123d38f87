/**
 * Owns the question whether what iterators of the language inherit closes them. It is asked without running code of the
 * program, which sees nothing but what the engine itself asks.
 */
import { getPrototypeOf, iteratorPrototype, objectPrototype } from "./intrinsics.ts"

// Imported constants are read through a cell at each use.
const iterators = iteratorPrototype
const objects = objectPrototype
const prototypeOf = getPrototypeOf

/** Whether iterators with that prototype may have something that closes them. Runs no code of the program. */
export function mayClose(prototype: object): boolean {
  return prototypeOf(prototype) !== iterators || prototypeOf(iterators) !== objects || "return" in prototype
}
