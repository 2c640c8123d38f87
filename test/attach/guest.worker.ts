/** A thread that no pool made: does what it is told with a runtime's view or a seat, and says what came of it. */
import { parentPort } from "node:worker_threads"
import {
  type Attachment,
  activate,
  attach,
  deactivate,
  guard,
  type RuntimeView,
  release,
  type Seat,
} from "@rove/scheduler"

export interface Order {
  readonly what: "attach" | "release" | "activate" | "deactivate" | "guard" | "block"
  readonly view?: RuntimeView
  readonly seat?: Seat
  /** Where it is told that it need not be blocked any more. */
  readonly until?: Int32Array
}

const tokens: Attachment[] = []

async function obey({ what, view, seat, until }: Order): Promise<unknown> {
  if (what === "attach") {
    const token = await attach(view as RuntimeView, { name: "guest" })
    tokens.push(token)
    return token.thread.id
  }
  if (what === "release") return void (await release(tokens.pop() as Attachment))
  if (what === "activate") return (await activate(seat as Seat)).name
  if (what === "deactivate") return void (await deactivate(seat as Seat))
  if (what === "guard") return void guard(view as RuntimeView, "the guest's")
  return Atomics.wait(until as Int32Array, 0, 0, 20_000) === "timed-out" ? "left blocked" : "blocked"
}

parentPort?.on("message", (order: Order) => {
  obey(order).then(
    value => parentPort?.postMessage({ value }),
    error => parentPort?.postMessage({ code: error.code ?? String(error), text: error.message }),
  )
})
