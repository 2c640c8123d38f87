/** Owns what the scheduler asks of the codec: fibers and values to payloads and back. A test may pass its own. */
import { decode, encode } from "@rove/core"
import type { FiberState } from "@rove/fibers/scheduling"
import { restore, save } from "@rove/fibers/scheduling"
import type { Payload } from "./mail.ts"

export interface Codec {
  encode(value: unknown): Payload
  /** The payload's modules have been imported. */
  decode(payload: Payload): unknown
  /** Throws, and changes nothing, if the fiber is not portable. */
  encodeFiber(fiber: FiberState): Payload
  decodeFiber(payload: Payload): FiberState
}

export const codec: Codec = {
  encode: value => encode(value),
  decode: payload => decode(payload.bytes, { handles: payload.handles }),
  encodeFiber: fiber => encode(save(fiber)),
  decodeFiber: payload => restore(decode(payload.bytes, { handles: payload.handles })),
}
