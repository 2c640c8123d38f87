/** Owns the end of a pool: first its fibers, then its threads, each within the grace; then force. It always ends. */
import { optionNames, RoveError, refuseUnknown } from "@rove/core"
import type { PoolConfig } from "./config.ts"
import { END, mail, STOP } from "./mail.ts"
import type { Mesh } from "./mesh.ts"
import type { Submissions } from "./submissions.ts"
import type { Thread, Threads } from "./threads.ts"

export interface ShutdownOptions {
  /** interrupt: what runs is interrupted, its `finally` blocks run (the default). drain: what runs is waited for. */
  readonly mode?: "interrupt" | "drain"
  /** Milliseconds for fibers to end, and then again for threads; by default the pool's. */
  readonly grace?: number
}

const OPTIONS = optionNames<ShutdownOptions>({ mode: true, grace: true })

export interface ShutdownParts {
  readonly submissions: Submissions
  readonly threads: Threads
  readonly mesh: Mesh
  interrupt(id: string): void
}

/** Milliseconds for what is left on other threads, where a submission has not ended in its time. */
const HURRY = 50

/** Throws ROVE_CONFIG, before anything has happened. */
export function checkShutdown(options: ShutdownOptions): void {
  refuseUnknown(options, OPTIONS, "pool.close", "ROVE_CONFIG")
  const { mode = "interrupt" } = options
  if (mode !== "interrupt" && mode !== "drain")
    throw new RoveError("ROVE_CONFIG", `a pool closes in mode "interrupt" or "drain", not "${String(mode)}"`)
}

export async function shutDown(config: PoolConfig, options: ShutdownOptions, parts: ShutdownParts): Promise<void> {
  const { mode = "interrupt", grace = config.grace } = options
  const { submissions, threads } = parts
  if (mode === "interrupt") for (const id of submissions.ids()) parts.interrupt(id)
  if (threads.living.length > 0) await within(grace, submissions.drained())
  const left = submissions.size === 0 ? grace : Math.min(grace, HURRY)
  // Fibers that outlived the one that spawned them end too: by themselves, or interrupted.
  if (mode === "drain" && (await emptied(parts, false, left))) return void (await end(parts, grace))
  const empty = await emptied(parts, true, left)
  // A thread that still runs something is not waited for: its fibers had their time.
  if (empty) await end(parts, grace)
  const ends = threads.living.map(ended)
  for (const { worker } of threads.living) void worker.terminate()
  await Promise.all(ends)
}

/** Asks all threads for the end of their fibers; whether that came in time. */
async function emptied({ threads, mesh }: ShutdownParts, interrupt: boolean, grace: number): Promise<boolean> {
  const all = (): boolean => threads.living.every(({ empty }) => empty)
  const done = Promise.withResolvers<void>()
  // not at once: another thread's word that something has come there may lie behind this one's
  threads.onEmpty = () =>
    void setImmediate(() => {
      mesh.drain()
      if (all()) done.resolve()
    })
  for (const { id } of threads.living) mesh.send(id, mail(STOP, "", interrupt ? 1 : 0))
  if (all()) done.resolve()
  await within(grace, done.promise)
  return all()
}

async function end({ threads, mesh }: ShutdownParts, grace: number): Promise<void> {
  const ends = threads.living.map(ended)
  for (const { id } of threads.living) mesh.send(id, mail(END, ""))
  await within(grace, Promise.all(ends))
  for (const { worker } of threads.living) void worker.terminate()
  await Promise.all(ends)
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
