"use fibers"
/** What `effect.test.ts` runs. */
import { type Resumable, sleep } from "@rove/fibers"

export class NotFound extends Error {
  readonly _tag = "NotFound"
  readonly path: string
  constructor(path: string) {
    super(`${path} is not there`)
    this.path = path
  }
}

export function* find(path: string): Resumable<number> {
  yield* sleep(1)
  if (path === "") throw new TypeError("no path")
  if (path.startsWith("/no")) throw new NotFound(path)
  return path.length
}
export function* cleansUp(cleaned: SharedArrayBuffer): Resumable<void> {
  try {
    yield* sleep(60_000)
  } finally {
    yield* sleep(10)
    new Int32Array(cleaned)[0] = 1
  }
}
export function* dies(): Resumable<never> {
  yield* sleep(1)
  process.exit(3)
}
export function* counts(cleaned: SharedArrayBuffer): Resumable<void, number> {
  try {
    for (let i = 0; ; i++) {
      if (i === 20) throw new NotFound("/20")
      yield i
    }
  } finally {
    new Int32Array(cleaned)[0] = 1
  }
}
export function double(n: number): number {
  return 2 * n
}
