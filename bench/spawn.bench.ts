/** Measures spawn and join of a child that nobody steals: its argument a number, and one small object, which is cloned. */
import { LocalHost, type Resumable } from "rove"
import { measure } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { numbers, objects } from "./programs/spawn.ts"

const CHILDREN = 10_000

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const number = await timed(numbers, quick)
  const object = await timed(objects, quick)
  return [
    row({
      subject: "spawn",
      case: "spawn + join, a number as argument",
      value: number,
      unit: "µs",
      bar: 0.15,
      aim: 0.05,
    }),
    row({
      subject: "spawn",
      case: "spawn + join, a small object cloned",
      value: object,
      unit: "µs",
      bar: 0.5,
      aim: 0.25,
    }),
  ]
}

/** Microseconds for one child, context included. */
async function timed(program: (children: number) => Resumable<number>, quick: boolean): Promise<number> {
  const host = new LocalHost()
  const expected = (CHILDREN * (CHILDREN + 1)) / 2
  const subject = async (iterations: number): Promise<void> => {
    for (let left = iterations; left > 0; left--)
      if ((await host.run(program(CHILDREN))) !== expected) throw new Error("a wrong result")
  }
  return (await measure(subject, { quick })) / CHILDREN / 1000
}
