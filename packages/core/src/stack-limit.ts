/** Owns setting how many frames errors note, which a program may have seen to that nobody can (`Object.freeze(Error)`). */

/** Sets it where it can be set: where not, errors are made all the same, with as many frames as the program wants. */
export function limitStacks(frames: number | undefined): void {
  try {
    Error.stackTraceLimit = frames as number
  } catch {
    // read-only
  }
}
