/** Looks at many random programs: `npm run conformance -- --programs N --seed S`. Failing ones are made small and shown. */
import { appendFileSync } from "node:fs"
import fc from "fast-check"
import { commandLine, numberOf } from "../../../scripts/command-line.ts"
import { noMoves, type Program } from "../variants.ts"
import { choiceLists, program } from "./program.ts"
import { outcome, shrunk, sign } from "./shrink.ts"

const HELP = `Usage: npm run conformance -- [--programs N] [--seed N] [--show N] [--each N] [--out FILE]

Random programs, each run natively, compiled, and moved at every stop: all have to do the same.

  --programs N  how many (default 20000)
  --seed N      of the first ones (default: another one each time; it is printed)
  --show N      how many failing programs are made small and shown, at most (default 10)
  --each N      how many of one kind (default 2)
  --out FILE    appends them to a file as well
  --help        prints this

The exit code is 1 if a program differs.`
const { values } = commandLine(HELP, {
  options: {
    programs: { type: "string", default: "20000" },
    seed: { type: "string" },
    /** How many failing programs are made small and shown. */
    show: { type: "string", default: "10" },
    /** How many of one kind. */
    each: { type: "string", default: "2" },
    /** A file to which they are appended as well. */
    out: { type: "string" },
  },
})
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : numberOf("--seed", values.seed)
const count = numberOf("--programs", values.programs, 1)
const most = { shown: numberOf("--show", values.show), each: numberOf("--each", values.each) }
const moved = noMoves()
const failures = new Map<string, number>()
/** How many were seen of each kind of failure. */
const kinds = new Map<string, number>()
let shown = 0
/** Programs that said nothing, by the reason. */
const idle = new Map<string, number>()
let same = 0
const started = performance.now()
console.log(`${count} programs, seed ${seed}`)
for (let at = 0; at < count; at += 500) {
  const lists = fc.sample(choiceLists, { seed: seed + at, numRuns: Math.min(500, count - at) })
  for (const [i, list] of lists.entries()) look(program(list), `seed ${seed + at}, program ${i}`)
}
const seconds = (performance.now() - started) / 1000
const failed = [...failures.values()].reduce((sum, n) => sum + n, 0)
const because = moved.partly.size === 0 ? "" : ", because of:"
console.log(`moved ${moved.whole} times whole, ${moved.frames} times only the frames${because}`)
for (const [why, n] of [...moved.partly].sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log(`${n} × ${why}`)
for (const [kind, n] of [...kinds].sort((a, b) => b[1] - a[1])) console.log(`${n} of the kind: ${kind}`)
for (const [variant, n] of failures) console.log(`${n} differ when ${variant}`)
const others = [...idle].map(([why, n]) => `, ${n} ${why}`).join("")
console.log(`${same} the same, ${failed} differ${others}; ${seconds.toFixed(1)} s`)
process.exitCode = failed === 0 && same > count * 0.8 ? 0 : 1

function look(tried: Program, where: string): void {
  const verdict = outcome(tried, undefined, moved)
  if (verdict === "same") same++
  else if (typeof verdict === "string") idle.set(verdict, (idle.get(verdict) ?? 0) + 1)
  if (typeof verdict === "string") return
  failures.set(verdict.variant, (failures.get(verdict.variant) ?? 0) + 1)
  const kind = `${verdict.variant} ${sign(verdict)}`
  const seen = (kinds.get(kind) ?? 0) + 1
  kinds.set(kind, seen)
  if (shown >= most.shown || seen > most.each) return
  shown++
  const text = `── ${verdict.variant} (${where})\n${shrunk(tried, verdict)}\n`
  console.log(text)
  if (values.out !== undefined) appendFileSync(values.out, `${text}\n`)
}
