import { MessageChannel } from "node:worker_threads"
import { expect, onTestFinished, test } from "vitest"
import { ThreadCells } from "./cells.ts"
import { type Mail, mail } from "./mail.ts"
import { Link, realWiring } from "./mailbox.ts"
import { allocateRing } from "./ring.ts"

/** Both ends of a connection with rings of that size. */
function pair(size: number): readonly [Link, Link] {
  const { port1, port2 } = new MessageChannel()
  const [there, back] = [allocateRing(size), allocateRing(size)]
  const link = (out: SharedArrayBuffer, into: SharedArrayBuffer, port: typeof port1) =>
    new Link({ out, in: into, port }, new ThreadCells(), realWiring, () => {})
  const links = [link(there, back, port1), link(back, there, port2)] as const
  onTestFinished(() => {
    for (const each of links) each.close()
  })
  return links
}
function take(link: Link): Mail[] {
  const got: Mail[] = []
  link.receive(m => got.push(m))
  return got
}
const part = (length: number, fill: number) =>
  ({ bytes: new Uint8Array(new ArrayBuffer(1 << 20), 1000, length).fill(fill), handles: [], modules: [] }) as const

test("mail that is larger than the ring, or finds it full, comes in order with what comes by the ring", () => {
  const [here, there] = pair(1 << 13)
  const sizes = Array.from({ length: 400 }, (_, i) => (i % 7 === 0 ? 100_000 : i % 50))
  for (const [i, size] of sizes.entries()) here.send(mail(1, `${i}`, i, part(size, i % 256)))
  const got = take(there)
  expect(got.map(({ a }) => a)).toEqual(sizes.map((_, i) => i))
  expect(got.map(m => m.payload?.bytes.length)).toEqual(sizes)
  expect(got.every(m => m.payload?.bytes.every(byte => byte === m.a % 256))).toBe(true)
})

test("mail brings its bytes by whatever way, small ones in a buffer with few others, and leaves the sender's memory as it was", () => {
  const [here, there] = pair(1 << 13)
  const sent = [part(10, 1), part(3000, 2), part(70_000, 3)]
  for (const payload of sent) here.send(mail(1, "", 0, payload))
  const got = take(there).map(m => m.payload?.bytes as Uint8Array)
  expect(got).toEqual(sent.map(({ bytes }) => bytes.slice()))
  expect(got.map(({ buffer }) => buffer.byteLength)).toEqual([8192, 3000, 70_000])
  for (const { bytes } of sent) expect(bytes.buffer.byteLength).toBe(1 << 20)
})

test("buffers among the handles change hands, and mail that cannot be posted was not sent", () => {
  const [here, there] = pair(1 << 13)
  const moved = new Uint8Array(1 << 20).fill(7).buffer
  here.send(mail(1, "first", 0, { ...part(3000, 1), handles: [moved] }))
  expect(moved.byteLength).toBe(0)
  expect(() => here.send(mail(1, "never", 0, { ...part(3000, 1), handles: [() => {}] }))).toThrow("could not be cloned")
  here.send(mail(1, "second", 0, part(5, 1)))
  const [first, second, ...more] = take(there)
  expect([first?.id, second?.id, more]).toEqual(["first", "second", []])
  expect(new Uint8Array(first?.payload?.handles[0] as ArrayBuffer).every(byte => byte === 7)).toBe(true)
})

/** A link to a thread that reads nothing, and how many bells went to it. */
function counted() {
  const { port1, port2 } = new MessageChannel()
  const [there, back] = [allocateRing(1 << 13), allocateRing(1 << 13)]
  const cells = new ThreadCells()
  const bells = { count: 0 }
  const counting = {
    ...realWiring,
    port(port: typeof port1) {
      const real = realWiring.port(port)
      return Object.assign(Object.create(real) as typeof real, {
        post: () => void bells.count++,
        listen() {},
        close: () => real.close(),
      })
    },
  }
  const link = new Link({ out: there, in: back, port: port1 }, cells, counting, () => {})
  onTestFinished(() => {
    link.close()
    port2.close()
  })
  return { link, cells, bells }
}

test("a bell rings for one that is parked, once for all that comes meanwhile, and for nobody who is awake", () => {
  const { link, cells, bells } = counted()
  const send = (bell?: "quiet"): number => {
    for (let i = 0; i < 3; i++) link.send(mail(1, "", i), bell)
    return bells.count
  }
  expect(send()).toBe(0)
  cells.park()
  expect(send("quiet")).toBe(0)
  expect(send()).toBe(1)
  expect(send()).toBe(1)
  cells.park()
  link.ring()
  link.ring()
  expect(bells.count).toBe(2)
})

test("an early bell that was in vain is not rung for the next mail, which then rings by itself", () => {
  const { link, cells, bells } = counted()
  /** For one mail to a receiver that sleeps; `again`: it sleeps once more before the mail is there. */
  const rung = (again: boolean): [early: number, late: number] => {
    const before = bells.count
    cells.park()
    link.ringEarly()
    const early = bells.count - before
    if (again) cells.park()
    link.send(mail(1, ""))
    return [early, bells.count - before - early]
  }
  expect(rung(false)).toEqual([1, 0])
  expect(rung(true)).toEqual([1, 1])
  expect(rung(false)).toEqual([0, 1])
})
