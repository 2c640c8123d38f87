/** What a fiber says of common mistakes: what is wrong, where, and what to write. */
import { LocalHost, Pool } from "rove"
import { expect, test } from "vitest"
import * as fibers from "./told.fibers.ts"

const host = new LocalHost()

interface Told {
  readonly name: string
  readonly code?: string
  readonly message: string
  readonly stack: string
}
const failing = (run: Promise<unknown>): Promise<Told> =>
  run.then(
    () => expect.fail("it did not throw"),
    error => error as Told,
  )

test.each([
  ["promise", "yield* wait(promise)"],
  ["function", "yield* one(…)"],
  ["async generator", "for (const x of each(iterable))"],
  ["self", "yield* handle.join()"],
  ["mutex", "yield* mutex.lock()"],
  ["readWriteLock", "yield* lock.read()"],
  ["semaphore", "yield* semaphore.acquire()"],
  ["latch", "yield* latch.wait()"],
  ["barrier", "yield* barrier.arrive()"],
])("yield* of what cannot be performed says what to write: %s", async (what, instead) => {
  const error = await failing(host.run(fibers.delegated(what)))
  expect(error).toBeInstanceOf(TypeError)
  expect(error.code).toBe("ROVE_NOT_COMPILED")
  expect(error.message).toMatch(/is not iterable.*: it is /)
  expect(error.message).toContain(instead)
  expect(error.stack).toMatch(/at delegated \(.*told\.fibers\.ts:\d+:\d+\)/)
})

test("yield* of anything else, and outside of fibers, keeps the engine's words", async () => {
  const error = await failing(host.run(fibers.delegated("number")))
  expect(error.message).toMatch(/is not iterable(?: \(cannot read property Symbol\(Symbol.iterator\)\))?$/)
  expect(error.code).toBeUndefined()
  expect(() => [...fibers.delegated("promise")]).toThrow(/is not iterable(?: \(.*\))?$/)
  expect((await failing(host.run(fibers.delegatedHandle()))).message).toContain("yield* handle.join()")
})

const SAID: Record<string, RegExp> = {
  all: /^all takes computations, .*, operations and fibers, and the branch 1 is number 5$/,
  "all, of an object": /and the branch a is a promise: wait\(promise\) is an operation$/,
  race: /^race takes .*, and the branch 0 is the text "text"$/,
  map: /^map takes a compiled generator function, and the function five gave number 5: write function\*/,
  forEach: /gave a promise: .* write function\*, with yield\* wait\(promise\) in place of await$/,
  reduce: /^reduce takes a compiled generator function, and the function five gave number 5/,
  "map, concurrency": /^map takes a number of 1 or more as concurrency, not "2"$/,
  "reduce, grain": /^reduce takes a number of 1 or more as grain, not Symbol\(two\)$/,
  "channel, capacity": /^channel: capacity is a whole number, or Infinity, not "2"$/,
  "channel, overflow": /^channel: overflow is one of block, drop, slide, not Symbol\(drop\)$/,
  defer: /^defer takes a compiled generator function, and the function five gave number 5/,
  "defer, in a scope": /^defer takes a compiled generator function, and the function five gave number 5/,
  "defer, begun": /^defer takes a computation that has not begun, but the one of one that it was given has ended$/,
  "retry, none": /^retry takes a number of 1 or more, the first attempt counted, as attempts, not 0$/,
  "retry, text": /^retry takes a number of milliseconds, 0 or more, as delay, not "1s"$/,
  "retry, options first": /^retry takes a compiled generator function, not an object$/,
  "retry, a computation":
    /^retry takes .*, not a computation, which runs once: give it the function, f or \(\) => f\(args\)$/,
  wait: /^wait takes a promise, or a function that returns one, not number 5$/,
  "wait, a function": /^wait takes a promise, .*, and the function five gave number 5$/,
  "wait, a computation": /^wait takes .*, not a computation: write yield\* before that, without wait$/,
  "wait, a generator function": /, and the function one gave a computation: write yield\* before that, without wait$/,
  select: /^select: a is no operation: it is a promise, and wait\(promise\) is an operation$/,
  "select, a computation":
    /^select: a is no operation: it is a computation; spawn it, and choose its join\(\), or use race$/,
  "select, a fiber": /^select: a is no operation: it is the handle of a fiber, and fiber.join\(\) is an operation$/,
  "select, nothing": /^select takes an object with operations, { name: operation }, not number 5$/,
  timeout: /^timeout takes a number of milliseconds, not a computation$/,
  sleep: /^sleep takes a number of milliseconds, not an object of class without name$/,
  tell: /^tell takes the handle of a fiber, or a registered name, not number 5$/,
  register: /^register takes a name, as text that is not empty, not an object$/,
  result: /returned a computation of one that never ran: write return yield\* in place of return$/,
}

test.each(fibers.wrongs)("what is wrong, what was given, where, and what to write: %s", async which => {
  const error = await failing(host.run(fibers.wrong(which)))
  expect(error.message).toMatch(SAID[which] as RegExp)
  expect(error.code).toMatch(/^ROVE_/)
  const [first] = error.stack.slice(error.stack.indexOf("\n    at ") + 1).split("\n")
  expect(first).toMatch(/^ {4}at .*told\.fibers\.ts:\d+:\d+\)/)
})

test("an object of another runtime is called by its kind, whether its home would be this thread or another one", async () => {
  await using pool = await Pool.start({ workers: 2 })
  const it = await pool.run(fibers.makes())
  await using other = await Pool.start({ workers: 2 })
  for (const prefer of [1, 2]) {
    const error = await failing(other.run(fibers.receives(it), { prefer }))
    expect(error.code).toBe("ROVE_UNKNOWN_OBJECT")
    expect(error.message).toMatch(/^nothing is known of channel \S+ in this runtime: it belongs to another runtime/)
  }
})

test.each(["on one thread", "on a pool"])(
  "a result that cannot be handed over names its fiber, its function's place, and what is in it, %s",
  async where => {
    await using pool = where === "on a pool" ? await Pool.start({ workers: 1 }) : null
    const runner = pool ?? host
    const error = await failing(runner.run(fibers.leaves("operation")))
    expect(error.code).toBe("ROVE_NOT_HANDED_OVER")
    expect(error.message).toMatch(
      /^the result of fiber \S+ \(leaves\) cannot be handed over: .*\.a: Spawn is not portable \(it is an operation that was not performed: write yield\* before it/,
    )
    expect(error.stack).toMatch(/\n {4}at leaves \(.*told\.fibers\.ts:\d+:\d+\)/)
    expect((await failing(runner.run(fibers.leaves("argument")))).message).toMatch(/\(leaves\).*\.b: WeakMap/)
    expect((await failing(runner.run(fibers.joinsOne()))).message).toMatch(/^the result of fiber \S+ \(leaves\) cannot/)
  },
)
