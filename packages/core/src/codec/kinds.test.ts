import { expect, test } from "vitest"
import {
  clone,
  DECODE,
  decode,
  ENCODE,
  encode,
  NotPortableError,
  RecordError,
  registerKind,
  registerReference,
} from "../index.ts"

const there = <T>(value: T): T => decode(encode(value).bytes) as T

test("a kind with late parts may lie in a circle with itself", () => {
  class Cell {
    content: unknown = null
  }
  registerKind<Cell, { content: unknown }>({
    name: "kinds.test.Cell",
    test: value => value instanceof Cell,
    take: ({ content }) => ({ content }),
    allocate() {
      return new Cell()
    },
    fill(cell, { content }) {
      cell.content = content
    },
  })
  const cell = new Cell()
  cell.content = [cell, new Cell()]
  for (const copy of [there(cell), clone(cell)]) {
    expect(copy).not.toBe(cell)
    expect((copy.content as unknown[])[0]).toBe(copy)
    expect((copy.content as Cell[])[1]?.content).toBeNull()
  }
})

test("a kind with early parts gets them before its object exists, however deep they nest", () => {
  class Pair {
    readonly left: unknown
    readonly right: unknown
    constructor(left: unknown, right: unknown) {
      this.left = left
      this.right = right
    }
  }
  registerKind<Pair, [unknown, unknown]>({
    name: "kinds.test.Pair",
    test: value => value instanceof Pair,
    take: ({ left, right }) => [left, right],
    allocate: parts => new Pair(...(parts as [unknown, unknown])),
  })
  let pair = new Pair(null, null)
  for (let i = 0; i < 50_000; i++) pair = new Pair(pair, i)
  for (const copy of [there(pair), clone(pair)]) {
    let depth = 0
    for (let at: unknown = copy; at instanceof Pair; at = at.left) depth++
    expect(depth).toBe(50_001)
  }
  const shared = { a: 1 }
  const back = there(new Pair(new Pair(shared, 1), shared))
  expect((back.left as Pair).left).toBe(back.right)
  const box: unknown[] = []
  const circle = new Pair(box, 1)
  box.push(circle)
  for (const copy of [there(circle), clone(circle)]) expect((copy.left as unknown[])[0]).toBe(copy)
  const impossible = new Pair(null, null)
  Object.assign(impossible, { left: impossible })
  expect(() => encode(impossible)).toThrow("is needed to make itself")
})

test("what a kind does not accept is a RecordError", () => {
  class Picky {
    ok = true
  }
  const kind = {
    name: "kinds.test.Picky",
    test: (value: object) => value instanceof Picky,
    take: () => ({ ok: true }),
    allocate(): Picky {
      return new Picky()
    },
  }
  registerKind(kind)
  const { bytes } = encode(new Picky())
  registerKind({
    ...kind,
    allocate(): Picky {
      throw new TypeError("not today")
    },
  })
  expect(() => decode(bytes)).toThrow(RecordError)
  expect(() => decode(bytes)).toThrow("not today")
})

test("what an encode method throws is told with its path, in records and copies, also where it has no text", () => {
  class Failing {
    #thrown: unknown
    constructor(thrown: unknown) {
      this.#thrown = thrown
    }
    [ENCODE](): unknown {
      throw this.#thrown
    }
    [DECODE](): void {}
  }
  registerReference("kinds.test.Failing", Failing)
  const [error, bare] = [new TypeError("no"), Object.create(null)]
  for (const save of [encode, clone]) {
    for (const [thrown, text] of [
      [error, "TypeError: no"],
      [bare, "it threw what has no text"],
    ] as const) {
      const refused = caught(() => save({ list: [new Failing(thrown)] }))
      expect(refused).toBeInstanceOf(NotPortableError)
      expect(refused).toMatchObject({ message: `.list › [0]: its parts cannot be taken: ${text}`, cause: thrown })
    }
  }
})

test("a decode method that throws what has no text is a RecordError", () => {
  class Refusing {
    [ENCODE](): unknown {
      return null
    }
    [DECODE](): void {
      throw Object.create(null)
    }
  }
  registerReference("kinds.test.Refusing", Refusing)
  const { bytes } = encode(new Refusing())
  expect(caught(() => decode(bytes))).toBeInstanceOf(RecordError)
})

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error("nothing was thrown")
}
