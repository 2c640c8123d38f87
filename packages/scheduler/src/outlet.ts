/**
 * Owns a thread's side of streams: what fibers yield goes to the pool, and the pool's word on how many more there may be
 * goes to the fiber that waits for it. How far a stream is moves with its fiber; nothing of it is kept here.
 */
import type { FiberState, Outlet } from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import { EMIT, EMITTED, GRANT, mail, WANT } from "./mail.ts"
import { type Mesh, POOL } from "./mesh.ts"

export class PoolOutlet implements Outlet {
  readonly #mesh: Mesh
  readonly #codec: Codec
  readonly #waiting = new Map<string, (upTo: number) => void>()
  constructor(mesh: Mesh, codec: Codec) {
    this.#mesh = mesh
    this.#codec = codec
    mesh.on(GRANT, m => {
      const granted = this.#waiting.get(m.id)
      this.#waiting.delete(m.id)
      granted?.(m.a)
    })
  }
  emit({ id }: FiberState, number: number, value: unknown, asks: boolean): void {
    this.#mesh.send(POOL, { ...mail(EMIT, id, number, this.#codec.encode(value)), b: asks ? 1 : 0 })
  }
  end({ id }: FiberState, count: number): void {
    this.#mesh.send(POOL, mail(EMITTED, id, count), "quiet")
  }
  ask({ id }: FiberState, number: number): void {
    this.#mesh.send(POOL, mail(WANT, id, number))
  }
  whenGranted({ id }: FiberState, granted: (upTo: number) => void): void {
    this.#waiting.set(id, granted)
  }
  /** It has ended, or is another thread's. */
  gone({ id }: FiberState): void {
    this.#waiting.delete(id)
  }
  get idle(): boolean {
    return this.#waiting.size === 0
  }
}
