/**
 * Owns supervisors: fibers that start others, hear of their ends, and start them again, as those of Erlang/OTP do. What one is
 * about to do is a list of plain data, so a supervisor can be saved, and moves, like any other fiber.
 */
import {
  anything,
  atLeast,
  either,
  FiberInterrupted,
  isFunction,
  isNatural,
  isNumber,
  isObject,
  isText,
  isUndefined,
  listOf,
  oneOf,
  optionNames,
  orNone,
  orNull,
  plain,
  type ResumeKind,
  RoveError,
  refuseUnknown,
  stamp,
  THROW,
} from "@rove/core"
import { Down, NORMAL } from "../homed/signals.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { begin } from "../runtime/generator.ts"
import type { Host } from "../runtime/host.ts"
import { kindOf, workOf } from "../runtime/not-compiled.ts"
import { oneStep } from "../runtime/one-step.ts"
import { follow, OVER, type Routine, registerRoutine } from "../runtime/routine.ts"
import type { AnyComputation, Resumable } from "../types.ts"
import { FirstTurn, keepUntilBegun } from "./first-turn.ts"
import { type Fiber, isFiber } from "./handle.ts"
import { demonitor, exit, monitor } from "./links.ts"
import { receive } from "./receive.ts"
import { spawn } from "./spawn.ts"

/** Whom the end of one child concerns: itself, all of them, or those that were started after it too. */
export type Strategy = "one for one" | "one for all" | "rest for one"

export interface ChildSpec {
  readonly name?: string
  /** Makes its computation: for each start anew. */
  readonly start: () => AnyComputation<unknown, never>
  /** "permanent" (the default): always started again; "transient": unless it ended normally; "temporary": never. */
  readonly restart?: "permanent" | "transient" | "temporary"
  /** Milliseconds that it has to end when it is stopped; 5,000 if nothing is said. One that takes longer is left behind. */
  readonly shutdown?: number
}

export interface SupervisorOptions {
  /** Each is started, and has its turn, before the next one is; stopped in the reverse one. */
  readonly children: readonly ChildSpec[]
  /** "one for one" if nothing is said. */
  readonly strategy?: Strategy
  /** So many restarts are allowed (1) within `period` milliseconds (5,000). */
  readonly intensity?: number
  readonly period?: number
}

const OPTIONS = optionNames<SupervisorOptions>({ children: true, strategy: true, intensity: true, period: true })
const CHILD = optionNames<ChildSpec>({ name: true, start: true, restart: true, shutdown: true })
const STRATEGIES = ["one for one", "one for all", "rest for one"]
const RESTARTS = ["permanent", "transient", "temporary"]
/** The reason with which children are stopped. */
const SHUTDOWN = "shutdown"

interface Child {
  readonly name: string | undefined
  readonly start: () => AnyComputation<unknown, never>
  readonly restart: string
  readonly shutdown: number
  fiber: Fiber<unknown> | null
  monitor: string | null
}
type Action =
  | { readonly do: "start" | "watch" | "turn" | "signal" | "gone" | "leave"; readonly at: number }
  | { readonly do: "wait" }

const ACTIONS: readonly unknown[] = ["start", "watch", "turn", "signal", "gone", "leave"]

