"use fibers"
/** What `process.test.ts` runs. Each says in words what it saw. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import {
  ask,
  currentFiber,
  currentThread,
  Down,
  demonitor,
  detach,
  Exit,
  exit,
  type Fiber,
  FiberInterrupted,
  link,
  migrateTo,
  monitor,
  type Operation,
  Question,
  type Resumable,
  receive,
  register,
  sleep,
  spawn,
  tell,
  trapExits,
  unlink,
  unregister,
  whereis,
} from "rove"

function* codeOf(operation: () => Operation<unknown>): Resumable<unknown> {
  try {
    return yield* operation()
  } catch (error) {
    return (error as { code?: string }).code ?? `${error}`
  }
}
const me = (): Fiber<unknown> => currentFiber() as Fiber<unknown>

/** Reports where it was, so that tests can see that others than one thread had a part. */
export function* echo(parent: Fiber<unknown>): Resumable<number> {
  for (;;) {
    const message = yield* receive()
    if (message === "stop") return currentThread().id
    yield* tell(parent, message)
  }
}

export function* inOrder(count: number): Resumable<[boolean, number]> {
  const other = yield* spawn(echo(me()))
  for (let i = 0; i < count; i++) yield* tell(other, i)
  let ordered = true
  for (let i = 0; i < count; i++) if ((yield* receive()) !== i) ordered = false
  yield* tell(other, "stop")
  return [ordered, yield* other.join()]
}

class Order {
  readonly item: string
  constructor(item: string) {
    this.item = item
  }
}

export function* selective(): Resumable<unknown[]> {
  const self = me()
  for (const message of [1, "a", { type: "ping", n: 1 }, new Order("tea"), "b", 2]) yield* tell(self, message)
  const seen: unknown[] = []
  seen.push((yield* receive(Order)).item)
  seen.push((yield* receive({ type: "ping" })).n)
  seen.push(yield* receive((m: unknown): m is string => typeof m === "string"))
  seen.push(yield* codeOf(() => receive(Order, { timeout: 5 })))
  seen.push(yield* receive(), yield* receive(), yield* receive())
  seen.push(yield* codeOf(() => receive(undefined, { timeout: 0 })))
  return seen
}

function* server(): Resumable<string> {
  for (;;) {
    const question = (yield* receive(Question)) as Question<string>
    if (question.message === "stop") return "stopped"
    if (question.message === "late") yield* sleep(40)
    if (question.message === "wrong") yield* question.refuse(new RangeError("no such thing"))
    else yield* question.reply(question.message.toUpperCase())
    if (question.message === "once") return "gone"
  }
}

export function* asks(): Resumable<unknown[]> {
  const other = yield* spawn(server())
  const seen: unknown[] = [yield* ask(other, "a"), yield* codeOf(() => ask(other, "wrong"))]
  seen.push(yield* codeOf(() => ask(other, "late", { timeout: 5 })))
  seen.push(yield* ask(other, "b")) // and not the late answer
  seen.push(yield* ask(other, "once"))
  yield* other.join()
  seen.push(yield* codeOf(() => ask(other, "c")))
  yield* tell(other, "nobody hears this")
  const silent = yield* spawn(hears())
  seen.push(yield* codeOf(() => ask(silent, "d")))
  return seen
}
function* hears(): Resumable<void> {
  yield* receive()
}

export function* names(name: string): Resumable<unknown[]> {
  const seen: unknown[] = [yield* whereis(name), yield* codeOf(() => tell(name, 1))]
  const other = yield* spawn(registers(name))
  yield* receive({ ready: true })
  seen.push((yield* whereis(name))?.id === other.id)
  seen.push(yield* ask(name, "hello"))
  seen.push(yield* codeOf(() => register(name)))
  const ref = yield* monitor(other)
  yield* tell(name, "end")
  yield* receive((m: unknown): m is Down => m instanceof Down && m.monitor === ref)
  seen.push(yield* whereis(name)) // names are free before anybody hears of the end
  yield* register(name)
  seen.push(
    (yield* whereis(name))?.id === me().id,
    yield* unregister(name),
    yield* unregister(name),
    yield* whereis(name),
  )
  return seen
}
export function* registers(name: string): Resumable<void> {
  yield* register(name)
  for (const fiber of [yield* whereis("names-parent")]) if (fiber !== null) yield* tell(fiber, { ready: true })
  for (;;) {
    const message = yield* receive()
    if (message === "end") return
    if (message instanceof Question) yield* message.reply(`${message.message} yourself`)
  }
}
export function* namesWithParent(name: string): Resumable<unknown[]> {
  yield* register("names-parent")
  try {
    return yield* names(name)
  } finally {
    yield* unregister("names-parent")
  }
}

