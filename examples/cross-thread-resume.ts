/**
 * Shows a suspended computation go on on other threads, again and again: what belongs to the computation moves with it,
 * what belongs to the thread stays. Exits with 1 if any of this is not so.
 *
 *     node --import rove/register examples/cross-thread-resume.ts
 */
import { Pool } from "rove"
import { type Hop, journey } from "./cross-thread-resume.fibers.ts"

const HOPS = 12

console.log("hop  thread   native id fiber           depth  tenant  handled exceptions, innermost first")
await using pool = await Pool.start({ workers: 2, name: "worker" })
const hops = await pool.run(journey(HOPS), { timeout: 60_000 })
const bytes = pool.stats().threads.reduce((sum, thread) => sum + thread.bytesIn, 0)

const wrong = [...check(hops), ...(bytes > 0 ? [] : ["nothing was decoded"])]
for (const what of wrong) console.error(`wrong: ${what}`)
console.log(
  wrong.length > 0
    ? "FAILED"
    : `\n${hops.length - 1} hops, ${bytes} bytes decoded: the thread changed each time, the computation never.`,
)
process.exitCode = wrong.length > 0 ? 1 : 0

/** What does not hold, in words. */
function check(hops: readonly Hop[]): string[] {
  const wrong: string[] = []
  const natives = new Map(hops.map(({ thread, nativeId }) => [thread, nativeId]))
  if (hops.length !== HOPS) wrong.push(`${hops.length} hops instead of ${HOPS}`)
  for (const [i, { thread, nativeId, fiber, depth, tenant, handled, hop }] of hops.entries()) {
    if (thread === hops[i - 1]?.thread) wrong.push(`hop ${hop} is on the thread of the one before`)
    if (nativeId !== natives.get(thread)) wrong.push(`thread ${thread} has changed its native id`)
    if (hop !== i + 1) wrong.push(`the loop counter is ${hop} at hop ${i + 1}`)
    if (fiber !== hops[0]?.fiber) wrong.push(`the fiber's id has changed to ${fiber}`)
    if (depth !== 3) wrong.push(`the depth is ${depth}`)
    if (tenant !== "blue") wrong.push(`the variable is ${tenant}`)
    if (handled !== "TypeError: no map, RangeError: bridge out") wrong.push(`the handled exceptions are ${handled}`)
  }
  return wrong
}
