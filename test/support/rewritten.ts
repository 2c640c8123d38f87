/** Owns encoding a value with one of its parts replaced by another, wherever it lies: as a forger who has the format would. */
import { encode } from "@rove/core"
import { Encoder } from "../../packages/core/src/codec/encoder.ts"

type Replace = (part: unknown) => unknown

const state = {
  at: 0,
  wanted: -1,
  replace: ((part: unknown) => part) as Replace,
  inside: false,
  seen: null as unknown[] | null,
}
const { value, number, frame, own, closure } = Encoder.prototype

/** The parts that a record is written from, one after another, in the order of its bytes. */
function part(given: unknown, write: (part: unknown) => void): void {
  state.seen?.push(given)
  write(state.at++ === state.wanted ? state.replace(given) : given)
}

function patched<T>(run: () => T): T {
  const patches: Partial<Encoder> = {
    value(this: Encoder, given) {
      part(given, it => {
        state.inside = typeof it === "number"
        value.call(this, it)
      })
    },
    number(this: Encoder, given) {
      if (!state.inside)
        return part(given, it => (typeof it === "number" ? number.call(this, it) : value.call(this, it)))
      state.inside = false
      number.call(this, given)
    },
    frame(this: Encoder, given) {
      part(given, it => (it === given ? frame.call(this, given) : value.call(this, it)))
    },
    own(this: Encoder, given, row) {
      part(given, it => (it === given ? own.call(this, given, row) : value.call(this, it)))
    },
    closure(this: Encoder, given) {
      part(given, it => (it === given ? closure.call(this, given) : value.call(this, it)))
    },
  }
  Object.assign(Encoder.prototype, patches)
  try {
    return run()
  } finally {
    Object.assign(Encoder.prototype, { value, number, frame, own, closure })
  }
}

/** All parts of a value, as they are written. */
export function partsOf(root: unknown): readonly unknown[] {
  const seen: unknown[] = []
  Object.assign(state, { at: 0, wanted: -1, seen, inside: false })
  patched(() => encode(root))
  state.seen = null
  return seen
}

/** The bytes of the value with part number `at` replaced. Throws if what takes its place cannot be encoded. */
export function rewritten(root: unknown, at: number, replace: Replace): Uint8Array {
  Object.assign(state, { at: 0, wanted: at, replace, inside: false })
  return new Uint8Array(patched(() => encode(root)).bytes)
}
