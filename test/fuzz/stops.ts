/** Owns the fibers whose records are forged: between them they stop in everything of ours that a record can hold. */
import type { FiberRecord } from "@rove/core"
import { LocalHost, type Resumable, VirtualClock } from "@rove/fibers"
import { program } from "../semantics/program.ts"

/** Each stops, or ends up waiting; `stop()` stands where its record is taken of one that goes on. */
const bodies: Record<string, string> = {
  "a plain call":
    "const o = { a: 1 }, list = [o, o]; function* inner(x) { yield* stop(); return x } return [yield* inner(list), o]",
  "loops over all that iterates": `const m = new Map([[1, { k: 1 }], [2, { k: 2 }]]), s = new Set(['x', 'y'])
    function* numbers() { yield 1; yield 2 }
    const own = { *[Symbol.iterator]() { yield 'own' } }, other = { i: 0, next() { return { value: this.i, done: this.i++ > 1 } }, [Symbol.iterator]() { return this } }
    let log = 0
    for (const a of [1, 2]) for (const b of 'ab') for (const [k, v] of m) for (const x of s) for (const g of numbers()) for (const y of own) for (const z of other) { yield* stop(); log++; break }
    return log`,
  "loops over keys and numbers":
    "let n = 0; for (const k in { a: 1, b: 2 }) for (let i = 0; i < 2; i++) { n += i; yield* stop() } return n",
  "nested loops":
    "let n = 0; const rows = [[1, 2], [3]]; for (const row of rows) { for (const x of row) n += x; yield* stop(); for (const k in row) n += k.length } return n",
  "patterns and spreads": `function* two() { yield* stop(); yield 1; yield 2 } const [a, b = (yield* stop(), 5), ...rest] = two(); const [c, , d] = two()
    const list = [...two(), (yield* stop(), 3), ...two()]; for (const [p, q] of [two()]) list.push(p, q); return [a, b, rest, c, d, list]`,
  "resources and cleanups": `const used = { [Symbol.dispose]() { closed.push('used') } }; const closed = []
    { using a = used; yield* stop() } try { yield* stop() } finally { yield* stop(); closed.push('finally') } return closed`,
  generators: `function* gen(n) { for (let i = 0; i < n; i++) yield i; return 'end' } const resting = gen(3), fresh = gen(2), over = gen(0); resting.next(); over.next()
    function* outer() { return yield* gen(2) } const delegating = outer(); delegating.next(); yield* stop(); return [...resting, ...fresh, ...over, ...delegating]`,
  "iterators of the language": `const list = [1, 2, 3], m = new Map([[1, 2], [3, 4]]), held = [list.values(), list.entries(), m.keys(), new Set(list).values(), 'a1b2'.matchAll(/[a-z]/g), list.values().map(x => x + 1).filter(x => x > 1), list.values().drop(1), list.values().flatMap(x => [x, x]), Iterator.from({ next: () => ({ done: true }) })]
    for (const it of held) it.next(); yield* stop(); return held.map(it => it.next().value)`,
  variables: `const token = v.set('one'); const local = w.set('two'); const snap = contextSnapshot(); fl.set({ mine: 1 }); onFiberExit(atEnd, { a: 1 })
    function* inside() { v.set('three'); yield* stop(); return v.get() } const seen = [yield* snap.run(inside()), yield* v.run('four', inside())]; v.reset(token); return [seen, v.get(), w.get(), fl.get()]`,
  "handled exceptions":
    "try { throw new RangeError('a', { cause: new Error('b') }) } catch (e) { try { throw new TypeError('c') } catch (f) { yield* stop(); return (yield* handledExceptions()).length } }",
  hooks:
    "yield* setTrace(heard, { log: [] }); yield* setProfile(heard, { log: [] }); function* leaf() { yield* stop() } yield* leaf(); yield* untraced(leaf()); yield* setTrace(null); return 1",
  regions:
    "function* inside() { yield* stop(); return 1 } return [yield* noBlock(inside()), yield* atomic(inside()), yield* untraced(inside())]",
  scopes: `function* sleeper() { yield* sleep(50); return 's' } function* body() { yield* defer(sleeper); yield* onExit(function* () {}); const child = yield* spawn(sleeper()); yield* stop(); return child }
    return [yield* timeout(1000, body()), typeof (yield* scope(function* () { yield* body(); yield* stop() }))]`,
  uninterruptible:
    "return yield* uninterruptible(function* (restore) { yield* stop(); yield* restore(sleep(1)); return 1 })",
  "all of them":
    "function* one() { yield* sleep(5); return 1 } const f = yield* spawn(one()); return yield* all([one(), sleep(9), f])",
  "all by key": "function* one() { yield* sleep(5); return 1 } return yield* all({ a: one(), b: sleep(3) })",
  race: "function* one() { yield* sleep(5); return 1 } return yield* race([one(), sleep(20)])",
  any: "function* one(n) { yield* sleep(n); if (n < 6) throw new Error('no'); return n } return yield* any([one(5), one(9)])",
  allSettled:
    "function* one(n) { yield* sleep(n); throw new Error('no') } return (yield* allSettled([one(5), sleep(2)])).length",
  map: "function* one(x) { yield* sleep(x); return x } return yield* map([3, 4, 5], one, { concurrency: 2 })",
  forEach: "function* one(x) { yield* sleep(x); return x } return yield* forEach([3, 4], one)",
  reduce: "function* add(a, b) { yield* sleep(1); return a + b } return yield* reduce([1, 2, 3, 4], add)",
  "reduce in one":
    "function* add(a, b) { yield* stop(); return a + b } return yield* reduce([1, 2, 3], add, { grain: 5 })",
  retry:
    "function* work(n) { yield* stop(); if (n < 3) throw new Error('again'); return n } return yield* retry(work, { delay: 20 })",
  "a pause of retry":
    "function* work(n) { if (n < 3) throw new Error('again'); return n } return yield* retry(work, { delay: 20, jitter: 0 })",
  join: "function* one() { yield* sleep(5); return 1 } const f = yield* spawn(one()); yield* sleep(1); return yield* f.join()",
  "sleep until": "yield* sleepUntil(now() + 10); return 1",
  interval: "let n = 0; for (const tick of interval(5)) { n += tick; yield* stop(); if (tick > 1) break } return n",
  callAsync: "return yield* callAsync(answer, 1, { a: 2 })",
  "a channel":
    "const c = channel({ capacity: 1 }); yield* c.send(1); yield* stop(); for (const x of c) { yield* stop(); if (x === 1) yield* c.close(); } return 'closed'",
  "a channel that is empty": "const c = channel(); return yield* c.receive({ timeout: 50 })",
  "a channel that is iterated": "const c = channel(); for (const x of c) return x",
  locks:
    "const m = mutex(), rw = readWriteLock(), s = semaphore(3); const held = [yield* m.lock(), yield* rw.read(), yield* s.acquire(2)]; yield* stop(); for (const g of held) g.release(); return held.map(g => g.held)",
  "a lock that is held":
    "const m = mutex(); function* holder() { using g = yield* m.lock(); yield* sleep(20) } yield* spawn(holder()); yield* sleep(1); const g = yield* m.lock({ timeout: 100 }); return g.held",
  gates:
    "const l = latch(2), b = barrier(2); yield* l.countDown(); function* other() { yield* sleep(1); yield* l.countDown(); yield* b.arrive() } yield* spawn(other()); yield* l.wait(); return yield* b.arrive()",
  select:
    "const c = channel(), m = mutex(); const x = yield* select({ got: c.receive(), slept: sleep(9), sent: c.send({ a: 1 }), locked: sleepUntil(now() + 100) }, { timeout: 500 }); return x.key",
  "a suspended fiber": "return yield* suspend(keepResumer, { timeout: 30 })",
  receive: "return yield* receive({ kind: 'none' }, { timeout: 20 })",
  "an inbox":
    "const me = yield* named(); yield* tell(me, { kind: 1 }); yield* tell(me, { kind: 2 }); yield* receive({ kind: 2 }); yield* stop(); return yield* receive()",
  ask: "function* answers() { const q = yield* receive(Question); yield* stop(); yield* sleep(3); yield* q.reply(q.message + 1) } const f = yield* spawn(answers()); return yield* ask(f, 1, { timeout: 100 })",
  "a question":
    "function* asks(to) { return yield* ask(to, { n: 1 }) } const f = yield* spawn(asks(yield* named())); const q = yield* receive(Question); yield* stop(); yield* q.reply(2); return yield* f.join()",
  "exit signals":
    "yield* trapExits(); function* dies() { yield* sleep(1); throw new Error('dead') } const f = yield* spawn(dies()); yield* link(f); const m = yield* monitor(f); yield* stop(); const a = yield* receive(); yield* stop(); yield* demonitor(m); return a",
  names: "yield* register('of the forger'); yield* stop(); const f = yield* whereis('of the forger'); return f.id",
  supervisor:
    "function* child() { yield* sleep(7); throw new Error('dies') } const f = yield* spawn(supervisor({ children: [{ name: 'a', start: child }, { start: child, restart: 'temporary' }], strategy: 'one for all' })); yield* sleep(1); return yield* f.join()",
  "a supervisor by itself":
    "function* child() { yield* sleep(7); throw new Error('dies') } return yield* supervisor({ children: [{ name: 'a', start: child }] })",
  coroutines: `const seen = [], main = Coroutine.current(); const a = new Coroutine(function* (x) { seen.push('a' + x); x = yield* main.switchTo(1); yield* stop(); const b = new Coroutine(function* () { yield* stop(); yield* main.switchTo('b'); return 2 }); const back = yield* b.switchTo(); seen.push(back); return 'over' }, { name: 'a' }), idle = new Coroutine(function* () {})
    seen.push(yield* a.switchTo(0)); yield* stop(); seen.push(yield* a.switchTo(5), a.status, idle.status); return seen`,
  "operations that nobody has performed": `const c = channel(), m = mutex(), l = latch(1), f = yield* named(); function* g(x) { return x } function* h() { return 1 }
    const held = [sleep(1), sleepUntil(5), all([h()]), race([sleep(1), h()]), map([1], g), reduce([1, 2], g), retry(h), defer(h), scope(h), timeout(5, h()), uninterruptible(h), c.send(1), c.receive(), c.trySend(2), c.tryReceive(), c.close(new Error('e')), m.lock(), m.tryLock(), l.countDown(2), l.wait(), select({ a: sleep(1), b: c.receive() }), callAsync(answer, 1), receive(), tell(f, 1), ask(f, 1), link(f), monitor(f), demonitor('1'), trapExits(), exit(f, 'why'), register('n'), whereis('n'), f.join(), suspend(keepResumer)]
    yield* stop(); return held.length`,
  "closures and classes": `class A { #p = 1; x = 2; get p() { return this.#p } } class B extends A { y = [1] } const o = { m() { return super.toString() } }, fn = (a, b) => a + b; let n = 0; const up = () => ++n
    yield* stop(); return [new B().p, fn(1, 2), up(), o.m(), fn.bind(null, 1)(2)]`,
  values:
    "const list = [1, , 3], view = new Uint8Array(4); const all = [list, view, view.buffer, new Date(1), /x/g, 1n, Symbol.iterator, new Map([[list, 1]]), new Set([view]), Object.freeze({ a: 1 }), new Error('e'), -0, NaN, function () { return 1 }]; yield* stop(); return all.length",
}

