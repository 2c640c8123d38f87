/** Owns a fiber: a computation with an identity. Its status and who may change that are in @rove/core, status.ts. */
import type { Computation, Context, Frame } from "@rove/core"
import {
  type AGAIN,
  certain,
  type FiberInterrupted,
  type FiberStatus,
  finish,
  NEXT,
  type Owned,
  type Park,
  RETURN,
  type ResumeKind,
  THROW,
  unpark,
} from "@rove/core"
import type { Lifetime } from "./lifetime.ts"
import { type Listeners, withListener, withoutListener } from "./listeners.ts"
import type { Restricted } from "./restrictions.ts"
import type { Underway } from "./underway.ts"

export type Outcome =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "interrupted"; readonly reason: unknown }

type Listener = (outcome: Outcome) => void

/** Where fibers begin: the thread that is their home, and what their ids begin with there. */
export interface Birthplace {
  readonly thread: number
  readonly prefix: string
}

/** What few fibers have; a crowd of those that only wait is to take little memory. */
class FiberExtra {
  name: string | null = null
  inner: Computation | null = null
  pinned: string | null = null
  listeners: Listeners | null = null
  watchers: Listeners | null = null
  interrupted: FiberInterrupted | null = null
  interruptPending = false
  due: FiberInterrupted | null = null
  restricted: Restricted | null = null
  pins: Pin[] | null = null
  underway: Underway | null = null
  refusal: Refusal | null = null
}

/** It could not leave its thread: why, how often that was so, and how many slices may pass until it is tried again. */
interface Refusal {
  readonly reason: string
  readonly times: number
  slices: number
}

/** Slices after which it is tried again at the latest. */
const MOST_SLICES = 1024

/** Something that ties a fiber to its thread for a while. */
export interface Pin {
  /** Null: not any more. */
  readonly reason: string | null
  /** A slice of the fiber begins. */
  begins?(): void
}

export class FiberState implements Owned {
  /** A number is what follows the prefix of its birthplace: the text is made when somebody asks. */
  #id: string | number
  readonly #born: Birthplace
  #extra: FiberExtra | null = null
  status: FiberStatus = "unstarted"
  readonly root: Computation
  /** It may be shared with siblings: `ownContext` gives one that can be written. */
  context: Context
  /** AGAIN: with the result of the operation `resumeValue`, which is performed first. */
  resumeKind: ResumeKind | typeof AGAIN = NEXT
  resumeValue: unknown = undefined
  park: Park | null = null
  /**
   * What belongs to it and has not ended, innermost first; lifetime.ts owns that. A fiber stands for itself and its
   * `sibling`s: children of which nothing is to be known but that they are there. Of many, that is what lists them.
   */
  lifetime: Lifetime | FiberState | null = null
  sibling: FiberState | Lifetime | null = null
  /** Its neighbours in the list of those that live on its thread; that list's own. */
  older: FiberState | null = null
  newer: FiberState | null = null
  /** `name` null: that of its function. `home` alone: where the id, which is given in full, does not say. */
  constructor(
    id: string | number,
    name: string | null,
    home: Birthplace | number,
    root: Computation,
    context: Context,
  ) {
    this.#id = id
    this.#born = typeof home === "number" ? { thread: home, prefix: "" } : home
    this.root = root
    this.context = context
    if (name !== null && name !== root.of.code.name) this.more().name = name
  }
  /** Not a private name: objects would have one more word for it. */
  private more(): FiberExtra {
    this.#extra ??= new FiberExtra()
    return this.#extra
  }

