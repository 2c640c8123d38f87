/** Loops that count run in strips: they do what the plain loop does, for numbers of every kind, and pay for each round. */
import { expect, test } from "vitest"
import { compiled, program } from "../semantics/program.ts"
import { boundsFor, run, starts, stopsForEver, throwsTheSame } from "./rounds.ts"
import { Stepper } from "./stepper.ts"

const steps = [1, 2, 0.5, 0.1, 1e-4, 0, -1, 7.25, 1e9, NaN, Infinity]

/** Runs the loop twice, and tells what its rounds saw; one that would not end is left by a throw. Rounds that call are looked at each. */
const source = (star: string, test: string, update: string) => `
  function${star} main(from, n, by) {
    const seen = []
    const start = +from, s = +by
    for (let i = 0; i < 2; i++) {
      for (let j = start; ${test}; ${update}) {
        if (seen.length % 7 === 3) { seen[seen.length] = 0; continue }
        seen[seen.length] = j
        if (seen.length > 150) throw seen
      }
      seen[seen.length] = "end"
    }
    throw seen
  }`

type Main = (from: number, n: unknown, by: number) => Generator

const loops = [
  ["j < n", "j++"],
  ["j <= n", "j += s"],
  ["j < n", "j += s"],
  ["j > n", "--j"],
  ["j >= n", "j -= s"],
  ["j > n", "j -= 2"],
] as const

test.each(loops)(
  "a loop while %s, by %s, makes the rounds of the plain loop, wherever it starts and ends",
  (condition, update) => {
    const plain: Main = new Function(`${source("", condition, update)}; return main`)()
    const text = source("*", condition, update)
    expect(compiled(text).code).toContain(" = 0 / 0;")
    const own = program<Main>(text, "main")
    for (const from of starts)
      for (const by of update.includes("s") ? steps : [1])
        for (const n of boundsFor(from)) throwsTheSame(plain, own, [from, n, by])
  },
)

test.each([
  ["100 rounds of 1,000", "for (let j = 0; j < 1000; j++) c++", 100_000, 100],
  ["1,000 strips of 10", "for (let k = 0; k < 10; k++) for (let j = 5; j <= 50; j += 5) c++", 10_000, 1000],
  [
    "1,000 strips that end before their bound",
    "for (let k = 0; k < 10; k++) for (let j = 0; j < 10; j++) c++",
    10_000,
    1000,
  ],
  ["fractions", "for (let j = 1; j > 0; j -= 0.01) c++", 10_000, 100],
  ["steps that are too small", "for (let j = 1; j > 0.9; j -= 0.0001) c++", 100_000, 100],
])("each round counts, in %s", (_, loop, rounds, times) => {
  const { value, stops } = run(`let c = 0; for (let i = 0; i < 100; i++) { ${loop} } yield c`)
  expect(Math.abs((value as number) / rounds - 1)).toBeLessThan(0.02)
  // a loop that something leaves counts each round by itself, in front of its test
  const looks = run(
    `let c = 0; for (let i = 0; i < 100; i++) { ${loop.replace(/c\+\+$/, "{ if (c++ < 0) break }")} } yield c`,
  )
  expect(Math.abs((stops * (rounds + times)) / rounds / looks.stops - 1)).toBeLessThan(0.05)
})

test.each([
  "let j = 0; j < n; j++",
  "let j = 0; j <= n; j += 0",
  "let j = -1/0; j <= n; j++",
  "let j = 2 ** 53; j < n; j++",
])("a loop that never ends (%s) stops all the same", head => {
  stopsForEver(`for (${head}) ;`)
})

test("a bound that is an object is asked once before each round", () => {
  const { value } = run(`
    let asked = 0, c = 0
    const n = { valueOf() { asked++; return 9 } }
    for (let i = 0; i < 3; i++) for (let j = 0; j < n; j++) c++
    yield [asked, c]`)
  expect(value).toEqual([30, 27])
})

test("a throw pays for its strip at most", () => {
  const { value, stops } = run(`
    let c = 0
    for (let i = 0; i < 100; i++) {
      try { for (let k = 0; k < 2; k++) for (let j = 0; j < 100; j++) if (++c % 10 === 0) throw c } catch {}
    }
    yield c`)
  expect(value).toBe(1000)
  expect(stops).toBeLessThanOrEqual(200)
})

test.each([
  ["the body changes the variable", "for (let j = 0; j < n; j++) { if (j === 3) j += 2; c++ }"],
  ["the body changes the bound", "let m = n; for (let j = 0; j < m; j++) { if (j === 3) m = 5; c++ }"],
  ["the body changes the step", "let s = 1; for (let j = 0; j < n; j += s) { s++; c++ }"],
  ["the step is the variable", "for (let j = 1; j < n; j += j) c++"],
  [
    "a function changes the bound",
    "let m = n; const f = () => { m = 4 }; for (let j = 0; j < m; j++) { if (j === 2) f(); c++ }",
  ],
  ["there are few rounds, as is written there", "for (let j = 0; j <= 4; j += 2) c++"],
  ["something leaves it", "for (let j = 0; j < n; j++) { if (j === 3) break; c++ }"],
])("no strips where %s", (_, loop) => {
  const body = (n: string) => `let c = 0; for (let i = 0; i < 3; i++) { ${loop} }; ${n} c`
  const text = `function* main(n) { ${body("yield")} }`
  expect(compiled(text).code).not.toContain(" = 0 / 0;")
  const expected = new Function("n", body("return"))(12)
  const main = program<(n: number) => Generator>(text, "main")
  expect(new Stepper(main(12), { budget: 5 }).next(undefined).value).toBe(expected)
})
