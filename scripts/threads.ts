/**
 * Owns what the pools of a test run start their threads from: the sources in a few bundles, as packages are published, instead
 * of 190 files that each of some thousand threads looks for, reads and links. Made anew for every run, in a folder of its own.
 * Programs that tests start as processes run from the sources, with their threads, unless they are told of the bundles too.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { rolldown } from "rolldown"
import type { Plugin } from "vitest/config"

const PACKAGES = ["core", "fibers", "scheduler", "rove"]
/** These load the compiler, which comes from its sources, or are scripts. */
const APART = /\/(?:register\.ts|vite\.ts|effect\.ts|standalone\.ts)$/
/** Where threads start, in the environment of the test processes. */
const ENTRY = "ROVE_TEST_ENTRY"
/** How platform.ts names that file. */
const NAMED = '"./entry.ts"'

let made: Promise<void> | undefined

/** For vitest: pools start their threads from bundles, unless it watches the sources. */
export function bundledThreads(root: string): Plugin {
  return {
    name: "bundled-threads",
    async configureVitest({ vitest }) {
      if (vitest.config.watch) return
      made ??= bundle(realpathSync(root))
      await made
    },
    transform(code, id) {
      if (!id.endsWith("packages/scheduler/src/platform.ts")) return undefined
      if (!code.includes(NAMED)) throw new Error(`${id} does not start threads from ${NAMED} any more`)
      return { code: code.replace(NAMED, `(process.env.${ENTRY} ?? ${NAMED})`), map: null }
    },
  }
}

async function bundle(root: string): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rove-threads-")))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
  const sources = entriesOf(root)
  const bundles = await rolldown({ input: Object.fromEntries(sources), platform: "node", logLevel: "silent" })
  // what entries share is in one file, so that there is one of everything
  await bundles.write({ dir: folder, codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] } })
  await bundles.close()
  const places = sources.map(([name, source]) => [href(source), href(join(folder, `${name}.js`))])
  const entry = join(folder, "entry.js")
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }')
  writeFileSync(join(folder, "places.js"), leadsTo(places))
  writeFileSync(entry, 'import "./places.js"\nimport "./scheduler-entry.js"\n')
  process.env[ENTRY] = href(entry)
}

/** The sources of what packages export, each with the name of its bundle. */
function entriesOf(root: string): [string, string][] {
  return PACKAGES.flatMap(name => {
    const home = join(root, "packages", name)
    const { exports } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
      readonly exports: Readonly<Record<string, unknown>>
    }
    const sources = Object.values(exports).filter(file => typeof file === "string")
    return sources
      .filter(file => !APART.test(file))
      .map(file => [`${name}-${file.slice("./src/".length, -".ts".length).replaceAll("/", "-")}`, join(home, file)])
  })
}

/** What fibers' modules import leads to the bundles too. */
function leadsTo(places: readonly string[][]): string {
  return `import { registerHooks } from "node:module"
const places = new Map(${JSON.stringify(places)})
registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context)
    const url = places.get(resolved.url)
    return url === undefined ? resolved : { url, format: "module", shortCircuit: true }
  },
})
`
}

function href(file: string): string {
  return pathToFileURL(file).href
}
