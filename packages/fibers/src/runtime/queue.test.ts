import { expect, test } from "vitest"
import { Queue } from "./queue.ts"

test("does what an array does, at both ends, while it wraps and grows", () => {
  const queue = new Queue<{ n: number }>()
  const array: { n: number }[] = []
  let random = 7
  for (let n = 0; n < 20_000; n++) {
    random = (random * 1103515245 + 12345) % 2147483648
    const choice = (random >> 8) % 5
    if (choice < 3) {
      queue.push({ n })
      array.push({ n })
    } else if (choice === 3) expect(queue.shift()).toEqual(array.shift())
    else expect(queue.pop()).toEqual(array.pop())
    expect([queue.length, queue.newest()]).toEqual([array.length, array.at(-1)])
  }
})

test("an empty one gives undefined", () => {
  const queue = new Queue<object>()
  expect([queue.shift(), queue.pop(), queue.newest()]).toEqual([undefined, undefined, undefined])
})

test("meets no accessor that a program gave the prototype of arrays, when it is made or grows", () => {
  const indices = Array.from({ length: 40 }, (_, i) => String(i))
  const taken: unknown[][] = []
  try {
    for (const index of indices)
      Object.defineProperty(Array.prototype, index, { get: () => "foreign", set() {}, configurable: true })
    const queue = new Queue<string>()
    for (const index of indices) queue.push(index)
    let length = 0
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      Object.defineProperty(taken, length++, { value: next, enumerable: true, configurable: true, writable: true })
  } finally {
    for (const index of indices) Reflect.deleteProperty(Array.prototype, index)
  }
  expect(taken).toEqual(indices)
})
