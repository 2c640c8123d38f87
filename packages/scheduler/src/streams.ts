/**
 * Owns the pool's side of streams: values that fibers yield, in the order in which they were yielded (a fiber that moves
 * sends them from several threads), as many ahead of the consumer as were asked for.
 */
import { type FiberRecord, type FrameView, RoveError } from "@rove/core"
import {
  type FiberHandle,
  type FiberReport,
  type FiberState,
  type ResumeOptions,
  type RunOptions,
  show,
  streamsOn,
} from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import type { Launcher } from "./launch.ts"
import { EMIT, EMITTED, GRANT, mail, type Payload, WANT } from "./mail.ts"
import type { Mesh } from "./mesh.ts"
import type { Modules } from "./modules.ts"

/** Where nobody takes what is yielded, there is always room. */
const ENDLESS = 0x7fffffff

/** Values that a fiber may be ahead of whoever takes them, unless `buffer` says another number. */
const AHEAD = 64

interface Buffered {
  /** Values that the fiber may be ahead of whoever takes them, 1 to 65536; 64 by default. */
  readonly buffer?: number
}
export interface StreamOptions extends RunOptions, Buffered {}
export interface ResumeStreamOptions extends ResumeOptions, Buffered {}

/** Throws ROVE_INVALID_ARGUMENT for a buffer that is none; the other options are checked where fibers are started. */
export function splitStreamOptions<O extends Buffered>(
  options: O,
  where: string,
): Omit<O, "buffer"> & { readonly buffer: number } {
  const { buffer = AHEAD } = options
  if (!Number.isInteger(buffer) || buffer < 1 || buffer > 65_536)
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `${where} takes a whole number from 1 to 65536 as buffer, not ${show(buffer)}`,
    )
  return { ...options, buffer }
}

/** What goes on with fibers. */
type Resuming = Pick<Launcher, "resume">

class Source {
  readonly room: number
  readonly values = new Map<number, Payload>()
  taken: number
  /** How many there are in all, once that is known. */
  count: number | null = null
  /** The thread whose fiber waits for an answer, and the number of the value that it sent last. */
  asking: { readonly thread: number; readonly number: number } | null = null
  /** The fiber has ended: nothing comes but what is on its way. */
  over = false
  wake: () => void = () => {}
  /** `begun`: values that somebody else has had. */
  constructor(room: number, begun: number) {
    this.room = room
    this.taken = begun
  }
  /** Nobody wants any more. */
  closed = false
  /** Whether the next value is here, or can still come. */
  get state(): "here" | "coming" | "over" {
    if (this.closed) return "over"
    if (this.values.has(this.taken)) return "here"
    if (!this.over) return "coming"
    return this.count !== null && this.taken < this.count ? "coming" : "over"
  }
}

export class Streams {
  readonly #mesh: Mesh
  readonly #codec: Codec
  readonly #modules: Modules
  readonly #sources = new Map<string, Source>()
  constructor(mesh: Mesh, codec: Codec, modules: Modules) {
    this.#mesh = mesh
    this.#codec = codec
    this.#modules = modules
    mesh.on(EMIT, (m, from) => {
      const source = this.#sources.get(m.id)
      source?.values.set(m.a, m.payload as Payload)
      if (m.b === 1) this.#asked(m.id, source, from.id, m.a)
      source?.wake()
    })
    mesh.on(WANT, (m, from) => this.#asked(m.id, this.#sources.get(m.id), from.id, m.a))
    mesh.on(EMITTED, m => {
      const source = this.#sources.get(m.id)
      if (source === undefined) return
      source.count = m.a
      source.wake()
    })
  }

  /** The values of a fiber that goes on, from where it stopped. */
  resume<Y, R>(record: FiberRecord<R>, options: ResumeStreamOptions, launcher: Resuming): FiberStream<Y, R> {
    const where = "pool.resumeStream"
    const { buffer, ...resume } = splitStreamOptions(options, where)
    let begun = 0
    const handle = launcher.resume(record, resume, where, fiber => {
      begun = streamsOn(fiber, buffer) ?? refuse(where, fiber)
    })
    return this.open<Y, R>(handle, buffer, begun)
  }
  /** The values of that fiber, which has just been submitted; `begun` of them were somebody else's. */
  open<Y, R>(handle: FiberHandle<R>, room: number, begun = 0): FiberStream<Y, R> {
    const source = new Source(room, begun)
    this.#sources.set(handle.id, source)
    const over = (): void => {
      source.over = true
      source.wake()
    }
    handle.then(over, over)
    return new FiberStream<Y, R>(
      handle,
      () => this.#next(handle.id, source) as Promise<{ value: Y } | null>,
      () => {
        // it may be back, and somebody else reads it
        if (this.#sources.get(handle.id) === source) this.#sources.delete(handle.id)
        source.closed = true
        source.wake()
      },
    )
  }

  /** The next value; null if there is none left. */
  async #next(id: string, source: Source): Promise<{ value: unknown } | null> {
    while (source.state === "coming") await new Promise<void>(resolve => (source.wake = resolve))
    const payload = source.values.get(source.taken)
    if (source.closed || payload === undefined) return null
    source.values.delete(source.taken++)
    this.#answer(id, source)
    await this.#modules.load(payload.modules)
    return { value: this.#codec.decode(payload) }
  }
  #asked(id: string, source: Source | undefined, thread: number, number: number): void {
    if (source === undefined) return void this.#mesh.send(thread, mail(GRANT, id, ENDLESS))
    source.asking = { thread, number }
    this.#answer(id, source)
  }
  /** Not before half of the room is there again: each answer is worth a batch. */
  #answer(id: string, source: Source): void {
    const { asking, taken, room } = source
    if (asking === null || asking.number + 1 - taken > room / 2) return
    source.asking = null
    this.#mesh.send(asking.thread, mail(GRANT, id, taken + room))
  }
}

