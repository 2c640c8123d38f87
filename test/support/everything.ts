/** Owns a value with one of everything, whose bytes are then damaged. */
import { Binding, declareVariable, SHARED, Variables } from "../../packages/core/src/context/variables.ts"
import {
  Closure,
  Computation,
  Context,
  defineCode,
  Frame,
  RUNNING,
  registerKind,
  registerReference,
  StoppedFiber,
  stamp,
  stampOf,
} from "../../packages/core/src/index.ts"

class Known {
  a = 1
}
registerReference("decode.test#Known", Known)
/** What was called that a record named. */
export const seen: unknown[] = []
registerReference("decode.test#tempting", (...args: unknown[]) => seen.push(args))
export class Ticket {
  readonly number: number
  constructor(number: number) {
    this.number = number
  }
}
registerKind<Ticket, { number: number }>({
  name: "decode.test.Ticket",
  test: value => value instanceof Ticket,
  take: ({ number }) => ({ number }),
  allocate(parts?) {
    if (typeof parts?.number !== "number") throw new TypeError("a ticket has a number")
    return new Ticket(parts.number)
  },
})

class WalkFrame extends Frame {
  n: unknown = undefined
  found: unknown = undefined
}
const point = { id: "yield", path: [], line: 1, column: 1, live: ["n", "found"], handled: [] }
const step = () => undefined
const walk = defineCode({
  id: "decode.test#walk",
  hash: "w1",
  name: "walk",
  url: "",
  kind: "generator",
  points: [{ ...point, id: "start" }, point],
  captures: [],
  Frame: WalkFrame,
  make: null,
})
walk.single = new Closure(walk, step, step, [])
walk.single.fn = stamp(function* walk() {}, walk.single)
const inner = defineCode({ ...walk, id: "decode.test#inner", captures: ["a", "b"], make: makeInner as never })
function makeInner(...env: unknown[]): object {
  const closure = new Closure(inner, step, step, env)
  closure.fn = stamp(() => seen.push(env), closure)
  if (env[0] === 1) Object.setPrototypeOf(closure.fn, null)
  return closure.fn
}

/** A fiber that stopped in two frames, one of a closure. */
function fiber(shared: object): StoppedFiber {
  const record = new StoppedFiber()
  const closure = stampOf(makeInner({ v: shared }, makeInner(1, 2))) as Closure
  const root = new Computation(walk.single as Closure, undefined, null)
  root.status = RUNNING
  const older = Object.assign(new WalkFrame(walk.single as Closure), {
    pc: 1,
    n: shared,
    found: closure.fn,
    caller: root,
  })
  const top = Object.assign(new WalkFrame(closure), { pc: 1, n: root, caller: older })
  const context = new Context(Variables.of([new Binding(declareVariable("v"), shared, SHARED)]))
  return Object.assign(record, { id: "1", root, top, context, inner: new Computation(closure, shared, [1, shared]) })
}

function thrown(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

export function everything(): unknown {
  const shared = { text: "shared", list: [1, -1, 1e300, Number.NaN, -0, 12n] }
  const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer
  return Object.freeze({
    shared,
    // biome-ignore lint/suspicious/noSparseArray: holes are a kind
    array: [shared, , "é", "€", Symbol.iterator, Symbol.for("r"), Symbol("own")],
    map: new Map<unknown, unknown>([[shared, new Set([shared, "shared"])]]),
    date: new Date(5),
    regexp: /a+/giu,
    error: Object.assign(new TypeError("t", { cause: shared }), { extra: [1] }),
    views: [new Uint16Array(buffer, 2, 2), new DataView(buffer), new ArrayBuffer(3, { maxByteLength: 9 })],
    nothing: Object.assign(Object.create(null), { boxed: Object("b") }),
    known: new Known(),
    heir: Object.create({ inherited: shared }, { own: { value: 1 } }) as object,
    nodeError: thrown(() => Buffer.alloc(-1)),
    ticket: new Ticket(7),
    tempting: [Known],
    fiber: fiber(shared),
  })
}