class Supervising implements Routine {
  result: undefined
  children: Child[]
  strategy: Strategy
  intensity: number
  period: number
  todo: Action[]
  doing: Action | null = null
  /** When children were started again, within the period. */
  restarts: number[] = []
  /** It ends with that, as soon as its children have ended. */
  failure: { readonly error: unknown } | null = null
  constructor({ children, strategy = "one for one", intensity = 1, period = 5_000 }: SupervisorOptions) {
    this.children = children.map(({ name, start, restart = "permanent", shutdown = 5_000 }) => ({
      ...{ name, start, restart, shutdown },
      fiber: null,
      monitor: null,
    }))
    this.strategy = strategy
    this.intensity = intensity
    this.period = period
    this.todo = children.flatMap((_, at) => starting(at))
  }
  next(_: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    const { doing } = this
    if (doing !== null) {
      if (kind === THROW) this.failed(doing, value)
      else this.done(doing, value, host)
    }
    for (;;) {
      const action = this.todo.shift() ?? ({ do: "wait" } as const)
      this.doing = action
      if (action.do === "wait") {
        if (this.failure !== null) throw this.failure.error
        if (this.living.length === 0) return OVER
      }
      try {
        return this.perform(action)
      } catch (error) {
        this.failed(action, error) // of the program's `start`
      }
    }
  }
  private perform(action: Action): unknown {
    if (action.do === "wait") return receive(Down)
    const child = this.children[action.at] as Child
    const { name, fiber, shutdown } = child
    switch (action.do) {
      case "start":
        return spawn(
          workOf(child.start(), "start of a supervisor's child", child.start) as AnyComputation<unknown, never>,
          name === undefined ? undefined : { name },
        )
      case "watch":
        return monitor(fiber as Fiber<unknown>)
      case "turn":
        return new FirstTurn(fiber as Fiber<unknown>)
      case "signal":
        return exit(fiber as Fiber<unknown>, SHUTDOWN)
      case "gone":
        return receive({ monitor: child.monitor }, { timeout: shutdown })
      case "leave":
        return demonitor(child.monitor as string)
    }
  }
  private done(action: Action, value: unknown, host: Host): void {
    if (action.do === "wait") {
      this.ended(value as Down, host)
      return
    }
    const child = this.children[action.at] as Child
    if (action.do === "start") {
      child.fiber = value as Fiber<unknown>
      keepUntilBegun(child.fiber)
    } else if (action.do === "watch") child.monitor = value as string
    else if (action.do === "gone" || action.do === "leave") this.leave(action.at)
  }
  /** One cannot be started, or does not end in time; or this fiber is interrupted. */
  private failed(action: Action, error: unknown): void {
    if (action.do === "gone" && error instanceof RoveError && error.code === "ROVE_TIMEOUT") {
      this.todo.unshift({ do: "leave", at: action.at })
      return
    }
    if (this.failure === null) this.failure = { error }
    else if (action.do !== "wait" && !(error instanceof FiberInterrupted)) this.leave(action.at)
    this.todo = this.stopping(() => true)
  }
  /** It cannot be stopped, where nothing may wait say: it ends with this fiber. */
  private leave(at: number): void {
    const child = this.children[at] as Child
    child.fiber = child.monitor = null
  }
  private ended({ monitor, reason }: Down, host: Host): void {
    const at = this.children.findIndex(child => child.monitor === monitor)
    if (at < 0) return
    const child = this.children[at] as Child
    child.fiber = child.monitor = null
    const again =
      child.restart === "permanent" || (child.restart === "transient" && reason !== NORMAL && reason !== SHUTDOWN)
    if (!again) return
    if (this.tooOften(host.now())) {
      const what = `more than ${this.intensity} restarts of children within ${this.period} ms; the last was child ${at} (${child.name ?? "without a name"})`
      this.failure = { error: new RoveError("ROVE_SUPERVISOR", what, { cause: reason }) }
      this.todo = this.stopping(() => true)
    } else this.todo = this.restarting(at)
  }
  private tooOften(now: number): boolean {
    this.restarts = this.restarts.filter(time => now - time < this.period)
    this.restarts.push(now)
    return this.restarts.length > this.intensity
  }
  private restarting(at: number): Action[] {
    const concerned = (other: number): boolean =>
      other === at || this.strategy === "one for all" || (this.strategy === "rest for one" && other > at)
    // those that have ended for good stay so, and temporary ones that are stopped too
    const again = this.children.flatMap(({ fiber, restart }, other) =>
      other === at || (concerned(other) && fiber !== null && restart !== "temporary") ? starting(other) : [],
    )
    return [...this.stopping(concerned), ...again]
  }
  private stopping(which: (at: number) => boolean): Action[] {
    return this.living
      .filter(which)
      .reverse()
      .flatMap(at => [
        { do: "signal", at } as const,
        // one that was started and not yet watched
        ...(this.children[at]?.monitor === null ? [{ do: "watch", at } as const] : []),
        { do: "gone", at } as const,
      ])
  }
  private get living(): number[] {
    return this.children.flatMap(({ fiber }, at) => (fiber === null ? [] : [at]))
  }
}
/** No getter of what a record has in the place of one is asked. */
const isAction = either(plain({ do: oneOf("wait") }), plain({ do: oneOf(...ACTIONS), at: isNatural }))
registerRoutine(
  "rove.Supervising",
  Supervising,
  {
    result: isUndefined,
    children: listOf(
      plain<Child>({
        name: orNone(isText),
        start: isFunction,
        restart: oneOf(...RESTARTS),
        shutdown: atLeast(0),
        fiber: orNull(isFiber),
        monitor: orNull(isText),
      }),
    ),
    strategy: oneOf(...STRATEGIES),
    intensity: atLeast(0),
    period: atLeast(0),
    todo: listOf(isAction),
    doing: orNull(isAction),
    restarts: listOf(isNumber),
    failure: orNull(plain({ error: anything })),
  },
  {
    holds: ({ children, todo, doing }: Supervising) =>
      [...todo, ...(doing === null ? [] : [doing])].every(
        action => action.do === "wait" || action.at < children.length,
      ),
  },
)

