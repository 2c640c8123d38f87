import { parseSync } from "oxc-parser"
import { expect, test } from "vitest"
import { children, type Node } from "./nodes.ts"

const forms = `@d class A extends (B) { @e static [k] = 1; #p; accessor x = 2; static { f() } get g() { return super.y } }
export @d class C {} export { a as b } from "x" with { type: "json" }; import d, { e as f } from "y"; export * as n from "z"
const { p = 1, [q]: { r }, ...s } = t, [u, , v = 2, ...w] = await import("m", {})
for (const [k, v] of m) l: do { continue l } while (k); for (var i = 0; i < 1; i++) ; for (i in o) ; while (0) ;
switch (a) { case 1: b; default: c } try { throw a } catch ({ e }) { } finally { } if (a) b; else c
function* g(a = 1, { b }, ...c) { const x = yield* h?.[i]?.(...j); tag\`a\${x}b\`; return new D(x, ...c) }
literal = { a, get c() { return 1 }, [d]: async (e) => e, async *f() {}, ...g }; a ? b : (c, d); x ||= -(y ** 2); function z() { new.target }`

test("children come in the order of the source but in templates: text is put together by that", () => {
  const { program, errors } = parseSync("a.js", forms, { lang: "js", sourceType: "module" })
  expect(errors).toEqual([])
  const unordered: string[] = []
  const open: Node[] = [program as unknown as Node]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const inside = children(node)
    if (inside.some(({ start }, i) => start < (inside[i - 1]?.start ?? 0))) unordered.push(node.type)
    open.push(...inside)
  }
  expect(unordered).toEqual(["TemplateLiteral"])
})
