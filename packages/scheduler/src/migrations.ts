/**
 * Owns fibers of this thread that somebody wants on another one: each is given away when its turn to run comes. Whoever
 * asked hears when the other thread has it, or why not; then it runs here.
 */
import { NotPortableError, RoveError } from "@rove/core"
import { type FiberState, type Host, holdUntilArrival } from "@rove/fibers/scheduling"
import type { Mesh, Peer } from "./mesh.ts"
import type { Asked } from "./steal.ts"

/**
 * Milliseconds for which a child that nobody has begun stays for the thread that it is wanted on, while that one is busy and others ask
 * for it: it is a wish, and nobody is to wait long for somebody who does not come.
 */
const PATIENCE = 5

interface Wish {
  readonly thread: number
  /** When another thread first asked for the fiber. */
  asked: number | null
  readonly told: (error: unknown) => void
}

export class Migrations {
  readonly #mesh: Mesh
  readonly #host: Pick<Host, "ready" | "parked">
  readonly #wishes = new Map<FiberState, Wish>()
  /** Given, and not yet accepted. */
  readonly #leaving = new Map<FiberState, Wish>()
  constructor(mesh: Mesh, host: Pick<Host, "ready" | "parked">) {
    this.#mesh = mesh
    this.#host = host
  }

  /** Whether there is anything to look after: asked for each slice. */
  get none(): boolean {
    return this.#wishes.size === 0 && this.#leaving.size === 0
  }

  /** Whether it is to go when its turn comes: who joins it waits, and does not run it here. */
  wants(fiber: FiberState): boolean {
    return this.#wishes.has(fiber)
  }
  /** The last wish counts; who asked before hears that. */
  want(fiber: FiberState, thread: number, told: (error: unknown) => void): void {
    if (thread === this.#mesh.id) return void told(null)
    if (!this.#mesh.workers.some(({ id }) => id === thread)) throw noThread(thread)
    this.#wishes.get(fiber)?.told(new RoveError("ROVE_NOT_PORTABLE", `fiber ${fiber.id} is wanted elsewhere since`))
    this.#wishes.set(fiber, { thread, told, asked: null })
  }
  /**
   * Its turn has come: true if it was given away by `give` instead, which says false, and pins it, where that cannot be, or if it
   * is to be when what it has sent has arrived.
   */
  divert(fiber: FiberState, give: (fiber: FiberState, peer: Peer) => boolean): boolean {
    const wish = this.#wishes.get(fiber)
    if (wish === undefined) return false
    if (holdUntilArrival(fiber, this.#host)) return true
    this.#wishes.delete(fiber)
    const peer = this.#mesh.workers.find(({ id }) => id === wish.thread)
    if (peer === undefined) wish.told(noThread(wish.thread))
    else {
      this.#leaving.set(fiber, wish)
      if (fiber.tied === null && give(fiber, peer)) return true
      this.stayed(fiber)
    }
    return false
  }
  /**
   * A thread without work asks for a fiber: "free" if it may have it; "stays" if that was not begun, and is wanted on another thread,
   * which is busy; "gone" if that one sleeps, and has it now.
   */
  asked(fiber: FiberState, thief: Peer, now: number, give: (fiber: FiberState, peer: Peer) => boolean): Asked {
    const wish = this.#wishes.get(fiber)
    if (wish === undefined || fiber.status !== "unstarted" || wish.thread === thief.id) return "free"
    const wanted = this.#mesh.workers.find(({ id }) => id === wish.thread)
    if (wanted === undefined || wanted.cells.closedHint()) return "free"
    if (wanted.cells.hungryHint()) return this.divert(fiber, give) ? "gone" : "free"
    wish.asked ??= now
    return now - wish.asked < PATIENCE ? "stays" : "free"
  }
  /** It could not go, or came back. */
  stayed(fiber: FiberState): void {
    const wish = this.#leaving.get(fiber)
    this.#leaving.delete(fiber)
    if (wish === undefined) return
    const { tied } = fiber
    const reason = tied !== null ? `it is pinned: ${tied}` : (fiber.pinned ?? `thread ${wish.thread} is gone`)
    // the refusal of an encoder has said whose it is
    const own = reason.replace(`${NotPortableError.name}: fiber ${fiber.id} › `, "")
    wish.told(new NotPortableError(`fiber ${fiber.id}`, own, fiber))
  }
  /** Another thread has it. If that is not the one it was wanted on, the pool asks again there. */
  left(fiber: FiberState): void {
    const wish = this.#leaving.get(fiber)
    this.#leaving.delete(fiber)
    this.#wishes.delete(fiber)
    wish?.told(null)
  }
  ended(fiber: FiberState): void {
    const wish = this.#wishes.get(fiber)
    this.#wishes.delete(fiber)
    wish?.told(new RoveError("ROVE_NOT_ALIVE", `fiber ${fiber.id} has ended`))
  }
}

export function noThread(thread: number): RoveError {
  return new RoveError("ROVE_NO_THREAD", `the pool has no thread ${thread}: pool.threads() names those that run`)
}
