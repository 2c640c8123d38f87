/** Owns what the scheduler asks of the codec: fibers and values to payloads and back. A test may pass its own. */
import { decodeHandedOver, type Encoded, encode } from "@rove/core"
import { type FiberState, restore, save } from "@rove/fibers/scheduling"
import type { Payload } from "./mail.ts"
import { OPERATIONS, withVersion } from "./modules.ts"

export interface Codec {
  encode(value: unknown): Payload
  /** The payload's modules have been imported. */
  decode(payload: Payload): unknown
  /** Throws, and changes nothing, if the fiber is not portable. */
  encodeFiber(fiber: FiberState): Payload
  decodeFiber(payload: Payload): FiberState
}

export const codec: Codec = {
  encode: value => payloadOf(encode(value)),
  decode: ({ bytes, handles }) => decodeHandedOver(bytes, handles),
  encodeFiber(fiber) {
    const payload = payloadOf(encode(save(fiber)))
    return payload.modules.length === 0 ? { ...payload, modules: [OPERATIONS] } : payload
  },
  decodeFiber: ({ bytes, handles }) => restore(decodeHandedOver(bytes, handles)),
}

function payloadOf({ view, handles, modules }: Encoded): Payload {
  return { bytes: view, handles, modules: modules.length === 0 ? modules : modules.map(withVersion) }
}
