/** Loops that go towards a bound run in stretches: they do what the plain loop does, for numbers of every kind, and pay for each round. */
import { expect, test } from "vitest"
import { compiled, program } from "../semantics/program.ts"
import { boundsFor, run, starts, stopsForEver, throwsTheSame } from "./rounds.ts"
import { Stepper } from "./stepper.ts"

type Main = (from: number, n: unknown, ends: number) => Generator

/** Runs the loop twice, and tells what its test and its rounds saw; one that would not end is left by a throw. */
const source = (star: string, loop: string) => `
  function${star} main(from, n, ends) {
    const seen = []
    const start = +from
    const asked = { get more() { seen[seen.length] = "asked"; if (seen.length > 150) throw seen; return seen.length % ends !== 1 } }
    for (let i = 0; i < 2; i++) {
      ${loop}
      seen[seen.length] = "end"
    }
    throw seen
  }`

const body = "seen[seen.length] = j; if (seen.length > 150) throw seen"
const loops = [
  `let j = start; while (j < n && asked.more) { ${body}; j++ }`,
  `let j = start; while (j <= n && asked.more) { j += 1; ${body} }`,
  `let j = start; while (j > n && asked.more && j !== 5) { --j; ${body} }`,
  `let j = start; while (j >= 0 && asked.more) { ${body}; j-- }`,
  `let j = start; while (j < 12 && asked.more) { ${body}; j += 2 }`,
  `let j = start; while (j < n) { ${body}; j++ }`,
  `let j = start; while (j >= n) { ${body}; j -= 3 }`,
  `for (let j = start; j < n && asked.more; j++) { if (seen.length % 7 === 3) { seen[seen.length] = 0; continue } ${body} }`,
  `for (let j = start; j > n && (asked.more || j === 3); j -= 1) { ${body} }`,
]

test.each(loops)("%s makes the rounds of the plain loop, wherever it starts and ends", loop => {
  const plain: Main = new Function(`${source("", loop)}; return main`)()
  const text = source("*", loop)
  expect(compiled(text).code).toContain("$far")
  const own = program<Main>(text, "main")
  for (const from of starts)
    for (const ends of [4, 90, 1e9]) for (const n of boundsFor(from)) throwsTheSame(plain, own, [from, n, ends])
})

test.each([
  ["100 ways of 1,000", "let j = 0; while (j < 1000 && c >= 0) { c++; j++ }", 100_000],
  ["100 ways down", "let j = 999; while (j >= 0 && c >= 0) { c++; j-- }", 100_000],
  ["1,000 short ways", "for (let k = 0; k < 10; k++) { let j = 0; while (j < 10 && c >= 0) { c++; j++ } }", 10_000],
  ["ways that end before their bound", "let j = 0; while (j < 1e9 && c % 50 !== 49) { c++; j++ } c++", 5_000],
  ["fractions", "let j = 0.5; while (j < 100 && c >= 0) { c++; j++ }", 10_000],
  ["the far away", "let j = 2e9; while (j < 2000000100 && c >= 0) { c++; j++ }", 10_000],
])("each round counts, in %s", (_, loop, rounds) => {
  const { value, stops } = run(`let c = 0; for (let i = 0; i < 100; i++) { ${loop} } yield c`)
  expect(Math.abs((value as number) / rounds - 1)).toBeLessThan(0.02)
  // a loop that something leaves counts each round by itself; of a way the first one is free
  const looks = run(`let c = 0; for (let i = 0; i < 100; i++) { ${loop.replace("c++", "if (c++ < 0) break")} } yield c`)
  expect(Math.abs(stops / looks.stops - 1)).toBeLessThan(0.25)
})

test("a loop that never ends stops all the same", () => stopsForEver("let j = 0; while (j < n && i >= 0) { j++ }"))

test("a throw pays for its stretch at most", () => {
  const { value, stops } = run(`
    let c = 0
    for (let i = 0; i < 100; i++) {
      try { for (let k = 0; k < 2; k++) { let j = 0; while (j < 100 && k < 2) { if (++c % 10 === 0) throw c; j++ } } } catch {}
    }
    yield c`)
  expect(value).toBe(1000)
  expect(stops).toBeGreaterThan(10)
  expect(stops).toBeLessThanOrEqual(200)
})

test.each([
  ["for (let j = 0, k = 0; j < 9; j++) { fs[j] = () => k++ }"],
  ["for (let j = 0, k = 0; j < 9 && n > 0; j++) { fs[j] = () => k++ }"],
])("each round of %s has a k of its own", loop => {
  const body = (end: string) =>
    `const fs = []; for (let i = 0; i < 2; i++) { ${loop} } ${end} fs.map(f => f() * 10 + f())`
  const expected = new Function("n", body("return"))(12)
  const main = program<(n: number) => Generator>(`function* main(n) { ${body("yield")} }`, "main")
  expect(new Stepper(main(12), { budget: 5 }).next(undefined).value).toEqual(expected)
})

test.each([
  ["the body changes the variable twice", "let j = 0; while (j < n && c >= 0) { j++; if (j === 3) j += 2; c++ }"],
  ["the variable is changed on one way alone", "let j = 0; while (j < n && c < 90) { if (c % 2) j++; c++ }"],
  ["a continue skips the step", "let j = 0; while (j < n && c < 90) { c++; if (c % 2) continue; j++ }"],
  ["the test changes the variable", "let j = 0; while (j < n && j++ < 7) { j++; c++ }"],
  ["the test changes the bound", "let m = n, j = 0; while (j < m && m-- > 2) { j++; c++ }"],
  ["the body changes the bound", "let m = n, j = 0; while (j < m && c >= 0) { m--; j++; c++ }"],
  ["something is called", "let j = 0; while (j < n && Number(c) >= 0) { j++; c++ }"],
  ["something leaves it", "let j = 0; while (j < n && c >= 0) { if (c === 5) break; j++; c++ }"],
  ["the step is small", "let j = 0; while (j < n && c >= 0) { j += 0.5; c++ }"],
  ["it goes the other way", "let j = 0; while (j < n && c < 50) { j--; c++ }"],
  ["the look at the bound is not the first", "let j = 0; while (c >= 0 && j < n) { j++; c++ }"],
])("no stretches where %s", (_, loop) => {
  const body = (n: string) => `let c = 0; for (let i = 0; i < 3; i++) { ${loop} }; ${n} c`
  const text = `function* main(n) { ${body("yield")} }`
  expect(compiled(text).code).not.toContain("$far")
  const expected = new Function("n", body("return"))(12)
  const main = program<(n: number) => Generator>(text, "main")
  expect(new Stepper(main(12), { budget: 5 }).next(undefined).value).toBe(expected)
})

test("what the test makes is made by one text", () => {
  const text =
    "function* main(n) { let f = 0; for (let i = 0; i < 2; i++) { let j = 0; while (j < n && (f = () => 7)) { j++ } } yield f() }"
  expect(compiled(text).functions.map(({ name }) => name)).toEqual(["f", "main"])
  expect(compiled(text).code.match(/=> 7/g)).toHaveLength(1)
  expect(new Stepper(program<(n: number) => Generator>(text, "main")(9), { budget: 3 }).next(undefined).value).toBe(7)
})
