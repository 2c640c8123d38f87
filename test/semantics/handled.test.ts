/** Which exceptions a fiber handles: those of its catch blocks, and of finally blocks that an exception entered. */
import { LocalHost, VirtualClock } from "@rove/fibers"
import { expect, test } from "vitest"
import { program } from "./program.ts"

const run = (body: string): Promise<unknown> => {
  const main = program<() => Generator<never, unknown, unknown>>(
    `function* look() { return yield* handledExceptions() }\nfunction* main() { let seen = []; ${body}; return seen }`,
    "main",
  )
  return new LocalHost({ clock: new VirtualClock() }).run(main())
}

test("a catch block handles its exception, and those around it handle theirs", async () => {
  const body = "try { throw 1 } catch { try { throw 2 } catch { seen = yield* look() } }"
  expect(await run(body)).toEqual([2, 1])
})

test("a finally block that was entered by an exception handles it", async () => {
  expect(await run("try { try { throw 1 } finally { seen = yield* look() } } catch {}")).toEqual([1])
})

test("a finally block that was entered otherwise handles none", async () => {
  expect(await run("try { } finally { seen.push(yield* look()) }")).toEqual([[]])
  expect(await run("for (;;) try { break } finally { seen.push(yield* look()) }")).toEqual([[]])
  expect(
    await run("function* f() { try { return 5 } finally { seen.push(yield* look()) } } seen.push(yield* f())"),
  ).toEqual([[], 5])
  expect(await run("try { throw 1 } catch { } finally { seen.push(yield* look()) }")).toEqual([[]])
})

test("a catch block inside a finally block handles what it caught", async () => {
  const body = "try { try { throw 1 } finally { try { throw 2 } catch { seen = yield* look() } } } catch {}"
  expect(await run(body)).toEqual([2, 1])
})
