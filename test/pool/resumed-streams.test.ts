/** Streamed fibers that become records, and go on as streams: in order, nothing twice, no further ahead than their new reader allows. */
import { FiberRecord, type FiberStream, Pool } from "rove"
import { afterAll, expect, test } from "vitest"
import * as fibers from "./face.fibers.ts"

const pool = await Pool.start({ workers: 2 })
const other = await Pool.start({ workers: 2 })
afterAll(() => Promise.all([pool.close(), other.close()]))

const patiently = { timeout: 10_000, interval: 5 }
const coded = (code: string) => expect.objectContaining({ code })
const travelled = <R>({ bytes, handles }: FiberRecord<R>) => new FiberRecord<R>(structuredClone(bytes), handles)
const upTo = (to: number) => Array.from({ length: to }, (_, i) => i)
/** What it still gives, and how it ends. */
async function rest<Y, R>(stream: FiberStream<Y, R>, seen: Y[]): Promise<R | string> {
  try {
    let step = await stream.next()
    for (; !step.done; step = await stream.next()) seen.push(step.value)
    return step.value
  } catch (error) {
    return (error as { code: string }).code
  }
}
const waiting = (stream: FiberStream<unknown, unknown>) =>
  expect.poll(async () => (await stream.status()).waitsFor ?? "", patiently).toMatch(/^room for value/)

test("a stream goes on in another pool, and then in the first one again, where its former reader stopped", async () => {
  const seen: number[] = []
  const first = pool.stream(fibers.numbers(50), { buffer: 4 })
  seen.push((await first.next()).value as number)
  const record = await first.record()
  expect(await rest(first, seen)).toBe("ROVE_RECORDED")
  const second: FiberStream<number, string> = other.resumeStream<number, string>(travelled(record), { buffer: 2 })
  expect([second.id, second.name]).toEqual([first.id, "numbers"])
  for (let i = 0; i < 10; i++) seen.push((await second.next()).value as number)
  await waiting(second)
  const again = await second.record()
  // not read to its end before the next one reads
  const third = other.resumeStream<number, string>(travelled(again))
  expect(await rest(second, seen)).toBe("ROVE_RECORDED")
  expect(await rest(third, seen)).toBe("50 numbers")
  expect(seen).toEqual(upTo(50))
})

test("it is no further ahead than its new buffer says, whatever the first one was, and whatever it was told by that", async () => {
  for (const resumed of [false, true]) {
    const count = new SharedArrayBuffer(4)
    const cells = new Int32Array(count)
    const first = pool.stream(fibers.counting(count), { buffer: 100 })
    await waiting(first)
    const record = await first.record()
    const from = Atomics.load(cells, 0)
    let taken = from
    let last: FiberRecord = record
    if (resumed) {
      // where nobody reads it, there is no end to how many there may be
      const unread = other.resumeStream<number>(record, { buffer: 500 })
      await waiting(unread)
      last = await unread.record()
      taken = Atomics.load(cells, 0)
    }
    const stream = pool.resumeStream<number>(last, { buffer: 5 })
    for await (const _ of stream) expect(Atomics.load(cells, 0)).toBeLessThanOrEqual(++taken + 5)
    expect([from, taken]).toEqual([100, 1000])
  }
})

test("one that has not begun, one that moves between threads, and one that is left early", async () => {
  const unbegun = pool.stream(fibers.numbers(5))
  const seen: number[] = []
  const record = await unbegun.record()
  await rest(unbegun, seen)
  expect(await rest(other.resumeStream<number, string>(travelled(record), { buffer: 1 }), seen)).toBe("5 numbers")
  expect(seen).toEqual(upTo(5))

  const places: number[] = []
  const note = ({ i }: { i: number }) => places.push(i)
  const wandering = pool.stream(fibers.wandering([1, 2], 60), { buffer: 3 })
  for (let i = 0; i < 7; i++) note((await wandering.next()).value as { i: number })
  const stopped = await wandering.record()
  const left: { i: number }[] = []
  await rest(wandering, left)
  const goesOn: { i: number }[] = []
  expect(await rest(other.resumeStream<{ i: number }, number>(travelled(stopped)), goesOn)).toBe(120)
  for (const value of [...left, ...goesOn]) note(value)
  expect(places).toEqual(upTo(120))

  const cleaned = new SharedArrayBuffer(4)
  const endless = pool.stream(fibers.endless(cleaned), { buffer: 3 })
  await endless.next()
  const again = other.resumeStream<number>(await endless.record())
  for await (const value of again) if (value > 20) break
  expect([new Int32Array(cleaned)[0], (await again.status()).status]).toEqual([1, "done"])
})

test("what is no record of a streamed fiber is refused, and nothing has happened", async () => {
  const run = pool.run(fibers.outer("plain"))
  run.catch(() => {})
  const record = await run.record()
  await expect(other.resumeStream(travelled(record)).next()).rejects.toThrow(coded("ROVE_INVALID_ARGUMENT"))
  const stream = pool.stream(fibers.numbers(9))
  const streamed = await stream.record()
  expect(() => other.resumeStream(streamed, { buffer: 0 })).toThrow(/^pool\.resumeStream takes a whole number/)
  const goesOn = other.resumeStream(travelled(streamed))
  await expect(other.resumeStream(travelled(streamed)).next()).rejects.toThrow(coded("ROVE_ALIVE"))
  expect(await rest(goesOn, [])).toBe("9 numbers")
  // it is not taken for one that was resumed there
  const plain = other.resume(travelled(record))
  plain.catch(() => {})
  await plain.interrupt()
})

test("while it waits for its reader, its stack and its record show where it yields", async () => {
  const stream = pool.stream(fibers.numbers(9), { buffer: 1 })
  await waiting(stream)
  const [frame, ...more] = await stream.stack()
  expect(more).toEqual([])
  expect(frame).toMatchObject({ name: "numbers", point: "yield" })
  expect(frame?.locals.map(({ name, text }) => `${name} = ${text}`)).toEqual(["to = 9", "i = 0"])
  const record = await stream.record()
  expect(record.toJSON().frames.map(({ name }) => name)).toEqual(["numbers"])
  expect(String(record)).toMatch(/at numbers \(.*face\.fibers\.ts:\d+:\d+\) yield in loop\n +to = 9/)
})
