/** Owns the errors that led to an error, as they are told. */

/** So many of them are: they may go round in a circle. */
const MOST = 4

/** The nearest first. Throws what an error throws that does not want to be looked at. */
export function causesOf(error: Error): readonly Error[] {
  const causes: Error[] = []
  for (let at = error.cause; at instanceof Error && causes.length < MOST; at = at.cause) causes.push(at)
  return causes
}
