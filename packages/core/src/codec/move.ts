/** Owns the wrapper that says: hand this over instead of copying it. */
export class Moved<T> {
  readonly value: T
  constructor(value: T) {
    this.value = value
  }
}

/**
 * Marks a value that its owner gives up: it is handed over without a copy, and its ArrayBuffers are transferred, so that
 * the old owner finds them detached. A graph that holds ArrayBuffers is made anew around them.
 */
export function move<T>(value: T): T {
  // whoever is given it unwraps it, so to the program it is the value
  return new Moved(value) as unknown as T
}
