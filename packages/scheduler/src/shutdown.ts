/** Owns the end of a pool, or of one of its threads: first the fibers, then the threads, each within the grace; then force. It always ends. */
import { type FiberRecord, optionNames, RoveError, refuseUnknown } from "@rove/core"
import { checkGrace, type PoolConfig } from "./config.ts"
import {
  DRAIN,
  END,
  EVICT,
  HEAR_ENDS,
  INTERRUPT_ALL,
  LEAVE,
  mail,
  RECORD_ALL,
  RECORD_JOINS,
  RECORDED_ALL,
  STOP,
} from "./mail.ts"
import type { Mesh } from "./mesh.ts"
import type { Submission, Submissions } from "./submissions.ts"
import type { Thread, Threads } from "./threads.ts"

export interface ShutdownOptions {
  /**
   * interrupt: what runs is interrupted, its `finally` blocks run (the default). drain: what runs is waited for. record: each fiber
   * is stopped and becomes a record; those that cannot are interrupted.
   */
  readonly mode?: "interrupt" | "drain" | "record"
  /** Milliseconds for fibers to end, and then again for threads; by default the pool's. */
  readonly grace?: number
}

export interface ShutdownReport {
  /** In mode "record": the fibers, those that others spawned included, to be resumed anywhere. */
  readonly records: readonly FiberRecord[]
  /** Ids of fibers started from outside that the pool ended: by an interrupt, or with their thread. */
  readonly ended: readonly string[]
  /** Those who were still there at the end: names of guards that were not closed, and of threads that had not left. */
  readonly leaked: readonly string[]
}

const MODES = ["interrupt", "drain", "record"]
const OPTIONS = optionNames<ShutdownOptions>({ mode: true, grace: true })

export interface ShutdownParts {
  readonly submissions: Submissions
  readonly threads: Threads
  readonly mesh: Mesh
  /** Reads all mail that has come. */
  read(): void
  interrupt(submission: Submission): void
}

type Asked = Pick<ShutdownParts, "threads" | "mesh" | "read">

/** Milliseconds for what is left on other threads, where a submission has not ended in its time. */
const HURRY = 50
/** Milliseconds for those who wait for nothing any more. */
const LAST = 200

/** Throws ROVE_CONFIG, before anything has happened. */
export function checkShutdown(options: ShutdownOptions): void {
  refuseUnknown(options, OPTIONS, "pool.close", "ROVE_CONFIG")
  const { mode = "interrupt" } = options
  if (!MODES.includes(mode))
    throw new RoveError("ROVE_CONFIG", `a pool closes in mode "interrupt", "drain" or "record", not "${String(mode)}"`)
  checkGrace(options.grace, "pool.close")
}

export async function shutDown(config: PoolConfig, options: ShutdownOptions, parts: ShutdownParts): Promise<void> {
  const { mode = "interrupt", grace = config.grace } = options
  const { submissions, threads } = parts
  const interruptAll = (): void => {
    for (const submission of submissions.all()) parts.interrupt(submission)
  }
  if (mode === "interrupt") interruptAll()
  if (mode === "record") {
    await within(grace, submissions.stay())
    const all = await recordAll(parts, grace)
    if (await emptied(parts, RECORDED_ALL, all ? grace : Math.min(grace, HURRY))) return void (await end(parts, grace))
  }
  if (mode !== "record" && threads.living.length > 0) await within(grace, submissions.drained())
  const left = submissions.size === 0 ? grace : Math.min(grace, HURRY)
  // what no thread has begun is not with any: it would be taken for lost with the threads
  if (mode === "drain") interruptAll()
  // Fibers that outlived the one that spawned them end too: by themselves, or interrupted.
  if (mode === "drain" && (await emptied(parts, DRAIN, left))) return void (await end(parts, grace))
  const empty = await emptiedAtLast(parts, INTERRUPT_ALL, mode === "record" ? grace : left)
  // A thread that still runs something is not waited for: its fibers had their time.
  if (empty) await end(parts, grace)
  const ends = threads.living.map(ended)
  for (const thread of threads.living) force(thread, grace)
  await Promise.all(ends)
}

/**
 * Makes records of what runs on threads; whether that was in time. First of what waits for nobody's end. Then nothing ends any more, and
 * all hear what has: the homes of fibers first, then those who asked these. What they have heard is part of the records of these.
 */
async function recordAll(parts: Asked, grace: number): Promise<boolean> {
  let all = true
  for (const how of [RECORD_ALL, HEAR_ENDS, RECORD_JOINS]) {
    for (const thread of parts.threads.living) thread.recorded = false
    all = (await said(parts, how, all ? grace : Math.min(grace, HURRY), ({ recorded }) => recorded)) && all
  }
  return all
}

/** One thread goes: its fibers to others, those that cannot have until the grace is over; then they are interrupted. */
export async function retire(thread: Thread, grace: number, parts: Asked): Promise<void> {
  if (thread.ended) return
  thread.leaving = true
  if (!(await emptied(parts, LEAVE, grace, thread))) await emptiedAtLast(parts, EVICT, Math.max(HURRY, grace), thread)
  if (thread.ended) return
  const over = ended(thread)
  if (thread.empty) parts.threads.sayGoodbye(thread)
  await within(thread.empty ? Math.max(HURRY, grace) : 0, over)
  force(thread, grace)
  await over
}

/** The same of the last word: repeated, it ends those too that have ended but for another thread's having what they sent, and that one may hang. */
async function emptiedAtLast(parts: Asked, how: number, grace: number, only?: Thread): Promise<boolean> {
  if (await emptied(parts, how, grace, only)) return true
  return await emptied(parts, how, Math.min(grace, LAST), only)
}

/** Asks threads (all of them, if none is named) for the end of their fibers; whether that came in time. */
function emptied(parts: Asked, how: number, grace: number, only?: Thread): Promise<boolean> {
  return said(parts, how, grace, ({ empty }) => empty, only)
}

async function said(
  { threads, mesh, read }: Asked,
  how: number,
  grace: number,
  what: (thread: Thread) => boolean,
  only?: Thread,
): Promise<boolean> {
  const all = (): boolean =>
    (only === undefined ? threads.living : [only]).every(thread => thread.ended || what(thread))
  const done = Promise.withResolvers<void>()
  // not at once: another thread's word that something has come there may lie behind this one's
  const look = (): void =>
    void setImmediate(() => {
      read()
      if (all()) done.resolve()
    })
  threads.onEmpty.add(look)
  for (const thread of only === undefined ? threads.living : [only]) {
    thread.empty = false
    mesh.send(thread.id, mail(STOP, "", how))
  }
  if (all()) done.resolve()
  await within(grace, done.promise)
  threads.onEmpty.delete(look)
  return all()
}

async function end({ threads, mesh }: ShutdownParts, grace: number): Promise<void> {
  const ends = threads.living.map(ended)
  for (const { id } of threads.living) mesh.send(id, mail(END, ""))
  await within(grace, Promise.all(ends))
  for (const thread of threads.living) force(thread, grace)
  await Promise.all(ends)
}

/** What still runs there is lost, and told why. */
function force(thread: Thread, grace: number): void {
  if (thread.ended) return
  thread.forced = `the pool ended it, because its grace of ${grace} ms was over`
  void thread.worker.terminate()
}

function ended(thread: Thread): Promise<void> {
  return new Promise(resolve => {
    if (thread.ended) resolve()
    else thread.worker.once("exit", () => resolve())
  })
}

async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, Math.min(ms, 0x7fffffff))
  await Promise.race([promise, late.promise])
  clearTimeout(timer)
}
