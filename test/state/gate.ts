/** A promise of a thread, for which a fiber waits there. */
export const gate: PromiseWithResolvers<string> = Promise.withResolvers<string>()
