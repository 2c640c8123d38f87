"use fibers"
/** What `moved-ports.test.ts` runs. */
import { MessageChannel, type MessagePort } from "node:worker_threads"
import { type Channel, channel, type Fiber, migrateTo, type Resumable, receive, sleep, spawn, tell } from "@rove/fibers"

/** One that somebody else has by now. */
export function movedPort(): MessagePort {
  const { port1 } = new MessageChannel()
  structuredClone(port1, { transfer: [port1] })
  return port1
}

export function* returnsIt(at: number): Resumable<MessagePort> {
  yield* migrateTo(at)
  return movedPort()
}
export function* throwsIt(at: number): Resumable<never> {
  yield* migrateTo(at)
  throw Object.assign(new Error("with a port"), { port: movedPort() })
}
export function* yieldsIt(): Generator<MessagePort, string> {
  try {
    yield movedPort()
    return "sent"
  } catch (error) {
    return (error as { code: string }).code
  }
}
export function* sendsIt(to: Channel<unknown>, at: number): Resumable<string> {
  yield* migrateTo(at)
  try {
    yield* to.send(movedPort())
    return "sent"
  } catch (error) {
    return (error as { code: string }).code
  }
}
export function* takes(port: MessagePort): Resumable<void> {
  port.close()
}
export function closes(port: MessagePort): void {
  port.close()
}
function* receives(from: Channel<unknown>, at: number): Resumable<unknown> {
  yield* migrateTo(at)
  try {
    return yield* from.receive()
  } catch (error) {
    return (error as { code: string }).code
  }
}
/** The sender is at the channel's home, the receiver is not. */
export function* meets(here: number, there: number): Resumable<unknown> {
  yield* migrateTo(here)
  const way = channel<unknown>()
  const receiver = yield* spawn(receives(way, there))
  yield* sleep(30)
  yield* way.send(movedPort())
  return yield* receiver.join()
}
export function* isInterrupted(at: number): Resumable<string> {
  yield* migrateTo(at)
  try {
    yield* sleep(1e6)
    return "slept"
  } catch (error) {
    return (error as { reason: { code: string } }).reason.code
  }
}
function* fresh(): Resumable<MessagePort> {
  yield* receive()
  const { port1, port2 } = new MessageChannel()
  port2.unref()
  return port1
}
function* joinedAt(child: Fiber<MessagePort>, at: number): Resumable<string> {
  yield* migrateTo(at)
  try {
    const port = yield* child.join()
    port.close()
    return "a port"
  } catch (error) {
    return (error as { code: string }).code
  }
}
/** A port is one's only: of two that join from elsewhere one has it. */
export function* joinedTwice(here: number, one: number, other: number): Resumable<readonly string[]> {
  yield* migrateTo(here)
  const child = yield* spawn(fresh())
  const both = [yield* spawn(joinedAt(child, one)), yield* spawn(joinedAt(child, other))] as const
  yield* sleep(30)
  yield* tell(child, "end")
  const ends = [yield* both[0].join(), yield* both[1].join()]
  return ends.sort()
}
/** Something that a thread loses if it dies. */
export function* staysOn(at: number): Resumable<void> {
  yield* migrateTo(at)
  yield* sleep(1e6)
}
