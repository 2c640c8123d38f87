/** Owns the way from who was asked to who asked: one answer to each question, and the wait for it. */
import { anything, type Fits, isText, NEXT, oneOf, plain, type ResumeKind, THROW } from "@rove/core"
import { AnswerObject } from "../homed/answer.ts"
import { HomedRef, type Limit, registerHomedRef } from "../homed/ref.ts"
import { Request } from "../homed/request.ts"
import { ABANDON, RESUME, RESUMPTION_VERBS, type Resumption, TAKE } from "../homed/resumption.ts"
import { handOver, handOverError } from "../runtime/hand-over.ts"
import type { Host } from "../runtime/host.ts"
import type { FiberRef } from "./handle.ts"

/** The argument says whose answer it is, for those who wonder what the fiber waits for. */
class Await extends Request<Resumption> {
  override get reason(): string {
    return `answer from ${this.argument}`
  }
}

class Give extends Request<boolean> {
  override given(): Resumption {
    const { how, value } = this.argument as Resumption
    return { how, value: how === THROW ? handOverError(value) : handOver(value) }
  }
}

const isResumption = plain<Resumption>({ how: oneOf(NEXT, THROW), value: anything })

export class AnswerRef extends HomedRef {
  /** Of a question to that fiber, which this one is about to ask. */
  static to(asked: FiberRef<unknown>, host: Host): AnswerRef {
    const ref = new AnswerRef(new AnswerObject({ decided: false, given: undefined, asked }, host), null)
    HomedRef.at(ref, host) // this is its home
    return ref
  }
  awaited(asked: string, limit: Limit | null): Request<Resumption> {
    return new Await(this, TAKE, asked, limit)
  }
  given(how: ResumeKind, value: unknown): Request<boolean> {
    return new Give(this, RESUME, { how, value })
  }
  abandoned(): Request<boolean> {
    return new Request<boolean>(this, ABANDON, undefined)
  }
  override verb(operation: number): string {
    return RESUMPTION_VERBS[operation] as string
  }
  override request(operation: number, argument: unknown, limit: Limit | null): Request<unknown> {
    if (operation === TAKE) return new Await(this, operation, argument, limit)
    if (operation === RESUME) return new Give(this, operation, argument, limit)
    return new Request<unknown>(this, operation, argument, limit)
  }
  override takes(operation: number, argument: unknown): boolean {
    if (operation === TAKE) return isText(argument)
    return operation === RESUME ? isResumption(argument) : operation === ABANDON && argument === undefined
  }
}

export const isAnswer: Fits = registerHomedRef("rove.answer", "answer", AnswerRef)
