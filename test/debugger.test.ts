/** A debugger at a fiber's lines, in a real process: what an editor does by the inspector's protocol and the source map. */
import { join } from "node:path"
import { expect, test } from "vitest"
import { install, node, scratch } from "./support/scratch.ts"

/** Sets breakpoints as an editor does, through the map, and says where the program stopped, in places of the source. */
const attached = `import { Session } from "node:inspector"
import { parentPort, workerData } from "node:worker_threads"
import { allGeneratedPositionsFor, LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping"

const { lines, step, within, skipped = [] } = workerData
const session = new Session()
session.connectToMainThread()
const post = (method, params = {}) =>
  new Promise((resolve, reject) => session.post(method, params, (e, result) => (e ? reject(e) : resolve(result))))
let script, trace
const urls = new Map()
session.on("Debugger.scriptParsed", ({ params }) => {
  urls.set(params.scriptId, params.url)
  if (!params.url.endsWith("/walk.ts")) return
  script = params
  trace = new TraceMap(Buffer.from(params.sourceMapURL.split(",")[1], "base64").toString())
})
const place = location => {
  if (location.scriptId !== script.scriptId) return { line: null } // a file of ours, of which the map says nothing
  const { line, column } = originalPositionFor(trace, { line: location.lineNumber + 1, column: location.columnNumber })
  return { line }
}
session.on("Debugger.paused", ({ params: { callFrames, hitBreakpoints } }) => {
  const [{ functionName, location }] = callFrames
  parentPort.postMessage({ hit: hitBreakpoints?.length > 0, functionName, ...place(location), url: urls.get(location.scriptId) })
  const goesOn = within === null || (location.scriptId === script.scriptId && within.includes(functionName))
  void post(goesOn ? "Debugger." + step : "Debugger.resume")
})
parentPort.on("message", async () => {
  while (script === undefined) await new Promise(resolve => setTimeout(resolve, 5)) // what was loaded is told later
  const bound = []
  for (const line of lines) {
    const [to] = allGeneratedPositionsFor(trace, { source: trace.sources[0], line, column: 0, bias: LEAST_UPPER_BOUND })
    if (to === undefined) throw new Error("no place for line " + line)
    const { locations } = await post("Debugger.setBreakpointByUrl", { url: script.url, lineNumber: to.line - 1, columnNumber: to.column })
    bound.push(...locations.map(l => place(l).line))
  }
  parentPort.postMessage({ bound })
})
await post("Debugger.enable")
await post("Debugger.setBlackboxPatterns", { patterns: skipped })
parentPort.postMessage("ready")
`
const stepped = `"use fibers"
import { type Resumable, sleep } from "rove"

interface Unused { readonly a: 1 }

export function* count(to: number): Resumable<number> {
  let sum = 0
  for (let i: number = 0; i < to; i++) {
    sum += i
    yield* sleep(0)
    sum += 1
  }
  const result: number = sum
  return result
}
`

interface Pause {
  readonly hit: boolean
  readonly functionName: string
  readonly line: number | null
  readonly url: string
}

/** What a debugger says of a program with breakpoints at those lines that steps within those functions. */
async function debugged(source: string, call: string, data: object): Promise<[object, ...Pause[]]> {
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "walk.ts": source,
    "attached.mjs": attached,
    "main.ts": `import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { LocalHost } from "rove"
const worker = new Worker(new URL("./attached.mjs", import.meta.url), { workerData: ${JSON.stringify(data)} })
await once(worker, "message")
const walk = await import("./walk.ts")
const said: object[] = []
worker.on("message", (message: object) => said.push(message))
worker.postMessage("set")
await once(worker, "message")
await new LocalHost().run(walk.${call})
await new Promise(resolve => setTimeout(resolve, 100))
console.log(JSON.stringify(said))
await worker.terminate()
`,
  })
  install(
    folder,
    "@jridgewell/trace-mapping",
    join("packages", "compiler", "node_modules", "@jridgewell", "trace-mapping"),
  )
  const { out, err, code } = await node(folder, ["--import", "rove/register", "main.ts"])
  expect([code, err]).toEqual([0, expect.stringMatching(/^(?:$|Debugger|Waiting)/)])
  return JSON.parse(out) as [object, ...Pause[]]
}

/** Where it stopped, one after another; what has no place in the source is stepped over by debuggers. */
function stops(pauses: readonly Pause[]): string[] {
  const places = pauses.flatMap(p => (p.line === null ? [] : [`${p.functionName} ${p.line}`]))
  return places.filter((place, i) => place !== places[i - 1])
}

test("breakpoints bind to lines of the source, and stepping stays on them", { timeout: 30_000 }, async () => {
  const data = { lines: [9, 11, 13], step: "stepOver", within: ["count"] }
  const [bound, ...pauses] = await debugged(stepped, "count(1)", data)
  expect(bound).toEqual({ bound: [9, 11, 13] })
  expect(pauses.filter(p => p.hit).map(p => [p.functionName, p.line])).toEqual([
    ["count", 9],
    ["count", 11],
    ["count", 13],
  ])
  // in the order of the program
  expect(stops(pauses)).toEqual([9, 10, 11, 8, 13, 14].map(line => `count ${line}`))
})

const calling = `"use fibers"
interface Unused { readonly a: 1 }

export function* outer(n: number): Generator<never, number> {
  const a = yield* inner(n)
  const b =
    (yield* inner(a)) +
    1
  for (const x of [a, b]) {
    plain(x)
  }
  return a
}
function* inner(n: number): Generator<never, number> {
  const y: number = n + 1
  return y
}
function plain(_: number): void {}
`

test("a breakpoint stops before the call of its line, which can be stepped over and into", {
  timeout: 30_000,
}, async () => {
  const [bound, ...over] = await debugged(calling, "outer(1)", { lines: [5, 10], step: "stepOver", within: ["outer"] })
  expect(bound).toEqual({ bound: [5, 10] })
  const around = [6, 7, 6, 9, 10, 9, 10, 12].map(line => `outer ${line}`)
  expect(stops(over)).toEqual(["outer 5", ...around])
  const [, ...into] = await debugged(calling, "outer(1)", { lines: [5], step: "stepInto", within: ["outer", "inner"] })
  expect(stops(into).slice(0, 4)).toEqual(["outer 5", "inner 15", "inner 16", "outer 5"])
})

test("a debugger that skips Rove's files stops in none of them when it steps over a suspension", {
  timeout: 30_000,
}, async () => {
  const ours = "/packages/(?:core|fibers|scheduler|rove|compiler)/"
  const stopsInOurs = async (skipped: string[]) => {
    const [, ...pauses] = await debugged(stepped, "count(1)", {
      lines: [9, 11],
      step: "stepOver",
      within: null,
      skipped,
    })
    // behind the suspension only a breakpoint stops
    expect(pauses.filter(p => p.hit).map(p => p.line)).toEqual([9, 11])
    return pauses.filter(p => new RegExp(ours).test(p.url)).length
  }
  expect(await stopsInOurs([])).toBeGreaterThan(0)
  expect(await stopsInOurs([ours])).toBe(0)
})