  get id(): string {
    if (typeof this.#id === "number") this.#id = this.#born.prefix + this.#id
    return this.#id
  }
  /** Whether anybody has asked for the text of its id: before, it is known by that to nobody. */
  get hasText(): boolean {
    return typeof this.#id === "string"
  }
  get name(): string {
    return this.#extra?.name ?? this.root.of.code.name
  }
  /** Thread at which it was spawned. */
  get home(): number {
    return this.#born.thread
  }
  /** While stopped: the youngest frame, and its depth. The root, which runs, needs them for nothing else. */
  get top(): Frame | null {
    return this.root.top
  }
  set top(frame: Frame | null) {
    this.root.top = frame
  }
  get topDepth(): number {
    return this.root.height
  }
  set topDepth(depth: number) {
    this.root.height = depth
  }
  /**
   * Once it has ended; it is not resumed any more, and so where it would be resumed with something. Of one that returned
   * there is only the value, with the kind RETURN: most results are asked for once, by a join.
   */
  get outcome(): Outcome | null {
    if (this.status !== "done") return null
    return this.resumeKind === RETURN ? { kind: "returned", value: this.resumeValue } : (this.resumeValue as Outcome)
  }
  /** Whether it has ended with an error: this makes no outcome. */
  get hasFailed(): boolean {
    return this.status === "done" && this.resumeKind !== RETURN && (this.resumeValue as Outcome).kind === "failed"
  }
  /** While stopped, the innermost computation; null if that is the root. */
  get inner(): Computation | null {
    return this.#extra === null ? null : this.#extra.inner
  }
  set inner(inner: Computation | null) {
    if (inner !== null && inner !== this.root) this.more().inner = inner
    else if (this.#extra !== null) this.#extra.inner = null
  }
  /** Why it is tied to its thread, or could not leave it a moment ago; null if it is not known to be. */
  get pinned(): string | null {
    if (this.#extra === null) return null
    const { refusal, underway } = this.#extra
    return this.tied ?? underway?.reason ?? (refusal !== null && refusal.slices > 0 ? refusal.reason : null)
  }
  /** Why it is tied to its thread, by what somebody asked for. */
  get tied(): string | null {
    return this.#extra === null ? null : (this.#extra.pins?.at(-1)?.reason ?? this.#extra.pinned)
  }
  set pinned(reason: string | null) {
    if (reason !== null || this.#extra !== null) this.more().pinned = reason
  }
  /** It cannot leave its thread, for a reason that its next slice may end: twice as many slices pass each time until it is tried again. */
  stays(reason: string): void {
    const more = this.more()
    const times = (more.refusal?.times ?? 0) + 1
    more.refusal = { reason, times, slices: Math.min(2 ** (times - 1), MOST_SLICES) }
  }
  /** A slice begins. */
  begins(): void {
    const extra = this.#extra
    if (extra === null) return
    const { refusal, pins } = extra
    if (refusal !== null && refusal.slices > 0) refusal.slices--
    if (pins !== null) for (const pin of pins) pin.begins?.()
  }
  /** Ties it for a while; the last that did is the reason. */
  addPin(pin: Pin): void {
    const more = this.more()
    more.pins ??= []
    more.pins.push(pin)
  }
  /** In whatever order. */
  removePin(pin: Pin): void {
    const pins = this.#extra?.pins?.filter(other => other !== pin) ?? []
    if (this.#extra !== null) this.#extra.pins = pins.length === 0 ? null : pins
  }
  /** What it has sent and has yet to arrive; null if there is nothing. operations/errands.ts owns that. */
  get underway(): Underway | null {
    return this.#extra === null ? null : this.#extra.underway
  }
  set underway(underway: Underway | null) {
    this.more().underway = underway
  }
  /** Called once when it ends on this thread. */
  get listeners(): readonly Listener[] | null {
    const listeners = this.#extra?.listeners ?? null
    return listeners && [...listeners]
  }
  /** The interrupt that was asked for, whether or not it was delivered. */
  get interrupted(): FiberInterrupted | null {
    return this.#extra === null ? null : this.#extra.interrupted
  }
  set interrupted(error: FiberInterrupted | null) {
    if (error !== this.interrupted) this.more().interrupted = error
  }
  /** It is still to be thrown, as soon as that may be. */
  get interruptPending(): boolean {
    return this.#extra?.interruptPending === true
  }
  set interruptPending(pending: boolean) {
    if (pending !== this.interruptPending) this.more().interruptPending = pending
  }
  /** What it may not do at present, the innermost first; null if there is nothing. */
  get restricted(): Restricted | null {
    return this.#extra === null ? null : this.#extra.restricted
  }
  set restricted(restricted: Restricted | null) {
    if (restricted !== this.restricted) this.more().restricted = restricted
  }
  /** What is to be thrown at the next check, of the fiber or of a part of it; interruption.ts owns that. */
  get due(): FiberInterrupted | null {
    return this.#extra === null ? null : this.#extra.due
  }
  set due(error: FiberInterrupted | null) {
    if (error !== this.due) this.more().due = error
  }

  listen(listener: Listener): void {
    const more = this.more()
    more.listeners = withListener(more.listeners, listener)
  }
  unlisten(listener: Listener): void {
    const extra = this.#extra
    if (extra === null) return
    extra.listeners = withoutListener(extra.listeners, listener)
    extra.watchers = withoutListener(extra.watchers, listener)
  }
  /** As `listen`, for who wants to know that it ended, and not how. */
  watch(watcher: Listener): void {
    const more = this.more()
    more.watchers = withListener(more.watchers, watcher)
  }
  /** Tells those who wait for its end; false if nobody wants to know how it did. */
  tell(): boolean {
    const { sibling } = this
    if (sibling !== null && !(sibling instanceof FiberState)) sibling.childEnded()
    const extra = this.#extra
    if (extra === null) return false
    const outcome = this.outcome as Outcome
    const { listeners, watchers } = extra
    extra.listeners = extra.watchers = null
    if (listeners !== null) for (const listener of listeners) listener(outcome)
    if (watchers !== null) for (const watcher of watchers) watcher(outcome)
    return listeners !== null
  }
  /** Its context, as one that no other fiber has. */
  ownContext(): Context {
    this.context = this.context.owned()
    return this.context
  }
}

/** Ends a wait, by who holds its park; the caller then gives the fiber to its host. False, and nothing changes, if that wait is over. */
export function wake(fiber: FiberState, park: Park, kind: FiberState["resumeKind"], value: unknown): boolean {
  if (!unpark(fiber, park)) return false
  fiber.resumeKind = kind
  fiber.resumeValue = value
  return true
}

/** The fiber's one end: nothing of its state is kept, and those who wait for it hear. False if nobody does. */
export function settle(fiber: FiberState, outcome: Outcome): boolean {
  fiber.top = null
  fiber.inner = null
  fiber.lifetime = null
  if (outcome.kind === "returned") return settleReturned(fiber, outcome.value)
  certain(finish(fiber), "settle", fiber)
  fiber.resumeKind = NEXT
  fiber.resumeValue = outcome
  return fiber.tell()
}

/** The same for a fiber that returned, and has neither frames nor children any more. */
export function settleReturned(fiber: FiberState, value: unknown): boolean {
  certain(finish(fiber), "settle", fiber)
  fiber.resumeKind = RETURN
  fiber.resumeValue = value
  return fiber.tell()
}

/** What a join gives for an outcome: the value, or a resumption with the error. */
export function resumptionOf(outcome: Outcome): { readonly kind: ResumeKind; readonly value: unknown } {
  if (outcome.kind === "returned") return { kind: NEXT, value: outcome.value }
  return { kind: THROW, value: outcome.kind === "failed" ? outcome.error : outcome.reason }
}