/** How a fiber ends, by name. */
function* ends(how: string): Resumable<unknown> {
  yield* receive("go" as never)
  if (how === "returns") return 1
  if (how === "fails") throw new RangeError("failed")
  yield* sleep(60_000)
  return 0
}
function* started(how: string): Resumable<Fiber<unknown>> {
  return yield* spawn(ends(how))
}
function text(reason: unknown): unknown {
  return reason instanceof Error ? `${reason}` : reason
}

/** What becomes of a fiber that is linked to one that ends, row by row of the table. */
export function* linked(how: string, traps: boolean): Resumable<unknown[]> {
  const subject = yield* spawn(subjectOf(how, traps, me()))
  const seen: unknown[] = []
  for (;;) {
    const message = yield* receive()
    if (message === "over") break
    seen.push(message)
  }
  try {
    seen.push(yield* subject.join())
  } catch (error) {
    seen.push(error instanceof FiberInterrupted ? `interrupted: ${text(error.reason)}` : `${error}`)
  }
  return seen
}
function* subjectOf(how: string, traps: boolean, parent: Fiber<unknown>): Resumable<string> {
  try {
    if (traps) yield* trapExits()
    const partner = yield* started(how)
    if (how !== "was gone") yield* link(partner)
    if (how === "unlinked") yield* unlink(partner)
    if (how === "killed") yield* exit(partner, "kill")
    else if (how === "unlinked") yield* exit(partner, new RangeError("unlinked"))
    else if (how === "exits") yield* exit(partner, new RangeError("told to"))
    else yield* tell(partner, "go")
    if (how === "was gone") {
      yield* exit(partner, "kill")
      yield* codeOf(() => partner.join())
      yield* link(partner)
    }
    const message = yield* receive(Exit, { timeout: 150 })
    yield* tell(parent, [message.fiber.id === partner.id, text(message.reason)])
    return "trapped"
  } catch (error) {
    if ((error as { code?: string }).code === "ROVE_TIMEOUT") return "went on"
    throw error
  } finally {
    yield* tell(parent, "over")
  }
}

/** Signals that one sends another, and what it does then. */
export function* signals(): Resumable<unknown[]> {
  const seen: unknown[] = []
  for (const traps of [false, true])
    for (const reason of ["normal", "kill", "other"]) {
      const subject = yield* spawn(waitsForSignal(traps))
      yield* receive("ready" as never)
      const ref = yield* monitor(subject)
      yield* exit(subject, reason)
      const down = yield* receive((m: unknown): m is Down => m instanceof Down && m.monitor === ref)
      seen.push(`${traps ? "trapping" : "not trapping"}, ${reason}: ${text(down.reason)}`)
    }
  return seen
}
function* waitsForSignal(traps: boolean): Resumable<void> {
  if (traps) yield* trapExits()
  const parent = yield* whereis("signals-parent")
  yield* tell(parent as Fiber<unknown>, "ready")
  try {
    const message = yield* receive(Exit, { timeout: 100 })
    throw new TypeError(`message ${text(message.reason)}`)
  } catch (error) {
    if ((error as { code?: string }).code === "ROVE_TIMEOUT") return
    throw error
  }
}
export function* signalsWithParent(): Resumable<unknown[]> {
  yield* register("signals-parent")
  return yield* signals()
}

export function* monitors(): Resumable<unknown[]> {
  const seen: unknown[] = []
  for (const how of ["returns", "fails", "waits"]) {
    const other = yield* started(how)
    const ref = yield* monitor(other)
    if (how === "waits") yield* exit(other, "enough")
    else yield* tell(other, "go")
    const down = yield* receive(Down)
    seen.push(down.monitor === ref, down.fiber.id === other.id, text(down.reason))
    yield* codeOf(() => other.join())
    yield* monitor(other)
    seen.push(text((yield* receive(Down)).reason)) // at once, of one that has ended
  }
  const other = yield* started("returns")
  const ref = yield* monitor(other)
  yield* tell(other, "go")
  yield* other.join()
  yield* sleep(20)
  yield* demonitor(ref)
  seen.push(yield* codeOf(() => receive(Down, { timeout: 20 })))
  return seen
}

/** Links go both ways, and a chain of them falls together. */
export function* chain(length: number): Resumable<unknown[]> {
  yield* trapExits()
  const last = yield* spawn(linkOf(length))
  yield* link(last)
  const message = yield* receive(Exit)
  return [message.fiber.id === last.id, text(message.reason)]
}
function* linkOf(left: number): Resumable<void> {
  if (left === 0) throw new RangeError("the last one")
  const next = yield* spawn(linkOf(left - 1))
  yield* link(next)
  yield* sleep(60_000)
}

