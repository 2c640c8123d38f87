/** A function that gives nothing to run is told by what the user called, with the function, what it gave, and what to do. */
import { byReference, type RoveError } from "@rove/core"
import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { onFiberExit, onThreadExit } from "../exit.ts"
import { FiberLocal } from "../fiber-local.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { ThreadLocal } from "../thread-local.ts"
import { all } from "./all.ts"
import { channel } from "./channel.ts"
import { Coroutine } from "./coroutine.ts"
import { defer, onExit } from "./defer.ts"
import { setProfile, setTrace, untraced } from "./hooks.ts"
import { deadline, timeout } from "./limits.ts"
import { forEach, map } from "./map.ts"
import { receive } from "./receive.ts"
import { reduce } from "./reduce.ts"
import { atomic, noBlock, noSwitch, pinned } from "./regions.ts"
import { retry } from "./retry.ts"
import { scope } from "./scoped.ts"
import { select } from "./select.ts"
import { supervisor } from "./supervisor.ts"
import { uninterruptible } from "./uninterruptible.ts"

/** What the fiber does: what it is given it would have to clone. */
let work: () => unknown

const caught = compiled("caught", function* (): Generator<unknown, string> {
  try {
    yield work()
    return "nothing was thrown"
  } catch (error) {
    return (error as Error).message
  }
})
function said(make: () => unknown): Promise<string> {
  work = make
  return new LocalHost().run(caught() as never)
}
const inFiber = compiled("inFiber", function* (): Generator<unknown, void> {
  yield work()
})
function ended(make: () => unknown): Promise<string> {
  work = make
  return new LocalHost().run(inFiber() as never).then(String, (error: Error) => error.message)
}

const five = (() => 5) as never
byReference("given-functions.five", five)
const write = "write function*, or return f(args) with a compiled generator function f"
const gave = (where: string) =>
  `${where} takes a compiled generator function, and the function five gave number 5: ${write}`

test.each([
  ["scope", () => scope(five)],
  ["deadline", () => deadline(Date.now() + 1000, five)],
  ["timeout", () => timeout(1000, five)],
  ["uninterruptible", () => uninterruptible(five)],
  ["noSwitch", () => noSwitch(five)],
  ["noBlock", () => noBlock(five)],
  ["atomic", () => atomic(five)],
  ["pinned", () => pinned("why", five)],
  ["map", () => map([1], five)],
  ["forEach", () => forEach([1], five)],
  ["reduce", () => reduce([1, 2], five)],
  ["retry", () => retry(five)],
] as const)("%s of a function that gives a number", async (where, make) => {
  expect(await said(make)).toBe(gave(where))
})

test.each([
  ["onExit", () => onExit(five)],
  ["defer", () => defer(five)],
] as const)("%s of a function that gives a number, at the end of the fiber", async (where, make) => {
  expect(await ended(make)).toBe(gave(where))
})

test.each([
  ["receive", () => receive(inFiber as never)],
  ["retry, as when,", () => retry(five, { when: inFiber as never })],
  ["onFiberExit", () => onFiberExit(inFiber as never)],
  ["onThreadExit", () => onThreadExit(inFiber as never)],
  ["FiberLocal, as cleanup,", () => new FiberLocal("given", { cleanup: inFiber as never })],
  ["ThreadLocal, as cleanup,", () => new ThreadLocal("given", { initial: five, cleanup: inFiber as never })],
  ["a trace hook", () => setTrace(inFiber as never)],
  ["a profile hook", () => setProfile(inFiber as never)],
] as const)("%s of a compiled generator function, of whose computation nothing would ever run", async (where, make) => {
  expect(await said(make)).toBe(
    `${where} takes a function that answers at once, and the function inFiber is a compiled generator function: its call makes a computation, which nobody would run`,
  )
})

test("atExit of a generator function, compiled or native, says that nobody would run what its call makes", () => {
  const host = new LocalHost()
  const told = (fn: () => unknown) => {
    try {
      host.atExit(fn)
      return "nothing"
    } catch (error) {
      return `${(error as RoveError).code} ${(error as RoveError).message}`
    }
  }
  const why = "ROVE_INVALID_ARGUMENT atExit takes an ordinary function, and the function"
  expect(told(inFiber)).toBe(
    `${why} inFiber is a compiled generator function: its call makes a computation, which nobody would run`,
  )
  async function* later() {}
  expect(told(later)).toBe(`${why} later is a generator function: its call makes a generator, which nobody would run`)
  expect([told(five), told(async () => {})]).toEqual(["nothing", "nothing"])
})

test.each([
  ["scope", () => scope(5 as never), "scope(function* () { … }), not number 5"],
  ["scope of a computation", () => scope(caught() as never), "not a computation"],
  ["map", () => map([1], "f" as never), 'map takes a compiled generator function, not the text "f"'],
  ["onExit", () => onExit(undefined as never), "onExit takes a compiled generator function, not undefined"],
  ["defer", () => defer(null as never), "or the function itself, not null"],
  ["atomic", () => atomic(5 as never), "or such a function without parameters, not number 5"],
  [
    "untraced",
    () => untraced(5 as never),
    "untraced takes an unstarted computation, f(args) with a compiled generator function f, not number 5",
  ],
] as const)("%s of what is no function says what it was given", (_, make, text) => {
  expect(make).toThrow(expect.objectContaining({ message: expect.stringContaining(text) }))
})

test("a function without a name is told by its text, and an asynchronous one that it stays native", async () => {
  expect(await said(() => scope((() => 5) as never))).toMatch(/and the function \(\) => 5 gave number 5: /)
  const later = async () => 5
  expect(await said(() => map([1], later as never))).toBe(
    "map takes a compiled generator function, and the function later gave a promise: what is asynchronous stays native: write function*, with yield* wait(promise) in place of await",
  )
  expect(await said(() => scope((() => JSON.stringify("a text that is longer than what is shown")) as never))).toMatch(
    /and the function it was given gave a text of 42 characters/,
  )
})

test("the start of a supervisor's child that gives a number", async () => {
  const start = () => supervisor({ children: [{ start: five }] } as never)
  expect(await ended(() => all([start()]))).toBe(gave("start of a supervisor's child"))
})

test("a coroutine whose function gives a number, and one without a name that has ended", async () => {
  const switching = compiled("switching", function* (): Generator<unknown, void> {
    const coroutine = new Coroutine(work() as never)
    yield coroutine.switchTo()
    yield coroutine.switchTo()
  })
  function message(body: () => unknown): Promise<string> {
    work = body
    return new LocalHost().run(switching() as never).then(String, (error: Error) => error.message)
  }
  expect(await message(() => five)).toBe(gave("a coroutine"))
  const named = compiled("named", function* () {})
  expect(await message(() => named())).toBe("coroutine named cannot be switched to: it has ended")
  expect(await message(() => () => named())).toBe(
    "a coroutine without a name (new Coroutine(body, { name })) cannot be switched to: it has ended",
  )
})

test("a select whose time is over says that it was one", async () => {
  const first = () => select({ a: channel().receive(), b: channel().receive() }, { timeout: 1 })
  expect(await said(first)).toBe("select could have none of a, b within 1 ms")
})
