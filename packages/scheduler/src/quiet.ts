/**
 * Owns knowing that a thread can do nothing more by itself: nothing is ready, armed, on its way or being loaded, and whatever waits
 * there waits for other fibers. Such a thread says so, once, when it has lasted; the pool then asks all of them (deadlocks.ts).
 */
import { DeadlockFinder, type FiberState, type Waits, whoWaits } from "@rove/fibers/scheduling"
import { mail, QUIET, QUIET_ASKED } from "./mail.ts"
import { type LinkCount, type Mesh, POOL } from "./mesh.ts"
import type { Modules } from "./modules.ts"

/** Milliseconds. Longer than it takes to find and break a circle of joins (circles.ts). */
const PAUSE = 2000

/** Looks that find something under way, in a row; then the next slice is waited for. */
const PATIENCE = 10

export interface QuietAnswer {
  readonly isQuiet: boolean
  readonly waits: Waits
  /** Mail from and to each other thread so far. */
  readonly links: readonly LinkCount[]
}

/** What it asks of its thread. */
export interface QuietThread {
  /** How many slices there were. */
  slices(): number
  /** Nothing is ready, and nothing of the program is armed. */
  isIdle(): boolean
  /** Something is on its way between threads, or is being loaded: it will be over soon. */
  isUnderway(): boolean
  later(pause: number, look: () => void): void
}

/** Counts what is being imported. */
export class Loading implements Pick<Modules, "load"> {
  readonly #modules: Pick<Modules, "load">
  readonly #loading = new Set<Promise<void>>()
  constructor(modules: Pick<Modules, "load">) {
    this.#modules = modules
  }
  get count(): number {
    return this.#loading.size
  }
  /** When what is being imported now is there, and who waited for that has had it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#loading)
  }
  load(modules: readonly string[]): Promise<void> | null {
    const loading = this.#modules.load(modules)
    if (loading === null) return null
    const counted = loading.finally(() => void this.#loading.delete(counted))
    this.#loading.add(counted)
    return counted
  }
}

export class Quiet {
  readonly #mesh: Mesh
  readonly #stopped: Iterable<FiberState>
  readonly #thread: QuietThread
  readonly #finder = new DeadlockFinder()
  /** Slices when it was last looked at; -1: to be looked at in any case. */
  #slices = -1
  #isArmed = false
  /** Looks in a row that found something under way. */
  #patience = 0
  /** `stopped`: the fibers that have stopped on this thread. */
  constructor(mesh: Mesh, stopped: Iterable<FiberState>, thread: QuietThread) {
    this.#mesh = mesh
    this.#stopped = stopped
    this.#thread = thread
    mesh.on(QUIET_ASKED, m => mesh.send(POOL, mail(QUIET, "", m.a, null, this.#answer())))
  }

  /** The thread goes to sleep. */
  parked(): void {
    const slices = this.#thread.slices()
    if (this.#isArmed || slices === this.#slices) return
    this.#slices = slices
    this.#isArmed = true
    this.#thread.later(PAUSE, this.#look)
  }
  /** If something ran meanwhile, the next sleep is the one that counts. */
  readonly #look = (): void => {
    this.#isArmed = false
    if (this.#thread.slices() !== this.#slices) return
    if (this.#thread.isUnderway()) {
      if (++this.#patience <= PATIENCE) this.#slices = -1
      return
    }
    this.#patience = 0
    if (this.#isQuiet()) this.#mesh.send(POOL, mail(QUIET, ""))
  }
  #isQuiet(): boolean {
    return this.#thread.isIdle() && !this.#thread.isUnderway() && this.#finder.onlyFibers(this.#stopped)
  }
  #answer(): QuietAnswer {
    const isQuiet = this.#isQuiet()
    if (!isQuiet) this.#slices = -1
    const waits = isQuiet ? whoWaits(this.#stopped) : { lines: [], more: 0 }
    return { isQuiet, waits, links: this.#mesh.counts() }
  }
}