/** Moves between two receives; what it has not wanted yet goes along, and what is sent meanwhile comes. */
export function* moving(threads: readonly number[]): Resumable<unknown[]> {
  const self = me()
  const seen: unknown[] = []
  for (const [i, thread] of threads.entries()) {
    yield* tell(self, { kept: i })
    yield* tell(self, { wanted: i })
    seen.push(
      (yield* receive((m: unknown): m is { wanted: number } => typeof m === "object" && m !== null && "wanted" in m))
        .wanted,
    )
    yield* migrateTo(thread)
    yield* spawn(tells(self, `from ${i}`))
    seen.push(yield* receive((m: unknown): m is string => typeof m === "string"))
  }
  for (const _ of threads) seen.push(((yield* receive()) as { kept: number }).kept)
  return seen
}
function* tells(to: Fiber<unknown>, message: string): Resumable<void> {
  yield* tell(to, message)
}

/** Hears of the end of a fiber whose thread dies. */
export function* hearsOfDeath(one: number, two: number): Resumable<unknown[]> {
  yield* migrateTo(one)
  yield* trapExits()
  const other = yield* spawn(diesOn(two, me()))
  yield* receive("there" as never)
  yield* monitor(other)
  yield* link(other)
  yield* tell(other, "die")
  const down = yield* receive(Down)
  const exited = yield* receive(Exit)
  return [down.reason, exited.reason].map(reason => (reason as { code?: string }).code)
}
function* diesOn(thread: number, parent: Fiber<unknown>): Resumable<void> {
  yield* migrateTo(thread)
  yield* tell(parent, "there")
  yield* receive("die" as never)
  process.exit(1)
}

/** A fiber that lives, and whose home dies, is found by those who have its handle. */
export function* losesHome(one: number, two: number): Resumable<unknown[]> {
  yield* migrateTo(two)
  const other = yield* spawn(answersFrom(one, me()))
  yield* receive("there" as never)
  yield* migrateTo(one)
  const killer = yield* spawn(diesOn(two, me()))
  yield* receive("there" as never)
  yield* monitor(killer)
  yield* tell(killer, "die")
  yield* receive(Down)
  const seen: unknown[] = [yield* ask(other, "still there?", { timeout: 10_000 })]
  yield* tell(other, "stop")
  seen.push(yield* other.join())
  return seen
}
function* answersFrom(thread: number, parent: Fiber<unknown>): Resumable<string> {
  yield* migrateTo(thread)
  yield* tell(parent, "there")
  for (;;) {
    const message = yield* receive()
    if (message === "stop") return "stopped"
    if (message instanceof Question) yield* message.reply("yes")
  }
}

