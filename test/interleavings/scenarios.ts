/**
 * Owns what two threads do in a search, and what must hold of it in every order of their accesses. The parts use the
 * scheduler's own objects, unmodified; a plant breaks one of them on purpose, and shows that the search would see it.
 */

import type { Context } from "@rove/core"
import type { FiberState } from "@rove/fibers/scheduling"
import { admit, currentContext } from "@rove/fibers/scheduling"
import { SeededRandom } from "../../packages/fibers/src/runtime/random.ts"
import { codec } from "../../packages/scheduler/src/codec.ts"
import { Directory } from "../../packages/scheduler/src/directory.ts"
import { mail, TRANSFER } from "../../packages/scheduler/src/mail.ts"
import type { Peer } from "../../packages/scheduler/src/mesh.ts"
import { Parking } from "../../packages/scheduler/src/park.ts"
import { Queues } from "../../packages/scheduler/src/queues.ts"
import { Thief, Victim } from "../../packages/scheduler/src/steal.ts"
import { Transit } from "../../packages/scheduler/src/transit.ts"
import { add } from "../pool/programs.ts"
import type { Kit } from "./kit.ts"
import { isServed, tellsToGo } from "./served.ts"

interface Scenario {
  readonly parts: readonly ((kit: Kit) => unknown)[]
  /** Of a ring. */
  readonly bytes?: number
  /** Id of the first thread, 1 unless it is said. */
  readonly first?: number
  /** What is wrong with what the parts reported; null if nothing is. */
  readonly check: (reports: readonly unknown[]) => string | null
}

/** A kind of mail that only scenarios send. */
const NOTE = 90
const noClock = { now: () => 0 }

/** All of a thread that asks, answers and parks. */
function site(kit: Kit) {
  const { mesh, stats } = kit
  const modules = { load: () => null }
  const queues = new Queues()
  const nothing = (): void => {}
  const directory = new Directory(mesh, codec, modules, {
    ready: nothing,
    ended: nothing,
    heard: nothing,
    unheard: nothing,
  })
  const enqueue = (fiber: FiberState) => queues.push(fiber)
  const host = { comes: nothing, enqueue, arrived: nothing, left: nothing, fail: nothing }
  const transit = new Transit(mesh, codec, modules, directory, host, stats)
  const thief = new Thief(mesh, new SeededRandom(1), stats)
  kit.connect()
  const blind = { cells: mesh.cells, workers: mesh.workers, drain: nothing, bells: () => 0 }
  const parking = new Parking(kit.plant === "no second look" ? blind : mesh, thief, noClock, stats)
  let late: (() => void)[] = []
  const lazy = {
    bytes: 0,
    give: (fiber: FiberState, peer: Peer): boolean => {
      late.push(() => transit.give(fiber, peer))
      return true
    },
  }
  const victim = new Victim(
    mesh,
    kit.plant === "answers before it sends" ? lazy : transit,
    queues,
    stats,
    Number.POSITIVE_INFINITY,
    { none: true, asked: () => "free" },
  )
  const answer = (): void => {
    victim.answer(0, true)
    for (const give of late) give()
    late = []
  }
  const waitUntil = (holds: () => boolean): void => {
    while (!holds()) {
      if (!parking.park(holds)) continue
      kit.sleep()
      parking.unpark(true)
      mesh.drain()
    }
  }
  return { mesh, queues, transit, thief, victim, parking, answer, waitUntil }
}

function numbers(kit: Kit): number[] {
  const seen: number[] = []
  kit.mesh.on(NOTE, ({ a }) => void seen.push(a))
  return seen
}
function note(a: number, byPort = false, id = "") {
  return mail(NOTE, id, a, null, byPort ? "by the port" : undefined)
}
const sorted = (list: readonly number[]): string => String(list.toSorted((a, b) => a - b))

interface Ways {
  /** These go by the port. */
  readonly posted?: readonly number[]
  /** The bell rings for the last one alone. */
  readonly quiet?: boolean
  readonly id?: string
}

