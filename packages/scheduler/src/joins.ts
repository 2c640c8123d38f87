/**
 * Owns joins of fibers whose home is elsewhere, at the thread that asks: the home is asked once for each fiber, however many listen. A
 * home that dies is asked again at the pool, which adopts its fibers.
 */
import { type Listeners, withListener, withoutListener } from "@rove/fibers/scheduling"
import type { Listener } from "./entries.ts"
import { END_ONLY, JOIN, mail } from "./mail.ts"
import { type Mesh, POOL } from "./mesh.ts"

/** One that nobody listens to any more is kept: its home has been asked, and answers once. */
interface Join {
  readonly id: string
  /** Where the fiber was spawned, whoever keeps what is known of it now. */
  readonly home: number
  listeners: Listeners | null
  /** To know that it ended is enough for all of them: nobody hears of its failure yet. */
  quiet: boolean
}

export class Joins {
  readonly #mesh: Pick<Mesh, "send" | "homeOfFiber">
  readonly #asked = new Map<string, Join>()
  constructor(mesh: Pick<Mesh, "send" | "homeOfFiber">) {
    this.#mesh = mesh
  }
  ask(id: string, home: number, listener: Listener, quiet: boolean): void {
    const asked = this.#asked.get(id)
    if (asked === undefined) this.#asked.set(id, { id, home, listeners: [listener], quiet })
    else {
      asked.listeners = withListener(asked.listeners, listener)
      if (quiet || !asked.quiet) return
      asked.quiet = false
    }
    this.#send(this.#mesh.homeOfFiber({ id, home }), id, quiet)
  }
  unlisten(id: string, listener: Listener): void {
    const asked = this.#asked.get(id)
    if (asked !== undefined) asked.listeners = withoutListener(asked.listeners, listener)
  }
  /** Those who know, or will know, of fibers that are listened to here. */
  homes(): Set<number> {
    return new Set([...this.#asked.values()].map(join => this.#mesh.homeOfFiber(join)))
  }
  /** The home has said how it ended: these hear it. */
  answered(id: string): Iterable<Listener> {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    return asked?.listeners ?? []
  }
  /** The thread is gone: the pool knows what became of the fibers whose home it was. */
  orphan(thread: number): void {
    for (const { id, home, quiet } of this.#asked.values()) if (home === thread) this.#send(POOL, id, quiet)
  }
  /** At the pool, which is the home of these fibers from now on. */
  inherited(thread: number): readonly (Join & { readonly listeners: Iterable<Listener> })[] {
    const joins = [...this.#asked.values()].filter(({ home }) => home === thread)
    for (const { id } of joins) this.#asked.delete(id)
    return joins.map(join => ({ ...join, listeners: join.listeners ?? [] }))
  }
  #send(to: number, id: string, quiet: boolean): void {
    this.#mesh.send(to, mail(JOIN, id, quiet ? END_ONLY : 0))
  }
}
