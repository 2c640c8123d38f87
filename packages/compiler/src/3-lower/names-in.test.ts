import { describe, expect, test } from "vitest"
import { isAssigned, namesIn } from "./names-in.ts"

const mark = "\x80"

/** The names in a line, each once; those that are only given a value have an `=` behind them. */
function names(text: string): string {
  const found: string[] = []
  namesIn(text, mark, (line, from, to) => found.push(line.slice(from, to) + (isAssigned(line, to) ? "=" : "")))
  return [...new Set(found)].join(" ")
}

describe.each([
  ["ASCII", ""],
  ["other letters", " // ä"],
])("names in a line of %s", (_, behind) => {
  test.each([
    ["f(a, $b, _c1)", "f a $b _c1"],
    ["a.b.c[d]", "a d"],
    ["a?.b", "a"],
    ["a . b", "a"],
    ["#x in o", "in o"],
    ["o.#x", "o"],
    ["[...rest, ...[x]]", "rest x"],
    ["1e5 + 0x1f", "e5 x1f"],
    ["if (x = y) z == w", "if x= y z w"],
    ["x => x", "x"],
    ["x += 1", "x"],
    ["x\t=y", "x= y"],
    [`f("a b", 'c "d"', x)`, "f x"],
    [`f("a \\" b", x)`, "f x"],
    [`"a" + x + 'it\\'s' + y`, "x y"],
    [`f("a/b.ts:1:2", x)`, "f x"],
    [`/'/.test(a) + 'b'`, "a b"],
    ["`it's` + x + 'y'", "it s x y"],
    ["a / b + 'c'", "a b c"],
    ["x <!-- don't\n + y + 'z'", "x don t y z"],
  ])("%s", (text, expected) => {
    const own = behind === "" ? "" : " ä"
    expect(names(text + behind)).toBe(expected + own)
  })

  test("a line that begins with an assignment defines what it assigns, and does not name it", () => {
    expect(names(`x = x + y${behind}`).split(" ").slice(0, 2)).toEqual(["x", "y"])
    expect(names(`x == y${behind}`).split(" ").slice(0, 2)).toEqual(["x", "y"])
  })

  test("placeholders are no names, and what they stand between is what it would be without them", () => {
    expect(names(`a.${mark}p12${mark}b(${mark}s3${mark}c)${behind}`).split(" ").slice(0, 2)).toEqual(["a", "c"])
  })
})
