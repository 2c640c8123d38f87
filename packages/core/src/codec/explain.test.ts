import { createRequire } from "node:module"
import { describe, expect, test } from "vitest"
import { Binding, declareVariable, SHARED, Variables } from "../context/variables.ts"
import {
  Closure,
  Computation,
  Context,
  clone,
  decode,
  defineCode,
  encode,
  Frame,
  NotPortableError,
  registerKind,
  StoppedFiber,
  stamp,
} from "../index.ts"

class Socket {}
const ways: [string, (value: unknown) => unknown][] = [
  ["encode", value => encode(value)],
  ["clone", clone],
]

describe.each(ways)("%s", (_, go) => {
  function messageOf(value: unknown): string {
    try {
      go(value)
    } catch (error) {
      expect(error).toBeInstanceOf(NotPortableError)
      expect((error as NotPortableError).code).toBe("ROVE_NOT_PORTABLE")
      return (error as NotPortableError).message
    }
    return "portable"
  }

  test("what cannot be carried is named", () => {
    const refused: [unknown, string][] = [
      [new WeakMap(), "WeakMap is not portable"],
      [new WeakSet(), "WeakSet is not portable"],
      [new WeakRef({}), "WeakRef is not portable"],
      [Promise.resolve(), "Promise is not portable"],
      [new Proxy({}, {}), "a Proxy is not portable"],
      [globalThis, "globalThis is not portable"],
      [function helper() {}, "function helper is not portable"],
      [() => 0, "an anonymous function is not portable"],
      [setTimeout, "function setTimeout is not portable"],
      [(function* () {})(), "Generator is not portable"],
      [[][Symbol.iterator](), "Array Iterator is not portable"],
      [new Map().entries(), "Map Iterator is not portable"],
      [
        new Socket(),
        'Socket is not portable (its class is not registered, as those are whose module says "use fibers")',
      ],
      [new (class extends Map {})(), "its class is not registered"],
      [new Intl.NumberFormat("en"), "NumberFormat is not portable"],
      [new DisposableStack(), "DisposableStack is not portable"],
    ]
    for (const [value, text] of refused) expect(messageOf(value)).toContain(text)
    expect(messageOf(Object.create(Map.prototype))).toContain("not portable")
  })

  test("the path leads through what generators and iterators inherit from, where the constructor is an accessor", () => {
    const generators = Object.getPrototypeOf(function* () {}.prototype) as object
    const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values())) as object
    const accessor = "get .constructor: function get constructor is not portable"
    expect(messageOf({ p: Object.create(generators) })).toMatch(
      /^\.p › .*\[\[Prototype\]\] › get \.constructor: function/,
    )
    expect(messageOf({ p: Object.create(iterators) })).toContain(`.p › [[Prototype]] › ${accessor}`)
  })

  test("a module namespace is refused", () => {
    // not by import(), since the test runner wraps what that gives
    expect(messageOf(createRequire(import.meta.url)("../frame.ts"))).toContain("a module namespace is not portable")
  })

  test("accessors that are not portable are refused and not run", () => {
    let runs = 0
    const value = { list: [{}, Object.defineProperty({}, "now", { get: () => ++runs, enumerable: true })] }
    expect(messageOf(value)).toBe(
      '.list › [1] › get .now: function get is not portable (it is not registered, as those are whose module says "use fibers")',
    )
    expect(messageOf(Object.defineProperty([1, 2], 1, { get: () => ++runs, enumerable: true }))).toContain(
      "get [1]: function get is not portable",
    )
    expect(runs).toBe(0)
  })

  test("a detached buffer is refused", () => {
    const buffer = new ArrayBuffer(8)
    const view = new Uint8Array(buffer)
    buffer.transfer()
    expect(messageOf({ buffer })).toBe(".buffer: a detached ArrayBuffer is not portable")
    expect(messageOf({ view })).toBe(".view: a view of a detached ArrayBuffer is not portable")
  })

  test("the path goes through properties, maps, sets and errors", () => {
    const socket = new Socket()
    const suffix = ': Socket is not portable (its class is not registered, as those are whose module says "use fibers")'
    expect(messageOf({ a: { "b c": [0, socket] } })).toBe(`.a › ["b c"] › [1]${suffix}`)
    expect(messageOf(new Map([["key", { socket }]]))).toBe(`Map value of "key" › .socket${suffix}`)
    expect(messageOf(new Map([[socket, 1]]))).toBe(`Map key 1${suffix}`)
    expect(messageOf([new Set([1, socket])])).toBe(`[0] › Set member 2${suffix}`)
    expect(messageOf(new Error("x", { cause: socket }))).toBe(`.cause${suffix}`)
    expect(messageOf({ [Symbol.for("s")]: socket })).toBe(`[Symbol(s)]${suffix}`)
  })

  test("the path goes through a fiber's frames, locals and captured variables", () => {
    class WalkFrame extends Frame {
      cache: unknown = undefined
    }
    const point = { id: "yield", path: [], line: 14, column: 0, live: ["cache"], handled: [] }
    const code = defineCode({
      id: "src/walk.ts#walk",
      hash: "1",
      name: "walk",
      url: "",
      kind: "generator",
      points: [point, { ...point, id: "later", line: 20 }, { ...point, id: "caught", line: 9, handled: ["cache"] }],
      captures: [],
      Frame: WalkFrame,
      make: null,
    })
    const closure = new Closure(
      code,
      () => 0,
      () => 0,
      [],
    )
    code.single = closure
    const root = new Computation(closure, undefined, null)
    const older = new WalkFrame(closure)
    older.caller = root
    older.cache = { socket: new Socket() }
    const younger: Frame = Object.assign(new WalkFrame(closure), { caller: older, pc: 1 })
    const record = new StoppedFiber()
    Object.assign(record, { id: "12", root, context: new Context(), top: younger })
    expect(messageOf(record)).toBe(
      'fiber 12 › walk() walk.ts:14 › local cache › .socket: Socket is not portable (its class is not registered, as those are whose module says "use fibers")',
    )
    older.pc = 2
    expect(messageOf(record)).toContain("walk() walk.ts:9 › the exception it handles › .socket: Socket")
    older.pc = 0
    const arrow = defineCode({
      ...code,
      id: "src/walk.ts#walk.send",
      name: "send",
      captures: ["out"],
      make: makeArrow as never,
    })
    function makeArrow(out: unknown) {
      const made = new Closure(
        arrow,
        () => 0,
        () => 0,
        [out],
      )
      made.fn = stamp(() => 0, made)
      return made.fn
    }
    older.cache = makeArrow({ v: new Socket() })
    expect(messageOf(record)).toContain("walk() walk.ts:14 › local cache › captured out of send(): Socket")
    older.cache = 0
    record.context = new Context(Variables.of([new Binding(declareVariable("tenant"), { s: new Socket() }, SHARED)]))
    expect(messageOf(record)).toContain("fiber 12 › variable tenant › .s: Socket")
    record.context = new Context()
    record.top = null
    record.root = new Computation(closure, undefined, [1, new Socket()])
    expect(messageOf(record)).toContain("fiber 12 › argument 2 of walk(): Socket")
  })

  test("a kind can refuse with a reason of its own, and what its parts hold is named", () => {
    class Lock {
      owner: unknown = null
    }
    registerKind<Lock, { owner: unknown }>({
      name: "explain.test.Lock",
      test: value => value instanceof Lock,
      refuse: ({ owner }) => (owner === "thread" ? "a lock that the thread holds does not move" : null),
      take: ({ owner }) => ({ owner }),
      allocate() {
        return new Lock()
      },
      fill(lock, { owner }) {
        lock.owner = owner
      },
    })
    expect(messageOf([Object.assign(new Lock(), { owner: "thread" })])).toBe(
      "[0]: a lock that the thread holds does not move",
    )
    expect(messageOf([Object.assign(new Lock(), { owner: [new Socket()] })])).toContain("[0] › .owner › [0]: Socket")
    expect(messageOf([Object.assign(new Lock(), { owner: null })])).toBe("portable")
  })
})

