/**
 * Owns finding fibers that join each other in a circle, across threads too. Each thread follows, once in a while, the
 * joins that have lasted since it last looked: from fiber to fiber, and by a probe where the next one is elsewhere.
 *
 * A fiber waits for one other, so a circle lasts until somebody interrupts one of its fibers, and a probe that goes into
 * it comes round. It then goes round once more: if each of them still waits for the same, there was a moment at which
 * all of them did, and the one with the least id, whoever found the circle, hears of it. A probe that meets a fiber on
 * its way, or one that goes on, is forgotten; who sent it will look again.
 */
import { RoveError } from "@rove/core"
import { type FiberAddress, type FiberState, type JoinPark, joinOf } from "@rove/fibers/scheduling"
import type { Directory } from "./directory.ts"
import { mail, PROBE } from "./mail.ts"
import type { Mesh } from "./mesh.ts"

/** What a probe carries. */
interface Probe {
  /** Fibers, and what each of them waits for, in their order. */
  readonly path: readonly (readonly [id: string, wait: string])[]
  /** How many of them it has met again: the path is a circle then. */
  readonly again: number
}

/** Longer circles are not looked for, nor more fibers at once. */
const LONGEST = 1000
const AT_ONCE = 1000
/** Milliseconds between two looks; twice as many after each round that found everything as it was, so often at most. */
const PAUSE = 500
const UNCHANGED = 8

type Later = (milliseconds: number, look: () => void) => { cancel(): void }

export class Circles {
  readonly #mesh: Mesh
  readonly #directory: Directory
  readonly #stopped: Iterable<FiberState>
  readonly #later: Later
  /** Where the next look goes on; null at the beginning of a round. */
  #place: Iterator<FiberState> | null = null
  /** Joins in this round, and whether one of them was not there in the last. */
  #joins = 0
  #changed = false
  #unchanged = 0
  readonly #lasting = new WeakSet<JoinPark>()
  #timer: { cancel(): void } | null = null
  /** `stopped`: the fibers that have stopped on this thread, for iterating while it changes. */
  constructor(mesh: Mesh, directory: Directory, stopped: Iterable<FiberState>, later: Later) {
    this.#mesh = mesh
    this.#directory = directory
    this.#stopped = stopped
    this.#later = later
    mesh.on(PROBE, m => this.#probed(m.id, m.object as Probe))
  }

  /** A fiber has stopped here. */
  parked(fiber: FiberState): void {
    if ((this.#timer !== null && this.#unchanged === 0) || joinOf(fiber) === null) return
    this.#unchanged = 0
    this.#arm()
  }

  #arm(): void {
    this.#timer?.cancel()
    this.#timer = this.#later(PAUSE * 2 ** this.#unchanged, this.#look)
  }
  readonly #look = (): void => {
    this.#timer = null
    const seen = new Set<FiberState>()
    this.#place ??= this.#stopped[Symbol.iterator]()
    for (let left = AT_ONCE; left > 0; left--) {
      const next = this.#place.next()
      if (next.done === true) return void this.#round()
      const park = joinOf(next.value)
      if (park !== null) this.#suspect(next.value, park, seen)
    }
    this.#arm()
  }
  /** All have been looked at. Without news it is done again some times, since a probe may come before word of where a fiber is. */
  #round(): void {
    this.#unchanged = this.#changed ? 0 : this.#unchanged + 1
    if (this.#joins > 0 && this.#unchanged <= UNCHANGED) this.#arm()
    this.#place = null
    this.#joins = 0
    this.#changed = false
  }
  /** Followed when it is seen for the second time: most joins are over by then. */
  #suspect(fiber: FiberState, park: JoinPark, seen: Set<FiberState>): void {
    this.#joins++
    if (this.#lasting.has(park)) return void this.#follow(fiber, { path: [], again: 0 }, seen)
    this.#lasting.add(park)
    this.#changed = true
  }

  /** From a fiber of this thread on. `seen`: those from which others were followed just now, and nothing was found. */
  #follow(start: FiberState, probe: Probe, seen: Set<FiberState> | null): void {
    let { again } = probe
    const path = new Map(probe.path)
    for (let at = start; ; ) {
      const park = joinOf(at)
      if (park === null) return
      const wait = `fiber ${at.id} (${at.name}): ${park.reason}`
      if (again === 0 && !path.has(at.id)) {
        if (path.size === LONGEST || seen?.has(at) === true) return
        seen?.add(at)
        path.set(at.id, wait)
      } else {
        if (again === 0) keepFrom(path, at.id)
        if (path.get(at.id) !== wait) return
        again++
        if (again > path.size && at.id === least(path)) return void park.fail(circle(path))
      }
      const next = this.#locate(park)
      if (next === null) return void this.#send(park.target, { path: [...path], again })
      at = next
    }
  }
  /** What is waited for, if it is on this thread. */
  #locate({ local, target }: JoinPark): FiberState | null {
    if (local !== null && local.status !== "moved") return local
    const found = this.#directory.find(target.id)
    return typeof found === "object" ? found : null
  }
  #send(target: FiberAddress, probe: Probe): void {
    const home = this.#mesh.homeOfFiber(target)
    if (home === this.#mesh.id) forward(this.#mesh, this.#directory, target.id, probe)
    else this.#mesh.send(home, mail(PROBE, target.id, 0, null, probe))
  }
  #probed(id: string, probe: Probe): void {
    const found = this.#directory.find(id)
    if (typeof found === "object") this.#follow(found, probe, null)
    else if (this.#mesh.homeOf(this.#mesh.homeIn(id)) === this.#mesh.id) forward(this.#mesh, this.#directory, id, probe)
  }
}

/** From a fiber's home to its place, if that is known to be another one. */
function forward(mesh: Mesh, directory: Directory, id: string, probe: Probe): void {
  const place = directory.placeOf(id)
  if (place !== undefined && place !== mesh.id) mesh.send(place, mail(PROBE, id, 0, null, probe))
}

/** The pool runs no fibers, and is the home of many. */
export function forwardProbes(mesh: Mesh, directory: Directory): void {
  mesh.on(PROBE, m => forward(mesh, directory, m.id, m.object as Probe))
}

/** Who waits for the circle without being in it is none of it. */
function keepFrom(path: Map<string, string>, first: string): void {
  for (const id of path.keys()) {
    if (id === first) return
    path.delete(id)
  }
}
function least(path: ReadonlyMap<string, string>): string {
  return [...path.keys()].sort()[0] as string
}
function circle(path: ReadonlyMap<string, string>): RoveError {
  return new RoveError("ROVE_DEADLOCK", `fibers join each other in a circle\n  ${[...path.values()].join("\n  ")}`)
}
