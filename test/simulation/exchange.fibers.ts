/** Fibers of simulated pools that send and receive. Values are numbers: `sender * 100 + i`; each is marked in shared memory when it is received. */
import { type Channel, channel, select, sleep } from "@rove/fibers"
import { table } from "../pool/compiled.ts"

const url = import.meta.url

/** Two channels, at home wherever this runs. */
export const hub = table<[number], readonly Channel<number>[]>(
  url,
  "hub",
  2,
  capacity => ({ made: [channel<number>({ capacity }), channel<number>({ capacity })] }),
  (pc, l) => (pc === 0 ? { perform: l.made[0].balance(), to: 1 } : { result: l.made }),
)
/** Sends so many in order; chooses a channel for each if there are two. */
export const sends = table<[readonly Channel<number>[], number, number], number>(
  url,
  "sends",
  2,
  (to, sender, count) => ({ to, sender, count, i: 0 }),
  (_, l) => {
    if (l.i === l.count) return { result: l.i }
    const value = l.sender * 100 + l.i++
    const [a, b] = l.to
    return { perform: b === undefined ? a.send(value) : select({ a: a.send(value), b: b.send(value) }), to: 1 }
  },
)
/** Receives until it is interrupted, napping now and then; throws if what one sent through a channel comes in another order. */
export const receives = table<[readonly Channel<number>[], SharedArrayBuffer], never>(
  url,
  "receives",
  3,
  (from, marks) => ({ from, marks, last: {} as Record<string, number>, n: 0 }),
  (pc, l, v) => {
    if (pc === 1) {
      const [key, value] = typeof v === "number" ? ["one", v] : [v.key, v.value]
      const pair = `${key} ${Math.floor(value / 100)}` // what goes different ways may come in any order
      if (value <= (l.last[pair] ?? -1)) throw new Error(`${value} came behind ${l.last[pair]}`)
      l.last[pair] = value
      Atomics.add(new Int32Array(l.marks), value, 1)
      if (++l.n % 3 === 0) return { perform: sleep(1), to: 2 }
    }
    const [a, b] = l.from
    return { perform: b === undefined ? a.receive() : select({ a: a.receive(), b: b.receive() }), to: 1 }
  },
)