/** One that lives on another thread hears of its partner, although its home has died: by a monitor, a link, or a link that its partner has made. */
export function* hearsWithoutHome(
  how: "monitor" | "trap" | "signalled" | "link" | "linked",
  one: number,
  two: number,
): Resumable<unknown> {
  yield* migrateTo(two)
  const parent = me()
  const partner = yield* detach(failsWhenTold(one, parent))
  const listener = yield* detach(listens(how, partner, one, parent))
  if (how === "linked") yield* tell(partner, listener)
  for (let i = 0; i < 2; i++) yield* receive("there" as never)
  yield* migrateTo(one)
  const killer = yield* spawn(diesOn(two, me()))
  yield* receive("there" as never)
  yield* monitor(killer)
  yield* tell(killer, "die")
  yield* receive(Down)
  yield* tell(partner, "fail")
  return yield* codeOf(() => listener.join())
}
/** The pool has its inbox, and its partner lives elsewhere than at its home, which goes. Gives how it hears of the partner's end, and how it joins it. */
export function* hearsOfHomeless(one: number, two: number, dies: boolean): Resumable<unknown[]> {
  yield* migrateTo(two)
  const partner = yield* detach(failsWhenTold(one, me()))
  yield* receive("there" as never)
  yield* monitor(partner)
  yield* migrateTo(one)
  if (dies) yield* kills(two)
  else {
    yield* register("watcher")
    yield* receive("it has left" as never)
  }
  yield* tell(partner, "fail")
  const down = yield* receive(Down, { timeout: 10_000 })
  return [`${down.reason}`, yield* codeOf(() => partner.join())]
}
export function* untilNamed(name: string): Resumable<void> {
  while ((yield* whereis(name)) === null) yield* sleep(1)
}
export function* tellsWatcher(): Resumable<void> {
  yield* tell("watcher", "it has left")
}
function* kills(thread: number): Resumable<void> {
  const killer = yield* detach(diesOn(thread, me()))
  yield* receive("there" as never)
  yield* monitor(killer)
  yield* tell(killer, "die")
  yield* receive(Down)
}
class Signal {
  readonly to: Fiber<unknown>
  constructor(to: Fiber<unknown>) {
    this.to = to
  }
}
function* failsWhenTold(thread: number, parent: Fiber<unknown>): Resumable<never> {
  yield* migrateTo(thread)
  yield* tell(parent, "there")
  for (;;) {
    const message = yield* receive()
    if (message === "fail") throw new RangeError("told to")
    if (message instanceof Signal) yield* exit(message.to, "still linked")
    else yield* link(message as Fiber<unknown>)
  }
}
function* listens(how: string, partner: Fiber<never>, thread: number, parent: Fiber<unknown>): Resumable<string> {
  if (how === "monitor") yield* monitor(partner)
  else if (how !== "linked") yield* link(partner)
  if (how === "trap" || how === "signalled") yield* trapExits()
  if (how === "signalled") {
    yield* tell(partner, new Signal(me()))
    yield* receive({ reason: "still linked" })
  }
  yield* migrateTo(thread)
  yield* sleep(20) // it is known to be there
  yield* tell(parent, "there")
  if (how === "link" || how === "linked") yield* sleep(10_000)
  const first = yield* receive<Down | Exit>(undefined, { timeout: 10_000 })
  // and nothing comes twice
  return `${first.constructor.name} ${first.reason} ${yield* codeOf(() => receive(undefined, { timeout: 50 }))}`
}

/** Is recorded while it sleeps; then somebody tells it something. */
export function* answersItself(): Resumable<unknown> {
  yield* tell(me(), "it wants this later")
  yield* codeOf(() => receive({ never: true }, { timeout: 0 }))
  yield* sleep(60)
  yield* spawn(tells(me(), "from itself"))
  const message = yield* receive((m: unknown): m is string => m === "from itself", { timeout: 5_000 })
  return `${message}, ${yield* receive()}`
}

/** Tells that come from several fibers which move about: what each sends comes in order. */
export function* toldOnTheWay(threads: readonly number[], count: number): Resumable<string[]> {
  const tellers: Fiber<void>[] = []
  for (let name = 0; name < 4; name++) tellers.push(yield* spawn(tellsOnTheWay(name, me(), threads, count)))
  const next = [0, 0, 0, 0]
  const wrong: string[] = []
  for (let left = 4 * count; left > 0; left--) {
    const [name, i] = yield* receive<[number, number]>(undefined, { timeout: 10_000 })
    if (i !== next[name]) wrong.push(`${name}: ${i} in place of ${next[name]}`)
    next[name] = i + 1
  }
  return wrong
}
function* tellsOnTheWay(name: number, to: Fiber<unknown>, threads: readonly number[], count: number): Resumable<void> {
  for (let i = 0; i < count; i++) {
    yield* tell(to, [name, i])
    if (i % 7 === name) yield* migrateTo(threads[i % threads.length] as number)
  }
}

