/** Threads whose mail is read when the test says so: what two threads say of a fiber comes to a third one in either order. */
import type { MessagePort } from "node:worker_threads"
import { ContextVar } from "@rove/fibers"
import { admit, currentContext, type FiberState, type Host, Recorder } from "@rove/fibers/scheduling"
import { expect, onTestFinished, test, vi } from "vitest"
import { add } from "../../../test/pool/programs.ts"
import { ThreadCells } from "./cells.ts"
import { codec } from "./codec.ts"
import { Directory } from "./directory.ts"
import { ASK, ASKED, mail, REFUSE, TRANSFER } from "./mail.ts"
import { Mesh, type Peer, POOL } from "./mesh.ts"
import { answerRequests } from "./requests.ts"
import { allocateRing } from "./ring.ts"
import { StatCells } from "./stats.ts"
import { Transit } from "./transit.ts"

const modules = { load: () => null }
const nothing = (): void => {}
const told = { ready: nothing, ended: nothing, heard: nothing, unheard: nothing }
const STOP = { what: "record", mode: "stop" }

interface Side {
  readonly ring: SharedArrayBuffer
  readonly port: MessagePort
}

class Thread {
  readonly cells = new ThreadCells()
  readonly mesh: Mesh
  readonly directory: Directory
  readonly transit: Transit
  /** What ran here. */
  readonly came: FiberState[] = []
  readonly left: FiberState[] = []
  /** Of its home. */
  followed = 0
  constructor(id: number) {
    this.mesh = new Mesh("00000000", id, id, this.cells, nothing)
    const follows = (begins: boolean): void => {
      this.followed += begins ? 1 : -1
    }
    this.directory = new Directory(this.mesh, codec, modules, { ...told, follows })
    const recorder = new Recorder({ ended: (fiber: FiberState) => void this.directory.ended(fiber) } as unknown as Host)
    const host = {
      comes: nothing,
      enqueue: (fiber: FiberState): void => {
        if (!recorder.ready(fiber)) this.came.push(fiber)
      },
      left: (fiber: FiberState): void => {
        this.left.push(fiber)
        recorder.ended(fiber)
      },
      fail: nothing,
      arrived: nothing,
    }
    this.transit = new Transit(this.mesh, codec, modules, this.directory, host, new StatCells())
    if (id === POOL) return
    answerRequests(this.mesh, {
      threadId: id,
      recorder,
      find: (fiber, hops) => this.directory.findAt(fiber, hops),
      migrate: nothing,
    })
  }
  /** Of what has run here, the last. */
  send(to: Thread): void {
    expect(this.transit.give(this.came.at(-1) as FiberState, this.mesh.peer(to.mesh.id) as Peer)).toBe(true)
  }
  ask(to: Thread, id: string, hops: number): void {
    this.mesh.send(to.mesh.id, mail(ASK, id, 1, null, STOP, hops))
  }
}

/** The pool and three threads, each of which reads the mail of later ones first. */
function threads() {
  const all = [0, 1, 2, 3].map(id => new Thread(id))
  const sides = new Map<string, Side>()
  for (const { mesh: a } of all)
    for (const { mesh: b } of all.slice(a.id + 1)) {
      const { port1, port2 } = new MessageChannel()
      sides.set(`${a.id}${b.id}`, { ring: allocateRing(4096), port: port1 as never })
      sides.set(`${b.id}${a.id}`, { ring: allocateRing(4096), port: port2 as never })
    }
  const side = (from: number, to: number) => sides.get(`${from}${to}`) as Side
  for (const { mesh: own } of all) {
    const others = all.filter(({ mesh }) => mesh !== own).reverse()
    const starts = others.map(({ cells, mesh: { id } }) => {
      const [out, back] = [side(own.id, id), side(id, own.id)]
      return { id, slot: id, cells: cells.buffer, out: out.ring, in: back.ring, port: out.port }
    })
    own.connect(...starts)
  }
  onTestFinished(() => {
    for (const { mesh } of all) mesh.close()
  })
  const asked: (Uint8Array | undefined)[] = []
  const pool = all[0] as Thread
  pool.mesh.on(ASKED, m => void asked.push(m.payload?.bytes))
  const host = { nextId: () => 1, birthplace: { thread: POOL, prefix: pool.mesh.prefix } }
  const fiber = admit(add(1, 2), "test", currentContext(), host, undefined)
  const [, one, two, three] = all as [Thread, Thread, Thread, Thread]
  return { pool, one, two, three, fiber, asked }
}

/** It is on the first thread, goes to the second one, and from there to the third; the first is asked to stop it when it has left. */
function traveller() {
  const all = threads()
  const { pool, one, two, three, fiber } = all
  one.directory.arrived(fiber, 1, false)
  one.came.push(fiber)
  one.send(two)
  pool.ask(one, fiber.id, 1)
  one.mesh.drain()
  two.mesh.drain()
  two.send(three)
  three.mesh.drain()
  return all
}

