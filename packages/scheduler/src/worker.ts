/**
 * Owns a thread that runs fibers: its main loop, and the host that its fibers see.
 *
 * The thread alternates between bursts of slices and turns of the event loop; in a burst it looks at its mail and at
 * requests between slices, and at requests in `poll`. With nothing to run it parks.
 */
import { RoveError, type ThreadIdentity } from "@rove/core"
import {
  type Birthplace,
  type Delivery,
  type Due,
  enterStore,
  type FiberAddress,
  type FiberState,
  findStore,
  type Host,
  Ignored,
  type Machine,
  type Outcome,
  type Random,
  Recorder,
  runSlice,
  type Timer,
  Timers,
  Unheard,
} from "@rove/fibers/scheduling"
import { Alarm } from "./alarm.ts"
import { CatchingUp } from "./catching-up.ts"
import { Chores } from "./chores.ts"
import { Circles } from "./circles.ts"
import { Deaths } from "./deaths.ts"
import { Departure } from "./departure.ts"
import { Directory } from "./directory.ts"
import { Ending } from "./ending.ts"
import { sendLast } from "./last-records.ts"
import { DONE, EVICT, INTERRUPT_ALL, mail, SHARED } from "./mail.ts"
import { type Mesh, type Peer, POOL } from "./mesh.ts"
import { Migrations } from "./migrations.ts"
import { Objects } from "./objects.ts"
import { encodeOutcome } from "./outcome.ts"
import { PoolOutlet } from "./outlet.ts"
import { Pace } from "./pace.ts"
import { Parking } from "./park.ts"
import type { Pulse } from "./pulse.ts"
import { Queues } from "./queues.ts"
import { Loading, Quiet } from "./quiet.ts"
import { answerRequests, type Whereabouts } from "./requests.ts"
import { Sharing } from "./sharing.ts"
import type { StatCells } from "./stats.ts"
import { Thief, Victim } from "./steal.ts"
import { Ticks } from "./ticks.ts"
import { ToPool } from "./to-pool.ts"
import { Transit, type TransitHost } from "./transit.ts"
import { Watch } from "./watch.ts"
import { tooMany, type WorkerParts } from "./worker-parts.ts"

/** Milliseconds until a timer for which the thread is looked after closely: more than what follows any look before. */
const NEAR = 25

type State = "idle" | "scheduled" | "running" | "parked" | "closed"

export class WorkerThread implements Host, TransitHost {
  readonly machine: Machine
  readonly threadId: number
  readonly birthplace: Birthplace
  #thread: ThreadIdentity | null = null
  readonly random: Random
  readonly #parts: WorkerParts
  readonly #mesh: Mesh
  readonly #stats: StatCells
  readonly #pulse: Pulse | null
  readonly #queues = new Queues()
  readonly #timers = new Timers()
  readonly #directory: Directory
  readonly #transit: Transit
  readonly #thief: Thief
  readonly #victim: Victim
  readonly #sharing: Sharing
  readonly #parking: Parking
  readonly #ending: Ending
  readonly #circles: Circles
  readonly #departure: Departure
  readonly #catchingUp: CatchingUp
  readonly #pool: ToPool
  readonly #pace: Pace
  readonly #watch: Watch
  /** None of a virtual clock. */
  readonly #ticks: Ticks | null
  readonly #due: Int32Array
  readonly recorder: Recorder = new Recorder(this)
  readonly outlet: PoolOutlet
  readonly homes: Objects
  readonly #migrations: Migrations
  readonly #chores = new Chores(this)
  readonly #unheard = new Unheard((id, text) => this.#pool.unheard(id, text), this.#chores.later)
  readonly #ignored = new Ignored((id, text) => this.#pool.ignores(id, text))
  readonly #quiet: Quiet
  #ids = 0
  #state: State = "idle"
  /** Fibers that are here, whatever they do. */
  #population = 0
  #turned = true
  readonly #alarm: Alarm