const sends =
  (count: number, { posted = [], quiet = false, id = "" }: Ways = {}) =>
  ({ mesh, plant, connect }: Kit): void => {
    connect()
    const { cells, link } = mesh.workers[0] as Peer
    if (plant === "rings before it raises") {
      let raised = false
      const [raise, wake] = [cells.raise.bind(cells), cells.wake.bind(cells)]
      cells.raise = () => {
        raised = true
      }
      cells.wake = () => {
        const woke = wake()
        if (raised) raise()
        return woke
      }
    }
    for (let i = 1; i <= count; i++) link.send(note(i, posted.includes(i), id), quiet && i < count ? "quiet" : "ring")
  }
const receives =
  (count: number) =>
  (kit: Kit): number[] => {
    const seen = numbers(kit)
    const { waitUntil } = site(kit)
    for (let i = 1; i <= count; i++) waitUntil(() => seen.length >= i)
    return seen
  }
/** Sleeps until all are there. */
const receivesQuietly =
  (count: number) =>
  (kit: Kit): number[] => {
    const seen = numbers(kit)
    const { waitUntil } = site(kit)
    waitUntil(() => seen.length === count)
    return seen
  }
/** Tells one that may or may not follow, and wakes it only if it does. */
const places = ({ mesh, connect }: Kit): void => {
  connect()
  mesh.sendLate((mesh.workers[0] as Peer).id, note(1), true)
}
/** Sleeps, and begins to follow: as the pool does, which others wake only then. */
const follows = (kit: Kit): number[] => {
  const seen = numbers(kit)
  const { mesh, parking, waitUntil } = site(kit)
  while (!parking.park(() => seen.length > 0)) if (seen.length > 0) return seen
  mesh.cells.follow(true)
  if (kit.plant !== "follows without a look") {
    parking.unpark(false)
    mesh.drain()
  } else if (seen.length === 0) kit.sleep()
  waitUntil(() => seen.length === 1)
  return seen
}
const inOrder =
  (count: number) =>
  (reports: readonly unknown[]): string | null => {
    const expected = String(Array.from({ length: count }, (_, i) => i + 1))
    return String(reports[1]) === expected ? null : `read ${reports[1]} instead of ${expected}`
  }

interface Robbed {
  readonly ran: readonly number[]
  readonly answered: number
}
interface Robber extends Robbed {
  readonly asked: number
  readonly granted: number
  readonly refused: number
  readonly withdrawn: number
  /** A request was granted, and its fibers were not there. */
  readonly emptyHanded: boolean
}

function take(queues: Queues, ran: number[]): boolean {
  const fiber = queues.next()
  if (fiber !== null) ran.push(Number(fiber.id.split(".")[1]))
  return fiber !== null
}

/** Has so many fibers and runs them, looking at requests before each; at its end it says so. */
const isRobbed =
  (count: number, feeds: boolean) =>
  (kit: Kit): Robbed => {
    const { mesh, queues, transit, victim, answer, waitUntil } = site(kit)
    const { cells } = mesh
    if (kit.plant === "rings only before it encodes") {
      const { link } = mesh.workers[0] as Peer
      const send = link.send.bind(link)
      link.send = mail => send(mail, mail.kind === TRANSFER ? "quiet" : "ring")
    }
    const host = { nextId: () => ++ids, birthplace: { thread: mesh.id, prefix: mesh.prefix } }
    let ids = 0
    for (let i = 0; i < count; i++) queues.push(admit(add(i, 1), "test", currentContext() as Context, host, undefined))
    const ran: number[] = []
    do {
      cells.announceLoad(queues.count)
      if (cells.attentionHint()) mesh.drain()
      answer()
      if (feeds) victim.feed(0, true)
    } while (take(queues, ran))
    cells.closeRequests()
    waitUntil(() => transit.pending === 0)
    mesh.workers[0]?.link.send(note(1))
    return { ran, answered: kit.count("requestsAnswered") + kit.count("requestsRefused") }
  }
