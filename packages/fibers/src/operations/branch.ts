/** Owns what can be a branch of `all`, `race` and their like: a computation or an operation, which gets a fiber of its own, or a fiber. */
import { Closure, Computation, defineCode, Frame, RoveError, SUSPENDED, type Suspended, THROW } from "@rove/core"
import { admit } from "../runtime/admit.ts"
import { delegate } from "../runtime/delegate.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { inherit } from "../runtime/lifetime.ts"
import { hold, type Machine } from "../runtime/machine.ts"
import { Performable } from "../runtime/performable.ts"
import type { Group } from "./group.ts"
import { type Fiber, FiberRef } from "./handle.ts"
import type { BaseOperation, Operation } from "./operation.ts"

// biome-ignore lint/suspicious/noExplicitAny: what they give is inferred from each
export type Branch = Generator<any, any, any> | Operation<any> | Fiber<any>

const code = defineCode({
  id: "rove#perform",
  hash: "1",
  name: "perform",
  url: "",
  kind: "generator",
  points: [{ id: "result", path: [], line: 0, column: 0, live: [], handled: [] }],
  captures: [],
  Frame,
  make: null,
})
const closure = new Closure(code, step as never, step as never, [])
code.single = closure

/** A fiber that performs one operation. */
function step(m: Machine, frame: Frame | null, _self: unknown, operation: unknown): unknown | Suspended {
  if (frame !== null) {
    if (m.kind === THROW) throw m.value
    return m.value
  }
  const { depth } = m
  m.depth = depth + 1
  const value = delegate(m, operation)
  m.depth = depth
  return value === SUSPENDED ? hold(m, new Frame(closure)) : value
}

/** Adds a branch to the group; it begins, unless it is a fiber. */
export function begin(branch: unknown, group: Group, parent: FiberState, host: Host, where: string): void {
  const isObject = typeof branch === "object" && branch !== null
  if (isObject && FiberRef.is(branch)) group.add(FiberRef.addressOf(branch as FiberRef<unknown>) as never, false)
  else if (!isObject || !Performable.is(branch)) group.add(started(branch, parent, host, where, false), true)
  else if ((branch as BaseOperation<unknown>).own)
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `${where}: a branch gets a fiber of its own, and this operation is about the fiber that performs it (a lock would be the branch's, a message that of its inbox): perform it by itself, with \`timeout\` as option or around it, or use select`,
    )
  else if (branch.immediate) group.addEnded({ kind: "returned", value: branch.perform(parent, host) })
  else group.add(started(new Computation(closure, undefined, [branch]), parent, host, where, true), true)
}

function started(computation: unknown, parent: FiberState, host: Host, where: string, tied: boolean): FiberState {
  const child = admit(computation, where, parent.context, host, undefined, tied)
  inherit(parent.lifetime, child)
  host.spawned(child)
  return child
}
