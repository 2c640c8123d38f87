/** Owns warnings where nobody takes reports. */

/** Of the process, where there is one; elsewhere the console of the realm has to do. */
export function warn(message: string, type: string): void {
  const { process: owner } = globalThis as { process?: { emitWarning?(text: string, options: object): void } }
  if (owner?.emitWarning === undefined) console.warn(message)
  else owner.emitWarning(message, { type })
}
