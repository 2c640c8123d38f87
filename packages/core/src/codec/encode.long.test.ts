import { expect, test } from "vitest"
import { clone, decode, encode } from "../index.ts"

interface Node {
  next?: Node
  i: number
}

test.for([
  ["decode(encode)", first => decode(encode(first).bytes) as Node],
  ["clone", clone],
] as [string, (first: Node) => Node][])("%s: a list of a million nodes overflows nothing", ([, go]) => {
  const first: Node = { i: 0 }
  for (let i = 1, last = first; i < 1e6; i++) last = last.next = { i }
  let count = 0
  for (let at: Node | undefined = go(first); at !== undefined; at = at.next) count += at.i === count ? 1 : Number.NaN
  expect(count).toBe(1e6)
})
