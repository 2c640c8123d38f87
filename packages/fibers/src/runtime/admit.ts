/**
 * Owns admission: how an unstarted computation becomes a fiber, isolated from whoever made it and within its limits.
 * Children (`spawn`) and the fibers that ordinary code starts (`run` of a host or pool) come in here.
 */
import {
  Computation,
  type Context,
  DONE,
  flatCopy,
  PRIORITIES,
  RoveError,
  RUNNING,
  stampOf,
  TimeoutError,
  UNSTARTED,
} from "@rove/core"
import { FiberState } from "./fiber.ts"
import { computationOf } from "./generator.ts"
import { handOver, isPlain } from "./hand-over.ts"
import type { Host } from "./host.ts"
import { sliced } from "./intrinsics.ts"
import { notCompiled } from "./not-compiled.ts"
import { checkOptions, type SpawnOptions } from "./options.ts"
import { originLines, withoutFrames } from "./stacks.ts"

/**
 * Makes a fiber of `computation`, with a child of the context. From here on the computation is the fiber's: for
 * whoever holds its generator object, it is running. `where` names the caller in errors; `tied`: what
 * cannot be cloned of it is shared, and will keep the fiber from moving.
 */
export function admit(
  computation: unknown,
  where: string,
  parent: Context,
  host: Pick<Host, "nextId" | "birthplace">,
  options: SpawnOptions | undefined,
  tied = false,
): FiberState {
  if (options !== undefined) checkOptions(options, where)
  const given = unstarted(computation, where)
  const context = childOf(parent, options)
  const pinned = options?.pinned ?? null
  const root = pinned === null && !tied ? isolated(given, where) : isolatedOrShared(given, where)
  given.status = root.status = RUNNING
  const fiber = new FiberState(host.nextId(), options?.name ?? null, host.birthplace, root, context)
  if (pinned !== null) fiber.pinned = pinned
  return fiber
}

/** As `admit` without options, of a computation that nobody else has. */
export function admitted(
  computation: Computation,
  where: string,
  parent: Context,
  host: Pick<Host, "nextId" | "birthplace">,
): FiberState {
  const root = isolated(computation, where)
  root.status = RUNNING
  return new FiberState(host.nextId(), null, host.birthplace, root, parent.child())
}

function childOf(parent: Context, options: SpawnOptions | undefined): Context {
  const shared = parent.child()
  if (options === undefined || !isOwn(options)) return shared
  const context = shared.owned()
  if (options.trackOrigin !== undefined) context.more().origin = originLines(options.trackOrigin)
  if (options.recursionLimit !== undefined) context.recursionLimit = options.recursionLimit
  if (options.priority !== undefined) context.priority = PRIORITIES.indexOf(options.priority)
  return context
}

/** Whether a fiber with these options has a context that its siblings do not have. */
function isOwn({ recursionLimit, priority, trackOrigin }: SpawnOptions): boolean {
  return recursionLimit !== undefined || priority !== undefined || trackOrigin !== undefined
}

/** The computation that it is, if it has not begun; throws what says why not. `given`: the function whose call gave it. */
export function unstarted(value: unknown, where: string, given?: unknown): Computation {
  const c = computationOf(value)
  if (c !== null && c.status === UNSTARTED) return c
  if (c === null && !isOfCompiledCode(value)) throw notCompiled(value, where, given)
  const which = c === null ? "the one" : `the one of ${c.of.code.name}`
  const state =
    c === null || c.status === RUNNING ? "runs, or is a fiber's" : c.status === DONE ? "has ended" : "has begun"
  throw new RoveError(
    "ROVE_COMPUTATION_USED",
    `${where} takes a computation that has not begun, but ${which} that it was given ${state}`,
  )
}

function isOfCompiledCode(value: unknown): boolean {
  return typeof value === "object" && value !== null && stampOf(Object.getPrototypeOf(value)) !== undefined
}

/**
 * Gives the fiber arguments, receiver and captured variables of its own. They are cloned as one graph: what is the same
 * object among them stays the same. If that is refused, the computation is as it was.
 */
function isolated(c: Computation, where: string): Computation {
  const { args, self, of } = c
  const captures = of.env.length > 0 && of.code.single !== of
  if (!captures && isPlain(self) && (args === null || ownArguments(c, args))) return c
  const own = copied({ this: self, arguments: args, function: captures ? of : null }, `${where} of ${of.code.name}`)
  if (own.function !== null) return new Computation(own.function, own.this, own.arguments)
  c.self = own.this
  c.args = own.arguments
  return c
}

/** True if the arguments are all primitives, or could be made the fiber's own in the short way that one flat object has. */
function ownArguments(c: Computation, args: readonly unknown[]): boolean {
  let at = -1
  for (let i = 0; i < args.length; i++) {
    if (isPlain(args[i])) continue
    if (at >= 0) return false
    at = i
  }
  if (at < 0) return true
  const given = args[at]
  const copy = typeof given === "object" ? flatCopy(given as object) : undefined
  if (copy === undefined) return false
  const own = sliced(args, 0)
  own[at] = copy
  c.args = own
  return true
}

/** A pinned fiber stays where its parent is: what cannot be cloned is the same for both. */
function isolatedOrShared(c: Computation, where: string): Computation {
  try {
    return isolated(c, where)
  } catch {
    return c
  }
}

function copied<T>(given: T, what: string): T {
  try {
    return handOver(given)
  } catch (refusal) {
    // without the refusal as cause: it holds the culprit, and so could not itself be handed to a joiner
    throw new RoveError("ROVE_NOT_PORTABLE", `${what}: ${refusal instanceof Error ? refusal.message : String(refusal)}`)
  }
}

/** Interrupts a fiber that its host knows, or does what the caller says instead, when its time is over or its signal aborts. */
export function limit(
  fiber: FiberState,
  options: SpawnOptions,
  host: Host,
  end: (reason: unknown) => void = reason => host.interrupt(fiber, reason),
): void {
  const { signal, timeout } = options
  if (timeout !== undefined) {
    const what = `fiber ${fiber.id} (${fiber.name}) ran longer than ${timeout} ms`
    const late = () => end(withoutFrames(() => new TimeoutError(what)))
    const timer = host.timer(host.now() + timeout, late)
    host.whenDone(fiber, () => timer.cancel(), true)
  }
  if (signal === undefined) return
  const abort = () => end(signal.reason)
  if (signal.aborted) {
    abort()
    return
  }
  signal.addEventListener("abort", abort, { once: true })
  host.whenDone(fiber, () => signal.removeEventListener("abort", abort), true)
}
