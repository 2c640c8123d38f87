"use fibers"
/** What `contexts.test.ts` runs. */
import type { FiberRecord } from "@rove/core"
import {
  ContextVar,
  currentThread,
  type HookEvent,
  type Resumable,
  record,
  setTrace,
  sleep,
  spawn,
  type VariableToken,
} from "@rove/fibers"

const tenant = new ContextVar("tenant of contexts", { default: "none" })
type Token = VariableToken<string>

function resets(token: Token): string | null {
  try {
    tenant.reset(token)
    return null
  } catch (error) {
    return (error as { code: string }).code
  }
}

function* tries(token: Token): Resumable<[number, string, string | null, string, Token]> {
  const before = tenant.get()
  const refused = resets(token)
  return [currentThread().id, before, refused, tenant.get(), token]
}

/** Gives a token to a child on that thread, which tries it and gives it back; then the copy is tried, then the token itself. */
export function* lends(to: number): Resumable<unknown[]> {
  const token = tenant.set("own")
  const child = yield* spawn(tries(token), { prefer: to })
  // not joined at once: nobody would take it then
  yield* sleep(20)
  const [thread, ...seen] = yield* child.join()
  const copy = seen.pop() as Token
  return [thread === to, ...seen, resets(copy), tenant.get(), resets(token), tenant.get()]
}

/** As `lends`, to a child that runs in the join. */
export function* lendsInline(): Resumable<unknown[]> {
  const token = tenant.set("own")
  const [thread, ...seen] = yield* (yield* spawn(tries(token))).join()
  const copy = seen.pop() as Token
  return [thread === currentThread().id, ...seen, resets(copy), tenant.get(), resets(token), tenant.get()]
}

function note({ kind, value }: HookEvent, log: unknown[]): void {
  if (kind === "migrate") log.push(`${value}`)
}

/** What it hears of threads that it came from, behind its record. */
export function* wanders(): Resumable<FiberRecord | unknown[]> {
  const log: unknown[] = [currentThread().id]
  yield* setTrace(note, log)
  const { resumed, record: taken } = yield* record()
  if (!resumed) return taken
  yield* sleep(1)
  yield* setTrace(null)
  return [...log, currentThread().id]
}
