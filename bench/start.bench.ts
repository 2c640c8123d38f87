/**
 * Measures how long a pool of two threads takes to start, as it is published: the built packages in a folder of their own, in a
 * process without a load hook; beside two plain workers that say they are ready.
 */
import { execFileSync } from "node:child_process"
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { build } from "../scripts/build.ts"
import { median } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"

const root = dirname(import.meta.dirname)

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  await build(root)
  const folder = mkdtempSync(join(tmpdir(), "rove-start-"))
  try {
    for (const name of globSync("packages/*", { cwd: root })) publish(join(root, name), join(folder, "node_modules"))
    const program = join(folder, "start.mjs")
    cpSync(join(import.meta.dirname, "peers", "start.mjs"), program)
    const run = (env: Readonly<Record<string, string>>): Pairs => {
      const all = { cwd: folder, encoding: "utf8", env: { ...process.env, ...env } } as const
      return JSON.parse(execFileSync(process.execPath, [program, quick ? "3" : "31"], all))
    }
    const bare = run({ ROVE_CACHE: "off" })
    const cache = { ROVE_CACHE: join(folder, "cache") }
    run(cache) // fills it
    return [judged("a pool of two threads", run(cache)), judged("the same where no code is kept", bare)]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Milliseconds that a start took, of a pool and of plain workers. */
type Pairs = readonly (readonly [pool: number, plain: number])[]

function judged(what: string, pairs: Pairs): Row {
  return row({
    subject: "start",
    case: what,
    value: median(pairs.map(([pool]) => pool)),
    unit: "ms",
    against: {
      peer: "two plain workers: times slower",
      value: median(pairs.map(([, plain]) => plain)),
      ratio: median(pairs.map(([pool, plain]) => pool / plain)),
    },
    bar: 2,
    aim: 1.2,
  })
}

/** Lays a package there as it is published. */
function publish(source: string, modules: string): void {
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"))
  const target = join(modules, manifest.name)
  mkdirSync(target, { recursive: true })
  cpSync(join(source, "dist"), join(target, "dist"), { recursive: true })
  writeFileSync(join(target, "package.json"), JSON.stringify({ ...manifest, ...manifest.publishConfig }))
}
