import { expect, test } from "vitest"
import { clone } from "./clone.ts"
import { decode } from "./decode.ts"
import { encode } from "./encode.ts"
import { byReference } from "./references.ts"

const known = <T>(made: T & { readonly name: string }): T => byReference(`platform-classes.test.${made.name}`, made)
const { Module, Memory: Linear } = (
  globalThis as unknown as {
    WebAssembly: { Module: new (bytes: Uint8Array) => object; Memory: new (size: { initial: number }) => object }
  }
).WebAssembly
class Memory extends SharedArrayBuffer {}
class Other {}
class Program extends Module {}
class Pages extends Linear {}
class Bus extends EventTarget {}
for (const made of [Memory, Other, Program, Pages, Bus]) known(made as never)

const EMPTY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])
const through = <T>(value: T): T => {
  const { bytes, handles } = encode(value)
  return decode(bytes, { handles }) as T
}

test("shared memory of a class of its own is refused: the platform carries the memory, and not the class", () => {
  const given = Object.setPrototypeOf(new SharedArrayBuffer(8), Other.prototype) as object
  const bare = Object.setPrototypeOf(new SharedArrayBuffer(8), null) as object
  for (const memory of [new Memory(8), given, bare])
    for (const carry of [through, clone])
      expect(() => carry([memory])).toThrow(/a SharedArrayBuffer of another class is not portable/)
})

test("shared memory with properties of its own is refused: the platform leaves them behind", () => {
  const named = Object.assign(new SharedArrayBuffer(8), { owner: "a" })
  for (const carry of [through, clone])
    expect(() => carry({ named })).toThrow(/named: a SharedArrayBuffer with properties of its own is not portable/)
  const closed = Object.freeze(new SharedArrayBuffer(8))
  expect(through([closed])).toEqual([closed])
})

test("an object that only inherits from shared memory is none, and is refused", () => {
  expect(() => through(Object.create(SharedArrayBuffer.prototype))).toThrow(/SharedArrayBuffer is not portable/)
})

test("instances of classes that extend the platform's own are refused where nobody can read what is in them", () => {
  for (const value of [new Program(EMPTY), new Pages({ initial: 1 }), new Bus()])
    for (const carry of [through, clone]) expect(() => carry([value])).toThrow(/is not portable/)
  const program = new Module(EMPTY)
  expect(through([program])[0]).toBe(program)
})

test("shared memory is handed over although a program replaced its class before the first of it was", async () => {
  const { SharedArrayBuffer: Shared, MessagePort: Port } = globalThis
  const fresh = "./platform.ts?fresh"
  const { isHandle } = (await import(fresh)) as typeof import("./platform.ts")
  const { port1 } = new MessageChannel()
  try {
    Object.assign(globalThis, { SharedArrayBuffer: class {}, MessagePort: class {} })
    expect([isHandle(new Shared(4)), isHandle(port1)]).toEqual([true, true])
  } finally {
    Object.assign(globalThis, { SharedArrayBuffer: Shared, MessagePort: Port })
    port1.close()
  }
})
