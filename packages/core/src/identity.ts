/**
 * Owns the identity of a thread: the half of a fiber's surroundings that never moves.
 *
 * An identity is asked for (`currentThread()`) whenever it is needed, and is never portable: kept over a wait, it would
 * name a thread on which the fiber no longer runs.
 */
export class ThreadIdentity {
  /** Unique within the runtime, never used again. */
  readonly id: number
  /** The operating system's thread id; null where it cannot be found out. */
  readonly nativeId: number | null
  readonly name: string
  /** Whether it is the process's main thread. */
  readonly isMain: boolean
  readonly runtimeId: string
  constructor(id: number, nativeId: number | null, name: string, isMain: boolean, runtimeId: string) {
    this.id = id
    this.nativeId = nativeId
    this.name = name
    this.isMain = isMain
    this.runtimeId = runtimeId
    Object.freeze(this)
  }
}
