/**
 * Owns threads that join a runtime which did not make them, the main thread included: seats, which are made, taken, left and
 * deleted, each by who made it; and tokens, which do all of that and nest.
 *
 * A thread may sit in several runtimes. Ordinary code on it sees one of them, that of the last token.
 */
import { isMainThread, threadId } from "node:worker_threads"
import { RoveError, type ThreadIdentity } from "@rove/core"
import { type Host, machine } from "@rove/fibers/scheduling"
import { uniqueId } from "./builtins.ts"
import { realClock } from "./clock.ts"
import { realLoop } from "./loop.ts"
import { realWiring } from "./mailbox.ts"
import { Modules } from "./modules.ts"
import { RuntimeCells, SeatCells } from "./runtime-cells.ts"
import { admission, closed, type Runtime, type RuntimeView, viewOf } from "./runtimes.ts"
import { type Place, serve } from "./serve.ts"

/** A place for one thread in a runtime: plain data, which can be posted to that thread. */
export interface Seat {
  readonly id: string
  readonly runtime: RuntimeView
  readonly name: string | null
  readonly cells: SharedArrayBuffer
}

export interface SeatOptions {
  /** Of the thread, in logs and as `currentThread().name`. */
  readonly name?: string
}

interface Sitting {
  readonly place: Place
  /** Resolves when the runtime has let the thread go, or is gone. */
  readonly over: Promise<void>
}

/** Of this thread, by the seat's id: memory that was posted is another object. */
const sittings = new Map<string, Sitting>()

/** Makes a seat. Throws ROVE_POOL_CLOSED if the runtime is closing, or gone. */
export function createSeat(runtime: Runtime, { name }: SeatOptions = {}): Seat {
  const view = viewOf(runtime)
  if (!new RuntimeCells(view.cells).isOpen) throw closed(view)
  return { id: uniqueId(), runtime: view, name: name ?? null, cells: new SeatCells().buffer }
}

/**
 * Takes the seat: this thread runs fibers from here on. Rejects with ROVE_ATTACHMENT if the seat is another thread's, is taken, or
 * is deleted, and with ROVE_POOL_CLOSED. Whoever takes a seat leaves it with `deactivate`, then it is deleted.
 */
export async function activate(seat: Seat): Promise<ThreadIdentity> {
  const cells = new SeatCells(seat.cells)
  const owner = cells.claim(threadId + 1)
  if (owner !== threadId + 1) throw misuse(`this seat of pool ${seat.runtime.name} is that of thread ${owner - 1}`)
  if (!cells.change("inactive", "active"))
    throw misuse(`this seat of pool ${seat.runtime.name} is ${cells.state} already`)
  try {
    const start = await admission(seat.runtime, seat.name)
    const sitting = sit(start)
    sittings.set(seat.id, sitting)
    void sitting.over.then(() => {
      sittings.delete(seat.id)
      cells.change("active", "inactive")
    })
    return sitting.place.worker.thread
  } catch (error) {
    cells.change("active", "inactive")
    throw error
  }
}

function sit(start: Awaited<ReturnType<typeof admission>>): Sitting {
  const { promise, resolve } = Promise.withResolvers<void>()
  const modules = new Modules(start.register, start.hooked)
  const place = serve(start, {
    machine,
    wiring: realWiring,
    modules,
    clock: realClock,
    loop: realLoop,
    attributed() {}, // what goes wrong there is its owner's to hear of
    isMain: isMainThread,
    over: resolve,
  })
  place.mesh.whenPoolIsGone(() => {
    place.close()
    resolve()
  })
  return { place, over: promise }
}

/**
 * Leaves the seat: fibers go to other threads; those that cannot have the pool's grace to end, and are interrupted then. Resolves
 * when there is none left. Rejects with ROVE_ATTACHMENT if this thread does not sit there.
 */
export async function deactivate(seat: Seat): Promise<void> {
  const sitting = sittings.get(seat.id)
  if (sitting === undefined) throw misuse(`this thread does not sit on this seat of pool ${seat.runtime.name}`)
  sitting.place.worker.askToLeave()
  await sitting.over
}

/** Nobody can take the seat any more. Throws ROVE_ATTACHMENT if somebody sits there. */
export function deleteSeat(seat: Seat): void {
  const cells = new SeatCells(seat.cells)
  if (!cells.change("inactive", "deleted")) throw misuse(`a seat that is ${cells.state} cannot be deleted`)
}

/** Proof that this thread is attached. */
export class Attachment implements AsyncDisposable {
  /** Who this thread is in the runtime. */
  readonly thread: ThreadIdentity
  /** Null for one that lies inside another one of the same runtime. */
  readonly #seat: Seat | null
  readonly #outer: Host | null
  constructor(thread: ThreadIdentity, seat: Seat | null, outer: Host | null) {
    this.thread = thread
    this.#seat = seat
    this.#outer = outer
  }
  /** As `release`. */
  [Symbol.asyncDispose](): Promise<void> {
    return release(this)
  }
  /** @internal */
  async leave(): Promise<void> {
    machine.host = this.#outer
    if (this.#seat === null) return
    if (sittings.has(this.#seat.id)) await deactivate(this.#seat)
    deleteSeat(this.#seat)
  }
}

/** Of this thread, the last one last. */
const tokens: Attachment[] = []

/**
 * Attaches this thread to a runtime (a pool, or its view): it runs fibers between what else it does, and `currentThread()` names
 * it. Attaching again nests. Rejects with ROVE_POOL_CLOSED if the runtime is closing or gone, at any moment; it never hangs.
 */
export async function attach(runtime: Runtime, options: SeatOptions = {}): Promise<Attachment> {
  const view = viewOf(runtime)
  const present = [...sittings.values()].find(({ place }) => place.worker.thread.runtimeId === view.runtimeId)
  const seat = present === undefined ? createSeat(view, options) : null
  if (seat !== null) await activate(seat)
  const place = present?.place ?? sittings.get((seat as Seat).id)?.place
  if (place === undefined) throw closed(view)
  const token = new Attachment(place.worker.thread, seat, machine.host)
  machine.host = place.worker
  tokens.push(token)
  return token
}

/**
 * Gives back the last token of this thread, which is as it was before: the outermost one of a runtime leaves it, as `deactivate`
 * does. Rejects with ROVE_ATTACHMENT, and nothing changes, for one that is not the last, or was given back.
 */
export async function release(token: Attachment): Promise<void> {
  const at = tokens.indexOf(token)
  if (at < 0) throw misuse("this token was given back already, or is another thread's")
  if (at !== tokens.length - 1)
    throw misuse(
      `tokens are given back in the opposite order: ${tokens.length - 1 - at} that came later are still there`,
    )
  tokens.pop()
  await token.leave()
}

/**
 * Holds up the end of a runtime until it is disposed of: `using _ = guard(pool, "flush")`. Closing waits for it, within the grace, and
 * names those that were left. Throws ROVE_POOL_CLOSED if the runtime is closing, or gone.
 */
export function guard(runtime: Runtime, name = "a guard"): Disposable {
  const view = viewOf(runtime)
  const cells = new RuntimeCells(view.cells)
  const place = cells.enter(name)
  if (place === null) throw closed(view)
  let isOpen = true
  return {
    [Symbol.dispose]() {
      if (isOpen) cells.leave(place)
      isOpen = false
    },
  }
}

function misuse(what: string): RoveError {
  return new RoveError("ROVE_ATTACHMENT", what)
}
