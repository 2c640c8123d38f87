"use fibers"
/** Fibers whose records are larger than the rings between threads, and what they hand over. */
import { move } from "@rove/core"
import { currentThread, migrateTo, type Resumable, spawn } from "@rove/fibers"

function filled(size: number, seed: number): Uint8Array {
  return new Uint8Array(size).map((_, i) => (i * 7 + seed) & 0xff)
}
function isAsFilled(bytes: Uint8Array, seed: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== ((i * 7 + seed) & 0xff)) return false
  return true
}

/** Goes to each of the threads with so many bytes, and says how often it had all of them afterwards. */
export function* carries(size: number, seed: number, threads: readonly number[]): Resumable<number> {
  const bytes = filled(size, seed)
  let whole = 0
  for (const thread of threads) {
    yield* migrateTo(thread)
    if (isAsFilled(bytes, seed)) whole++
  }
  return whole
}

function* checks(bytes: Uint8Array, seed: number): Resumable<number> {
  let turns = 0
  for (let i = 0; i < 200_000; i++) turns += i & 1
  return isAsFilled(bytes, seed) && turns > 0 ? currentThread().id : -1
}
/** Children that each hold so many bytes; gives the threads on which they found all of them. */
export function* family(children: number, size: number): Resumable<number[]> {
  const all = []
  for (let i = 0; i < children; i++) all.push(yield* spawn(checks(filled(size, i), i)))
  const places: number[] = []
  for (const one of all) places.push(yield* one.join())
  return places
}

function* receives(buffer: ArrayBuffer, seed: number, thread: number): Resumable<ArrayBuffer> {
  yield* migrateTo(thread)
  const bytes = new Uint8Array(buffer)
  bytes.fill(isAsFilled(bytes, seed) ? 1 : 0)
  return move(buffer)
}
/** Hands a buffer to a child that goes to that thread, and gets it back; gives its length here meanwhile, and what came back. */
export function* handsOver(size: number, thread: number): Resumable<[number, number, boolean]> {
  const { buffer } = filled(size, 5)
  const child = yield* spawn(receives(move(buffer as ArrayBuffer), 5, thread))
  const meanwhile = buffer.byteLength
  const back = yield* child.join()
  return [meanwhile, back.byteLength, new Uint8Array(back).every(byte => byte === 1)]
}