/** Whatever one fiber sends: messages, signals, questions that nobody waits for any more. All of it comes in order, though its thread is slow. */
export function* onTheWay(what: "sent" | "untied", threads: readonly number[], count: number): Resumable<string[]> {
  yield* migrateTo(threads[0] as number)
  // its inbox is where it is spawned
  const receiver = yield* spawn(what === "sent" ? sentOnTheWay(threads, count) : untiedOnTheWay(threads, count), {
    pinned: "its thread is slow",
  })
  return yield* receiver.join()
}
function* sentOnTheWay(threads: readonly number[], count: number): Resumable<string[]> {
  yield* trapExits()
  const next = [0, 0]
  for (const name of next.keys()) yield* spawn(sendsOnTheWay(name, me(), threads, count))
  const wrong: string[] = []
  for (let left = next.length * count; left > 0; left--) {
    const message = yield* receive<unknown>(undefined, { timeout: 10_000 })
    const sent = message instanceof Exit ? message.reason : message instanceof Question ? message.message : message
    const [name, i] = sent as [number, number]
    if (i !== next[name]) wrong.push(`${name}: ${i} in place of ${next[name]}`)
    next[name] = i + 1
    busy(1)
  }
  return wrong
}
function* sendsOnTheWay(name: number, to: Fiber<unknown>, threads: readonly number[], count: number): Resumable<void> {
  for (let i = 0; i < count; i++) {
    yield* migrateTo(threads[1 + ((i + name) % 2)] as number)
    if (i % 3 === 0) yield* exit(to, [name, i])
    else if (i % 3 === 1) yield* tell(to, [name, i])
    else yield* codeOf(() => ask(to, [name, i], { timeout: 0 }))
  }
}
/** Who has untied itself and then ends is no news, though it went elsewhere in between. Gives what came all the same. */
function* untiedOnTheWay(threads: readonly number[], count: number): Resumable<string[]> {
  yield* trapExits()
  const heard: string[] = []
  for (let i = 0; i < count; i++) {
    yield* spawn(endsUntied(me(), threads, i))
    for (;;) {
      const message = yield* receive<unknown>(undefined, { timeout: 10_000 })
      busy(2)
      if (message === i) break
      heard.push(`${(message as Exit).reason}`)
    }
  }
  yield* codeOf(() => receive(undefined, { timeout: 50 }))
  return heard
}
function* endsUntied(partner: Fiber<unknown>, threads: readonly number[], i: number): Resumable<void> {
  yield* migrateTo(threads[1 + (i % 2)] as number)
  yield* link(partner)
  yield* tell(partner, i)
  yield* unlink(partner)
  yield* migrateTo(threads[2 - (i % 2)] as number)
}
function busy(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

/** Watches one that others have started, and is recorded while it sleeps. Gives what it hears then: it traps exits as before. */
export function* keepsWatch(watched: string): Resumable<string[]> {
  yield* untilNamed(watched)
  const other = (yield* whereis(watched)) as Fiber<unknown>
  yield* trapExits()
  yield* link(other)
  yield* monitor(other)
  yield* tell(other, me())
  yield* sleep(1000)
  yield* exit(me(), "note")
  const heard: string[] = []
  for (const _ of [1, 2]) {
    const heardOf = yield* receive<Exit | Down>(undefined, { timeout: 10_000 })
    heard.push(`${heardOf.constructor.name} ${text(heardOf.reason)}`)
  }
  return heard.sort()
}
/** Hears of the end of who watches it, by a link of the other one and a monitor of its own; then it fails, if it is told to. */
export function* isWatched(name: string): Resumable<unknown[]> {
  yield* register(name)
  yield* trapExits()
  yield* monitor(yield* receive<Fiber<unknown>>())
  const heard: unknown[] = []
  for (const kind of [Exit, Down]) heard.push(((yield* receive(kind as typeof Exit)).reason as { code?: string }).code)
  if ((yield* receive(undefined, { timeout: 10_000 })) === "fail") throw new RangeError(heard.join())
  return heard
}
export function* tellsNamed(name: string, message: unknown): Resumable<void> {
  yield* tell(name, message)
}

/** Asks from that thread, and says what comes of it. */
export function* asksFrom(thread: number, whom: string): Resumable<unknown> {
  yield* migrateTo(thread)
  yield* untilNamed(whom)
  return yield* codeOf(() => ask(whom, "?"))
}
/** Takes its time, and then answers or ends without. */
export function* hesitates(name: string): Resumable<void> {
  yield* register(name)
  const question = yield* receive(Question)
  if ((yield* receive({ do: "answer" }, { timeout: 10_000 })).well === true) yield* question.reply("an answer")
}
export function* tellsToAnswer(name: string, well: boolean): Resumable<void> {
  yield* tell(name, { do: "answer", well })
}

/** What the thread's memory grows by when that is done so often with a fiber that lives on, in bytes. */
export function* growth(what: "monitor" | "link" | "register" | "ask", times: number): Resumable<number> {
  const other: Fiber<unknown> = what === "ask" ? yield* spawn(server()) : yield* spawn(waitsFor(60_000))
  const again = function* (count: number): Resumable<void> {
    for (let i = 0; i < count; i++) {
      if (what === "monitor") yield* demonitor(yield* monitor(other))
      else if (what === "ask") yield* ask(other, "?")
      else if (what === "register") {
        yield* register(`name ${what}`)
        yield* unregister(`name ${what}`)
      } else {
        yield* link(other)
        yield* unlink(other)
      }
    }
  }
  yield* again(500)
  const before = memory()
  yield* again(times)
  const after = memory()
  yield* other.interrupt("enough")
  return after - before
}
function* waitsFor(ms: number): Resumable<void> {
  yield* sleep(ms)
}
function memory(): number {
  setFlagsFromString("--expose-gc")
  ;(runInNewContext("gc") as () => void)()
  return process.memoryUsage().heapUsed
}
