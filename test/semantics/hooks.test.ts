/** What hooks cost who has none. */
import { LocalHost, VirtualClock } from "@rove/fibers"
import { expect, test } from "vitest"
import { machine } from "../../packages/fibers/src/runtime/thread.ts"
import { program } from "./program.ts"

const source = `
function* leaf(n) { return n }
function* fails() { throw new Error("caught") }
function* values(n) { for (let i = 0; i < n; i++) yield i }
function* work(n) {
  let sum = 0
  for (let i = 0; i < n; i++) sum += yield* leaf(i)
  for (const x of values(n)) sum += x
  for (let i = 0; i < n; i++) try { yield* fails() } catch { sum++ }
  for (let i = 0; i < n; i++) yield* sleep(1)
  return sum
}
function note(_, log) { log.events++ }
function* main(n, watched) {
  const log = { events: 0 }
  if (watched) yield* setTrace(note, log)
  yield* work(n)
  if (watched) yield* setTrace(null)
  return log.events
}`
const main = program<(n: number, watched: boolean) => Generator<never, number>>(
  source,
  "main",
  {},
  { id: "src/cost.js" },
)

test("a fiber without hooks looks for them once at most at each point where one would be told of something", async () => {
  const host = new LocalHost({ clock: new VirtualClock() })
  const own = Object.getOwnPropertyDescriptor(machine, "hooks") as PropertyDescriptor
  let reads = 0
  let hooks: unknown = own.value
  const looks = async (n: number) => {
    reads = 0
    await host.run(main(n, false) as never)
    return reads
  }
  const told = async (n: number) => (await host.run(main(n, true) as never)) as unknown as number
  const events = (await told(20)) - (await told(10))
  Object.defineProperty(machine, "hooks", {
    configurable: true,
    get: () => {
      reads++
      return hooks
    },
    set: value => {
      hooks = value
    },
  })
  try {
    const more = (await looks(20)) - (await looks(10))
    expect(events).toBe(80)
    expect(more).toBeGreaterThan(0)
    expect(more).toBeLessThanOrEqual(events)
  } finally {
    Object.defineProperty(machine, "hooks", { ...own, value: hooks })
  }
})