test("the path goes through the class of an instance, and of a method that stands", () => {
  const made = defineCode({
    id: "src/made.ts#Box",
    hash: "1",
    name: "Box",
    url: "",
    kind: "class",
    points: [],
    captures: [],
    fixed: "static count",
    Frame,
    make: () => null,
  } as never)
  const step = () => 0
  const box = new Closure(made, step, step, [])
  class Box {}
  stamp(Box, box)
  box.fn = Box
  const reason = "class Box has static state (static count) and is not portable"
  const messageOf = (value: unknown) => (caught(() => encode(value)) as Error).message
  expect(messageOf({ a: new Box() })).toBe(`.a › its class: ${reason}`)
  const method = new Closure(
    defineCode({ ...made, id: "src/made.ts#Box.m", name: "m", kind: "generator" } as never),
    step,
    step,
    [],
  )
  method.owner = Box
  const record = new StoppedFiber()
  Object.assign(record, { id: "12", root: new Computation(method, undefined, null), context: new Context() })
  expect(messageOf(record)).toBe(`fiber 12 › class of m(): ${reason}`)
})

test("the caller can say what the root is", () => {
  expect(() => encode([() => 0], { label: "argument 1 of fib()" })).toThrow(
    "argument 1 of fib() › [0]: an anonymous function",
  )
})

test("the refusal itself can be handed over, without what it refused", () => {
  const value = { socket: new Socket() }
  const refusal = caught(() => encode(value)) as NotPortableError
  expect(refusal.value).toBe(value.socket)
  for (const copy of [clone(refusal), decode(encode(refusal).bytes) as NotPortableError]) {
    expect(copy).toBeInstanceOf(NotPortableError)
    expect([copy.message, copy.path, copy.code, copy.value]).toEqual([
      refusal.message,
      ".socket",
      "ROVE_NOT_PORTABLE",
      undefined,
    ])
  }
})

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