/** Asks for work that often in a row, then sleeps; until it hears that there is no more. */
const robs =
  (tries: number) =>
  (kit: Kit): Robber => {
    const over = numbers(kit)
    const { mesh, queues, thief, waitUntil } = site(kit)
    const ran: number[] = []
    let emptyHanded = false
    if (kit.plant === "withdraws without looking") {
      const cells = (mesh.workers[0] as Peer).cells
      const withdraw = cells.withdraw.bind(cells)
      cells.withdraw = (slot, asked) => withdraw(slot, asked) || true
    }
    for (const look of ["step", "withdraw"] as const) {
      const plain = thief[look].bind(thief)
      thief[look] = () => {
        const granted = kit.count("stealsGranted")
        plain()
        if (kit.count("stealsGranted") === granted) return
        mesh.drain()
        if (kit.count("fibersIn") < granted + 1) emptyHanded = true
      }
    }
    while (over.length === 0) {
      if (mesh.cells.attentionHint()) mesh.drain()
      while (take(queues, ran));
      for (let i = 0; i < tries; i++) thief.step()
      waitUntil(() => !queues.isEmpty || over.length > 0)
    }
    mesh.drain()
    while (take(queues, ran));
    thief.withdraw()
    const [asked, granted, refused, withdrawn] = (
      ["stealsAsked", "stealsGranted", "stealsRefused", "stealsWithdrawn"] as const
    ).map(kit.count) as [number, number, number, number]
    return { ran, emptyHanded, answered: 0, asked, granted, refused, withdrawn }
  }
const eachOnce =
  (count: number) =>
  (reports: readonly unknown[]): string | null => {
    const [robbed, robber] = reports as [Robbed, Robber]
    const all = sorted([...robbed.ran, ...robber.ran])
    const expected = sorted(Array.from({ length: count }, (_, i) => i + 1))
    if (all !== expected) return `ran ${all} instead of ${expected}`
    if (robber.emptyHanded) return "a request was granted before its fibers were there"
    const heard = robber.granted + robber.refused
    if (robbed.answered !== heard) return `answered ${robbed.answered} requests; the thief heard of ${heard}`
    return null
  }

export const scenarios: Readonly<Record<string, Scenario>> = {
  "one sends, one sleeps": { parts: [sends(2), receives(2)], check: inOrder(2) },
  "by ring and by port": { parts: [sends(3, { posted: [2] }), receives(3)], check: inOrder(3) },
  // of 56 bytes each: the ring takes four, and the fifth at its start, once there is room
  "a ring that is too small": {
    parts: [sends(5, { quiet: true, id: "x".repeat(28) }), receivesQuietly(5)],
    bytes: 256,
    check: inOrder(5),
  },
  "both send and sleep": {
    parts: [0, 1].map(() => (kit: Kit) => {
      const seen = numbers(kit)
      const { waitUntil, mesh } = site(kit)
      mesh.workers[0]?.link.send(note(1))
      waitUntil(() => seen.length === 1)
      return seen
    }),
    check: reports => (String(reports) === "1,1" ? null : `read ${reports}`),
  },
  "one begins to follow": { parts: [places, follows], check: inOrder(1) },
  "one asks, one answers": { parts: [isRobbed(2, false), robs(1)], check: eachOnce(2) },
  "one asks twice": { parts: [isRobbed(1, false), robs(2)], check: eachOnce(1) },
  "one asks, one answers, and feeds": { parts: [isRobbed(1, true), robs(1)], check: eachOnce(1) },
  // the first word of it comes wherever the worker is: before its first look, in it, behind it, asleep
  "one is told to go": {
    parts: [tellsToGo, isServed],
    first: 0,
    check: ([heard]) => (heard === "1" ? null : `a thread that is empty said ${heard}`),
  },
  "one sleeps and is fed": { parts: [isRobbed(2, true), robs(0)], check: eachOnce(2) },
}
