/** What a thread of these tests has of its own, beside Rove. */

/** For which a fiber waits there. */
export const gate: PromiseWithResolvers<string> = Promise.withResolvers<string>()
/** Has an entry for each call that the thread was asked for and has made. */
export const calledOn: string[] = []
