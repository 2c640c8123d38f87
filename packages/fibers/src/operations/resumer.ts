/** Owns resumers: what a fiber that waits has handed out so that anybody, on any thread, can have it go on, once. */
import {
  anything,
  type Fits,
  isObject,
  NEXT,
  oneOf,
  plain,
  type ResumeKind,
  RoveError,
  registerKind,
  type Suspended,
  THROW,
} from "@rove/core"
import { HomedRef, type Limit, registerHomedRef } from "../homed/ref.ts"
import { Request } from "../homed/request.ts"
import { RESUME, RESUMPTION_VERBS, type Resumption, ResumptionObject, TAKE } from "../homed/resumption.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { handOver, handOverError } from "../runtime/hand-over.ts"
import type { Host } from "../runtime/host.ts"
import { BaseOperation, type Operation } from "./operation.ts"

/** Has one fiber go on, once: the first call does, and all others say that they did not. Portable. */
export interface Resumer<in T> {
  /** The fiber's `suspend` gives a clone of the value. For fibers, on any thread. False, and nothing happens, if it goes on already. */
  with(value: T): Operation<boolean>
  /** The fiber's `suspend` throws a clone of the error. As `with`. */
  fail(error: unknown): Operation<boolean>
  /**
   * As `with`, for ordinary code of the thread where the fiber began to wait: a callback, also as it is (`emitter.once("x", resume.resolve)`).
   * Throws ROVE_NO_FIBER on other threads.
   */
  readonly resolve: (value: T) => boolean
  /** As `fail`, for ordinary code. As `resolve`. */
  readonly reject: (error: unknown) => boolean
}

interface Parts {
  readonly ref: ResumerRef
  readonly resumption: Resumption
}

/** No branch of a select: it takes effect as soon as it is performed. */
class Resume extends BaseOperation<boolean> {
  readonly #parts: Parts
  constructor(parts: Parts) {
    super()
    this.#parts = parts
  }
  static isResume(value: object): value is Resume {
    return #parts in value
  }
  static take(resume: Resume): Parts {
    return { ...resume.#parts }
  }
  perform(fiber: FiberState, host: Host): boolean | Suspended {
    const { ref, resumption } = this.#parts
    return new Request<boolean>(ref, RESUME, given(resumption)).perform(fiber, host)
  }
}

function given({ how, value }: Resumption): Resumption {
  return { how, value: how === THROW ? handOverError(value) : handOver(value) }
}

const isResumption = plain<Resumption>({ how: oneOf(NEXT, THROW), value: anything })

export class ResumerRef extends HomedRef implements Resumer<unknown> {
  static make(): ResumerRef {
    return new ResumerRef(new ResumptionObject({ decided: false, given: undefined }), null)
  }
  with(value: unknown): Operation<boolean> {
    return new Resume({ ref: this, resumption: { how: NEXT, value } })
  }
  fail(error: unknown): Operation<boolean> {
    return new Resume({ ref: this, resumption: { how: THROW, value: error } })
  }
  get resolve(): (value: unknown) => boolean {
    return value => this.#now("resolve", "with", NEXT, value)
  }
  get reject(): (error: unknown) => boolean {
    return error => this.#now("reject", "fail", THROW, error)
  }
  #now(name: string, other: string, how: ResumeKind, value: unknown): boolean {
    const object = HomedRef.here(this)
    if (object instanceof ResumptionObject && !object.gone)
      return object.attempt(RESUME, given({ how, value })) as boolean
    throw new RoveError(
      "ROVE_NO_FIBER",
      `${name} of a resumer is for ordinary code of the thread where its fiber began to wait, which this is not (or not any more): in a fiber, yield* resume.${other}(…) does it from any thread`,
    )
  }
  /** What ordinary code may do at any time. */
  override get anybody(): boolean {
    return true
  }
  override verb(operation: number): string {
    return RESUMPTION_VERBS[operation] as string
  }
  override request(operation: number, argument: unknown, limit: Limit | null): Request<unknown> {
    return new Request<unknown>(this, operation, argument, limit)
  }
  /** The wait of the fiber that is to be resumed. */
  taken(limit: Limit | null): Request<Resumption> {
    return new Request<Resumption>(this, TAKE, undefined, limit)
  }
  override takes(operation: number, argument: unknown): boolean {
    return operation === TAKE || (operation === RESUME && isResumption(argument))
  }
}

export const isResumer: Fits = registerHomedRef("rove.resumer", "resumption", ResumerRef)
registerKind<Resume, Parts>({
  name: "rove.resume",
  test: Resume.isResume,
  take: Resume.take,
  fields: { ref: isResumer, resumption: isObject },
  holds: ({ resumption }) => isResumption(resumption),
  allocate: parts => new Resume(parts as Parts),
})
