/** Owns the kinds of mail between threads of a pool, and what each carries. */

import type { ErrorCode } from "@rove/core"

/** A value on its way: bytes of the codec, what bytes cannot carry, and the modules that must be imported before decoding. */
export interface Payload {
  readonly bytes: Uint8Array
  readonly handles: readonly unknown[]
  /** As `withVersion` writes them. */
  readonly modules: readonly string[]
}

/**
 * A fiber's record: `id`, `a` hops so far, `b` number of its function between these two (0: none), payload; or none, and
 * text = its arguments, in short. `b` inverted (~): its address became known elsewhere, away from its home. Answered by ACCEPT or
 * REFUSE, except for submissions: they are started or refused.
 */
export const TRANSFER = 1
/** The thief has the fiber and will run it: `id`, `a` hops. */
export const ACCEPT = 2
/** The thief cannot take it: `id`, `a` hops, object = Refusal. */
export const REFUSE = 3
export interface Refusal {
  readonly text: string
  /** Of an error of ours. */
  readonly code: ErrorCode | null
  /** There is nothing wrong with the fiber: the thread goes, or its sender wants it back, and its modules are not here yet. */
  readonly leaves?: true
}
/** To the home: the fiber is at the sender now: `id`, `a` hops. */
export const PLACE = 4
/** To the pool: a submission begins to run, or is here and goes on, since it was a record: `id`. */
export const STARTED = 5
/**
 * To the home: the fiber ended: `id`, `a` says how one heard of it, payload = outcome; or none, and text = the value that it
 * returned, in short.
 */
export const DONE = 6
export const ENDED = 0
export const WAS_INTERRUPTED = 1
/** By the home itself, which is about to leave. */
export const HANDED_OVER = 2
/** In `a`, beside the above: its address became known elsewhere, away from its home. */
export const SHARED = 4
/** To the home: tell me when it is done: `id`, `a` END_ONLY: how it ends is of no interest. */
export const JOIN = 7
export const END_ONLY = 1
/** From the home: it is done: `id`, payload or text as of DONE. */
export const JOINED = 8
/** To the home, then, with `a` hops, to the place: interrupt it: `id`, payload = reason. Answered by INTERRUPTED, the same way back. */
export const INTERRUPT = 9
/** From the pool: a thread is gone: `a` = its id. */
export const LOST = 10
/** To everyone: I have read all that the lost thread `a` ever sent; what I had to say about it lies before this mail. */
export const FLUSHED = 11
/** From the pool: a new thread: object = PeerStart. */
export const PEER = 12
/** From the pool: this thread is to have no more fibers: `a` says how. Answered by EMPTY. */
export const STOP = 13
/** They end by themselves. */
export const DRAIN = 0
/** They are interrupted. */
export const INTERRUPT_ALL = 1
/** They go to other threads; those that cannot end here. */
export const LEAVE = 2
/**
 * They become records, each of which is RECORDED, and end with RECORDED_ALL. Answered by IS_RECORDED when all that can be are, but for
 * those that wait for the end of others.
 */
export const RECORD_ALL = 3
/** All threads have made records of all that they can. */
export const RECORDED_ALL = 4
/** All threads have made records of what they can, so nothing ends any more: each is to hear of what has ended. Answered by IS_RECORDED. */
export const HEAR_ENDS = 6
/** All have: those who wait for ends become records too. Answered by IS_RECORDED. */
export const RECORD_JOINS = 7
/** As LEAVE, and the time is over: what has not gone when its turn comes is interrupted. */
export const EVICT = 5
/** To the pool: this worker runs; text: why it has no processor of its own, if it was to have one. */
export const READY = 14
/** To the pool: an error that nobody handled: `id` = fiber or "", `a` = REJECTION, UNHEARD, HELD or IGNORES, text. */
export const REPORT = 15
export const REJECTION = 0
export const UNHEARD = 1
/** Code held the thread for long. */
export const HELD = 2
/** A fiber had its interrupt and goes on. */
export const IGNORES = 3
/** To the fiber's place: `id`, `a` = number of the request, object = FiberQuestion. */
export const ASK = 16
/** From there: `id`, `a` = that number, payload = a record, or object = what else there is to say. */
export const ASKED = 17
/** To the pool, which is closing: `a` says what is left here. */
export const EMPTY = 18
/** Something has come after all. */
export const NOT_EMPTY = 0
export const IS_EMPTY = 1
/** Whatever can be a record at once is one; those who wait for it have not heard of that. */
export const IS_RECORDED = 2
/** From the pool: end now, nothing is left anywhere. */
export const END = 19
/** To a thread: throw this in what runs there: `id` of the question, payload = error. Answered by ANSWER. */
export const RAISE = 20
/** To a thread: call this: `id` of the question, payload = function and arguments. Answered by ANSWER. */
export const CALL = 21
/** What became of it: `id` of the question, text; or a Refusal of what cannot be opened there. */
export const ANSWER = 22
/** To the pool: a fiber yields: `id`, `a` = number of the value, `b` 1: how many may there be?, payload = the value. */
export const EMIT = 23
/** To the pool: that was all: `id`, `a` = how many. */
export const EMITTED = 24
/** To the pool: `id`, `a` = number of the last value: how many may there be? */
export const WANT = 25
/** From the pool: `id`, `a` = so many values. */
export const GRANT = 26

