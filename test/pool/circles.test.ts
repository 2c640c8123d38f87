/** Joins in a circle on a pool, on one thread and across several: they end with an error, and long joins do not. */
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const work = `"use fibers"
import { allSettled, currentFiber, detach, type Fiber, type Resumable, sleep, spawn, uninterruptible } from "rove"

function* hog(ms: number): Resumable<void> {
  const end = Date.now() + ms
  while (Date.now() < end) continue
}
/** The last of \`length\` fibers joins the first. With \`spread\`, other threads take them before they do. */
export function* link(first: Fiber<unknown> | null, length: number, spread: boolean): Resumable<unknown> {
  const start = first ?? (currentFiber() as Fiber<unknown>)
  if (length === 1) {
    yield* sleep(20)
    return yield* start.join()
  }
  const next = yield* spawn(link(start, length - 1, spread), { name: "link" })
  if (spread) yield* hog(30)
  yield* sleep(1)
  return yield* next.join()
}
/** Waits for a circle, and is not in it. */
export function* bystander(): Resumable<unknown> {
  const circle = yield* spawn(link(null, 2, true), { name: "link" })
  yield* sleep(1)
  return yield* circle.join()
}
/** Both threads have something to do all the time. */
export function* busy(): Resumable<unknown> {
  const hogs = [yield* spawn(hog(60_000)), yield* spawn(hog(60_000))]
  try {
    return yield* link(null, 2, true)
  } finally {
    for (const one of hogs) yield* one.interrupt()
  }
}
/** Each waits for the next one, the last sleeps. */
export function* chain(length: number): Resumable<string> {
  if (length === 0) {
    yield* sleep(3000)
    return "slept"
  }
  const next = yield* spawn(chain(length - 1))
  if (length > 95) yield* hog(20)
  yield* sleep(1)
  return yield* next.join()
}
/** In a circle until one of them is interrupted, and catches that. */
export function* freed(): Resumable<string> {
  const other = yield* detach(back(currentFiber() as Fiber<unknown>))
  yield* hog(30)
  try {
    yield* sleep(1)
    yield* other.join()
    return "joined"
  } catch (error) {
    return String((error as { reason: unknown }).reason)
  }
}
/** Waits at its end for a child that joins it; the child is on another thread by then. */
export function* joinedByItsChild(): Resumable<string> {
  yield* spawn(joinsIt(currentFiber() as Fiber<unknown>))
  yield* hog(30)
  return "never told"
}
/** The same, and the child cannot be interrupted: the circle is found twice. */
export function* joinedForGood(): Resumable<string> {
  yield* spawn(joinsForGood(currentFiber() as Fiber<unknown>))
  yield* hog(30)
  return "never told"
}
function* joinsForGood(fiber: Fiber<unknown>): Resumable<void> {
  yield* sleep(20)
  yield* uninterruptible(function* () {
    yield* allSettled([fiber])
  })
}
function* joinsIt(fiber: Fiber<unknown>): Resumable<void> {
  yield* sleep(20)
  yield* fiber.join()
}
function* back(fiber: Fiber<unknown>): Resumable<void> {
  yield* sleep(20)
  yield* spawn(frees(fiber))
  yield* fiber.join()
}
function* frees(fiber: Fiber<unknown>): Resumable<void> {
  yield* sleep(100)
  yield* fiber.interrupt("freed")
}
`
const main = `import { Pool } from "rove"
import { busy, bystander, chain, freed, joinedByItsChild, joinedForGood, link } from "./work.ts"
const pool = await Pool.start({ workers: 2 })
const told = (run: Promise<unknown>) => run.then(value => ["returned", value], error => [error.code, error.message])
const chained = told(pool.run(chain(100)))
const runs = [link(null, 2, false), link(null, 3, true), link(null, 40, true), bystander(), freed()]
const results = await Promise.all(runs.map(run => told(pool.run(run))))
results.push(await told(pool.run(busy())), ...(await Promise.all([joinedByItsChild(), joinedForGood()].map(run => told(pool.run(run))))))
const moved = pool.stats().threads.reduce((sum, thread) => sum + thread.fibersIn, 0) > 0
console.log(JSON.stringify([...results, await chained, moved]))
await pool.close()
`

test("fibers that join each other in a circle hear of it, wherever they are; others do not", {
  timeout: 120_000,
}, async () => {
  const folder = scratch({ "package.json": '{ "name": "app", "type": "module" }', "work.ts": work, "main.ts": main })
  const { out, err } = await node(folder, ["--import", "rove/register", "main.ts"])
  expect(err).toBe("")
  const [two, three, forty, bystander, freed, busy, joined, forGood, chained, moved] = JSON.parse(out)
  const circle = (length: number): unknown[] => [
    "ROVE_DEADLOCK",
    expect.stringMatching(
      new RegExp(
        `^fibers join each other in a circle(\\n {2}fiber \\S+ \\((link|busy)\\): join of fiber \\S+ \\((link|busy)\\)){${length}}$`,
      ),
    ),
  ]
  expect([two, three, forty, bystander, busy]).toEqual([circle(2), circle(3), circle(40), circle(2), circle(2)])
  expect([freed, chained]).toEqual([
    ["returned", "freed"],
    ["returned", "slept"],
  ])
  expect(joined).toEqual([
    "ROVE_DEADLOCK",
    expect.stringMatching(/end of its child \S+ \(joinsIt\)(.|\n)*join of fiber|join of fiber(.|\n)*end of its child/),
  ])
  expect(forGood[0]).toBe("ROVE_DEADLOCK")
  expect(moved).toBe(true)
  // each waits for the next one in the list, and the last for the first
  const lines = (three[1] as string)
    .split("\n  ")
    .slice(1)
    .map(line => line.match(/fiber \S+ \(link\)/g) as string[])
  for (const [i, [, target]] of lines.entries()) expect(lines[(i + 1) % 3]?.[0]).toBe(target)
})
