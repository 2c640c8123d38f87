/** Owns the tests that bytes of records are refused, or are values, whatever became of them on their way. */
import { describe, expect, test } from "vitest"
import { clone, decode, encode, RecordError } from "../../packages/core/src/index.ts"
import { everything, seen } from "./everything.ts"
import { forged } from "./forged.ts"

export const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9)

/** How often each is tried. */
export interface Rounds {
  readonly forged: number
  readonly random: number
  readonly copied: number
}

export function testHostileBytes(rounds: Rounds): void {
  describe(`hostile bytes (seed ${seed})`, () => {
    const original = new Uint8Array(encode(everything()).bytes)

    test("undamaged, they decode", () => {
      expect(decode(original)).toHaveProperty("fiber.top.caller.found")
    })

    test("every flipped bit and every missing byte is an error", () => {
      for (let at = 0; at < original.length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const bytes = original.slice()
          bytes[at] = (bytes[at] as number) ^ (1 << bit)
          expect(() => decode(bytes), `bit ${bit} of byte ${at}`).toThrow(RecordError)
        }
        expect(() => decode(original.slice(0, at)), `cut off at ${at}`).toThrow(RecordError)
        const without = Uint8Array.from([...original.subarray(0, at), ...original.subarray(at + 1)])
        expect(() => decode(without), `without byte ${at}`).toThrow(RecordError)
      }
      expect(() => decode(Uint8Array.from([...original, 0]))).toThrow(RecordError)
    })

    test("forged bytes give an error or a value, pollute nothing and call nothing", () => {
      const next = numbers(seed)
      const before = Object.getOwnPropertyNames(Object.prototype).join()
      const arrayBefore = Object.getOwnPropertyNames(Array.prototype).join()
      let values = 0
      for (let round = 0; round < rounds.forged; round++) {
        const bytes = original.slice(0, next(8) === 0 ? next(original.length + 1) : original.length)
        for (let changes = next(4); changes >= 0; changes--) {
          const at = 12 + next(Math.max(1, bytes.length - 12))
          if (at < bytes.length) bytes[at] = next(3) === 0 ? next(256) : (bytes[at] as number) ^ (1 << next(8))
        }
        if (attempt(forged(bytes)) !== null) values++
      }
      expect(values).toBeGreaterThan(rounds.forged / 300)
      expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
      expect(Object.getOwnPropertyNames(Array.prototype).join()).toBe(arrayBefore)
      expect(seen).toEqual([])
    }, 60_000)

    test("random bytes give an error or a value", () => {
      const next = numbers(seed + 1)
      for (let round = 0; round < rounds.random; round++) {
        const bytes = new Uint8Array(12 + next(60)).map(() => next(256))
        bytes.set(original.subarray(0, 4))
        new DataView(bytes.buffer).setUint32(8, 13 + next(bytes.length), true)
        attempt(forged(bytes))
      }
    })

    test("what comes out of forged bytes can be encoded and copied like any other value", { timeout: 90_000 }, () => {
      const next = numbers(seed + 2)
      for (let round = 0; round < rounds.copied; round++) {
        const bytes = original.slice()
        bytes[12 + next(bytes.length - 12)] = next(256)
        const value = attempt(forged(bytes))
        if (value === null) continue
        const once = encode(value)
        const twice = encode(decode(once.bytes))
        expect(Buffer.compare(Buffer.from(once.bytes), Buffer.from(twice.bytes)), `round ${round}`).toBe(0)
        clone(value)
      }
    })
  })
}

/** Decodes; null for a refusal of the right kind, and everything else fails the test. */
function attempt(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { limits: { bytes: 1 << 20 } })
  } catch (error) {
    if (!(error instanceof RecordError)) throw error
    expect(error.offset).toBeGreaterThanOrEqual(0)
    expect(error.message).not.toBe("")
    return null
  }
}

/** A small generator of numbers, so that a failure can be repeated. */
function numbers(from: number): (below: number) => number {
  let state = from >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
