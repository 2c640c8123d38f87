/** TypeScript and TSX around and inside generators: what types leave behind is compiled, in every place where they may stand. */
import { compile } from "@rove/compiler"
import * as rove from "@rove/fibers/runtime"
import { expect, test } from "vitest"

/** What `main` yields, each sent back, and what it returns. */
function outcome(source: string, id = "src/a.ts"): unknown[] {
  const options = { sourceType: "script", always: true, runtime: { global: "rove" } } as const
  const code = compile(source, id, options)?.code
  const main = new Function("rove", `"use strict"; ${code}\nreturn main`)(rove) as () => Generator
  const seen: unknown[] = []
  const g = main()
  for (let result = g.next(); ; result = g.next(result.value)) {
    seen.push(result.value)
    if (result.done === true) return seen
  }
}

const forms: Record<string, readonly [source: string, seen: readonly unknown[]]> = {
  "enums of numbers, texts and constants, at module level, inside, merged, and from const enums": [
    `enum E { A, B = A + 2, S = "s", C = "text".length } enum E { Z = 9 } const enum K { X = 5, Y = X << 1 }
     declare enum Gone { A }
     function* main(): Generator<unknown, unknown> { yield E[2]; enum L { Q = 4, R } yield [E.A, E.B, E.S, E.C, E.Z, K.X, K["Y"]]; return [L.R, L[4], Object.keys(L)] }`,
    ["B", [0, 2, "s", 4, 9, 5, 10], [5, "Q", ["4", "5", "Q", "R"]]],
  ],
  "parameter properties, with defaults that the constructor uses": [
    `class Base { constructor(protected log: string[]) {} }
     class P extends Base { own = this.log?.length; constructor(private readonly a: number, public b = a + 1, protected override log: string[] = []) { super(log); log.push("made") }
       *each(): Generator<unknown> { yield this.a; yield this.b; yield Object.keys(this).join() } }
     function* main() { yield* new P(1).each(); return yield* (function* (this: P) { return this.b }).call(new P(1, 5)) }`,
    [1, 2, "log,a,b,own", 5],
  ],
  "abstract classes, overloads, index signatures, optional and declared members": [
    `interface I { a: number } type T = { [K in keyof I]?: I[K] }
     abstract class A<X extends object = {}> implements I { a = 1; declare b: number; c!: number; d?: string; [key: string]: unknown
       abstract m(): void; protected abstract readonly q: number
       *g(this: A<X>, n?: number): Generator<unknown> { yield n; yield Object.keys(this) } }
     class B extends A { override m(): void {} protected readonly q = 2 }
     function over(a: string): Generator<string>; function over(a: number): Generator<number>
     function* over(a: any): any { yield a }
     declare function nowhere(): void; declare const none: unique symbol; declare module "x" { const y: 1 } declare global { var z: 1 }
     function* main() { yield* new B().g(); yield* over("o"); const t: T = {}; return t }`,
    [undefined, ["a", "c", "d", "q"], "o", {}],
  ],
  "assertions of every kind around what stops": [
    `const f = <X>(x: X): X => x, id = <X,>(x: X): x is X & {} => !!x
     function has(x: unknown): asserts x is object { if (!x) throw x }
     function* main(): Generator<any, any, any> {
       const o = { k: 1, m<X>(x: X) { return [this.k, x] } } as { k?: number, m?: any, n?: any } satisfies object
       has(o); (o as any).k = (yield 1) as number; (<any>o).n = yield <number>2; (o.k as number)++; o.n! += (yield 3)!
       const { k, n } = o as Required<typeof o>, [a = (yield 4) as number] = [] as number[], c = ["x", yield 5] as const
       for (const x of [6] satisfies number[]) yield x as unknown as string
       try { throw yield 7 } catch (e: unknown) { yield [e, f<number>(yield 8), f<string>, o?.m!<number>(9), id(0)].filter(x => typeof x !== "function") }
       switch (o.k!) { case 2 as number: yield "two" }
       return [k, n, a, c, (o!.m as any)!?.(0)] }`,
    [1, 2, 3, 4, 5, 6, 7, 8, [7, 8, [2, 9], false], "two", [2, 5, 4, ["x", 5], [2, 0]]],
  ],
  "namespaces, their aliases and generators in them": [
    `namespace N { export const k = 3; export namespace M { export function* g() { yield k; return Inner.made++ } } namespace Inner { export let made = 7 } }
     import G = N.M
     function* main(): Generator<unknown, unknown> { const r = yield* G.g(); type Local = typeof r; return [r, yield* N.M.g()] as [Local, number] }`,
    [3, 3, [7, 8]],
  ],
  "types alone": [
    `interface I { a: Labelled } type Labelled = [first: string, ...rest: number[]]; type C<T> = T extends (infer U extends string)[] ? \`a\${U}\` : never
     function* main<const T extends C<string[]>, in_ = unknown>(this: void, a?: T, ...rest: readonly T[]): Generator<string, [T?, ...T[]], unknown> {
       let u: undefined | in_, v: typeof import("node:fs") | keyof I; u; v!; yield "a" as T; return [a, ...rest] }`,
    ["a", [undefined]],
  ],
}

test.each(Object.entries(forms))("%s", (_, [source, seen]) => {
  expect(outcome(source)).toEqual(seen)
})

test("TSX: elements, fragments, spreads and generic arrows, with what stops inside of them", () => {
  const source = `/** @jsxRuntime classic @jsx h @jsxFrag F */
    const F = "fragment", h = (type: unknown, props: object | null, ...children: unknown[]) => [type, props, children]
    const same = <T,>(x: T): T => x, Box = <T extends object>(p: T) => p
    function* main(): Generator<unknown, unknown, any> {
      const more = { c: 3 }
      yield <p a={(yield 1) as number} b {...more} {...yield { d: 4 }}>text {same<number>(yield 5)} {...[yield 6]}<Box<object> /></p>
      return <>{yield 7}<same.name>{}</same.name></> }`
  const seen = outcome(source, "src/a.tsx")
  const props = { a: 1, b: true, c: 3, d: 4 }
  const box = expect.any(Function)
  expect(seen.slice(0, 4)).toEqual([1, { d: 4 }, 5, 6])
  expect(seen[4]).toEqual(["p", props, ["text ", 5, " ", 6, [box, null, []]]])
  expect(seen.slice(5)).toEqual([7, ["fragment", null, [7, ["same", null, []]]]])
})
