/**
 * Owns noticing, for the pool, that no fiber of any thread will ever run again unless ordinary code sees to it.
 *
 * A thread says when it can do nothing more by itself (quiet.ts). When all have, the pool asks each once more, and each answers with
 * how much mail it sent to and read from every other. If all are quiet, and what each has sent to another was read by that one before
 * its answer, nothing is going on: the first thread to do something after its answer would have done it because of mail; its sender
 * sent that before its own answer (then the numbers differ) or after (then it was not the first).
 */
import type { RoveError } from "@rove/core"
import { deadlockOf, type Waits } from "@rove/fibers/scheduling"
import { type Alarm, idleAlarm } from "./loop.ts"
import { mail, QUIET, QUIET_ASKED } from "./mail.ts"
import { type LinkCount, type Mesh, POOL } from "./mesh.ts"
import type { QuietAnswer } from "./quiet.ts"

/** Milliseconds until mail that was under way is asked for again, and how often. */
const AGAIN = 100
const ATTEMPTS = 20

export class Deadlocks {
  readonly #mesh: Mesh
  readonly #threads: () => readonly { readonly id: number }[]
  readonly #tell: (error: RoveError) => void
  /** Threads that have said that they are quiet. */
  readonly #quiet = new Set<number>()
  #round = 0
  /** Of this round; null while nobody is asked. */
  #answers: Map<number, QuietAnswer> | null = null
  #attempts = 0
  readonly #alarm: Alarm
  /** `threads`: those that live. */
  constructor(
    mesh: Mesh,
    threads: () => readonly { readonly id: number }[],
    tell: (error: RoveError) => void,
    alarm: Alarm = idleAlarm,
  ) {
    this.#mesh = mesh
    this.#alarm = alarm
    this.#threads = threads
    this.#tell = tell
    mesh.on(QUIET, (m, from) => {
      if (m.a === 0) this.#said(from.id)
      else this.#answered(m.a, from.id, m.object as QuietAnswer)
    })
  }
  /** The thread is gone: the others are asked anew, when they have heard of that. */
  lost(thread: number): void {
    this.#quiet.delete(thread)
    this.#answers = null
    this.#later()
  }

  #said(thread: number): void {
    this.#quiet.add(thread)
    this.#attempts = 0
    this.#ask()
  }
  #ask(): void {
    const threads = this.#threads()
    if (this.#answers !== null || threads.length === 0 || !threads.every(({ id }) => this.#quiet.has(id))) return
    this.#answers = new Map()
    this.#round++
    for (const { id } of threads) this.#mesh.send(id, mail(QUIET_ASKED, "", this.#round))
  }
  #answered(round: number, thread: number, answer: QuietAnswer): void {
    const answers = this.#answers
    if (answers === null || round !== this.#round) return
    answers.set(thread, answer)
    if (!answer.isQuiet) this.#quiet.delete(thread)
    if (!this.#threads().every(({ id }) => answers.has(id))) return
    this.#answers = null
    if ([...answers.values()].some(({ isQuiet }) => !isQuiet)) return // it will say so again
    if (!isRead(answers, this.#mesh.counts())) return void this.#later()
    const waits = together([...answers.values()].map(({ waits }) => waits))
    if (waits.lines.length > 0) this.#tell(deadlockOf(waits))
  }
  #later(): void {
    if (++this.#attempts <= ATTEMPTS) this.#alarm(AGAIN, () => this.#ask())
  }
}

/** Whether all mail between these threads was read, and all that the pool has sent until now: that to it was, before the answers. */
function isRead(answers: ReadonlyMap<number, QuietAnswer>, own: readonly LinkCount[]): boolean {
  const read = (by: number, from: number) => answers.get(by)?.links.find(({ peer }) => peer === from)?.read
  for (const [from, { links }] of answers)
    for (const { peer, sent } of links) if (peer !== POOL && read(peer, from) !== sent) return false
  return own.every(({ peer, sent }) => read(peer, POOL) === sent)
}

function together(parts: readonly Waits[]): Waits {
  return { lines: parts.flatMap(({ lines }) => lines), more: parts.reduce((sum, { more }) => sum + more, 0) }
}