function refuse(where: string, { name }: FiberState): never {
  const what = `takes the record of a fiber that pool.stream started, and ${name} was started otherwise: what that yields goes nowhere. pool.resume goes on with it`
  throw new RoveError("ROVE_INVALID_ARGUMENT", `${where} ${what}`)
}

/** What a fiber yields, as ordinary code takes it; in the end its result is the iterator's. */
export class FiberStream<out Y, out R> implements AsyncIterableIterator<Y, R, undefined>, AsyncDisposable {
  readonly id: string
  readonly name: string
  readonly #handle: FiberHandle<R>
  readonly #take: () => Promise<{ value: Y } | null>
  readonly #close: () => void
  /** Calls are answered in the order in which they were made. */
  #last: Promise<unknown> = Promise.resolve()
  #closed = false
  constructor(handle: FiberHandle<R>, take: () => Promise<{ value: Y } | null>, close: () => void) {
    this.id = handle.id
    this.name = handle.name
    this.#handle = handle
    this.#take = take
    this.#close = close
    handle.catch(() => {}) // heard by whoever asks for the next value
  }
  /** The next value, or the fiber's result. Rejects as the handle of `run` does, once all values were taken. */
  next(): Promise<IteratorResult<Y, R>> {
    const result = this.#last.then(() => this.#advance())
    this.#last = result.catch(() => {})
    return result
  }
  async #advance(): Promise<IteratorResult<Y, R>> {
    if (this.#closed) return { value: undefined as R, done: true }
    const taken = await this.#take()
    if (taken !== null) return { value: taken.value, done: false }
    this.#closed = true
    this.#close()
    return { value: await this.#handle, done: true }
  }
  /** Interrupts the fiber and waits for its end; what it yielded and nobody took is dropped. */
  async return(value?: R | PromiseLike<R>): Promise<IteratorResult<Y, R>> {
    await this.interrupt("nobody takes what its stream gives")
    return { value: (await value) as R, done: true }
  }
  /** As `handle.interrupt`; the stream is over. */
  async interrupt(reason?: unknown): Promise<void> {
    this.#closed = true
    this.#close()
    await this.#handle.interrupt(reason)
  }
  /** As `handle.record`, for `pool.resumeStream`: whoever reads here gets what it had yielded, then ROVE_RECORDED. */
  record(): Promise<FiberRecord<R>> {
    return this.#handle.record()
  }
  /** As `handle.status`. */
  status(): Promise<Omit<FiberReport, "frames">> {
    return this.#handle.status()
  }
  /** As `handle.stack`; while the fiber waits for who reads, it stands at its yield. */
  stack(): Promise<readonly FrameView[]> {
    return this.#handle.stack()
  }
  [Symbol.asyncIterator](): this {
    return this
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.interrupt("its stream was disposed")
  }
}
