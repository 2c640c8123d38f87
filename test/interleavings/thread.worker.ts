/** One of the real threads of a search: plays its part of a scenario again and again, once per run. */
import { receiveMessageOnPort, workerData } from "node:worker_threads"
import { type Kit, kitOf, type ThreadStart } from "./kit.ts"
import { scenarios } from "./scenarios.ts"
import { Abandoned, Turns } from "./turns.ts"
import { TurnWiring } from "./wiring.ts"

const start = workerData as ThreadStart
const turns = new Turns(start.turns, start.me)
const wiring = new TurnWiring(turns, start.buffers, start.ports, start.plant === "swaps in two steps")
const part = scenarios[start.scenario]?.parts[start.me] as (kit: Kit) => unknown

for (let epoch = turns.await(0); ; epoch = turns.await(epoch)) {
  for (const port of start.ports) if (port !== null) while (receiveMessageOnPort(port) !== undefined);
  try {
    turns.finish(part(kitOf(start, wiring)), false)
  } catch (error) {
    // a port's post, where a turn ended it, is told as a mail that could not be posted
    const { cause } = error as Error
    if (error instanceof Abandoned || cause instanceof Abandoned) turns.finish(null, false)
    else turns.finish({ error: String((error as Error).stack) }, true)
  }
}
