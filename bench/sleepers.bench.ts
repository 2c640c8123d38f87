/** Measures a million fibers that sleep, each until another time, on one thread without a pool and on a thread of a pool, and their end. */
import { LocalHost, Pool } from "rove"
import { type Row, row } from "./lib/rows.ts"
import { type Sleepers, sleepers } from "./programs/sleepers.ts"

const subject = "sleepers"

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const count = quick ? 20_000 : 1_000_000
  const local = await new LocalHost().run(sleepers(count))
  await using pool = await Pool.start({ workers: 1 })
  return [...rows("LocalHost", local), ...rows("pool", await pool.run(sleepers(count)))]
}

function rows(where: string, { bytes, left, fallAsleep, interrupt }: Sleepers): Row[] {
  return [
    row({
      subject,
      case: `${where}: memory of a fiber that sleeps, its timer and handle included`,
      value: bytes,
      unit: "B",
    }),
    row({ subject, case: `${where}: what is left of each when all were interrupted`, value: left, unit: "B" }),
    row({ subject, case: `${where}: a fiber spawned and asleep`, value: fallAsleep, unit: "µs" }),
    row({ subject, case: `${where}: a sleeping fiber interrupted and joined`, value: interrupt, unit: "µs" }),
  ]
}
