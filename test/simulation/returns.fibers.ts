/** The fiber of simulated pools that is never long on one thread. */
import { migrateTo, sleep } from "@rove/fibers"
import { table } from "../pool/compiled.ts"

/** Goes from one of three threads to the next so often, with a nap now and then. */
export const wanders = table<[number, number], string>(
  import.meta.url,
  "wanders",
  2,
  (first, times) => ({ at: first, left: times }),
  (_, l) => {
    if (l.left-- === 0) return { result: "arrived" }
    return { perform: l.left % 4 === 0 ? sleep(1) : migrateTo(1 + (l.at++ % 3)), to: 1 }
  },
)
