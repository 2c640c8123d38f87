import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { expect, test } from "vitest"
import { byReference, clone, decode, encode, type Reopened, registerReference, reopen } from "../index.ts"

const state = { opened: 0, closed: [] as unknown[] }
const open = byReference("reopen.test.open", () => ({ number: ++state.opened }))
const close = byReference("reopen.test.close", (resource: unknown) => {
  state.closed.push(resource)
})

const ways: [string, <T>(value: T) => T][] = [
  ["decode(encode)", value => decode(encode(value).bytes) as typeof value],
  ["clone", clone],
]

test.each(ways)("%s: a copy opens a resource of its own at its first use", (_, go) => {
  const handle = reopen(open, { close })
  const { value } = handle
  expect(handle.value).toBe(value)
  const [one, two] = go([handle, handle]) as [Reopened<object>, Reopened<object>]
  expect(one).toBe(two)
  expect([one.isOpen, handle.isOpen]).toEqual([false, true])
  expect(one.value).not.toBe(value)
  expect(two.value).toBe(one.value)
  one.close()
  expect(state.closed.at(-1)).not.toBe(value)
  expect(handle.value).toBe(value)
})

test("closing closes once, and the next use opens again", () => {
  const handle = reopen(open, { close })
  state.closed = []
  handle.close()
  expect(state.closed).toEqual([])
  const { value } = handle
  handle.close()
  handle.close()
  expect(state.closed).toEqual([value])
  expect(handle.value).not.toBe(value)
})

test("a use block closes it", () => {
  state.closed = []
  let inside: unknown
  {
    using handle = reopen(open, { close })
    inside = handle.value
  }
  expect(state.closed).toEqual([inside])
})

test("what is left open by a handle that nobody has any more is closed", async () => {
  setFlagsFromString("--expose-gc")
  const gc = runInNewContext("gc") as () => void
  state.closed = []
  const numbers = Array.from({ length: 5 }, () => (reopen(open, { close }).value as { number: number }).number)
  const closed = (): number[] =>
    state.closed.map(resource => (resource as { number: number }).number).filter(number => numbers.includes(number))
  for (let i = 0; i < 100 && closed().length < 4; i++) {
    gc()
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  expect(closed().length).toBeGreaterThanOrEqual(4)
})

test("what opens it must be a function, and a portable one by the time it is saved", () => {
  expect(() => reopen("file" as never)).toThrow(expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" }))
  expect(() => reopen(open, { close: 1 as never })).toThrow("{ close }")
  expect(() => encode({ log: reopen(() => 1) })).toThrow(
    expect.objectContaining({ code: "ROVE_NOT_PORTABLE", path: ".log › .open" }),
  )
})

test("a record that opens it with something else than a function is refused", () => {
  const wanted = (): number => 1
  registerReference("reopen.test.forged", wanted)
  const { bytes } = encode(reopen(wanted))
  registerReference("reopen.test.forged", { not: "a function" })
  expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: "ROVE_RECORD" }))
})