function starting(at: number): Action[] {
  return [
    { do: "start", at },
    { do: "watch", at },
    // it has its turn before the next one is there
    { do: "turn", at },
  ]
}

const closure = oneStep(
  "supervisor",
  (_, [options]) => isObject(options),
  (m, _, [options]) => follow(m, new Supervising(options as SupervisorOptions)),
)

const computation = function* supervisor(options: SupervisorOptions): Generator<never, void, unknown> {
  return (yield* begin(closure, undefined, [options]) as Generator<never>) as undefined
}
stamp(computation, closure)
stamp(computation.prototype as object, closure)
closure.fn = computation

/**
 * The computation of a supervisor, for `spawn` or `pool.run`: starts its children in their order, starts them again when they end,
 * and ends when none is left. Interrupted, it stops them in the reverse order first. Ends with ROVE_SUPERVISOR if they
 * end too often; throws ROVE_INVALID_ARGUMENT for options that make no sense.
 */
export function supervisor(options: SupervisorOptions): Resumable<void> {
  refuseUnknown(options, OPTIONS, "supervisor")
  const { children, strategy, intensity = 1, period = 1 } = options
  if (!Array.isArray(children)) throw invalid(`children is a list, not ${kindOf(children)}`)
  for (const child of children) checkChild(child)
  if (strategy !== undefined && !STRATEGIES.includes(strategy))
    throw invalid(`strategy is one of ${STRATEGIES.join(", ")}`)
  if (!(intensity >= 0) || !(period > 0))
    throw invalid("intensity is a number of restarts, and period one of milliseconds")
  return computation(options)
}

function checkChild(child: ChildSpec): void {
  refuseUnknown(child, CHILD, "a child of a supervisor")
  const { start, restart, shutdown = 0 } = child
  if (typeof start !== "function")
    throw invalid(`start of a child is a function that gives its computation, not ${kindOf(start)}`)
  if (restart !== undefined && !RESTARTS.includes(restart)) throw invalid(`restart is one of ${RESTARTS.join(", ")}`)
  if (!(shutdown >= 0)) throw invalid("shutdown of a child is a number of milliseconds")
}
function invalid(what: string): RoveError {
  return new RoveError("ROVE_INVALID_ARGUMENT", `supervisor: ${what}`)
}
