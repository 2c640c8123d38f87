/** Attacks `decode` with many damaged records: `npm run fuzz -- --cases N --seed S`; with `--forged`, fibers with records of which one part is forged. */
import { parseArgs } from "node:util"
import { forgeAll } from "./forging.ts"
import { attack, type Tally } from "./hostile.ts"

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "2000000" },
    seed: { type: "string" },
    forged: { type: "boolean", default: false },
  },
})
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed)
const cases = Number(values.cases)
console.log(`${cases} cases, seed ${seed}`)
const started = performance.now()

/** Memory that decoding kept would show here. */
function line({ cases, values, slowest }: Tally): string {
  const { rss } = process.memoryUsage()
  const seconds = (performance.now() - started) / 1000
  return `${cases + 1} cases in ${seconds.toFixed(0)} s, ${values} values, slowest ${slowest.toFixed(0)} ms, ${(rss / 2 ** 20).toFixed(0)} MiB`
}

if (values.forged) {
  const { refused, ran, impossible } = await forgeAll(cases, seed, ({ cases }) => {
    if ((cases + 1) % 10_000 === 0) console.log(`${cases + 1} cases`)
  })
  const seconds = (performance.now() - started) / 1000
  console.log(`${refused} refused, ${ran} went on, ${impossible} could not be made, in ${seconds.toFixed(0)} s`)
} else {
  const tally = attack(cases, seed, tally => {
    if ((tally.cases + 1) % 100_000 === 0) console.log(line(tally))
  })
  console.log(`nothing but refusals and values: ${line({ ...tally, cases: tally.cases - 1 })}`)
}