test("a fiber that is back before the word that it was taken is the only one of its id: that word lets go of what had left", () => {
  const { one, three, fiber } = traveller()
  expect([one.transit.pending, one.directory.find(fiber.id)]).toEqual([1, "leaving"])
  three.send(one)
  one.mesh.drain() // the third thread's transfer, then the second one's acceptance
  const back = one.came.at(-1) as FiberState
  expect(back).not.toBe(fiber)
  expect([one.transit.pending, one.transit.bytes]).toEqual([0, 0])
  expect(one.left).toEqual([fiber])
  expect(one.directory.find(fiber.id)).toBe(back)
})

test("a request to stop a fiber that is leaving is not answered by stopping what it comes back as", () => {
  const { pool, one, three, asked } = traveller()
  three.send(one)
  one.mesh.drain()
  expect(one.came.length).toBe(2)
  expect(one.came.at(-1)?.status).toBe("unstarted")
  pool.mesh.drain()
  expect(asked).toEqual([])
})

test("a request that was on its way while its fiber was stopped elsewhere and resumed is not about the resumed one", () => {
  const { pool, one, fiber, asked } = threads()
  one.directory.arrived(fiber, 4, false)
  for (const hops of [1, 3]) pool.ask(one, fiber.id, hops)
  one.mesh.drain()
  expect(fiber.status).toBe("unstarted")
  pool.ask(one, fiber.id, 4)
  one.mesh.drain()
  expect(fiber.status).toBe("done")
  pool.mesh.drain()
  expect(asked).toEqual([expect.any(Uint8Array)])
})

test("a fiber that is resumed where it was stopped goes on counting its hops", () => {
  const { directory } = threads().pool
  directory.submitted("a", nothing)
  expect([directory.replace("a", 1), directory.replace("a", 2)]).toEqual([1, 2])
  directory.recorded("a")
  directory.abandon("a", { kind: "returned", value: 1 })
  directory.submitted("a", nothing)
  expect(directory.replace("a", 1)).toBe(3)
})

/** It went to the first thread as a submission, which lies there unread. */
function submitted() {
  const all = threads()
  const { pool, fiber } = all
  const { id } = fiber
  const told: string[] = []
  const submit = (to: number): void => {
    pool.directory.submitted(id, nothing)
    const hops = pool.directory.replace(id, to)
    pool.mesh.send(to, mail(TRANSFER, id, hops, codec.encodeFiber(fiber)))
    pool.directory.placed(id)
  }
  const interrupt = (): void => pool.directory.interrupt({ id, name: "", home: POOL }, "enough", how => told.push(how))
  const stop = (): void => {
    pool.directory.recorded(id)
    pool.directory.abandon(id, { kind: "returned", value: "a record" })
  }
  submit(1)
  return { ...all, told, submit, interrupt, stop }
}

test("a fiber is followed by its interrupt, once, until that has reached it, or it has ended; and again by the next one", () => {
  const { pool, one, interrupt, stop } = submitted()
  expect(pool.followed).toBe(0)
  interrupt()
  interrupt()
  expect(pool.followed).toBe(1)
  one.mesh.drain()
  pool.mesh.drain()
  expect(pool.followed).toBe(0)
  interrupt()
  expect(pool.followed).toBe(1)
  stop()
  expect(pool.followed).toBe(0)
})

test("an interrupt that was on its way while its fiber was stopped elsewhere and resumed does not hit the resumed one", () => {
  const { pool, one, two, fiber, told, submit, interrupt, stop } = submitted()
  pool.ask(one, fiber.id, 1)
  one.mesh.drain()
  expect(one.directory.find(fiber.id)).toBeUndefined() // it was stopped
  interrupt()
  stop()
  expect(told).toEqual(["too late"])
  submit(2)
  two.mesh.drain()
  two.send(one)
  one.mesh.drain() // the second thread's transfer, then what the pool had sent before
  const back = one.came.at(-1) as FiberState
  expect(one.directory.find(fiber.id)).toBe(back)
  expect([back.status, back.interrupted]).toEqual(["unstarted", null])
})

test("the word that an interrupt was delivered is not taken for that of one that was asked for in the fiber's next life", () => {
  const { pool, one, two, told, submit, interrupt, stop } = submitted()
  interrupt()
  one.mesh.drain() // it is delivered there, and the pool has not read that
  stop()
  submit(2)
  interrupt()
  pool.mesh.drain()
  expect(told).toEqual(["too late"])
  two.mesh.drain()
  pool.mesh.drain()
  expect(told).toEqual(["too late", "delivered"])
})

test("an interrupt that missed a fiber follows it", () => {
  const { pool, one, two, three, told, interrupt } = submitted()
  one.mesh.drain()
  one.send(two)
  two.mesh.drain()
  two.send(three)
  interrupt() // to the first thread, which the pool believes it at
  one.mesh.drain()
  three.mesh.drain()
  for (let i = 0; i < 2; i++) for (const { mesh } of [pool, two, three]) mesh.drain()
  expect(told).toEqual(["delivered"])
  expect(three.came.map(({ status }) => status)).toEqual(["done"])
})