type Main = () => Resumable<unknown>

export interface Stop {
  readonly name: string
  readonly bytes: Uint8Array
  /** What the fiber ends with, if its record is left as it is. */
  readonly end: string
}

/** Names that the bodies use beside those of the runtime. */
function given(taken: FiberRecord[], tempting: object): Record<string, unknown> {
  return { give: (record: FiberRecord) => taken.push(record), tempting }
}

const PRELUDE = `const v = new ContextVar('v', { default: 'none' }), w = new ContextVar('w', { default: 0 }), fl = new FiberLocal('fl', { initial: () => 0, cleanup: () => {} })
function* stop() { const { resumed, record: made } = yield* record(); if (!resumed) give(made) }
function* named() { yield* register('named ' + currentFiber().id); return yield* whereis('named ' + currentFiber().id) }
function heard() {}
function atEnd() {}
function keepResumer(resumer) { return undefined }
async function answer(x) { await null; return x }`

/** Records of all of them, at each of their stops. `evaluate` has been called before in every thread that is to decode them. */
export async function stops(tempting: object): Promise<Stop[]> {
  const all: Stop[] = []
  for (const [name, body] of Object.entries(bodies)) {
    const taken: FiberRecord[] = []
    const id = `src/stops ${Object.keys(bodies).indexOf(name)}.js`
    const main = program<Main>(`${PRELUDE} function* main() { ${body} }`, "main", given(taken, tempting), { id })
    const host = new LocalHost({ clock: new VirtualClock(), report: () => {}, seed: 1 })
    const running = host.run(main())
    running.catch(() => {})
    for (let i = 0; i < 3; i++) await null
    const early = await Promise.race([running.snapshot().catch(() => null), turns(2)])
    if (early !== null) taken.push(early)
    const end = await ending(running)
    for (const [i, record] of taken.entries())
      all.push({ name: `${name}, ${i}`, bytes: new Uint8Array(record.bytes), end })
  }
  return all
}

async function turns(n: number): Promise<null> {
  for (let i = 0; i < n; i++) await new Promise(setImmediate)
  return null
}

async function ending(run: PromiseLike<unknown>): Promise<string> {
  try {
    return JSON.stringify(await run) ?? "undefined"
  } catch (error) {
    return String(error)
  }
}