  constructor(parts: WorkerParts) {
    const { mesh, stats, clock, codec, machine } = parts
    const modules = new Loading(parts.modules)
    this.#parts = parts
    this.#mesh = mesh
    this.#pool = new ToPool(mesh)
    const ofEnds = new Loading(modules) // a module of another fiber may take for ever
    this.#catchingUp = new CatchingUp(mesh, () => ofEnds.settled())
    this.#stats = stats
    this.#pulse = parts.pulse
    this.machine = machine
    this.threadId = mesh.id
    this.random = parts.random
    this.birthplace = { thread: mesh.id, prefix: mesh.prefix }
    this.outlet = new PoolOutlet(mesh, codec)
    this.homes = new Objects(mesh, codec, modules, {
      whereabouts: (fiber, ended) => this.#directory.whenDone(fiber, ended),
      quiet: () => this.#departure.check(),
      fibers: this,
    })
    this.#migrations = new Migrations(mesh, this)
    answerRequests(mesh, this)
    this.#directory = new Directory(mesh, codec, ofEnds, this)
    this.#transit = new Transit(mesh, codec, modules, this.#directory, this, stats)
    this.#thief = new Thief(mesh, parts.random, stats)
    this.#victim = new Victim(mesh, this.#transit, this.#queues, stats, parts.limits.bytes, this.#migrations)
    this.#sharing = new Sharing(mesh.cells, this.#victim, () => this.#queues.count)
    const shed = (fiber: FiberState): boolean => this.#victim.shed(fiber)
    this.#ending = new Ending(this, this.#queues, this.recorder, (...of) => this.#record(...of), shed, this.#transit)
    const { stopped } = this.#ending
    this.#circles = new Circles(mesh, this.#directory, stopped, this.#chores.later)
    this.#quiet = new Quiet(mesh, stopped, {
      slices: () => stats.slices,
      isIdle: () => this.#queues.isEmpty && this.#timers.size === this.#chores.armed,
      isUnderway: () => this.#transit.pending > 0 || modules.count > 0,
      later: this.#chores.later,
    })
    this.#parking = new Parking(mesh, this.#thief, clock, stats, () => !this.#ending.begun, parts.processors)
    this.#alarm = new Alarm(parts.loop, clock, () => {
      if (this.#state === "parked") this.#unpark(false)
      this.wake()
    })
    this.#pace = new Pace(clock, machine, parts.quantum)
    this.#due = mesh.cells.due
    this.#ticks = clock.since === undefined ? null : new Ticks(mesh.cells, () => this.#pool.busy())
    this.#watch = new Watch(clock, ({ id }, text) => this.#pool.held(id, text))
    this.#departure = new Departure(mesh, this.#directory, () => this.#ending.isEmpty && this.homes.isQuiet, parts.gone)
    new Deaths(mesh, this.#directory, {
      lost: id => {
        this.#departure.lost(id)
        this.#catchingUp.lost(id)
        this.#transit.lost(id)
        this.#thief.forget(id)
        this.homes.lost(id)
      },
      buried: id => this.homes.bury(id),
      later: then => this.recorder.later(then),
    })
  }

  /** Something arrived, or became ready, while the event loop ran. */
  readonly wake = (): void => {
    if (this.#state === "parked") this.#unpark(true)
    if (this.#state !== "idle") return
    this.#state = "scheduled"
    if (this.#turned) this.#parts.loop.soon(this.#burst)
    else this.#parts.loop.nextTurn(this.#turn)
  }
  /** A bell: the event loop calls, with nothing else on the stack and its turn just had. */
  readonly rung = (): void => {
    if (this.#state === "parked") {
      this.#unpark(true)
      if (this.#transit.underway === this.#transit.pending) this.#watch.woken()
      this.#burst()
    } else this.wake()
  }
  #unpark(rung: boolean): void {
    this.#parking.unpark(rung)
    this.#state = "idle"
  }
  /** This thread is to have no more fibers, in one of the ways that STOP says: Ending.begin. */
  end(mode: number, tell: (empty: boolean) => void, recorded: () => void): void {
    this.#catchingUp.before(mode, () => this.#end(mode, tell, recorded))
  }
  #end(mode: number, tell: (empty: boolean) => void, recorded: () => void): void {
    this.#mesh.cells.closeRequests()
    this.#thief.withdraw()
    if (mode === INTERRUPT_ALL || mode === EVICT) this.recorder.clear()
    const told = (empty: boolean): void => {
      tell(empty)
      if (empty) this.#departure.check()
    }
    this.#ending.begin(mode, told, recorded)
    this.#transit.turnsAway(this.#ending.leaving)
    if (this.#state !== "running") this.wake()
  }
  /** This thread wants to go: the pool sees to it. */
  askToLeave(): void {
    this.#pool.leaving()
  }
  /** The pool keeps what fibers of this home have ended with, and has its objects, from now on. */
  handOver(): void {
    this.#directory.handOver()
    this.homes.handOver()
  }
  /** No more requests, no more bursts. */
  close(): void {
    this.#state = "closed"
    this.#unheard.flush()
    this.#alarm.cancel()
    this.#mesh.cells.closeRequests()
  }

  readonly #turn = (): void => {
    this.#turned = true
    this.#burst()
  }

  readonly #burst = (): void => {
    if (this.#state === "closed") return
    this.#state = "running"
    // on a thread that several runtimes share, another one may be the host of ordinary code
    const { host, due } = this.machine
    this.machine.host = this
    this.machine.due = this.#due
    findStore(this.machine)
    const { lateBells } = this.#mesh
    lateBells.begin()
    const state = this.#bursts()
    lateBells.end()
    this.machine.host = host
    this.machine.due = due
    if ((this.#state as State) === "closed") return
    this.#state = "idle"
    if (state === "nothing" && this.#parking.park(this.#hasWork)) {
      this.#quiet.parked()
      this.#state = "parked"
      this.#sharing.slept()
      this.#watch.sleeps()
      this.#turned = true
      this.#alarm.set(this.#timers.next)
    } else {
      this.#turned = false
      this.wake()
    }
  }
  /** Bursts, and looking for work in between, until there is none or the event loop is to have its turn. */
  #bursts(): "nothing" | "turn" {
    let now = this.#pace.beginTurn()
    for (;;) {
      const finished = this.#runUntilTurn(now)
      this.#pulse?.rest()
      this.#parts.attributed("")
      this.#stats.burst(this.#pace.endBurst())
      if (!finished) return "turn"
      this.#ending.idle()
      if ((this.#state as State) === "closed") return "turn"
      if (!this.#parking.spin(this.#hasWork, this.#isAwaited)) {
        this.#ending.idle() // it may have read that it is to end, or that the last fiber is another thread's
        return "nothing"
      }
      now = this.#pace.beginBurst()
      if (this.#pace.burstIsOver(now)) return "turn"
    }
  }

  /** Slices until there is nothing to run (true) or the event loop is to have its turn. */
  #runUntilTurn(begun: number): boolean {
    let now = begun
    for (;;) {
      this.#timers.fireDue(now)
      if (this.#mesh.cells.attentionHint()) {
        this.#mesh.drain()
        if (!this.#ending.begun) this.#victim.answer(now, false)
      }
      const fiber = this.#queues.next()
      if (fiber === null) return true
      if (this.recorder.holds(fiber)) continue // it was ready when it became its record
      if (!this.#migrations.none && this.#migrations.divert(fiber, this.#give)) continue
      if (this.#ending.gives(fiber)) continue
      if (fiber.status === "unstarted" || fiber.status === "ready") this.#slice(fiber, now)
      now = this.#pace.tick()
      if (this.#watch.looked(fiber, this.#pace.held)) this.#stats.add("held")
      if (!this.#ending.begun) this.#sharing.look(now, false)
      this.#mesh.lateBells.look(now)
      if (this.#pace.burstIsOver(now)) return false
    }
  }

  #slice(fiber: FiberState, now: number): void {
    this.#stats.slice()
    if (fiber.status === "unstarted") {
      this.#stats.add("started")
      // Before it begins: a submission that was not said to have started can be run again elsewhere.
      if (fiber.home === POOL) this.#pool.started(fiber.id)
    }
    this.#pace.beginSlice()
    this.#watch.begin(now)
    this.#pulse?.begin(fiber)
    if (this.machine.own.urgent) this.machine.budget = 0
    this.#parts.attributed(fiber.id)
    enterStore(this.machine, fiber.context.variables)
    if (runSlice(this.machine, fiber, this, undefined, this.recorder.wants(fiber)) === "ready") this.ready(fiber)
  }

  /** For a pool that closes: the record goes there, and the fiber ends here. */
  #record(fiber: FiberState, answered: () => void): void {
    this.recorder.ask(fiber, "stop", ({ record }) => {
      // one that was refused goes on, to be interrupted; or it has ended meanwhile
      if (record !== undefined) sendLast(this.#mesh, fiber.id, record)
      answered()
    })
  }
  readonly #isAwaited = (): boolean => this.#transit.pending > 0
  readonly #hasWork = (): boolean => !this.#queues.isEmpty || this.#timers.next <= this.now()

  get thread(): ThreadIdentity {
    this.#thread ??= this.#parts.identity()
    return this.#thread
  }
  now(): number {
    return this.#parts.clock.now()
  }
  nextId(): number {
    return ++this.#ids
  }
  spawned(child: FiberState): void {
    if (this.#population >= this.#parts.limits.fibers) throw tooMany(this.thread.name, this.#parts.limits.fibers)
    this.#population++
    this.#queues.push(child)
    if (this.#state !== "running") this.wake()
  }
  begin(fiber: FiberState): void {
    if (this.#state === "closed" || this.#ending.isEmpty)
      throw new RoveError("ROVE_POOL_CLOSED", `thread ${this.thread.name} leaves its pool and takes no more fibers`)
    this.spawned(fiber)
    this.#ending.came(fiber)
  }
  claim(child: FiberState): boolean {
    if (child.status !== "unstarted" || this.recorder.holds(child) || this.#migrations.wants(child)) return false
    if (!this.#queues.claim(child)) return false
    this.#stats.add("started")
    return true
  }
  ready(fiber: FiberState): void {
    if (this.recorder.ready(fiber)) return
    if (!this.#migrations.none && this.#migrations.divert(fiber, this.#give)) return
    this.#queues.push(fiber)
    if (this.#state !== "running") this.wake()
  }
  comes(): void {
    this.#population++
    this.#ending.comes()
  }
  readonly isRecord = (fiber: FiberState): boolean => this.recorder.holds(fiber)
  recorded({ id }: FiberState): void {
    this.#pool.copied(id)
  }
  enqueue(fiber: FiberState): void {
    this.#migrations.stayed(fiber)
    this.#ending.came(fiber)
    this.ready(fiber)
  }
  arrived(): void {
    if (this.#ending.begun) this.wake() // it may have been the last
  }
  readonly #give = (fiber: FiberState, peer: Peer): boolean => this.#transit.give(fiber, peer)
  migrate(fiber: FiberState, thread: number, told: (error: unknown) => void): void {
    this.#migrations.want(fiber, thread, told)
    // it goes when its slice ends, which is now: the other thread may as well wake up
    if (fiber === this.machine.fiber) this.#mesh.peer(thread)?.link.ringEarly()
  }
  prefer(child: FiberState, thread: number): void {
    if (this.#mesh.workers.some(({ id }) => id === thread)) this.#migrations.want(child, thread, () => {})
  }
  find(id: string, hops: number): Whereabouts {
    return this.#directory.findAt(id, hops)
  }
  parked(fiber: FiberState): void {
    this.recorder.parked(fiber)
    this.#ending.parked(fiber)
    this.#circles.parked(fiber)
  }
  left(fiber: FiberState): void {
    this.#population--
    this.recorder.ended(fiber)
    this.#ending.gone(fiber)
    this.#migrations.left(fiber)
    if (!this.outlet.idle) this.outlet.gone(fiber)
  }
  fail(id: string, error: unknown): void {
    const outcome = encodeOutcome(this.#parts.codec, { kind: "failed", error })
    this.#mesh.send(this.#mesh.homeOf(this.#mesh.homeIn(id)), mail(DONE, id, SHARED, outcome))
  }
  timer(at: number, target: Due): Timer {
    const timer = this.#timers.add(at, target)
    if (this.#state === "parked") this.#alarm.set(at)
    return timer
  }
  whenDone(address: FiberAddress, listener: (outcome: Outcome) => void, quiet = false): void {
    this.#directory.whenDone(address, listener, quiet)
  }
  caughtUp(then: () => void): void {
    this.#catchingUp.with(this.#directory.asked(), then)
  }
  unlisten(address: FiberAddress, listener: (outcome: Outcome) => void): void {
    this.#directory.unlisten(address, listener)
  }
  heard(fiber: FiberState): void {
    this.#unheard.heard(fiber)
  }
  unheard(fiber: FiberState): void {
    this.#unheard.ended(fiber)
  }
  ignores(fiber: FiberState): void {
    this.#ignored.asked(fiber)
  }
  ended(fiber: FiberState, heard: boolean): void {
    this.#population--
    this.#stats.add("ended")
    this.recorder.ended(fiber)
    if (!this.#migrations.none) this.#migrations.ended(fiber)
    if (!this.outlet.idle) this.outlet.gone(fiber)
    if (fiber.topDepth > 0) this.#ending.gone(fiber)
    if (!this.#directory.ended(fiber) && !heard) this.#unheard.ended(fiber)
  }
  shared(fiber: FiberState): void {
    this.#directory.share(fiber)
  }
  interrupt(address: FiberAddress, reason: unknown, tell?: (delivery: Delivery) => void): void {
    this.#directory.interrupt(address, reason, tell)
  }
  poll(): boolean {
    const now = this.#pace.tick()
    this.#pace.refill(this.#queues.readyCount > 0 || this.#timers.next - now < NEAR)
    this.#ticks?.look(now, this.#pace.burstStart)
    this.#pulse?.beat()
    if (this.#watch.looked(this.machine.fiber, this.#pace.held)) this.#stats.add("held")
    this.#watch.begin(now)
    if (!this.#ending.begun) this.#sharing.look(now, true)
    this.#mesh.lateBells.look(now)
    if (this.#pace.burstIsOver(now)) return true
    if (!this.#pace.sliceIsOver(now)) return false
    // children that nobody began mostly come behind it in any case: its stack is not taken apart for them
    return this.#queues.readyCount > 0 || this.#timers.next <= now || this.#mesh.cells.attentionHint()
  }
}