/** What became of it: `id` of the fiber, `a` = place in DELIVERIES, `b` = hops of the fiber that has it, to its home. */
export const INTERRUPTED = 27
/** To the pool, which is closing: `id`, payload = its record. */
export const RECORDED = 33
/** To the pool: the fiber `id` has made a record of itself, and goes on. */
export const COPIED = 34
/** From the pool: the submission `id` of `a` hops is to be interrupted: if it waits for its modules it comes back, by REFUSE. */
export const GIVE_BACK = 36
/** From the pool, which is closing, to the home of `id`: its record has come. Should its thread die now, it is not lost. */
export const IS_RECORD = 35
/** To the pool: a thread that it did not make wants to go. */
export const LEAVING = 29
/** From the pool: thread `a` is about to go: its home is the pool now. Answered to that thread, by BYE. */
export const LEFT = 30
export const BYE = 31
/** From the pool: go when everyone has said goodbye: object = ids of threads. */
export const FINAL = 32

/** To an object's home: `id` of the object, `a` = number of the request (below 0: no answer is wanted), `b` = operation and flags, payload = argument. */
export const REQUEST = 40
/** From there: `a` = that number, `b` = kind of the reply, payload = value or error. */
export const REPLY = 41
/** To an object's home: `a` = number of a request that is wanted no more. If it has not been replied to, it is WITHDRAWN. */
export const WITHDRAW = 42
/** From there: `a` = that number: nothing has come of it, and nothing will. */
export const WITHDRAWN = 43
/** From a home that goes: `a` = number of a request that nothing has come of: the pool has the object. */
export const ELSEWHERE = 44
/** To the pool, from a home that goes: an object: `id`, payload = its kind and what it is made of. */
export const ADOPT = 45

/** In `b` of REQUEST: who asks does not wait; who asks waits for something else too: the number of its choice follows the id, behind a space. */
export const IMPATIENT = 64
export const CHOOSY = 128
/** From an object's home: `a` = number of a request: keep your choice for this until you hear more. Answered by CHOSEN. */
export const HOLD = 50
/** To an object's home: `a` = number of the request, `b` 1: it may be served (has what was offered); 0: something else was chosen. */
export const CHOSEN = 51
/** From an object's home: `a` = number of a request that was held: nothing came of it so far. */
export const RELEASE = 52
/** From an object's home: `a` = number of a request, `b` = kind of the reply, payload: take this, unless something else was chosen. Answered by CHOSEN. */
export const OFFER = 53

/** To a fiber's home, then to its place: whom does it wait for? `id`, object = Probe. */
export const PROBE = 28

/** To the pool: `a` 0: this thread can do nothing more by itself; else the answer to that question, object = QuietAnswer. */
export const QUIET = 46
/** From the pool: is that so? `a` = number of the question. */
export const QUIET_ASKED = 47

/** To the pool: this thread is busy, and wants ticks. */
export const BUSY = 48

/** To anyone: `a` = number of the question. Answered at once. */
export const CATCH_UP = 49
/** `a` = that number: all that was sent to who asks lies before this mail. */
export const CAUGHT_UP = 54

export interface Mail {
  readonly kind: number
  readonly id: string
  readonly a: number
  readonly b: number
  readonly payload: Payload | null
  /** Anything that can be cloned: goes by the port. */
  readonly object: unknown
  /** In place of a payload. */
  readonly text: string
}

export function mail(
  kind: number,
  id: string,
  a = 0,
  payload: Payload | null = null,
  object: unknown = undefined,
  b = 0,
): Mail {
  return { kind, id, a, b, payload, object, text: "" }
}
/** Mail that has a text in place of a payload. */
export function brief(kind: number, id: string, a: number, b: number, text: string): Mail {
  return { kind, id, a, b, payload: null, object: undefined, text }
}
