/** Runs each fiber of `meaning.ts` on a pool of one thread and on one of two, and prints what it saw there as JSON. */
import { Pool } from "rove"
import * as meaning from "./meaning.ts"

type Fiber = (typeof meaning)[keyof typeof meaning]
const ATTEMPTS = 100

/** What it saw each time, until another thread took the child. */
async function seen(fiber: Fiber, pool: Pool, steal: boolean): Promise<{ seen: unknown[]; stolen: boolean }> {
  const all: unknown[] = []
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const desk = new Int32Array(new SharedArrayBuffer(12))
    desk[0] = steal ? 1 : 0
    const result = await pool.run(fiber(desk))
    all.push(result.seen)
    if (!steal || result.stolen) return { seen: all, stolen: result.stolen }
  }
  return { seen: all, stolen: false }
}

const report: Record<string, unknown> = {}
{
  await using one = await Pool.start({ workers: 1 })
  await using two = await Pool.start({ workers: 2 })
  for (const [name, fiber] of Object.entries(meaning))
    report[name] = { inline: await seen(fiber, one, false), stolen: await seen(fiber, two, true) }
}
console.log(JSON.stringify(report))
