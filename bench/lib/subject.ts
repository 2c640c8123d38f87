/** Runs one bench module in a process of its own, so that no subject sees the optimised code of another. */
import type { Row } from "./rows.ts"

/** What a file `bench/SUBJECT.bench.ts` exports by default. */
export type Bench = (options: { readonly quick: boolean }) => Promise<readonly Row[]>

/** What comes back from the process. */
export type Answer = { readonly rows: readonly Row[] }

if (process.send !== undefined) {
  const [file, quick] = process.argv.slice(2)
  const { default: bench } = (await import(file!)) as { default: Bench }
  const answer: Answer = { rows: await bench({ quick: quick === "quick" }) }
  process.send(answer, () => process.exit())
}
