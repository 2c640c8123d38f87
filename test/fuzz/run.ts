/** Attacks `decode` with many damaged records: `npm run fuzz -- --cases N --seed S`; with `--forged`, fibers with records of which one part is forged. */
import { commandLine, numberOf } from "../../scripts/command-line.ts"
import { forgeAll } from "./forging.ts"
import { attack, type Tally } from "./hostile.ts"

const HELP = `Usage: npm run fuzz -- [--cases N] [--seed N] [--forged]

Decodes damaged records: each has to be refused or to be a value, and nothing else may happen.

  --cases N  how many (default 2000000)
  --seed N   of what is by chance (default: another one each time; it is printed)
  --forged   records of which one part is forged instead; what is taken goes on as a fiber
  --help     prints this

The exit code is 1 if something else happens.`
const { values } = commandLine(HELP, {
  options: {
    cases: { type: "string", default: "2000000" },
    seed: { type: "string" },
    forged: { type: "boolean", default: false },
  },
})
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : numberOf("--seed", values.seed)
const cases = numberOf("--cases", values.cases, 1)
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
