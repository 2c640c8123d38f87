/**
 * Owns how threads that a pool did not make find it: a view of the pool is plain data, can be posted to any thread of the process,
 * and leads to the thread of the pool. That one has a door, where somebody knocks with one end of a channel and is answered
 * through it. A door that is not there any more closes the channel.
 */
import { MessageChannel, type MessagePort, threadId } from "node:worker_threads"
import { RoveError } from "@rove/core"
import { knock, realWiring } from "./mailbox.ts"
import { RuntimeCells } from "./runtime-cells.ts"
import type { WorkerStart } from "./start.ts"

/** A pool as others see it: plain data. */
export interface RuntimeView {
  readonly runtimeId: string
  readonly name: string
  /** Of Node: where the pool is. */
  readonly thread: number
  readonly cells: SharedArrayBuffer
}

/** Anything that has a view, or is one. */
export type Runtime = RuntimeView | { readonly view: RuntimeView }

interface Knock {
  readonly rove: string
  readonly name: string | null
  readonly port: MessagePort
}

/** What is said through the channel. */
type Reply = WorkerStart | { readonly refusal: string }

type Door = (name: string | null) => WorkerStart

/** Doors of the pools of this thread. */
const doors = new Map<string, Door>()

export function openDoor(runtimeId: string, door: Door): void {
  if (doors.size === 0) process.on("workerMessage", answerKnock)
  doors.set(runtimeId, door)
}
export function closeDoor(runtimeId: string): void {
  doors.delete(runtimeId)
  if (doors.size === 0) process.off("workerMessage", answerKnock)
}

function isKnock(message: unknown): message is Knock {
  return typeof message === "object" && message !== null && "rove" in message && "port" in message
}

function answerKnock(message: unknown): void {
  if (isKnock(message)) answer(message)
}
function answer({ rove, name, port }: Knock): void {
  const channel = realWiring.port(port)
  const reply = doorstep(rove, name)
  if (reply === null) channel.close()
  else channel.post({ payload: null, object: reply })
}
/** Null if there is no such door. */
function doorstep(runtimeId: string, name: string | null): Reply | null {
  try {
    return doors.get(runtimeId)?.(name) ?? null
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) }
  }
}

/** How this thread can connect to the runtime. Rejects with ROVE_POOL_CLOSED if that is closing, or gone. */
export async function admission(view: RuntimeView, name: string | null): Promise<WorkerStart> {
  if (!new RuntimeCells(view.cells).isOpen) throw closed(view)
  if (view.thread === threadId) return taken(view, doorstep(view.runtimeId, name))
  const { port1, port2 } = new MessageChannel()
  const channel = realWiring.port(port1)
  const reply = new Promise<Reply | null>(resolve => {
    channel.whenClosed(() => resolve(null))
    channel.listen(message => resolve((message as { object: Reply }).object))
  })
  try {
    await knock(view.thread, { rove: view.runtimeId, name }, port2)
    return taken(view, await reply)
  } catch (error) {
    throw error instanceof RoveError ? error : closed(view, error)
  } finally {
    channel.close()
  }
}

function taken(view: RuntimeView, reply: Reply | null): WorkerStart {
  if (reply === null) throw closed(view)
  if ("refusal" in reply) throw new RoveError("ROVE_POOL_CLOSED", reply.refusal)
  return reply
}

export function viewOf(runtime: Runtime): RuntimeView {
  const view = Object(runtime).view ?? runtime
  if (typeof Object(view).runtimeId === "string" && Object(view).cells instanceof SharedArrayBuffer) return view
  throw new RoveError("ROVE_INVALID_ARGUMENT", "this takes a pool, or the view of one (pool.view)")
}

export function closed({ name }: RuntimeView, cause?: unknown): RoveError {
  return new RoveError("ROVE_POOL_CLOSED", `pool ${name} is closing, or gone: nobody is taken in any more`, { cause })
}