test("an interrupt by the fiber's home follows the transfer at once, before that is accepted", () => {
  const { one, two } = threads()
  const host = { nextId: () => 1, birthplace: { thread: 1, prefix: one.mesh.prefix } }
  const fiber = admit(add(1, 2), "test", currentContext(), host, undefined)
  one.came.push(fiber)
  one.send(two)
  const told: string[] = []
  one.directory.interrupt(fiber, "enough", how => told.push(how))
  two.mesh.drain()
  expect(two.came.map(({ status }) => status)).toEqual(["done"])
  one.mesh.drain()
  expect(told).toEqual(["delivered"])
})

test("a fiber whose record cannot be posted stays as it was, with the reason, and only whoever gave it runs it", () => {
  const { one, two, fiber } = threads()
  one.directory.arrived(fiber, 1, false)
  const spy = vi
    .spyOn(codec, "encodeFiber")
    .mockReturnValueOnce({ bytes: new Uint8Array(8), handles: [nothing], modules: [] })
  onTestFinished(() => spy.mockRestore())
  expect(one.transit.give(fiber, one.mesh.peer(2) as Peer)).toBe(false)
  expect([fiber.status, one.transit.pending, one.transit.bytes]).toEqual(["unstarted", 0, 0])
  expect(fiber.pinned).toMatch(/could not be cloned/)
  expect([one.came, one.directory.find(fiber.id)]).toEqual([[], fiber])
  two.mesh.drain()
  expect(two.came).toEqual([])
  // and can go later: the number that was not used is free again
  fiber.stays("nothing")
  one.came.push(fiber)
  one.send(two)
  two.mesh.drain()
  expect(two.came.length).toBe(1)
})

test("a fiber that was sent stays sent when its thread dies behind the sending", () => {
  const { one, two, fiber } = threads()
  one.directory.arrived(fiber, 1, false)
  const peer = one.mesh.peer(2) as Peer
  const end = (): never => {
    throw new Error("an end of the thread")
  }
  // the early bell rings, and the one behind the sending does not
  vi.spyOn(peer.link, "ring").mockReturnValueOnce(false).mockImplementationOnce(end)
  expect(() => one.transit.give(fiber, peer)).toThrow("an end of the thread")
  expect([fiber.status, fiber.pinned]).toEqual(["moved", null])
  two.mesh.drain()
  expect(two.came.length).toBe(1)
})

test("an interrupt that comes while its fiber is on its way waits for it, should it stay", () => {
  const { pool, one, two, fiber, told, interrupt } = submitted()
  one.mesh.drain()
  one.send(two)
  interrupt()
  one.mesh.drain()
  expect(one.came[0]?.status).toBe("moved")
  two.mesh.send(1, mail(REFUSE, fiber.id, 2, null, { text: "no module", code: null }))
  one.mesh.drain()
  expect(one.came.map(({ status }) => status)).toEqual(["done", "done"]) // the same one, which came back
  pool.mesh.drain()
  expect(told).toEqual(["delivered"])
})

test("a thread that is to go takes no fiber, whoever wants one there: who gave it has it again", () => {
  const { one, two, fiber } = threads()
  one.directory.arrived(fiber, 1, false)
  one.came.push(fiber)
  two.transit.turnsAway(true)
  one.send(two)
  two.mesh.drain()
  one.mesh.drain()
  expect([two.came, one.came, one.transit.pending]).toEqual([[], [fiber, fiber], 0])
  expect([fiber.status, fiber.pinned]).toEqual(["unstarted", null])
})

test("a fiber that cannot be encoded stays as it is, and is not tried again before it has run", () => {
  const { one, two } = threads()
  const held = new ContextVar<object>("held by transit", { transfer: "refuse" })
  const token = held.set({})
  const host = { nextId: () => 1, birthplace: { thread: 1, prefix: one.mesh.prefix } }
  const fiber = admit(add(1, 2), "test", currentContext(), host, undefined)
  held.reset(token)
  expect(one.transit.give(fiber, one.mesh.peer(2) as Peer)).toBe(false)
  expect([fiber.status, one.transit.pending]).toEqual(["unstarted", 0])
  expect(fiber.pinned).toContain('"held by transit"')
  fiber.begins()
  expect(fiber.pinned).toBeNull()
  two.mesh.drain()
  expect(two.came).toEqual([])
})

test("an interrupt of a fiber that comes home, whose modules are still imported when its sender dies, waits for it there", async () => {
  const { one, two } = threads()
  const host = { nextId: () => 1, birthplace: { thread: 1, prefix: one.mesh.prefix } }
  const fiber = admit(add(1, 2), "test", currentContext(), host, undefined)
  one.directory.arrived(fiber, 1, false)
  one.came.push(fiber)
  one.send(two)
  two.mesh.drain()
  one.mesh.drain()
  const imported = Promise.withResolvers<void>()
  const spy = vi.spyOn(modules, "load").mockReturnValueOnce(imported.promise as never)
  two.send(one)
  const told: string[] = []
  one.directory.interrupt(fiber, "enough", how => told.push(how)) // it still believes it there
  one.mesh.drain()
  spy.mockRestore()
  one.transit.lost(2)
  expect(one.came.length).toBe(1)
  imported.resolve()
  await imported.promise
  expect([one.came.length, one.came.at(-1)?.status, told]).toEqual([2, "done", ["delivered"]])
})
