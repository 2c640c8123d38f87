"use fibers"
/** What `spawn.bench.ts` measures: children that nobody steals, with a number and with an object as argument. */
import { type Resumable, spawn } from "rove"

function* increment(n: number): Resumable<number> {
  return n + 1
}

function* sum(point: { readonly x: number; readonly y: number }): Resumable<number> {
  return point.x + point.y
}

/** Spawns and joins so many children, one after the other. */
export function* numbers(children: number): Resumable<number> {
  let total = 0
  for (let i = 0; i < children; i++) {
    const child = yield* spawn(increment(i))
    total = (total + (yield* child.join())) | 0
  }
  return total
}

export function* objects(children: number): Resumable<number> {
  let total = 0
  for (let i = 0; i < children; i++) {
    const child = yield* spawn(sum({ x: i, y: 1 }))
    total = (total + (yield* child.join())) | 0
  }
  return total
}
