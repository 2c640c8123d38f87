/** The runner itself, on a checkout of two small programs: what it says of many means nothing unless these pass, and fail. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { expect, test } from "vitest"
import { scratch } from "../../support/scratch.ts"
import { type Mode, Runner } from "./realm.ts"

const root = join(import.meta.dirname, "../../..")
const generators = `
function* f(n) { try { const got = yield n; yield got + 1 } catch (e) { return ["caught", e] } finally { yield "closing" } }
const it = f(1)
assert(it.next().value === 1 && it.next(5).value === 6 && it.next().value === "closing" && it.next().done)
const thrown = f(2); thrown.next(); assert(thrown.throw("x").value === "closing"); assert(thrown.next().value[1] === "x")
assert([...(function* () { yield* [1, 2]; return yield* f(3) })()].length === 5)
let failed = false
try { for (const x of (function* () { yield 1; throw new TypeError("!") })()) ; } catch (e) { failed = e instanceof TypeError }
assert(failed)`

test.each([
  { wrap: "none", moves: true },
  { wrap: "full", moves: true },
  { wrap: "none", moves: false },
] as const)("a program passes, and one that is wrong fails: %o", async ({ wrap, moves }) => {
  const checkout = scratch({
    "harness/assert.js": 'function assert(x) { if (!x) throw new Error("not so") }',
    "harness/sta.js": "",
    "test/right.js": `/*---\n---*/\n${generators}`,
    "test/wrong.js": `/*---\n---*/\n${generators}\nassert(f(1).next().value === 2)`,
  })
  const mode = { checkout, wrap, moves, strictness: "strict", native: false, wary: false, stacks: false } as const
  const runner = new Runner(mode, root)
  expect(await runner.run("test/right.js")).toBe(null)
  expect(runner.moves.whole + runner.moves.frames > 0, "something moved").toBe(moves)
  expect(await runner.run("test/wrong.js")).toMatch(/runtime: Error: not so/)
})

test("a program that stays native is told apart from one that moves, and fails if it is wrong", async () => {
  const checkout = scratch({
    "harness/assert.js": 'function assert(x) { if (!x) throw new Error("not so") }',
    "harness/sta.js": "",
    "test/eval.js": '/*---\n---*/\nvar a = 1; assert(eval("a") === 1)',
    "test/with.js": "/*---\nflags: [noStrict]\n---*/\nwith ({ b: 2 }) assert(b === 2)",
    "test/wrong.js": '/*---\n---*/\nassert(eval("2") === 3)',
    "test/without.js": "/*---\n---*/\nassert((0, eval)('2') === 2)",
  })
  const mode = { checkout, wrap: "full", moves: true, strictness: "strict", native: false, wary: false, stacks: false }
  const runner = new Runner(mode as Mode, root)
  const answers: Record<string, unknown> = {}
  for (const name of ["eval", "with", "wrong", "without"]) {
    const why = await runner.run(`test/${name}.js`)
    answers[name] = [why, runner.isNative]
  }
  expect(answers).toEqual({
    eval: [null, true],
    with: [null, true],
    wrong: ["strict: runtime: Error: not so", true],
    without: [null, false],
  })
})

test("without a checkout the command says how to get one", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "run.ts"), "/nowhere/test262"], {
    encoding: "utf8",
  })
  expect(status).toBe(2)
  expect(stderr).toContain("There is no checkout of test262 in /nowhere/test262")
  expect(stderr).toContain("git clone --depth 1 https://github.com/tc39/test262")
})
