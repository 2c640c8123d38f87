import { expect, test } from "vitest"
import { compile } from "../compile.ts"

/** The line in front of a loop that says what its variables hold. */
function kept(body: string): string {
  const { code } = compile(`function* main(a, n) { ${body} }`, "src/a.js", { always: true }) ?? { code: "" }
  return (/budget \| 0;\n((?:\s+\S+ [|+-]= 0;)*)/.exec(code)?.[1] ?? "").trim()
}

test("what always holds numbers says so before a loop, by an operation that keeps its values", () => {
  expect(kept("for (let i = 0; i < n; i++) a(i)")).toBe("i += 0;")
  expect(kept("let s = 0; for (let i = 0; i < n; i++) s = s + a[i] | 0; return s")).toBe("s |= 0; i += 0;")
  expect(kept("let low = 0, high = n - 1; while (low < high) { const m = low + high >> 1; low = m + 1 }")).toBe(
    "low += 0; high += 0;",
  )
  expect(kept("let f = 1; while (a(f)) f = f * 0.5; return f")).toBe("f -= 0;")
  expect(kept("let x = -n * 2; while (a(x)) x = -x % 5; return x")).toBe("x -= 0;")
  expect(kept("let x = (n >>> 0) % 3072; while (a(x)) x = (n & 255) % 10; return x")).toBe("x |= 0;")
})

test("a remainder is an integer of 32 bits only if it cannot be -0, nor a fraction, nor too big", () => {
  expect(kept("let x = 0; while (a(x)) x = n % 10 | 0; return x")).toBe("x |= 0;")
  expect(kept("let x = 0; while (a(x)) x = (n | 0) % 10; return x")).toBe("x -= 0;")
  expect(kept("let x = 0; while (a(x)) x = (n & -2) % 10; return x")).toBe("x -= 0;")
  expect(kept("let x = 0; while (a(x)) x = (n >>> 0) % 0.5; return x")).toBe("x += 0;")
  expect(kept("let x = 0; while (a(x)) x = (n >>> 0) % 4294967295; return x")).toBe("x += 0;")
  expect(kept("let x = 0; while (a(x)) x = (n >>> 0) % 0; return x")).toBe("x += 0;")
  expect(kept("let x = 0; while (a(x)) x = (n >>> 0) % a.length; return x")).toBe("x += 0;")
})

test("a variable that may hold anything else says nothing", () => {
  for (const body of [
    "let s = ''; while (a(s)) s += 1; return s",
    "let x = 0; while (a(x)) x = n; return x",
    "let x = 0; while (a(x)) x = a; return x",
    "let x = n; while (a(x)) x++; return x",
    "let x = 1n; while (a(x)) x *= 2n; return x",
    "let x; while (a(x)) x = 1; return x",
    "var x = 0; while (a(x)) x = 1; return x",
    "let x = 0; while (a(x)) [x] = n; return x",
    "let x = 0; while (a(x)) ({ x } = n); return x",
    "let x = 0; while (a(x)) for (x in n); return x",
    "let x = 0; while (a(x)) x ??= n; return x",
    "let x = 0; while (a(x)) x = x && n; return x",
    "let x = n * n; while (a(x)) x = x * n; return x",
    "let x = 0; const f = () => x++; while (a(f)) f(); return x",
    "let [x] = n; while (a(x)) x = 1; return x",
  ])
    expect([body, kept(body)]).toEqual([body, ""])
})

test("of variables that are one slot all hold numbers, and what keeps the value of one keeps those of all", () => {
  const two = (first: string, second: string) =>
    kept(`while (a()) { for (let x = 0; a(x); x = ${first}) ; for (let x = 0; a(x); x = ${second}) ; }`)
  expect(two("n | 0", "x ^ 1")).toBe("x |= 0;")
  expect(two("n | 0", "x + 0.5")).toBe("x += 0;")
  expect(two("x + 0.5", "-x")).toBe("x -= 0;")
  expect(two("x + 0.5", "n")).toBe("")
  expect(kept("for (let i = 0; i < n; i++) a(i); for (let i = 1n; i < n; i++) a(i)")).toBe("")
})

test("a chain of thousands of operands is no matter of the stack", () => {
  const chain = Array.from({ length: 3_000 }, () => "1").join(" + ")
  expect(kept(`let x = ${chain}; while (a(x)) x = 1; return x`)).toBe("")
})
