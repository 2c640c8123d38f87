"use fibers"
/** What `migrate.bench.ts` measures: a fiber that goes to and fro between two threads, with some data in its locals. */
import { currentThread, migrateTo, type Resumable } from "rove"
import { now } from "../lib/moment.ts"

/** What goes along: some 500 bytes of plain data. */
export function cargo() {
  return {
    name: "survey of the northern valley",
    place: { latitude: 46.5, longitude: 8.25, height: 1_873 },
    days: [3, 14, 15, 92, 65, 35, 89, 79],
    notes: ["snow above 2,000 m", "the bridge is closed", "two huts are open", "water at the third bend"],
    done: false,
  }
}

/** Ordinary code that holds the thread: meanwhile the other one finds nothing to do, and sleeps. */
function hold(milliseconds: number): void {
  for (const until = now() + milliseconds * 1_000; now() < until; );
}

/** Microseconds of each way, from before the fiber goes to where it goes on. `pause`: milliseconds before each. */
export function* hops(there: number, times: number, pause: number): Resumable<number[]> {
  const here = currentThread().id
  const data = cargo()
  const taken: number[] = []
  for (let i = 0; i < times; i++) {
    const to = i % 2 === 0 ? there : here
    hold(pause)
    const started = now()
    yield* migrateTo(to)
    const arrived = now()
    taken.push(arrived - started)
    if (currentThread().id !== to || data.days.length !== 8) throw new Error("it is elsewhere, or has lost something")
  }
  return taken
}
