import { expect, test } from "vitest"
import { type Code, defineCode } from "../code.ts"
import { pointOfTexts, textsOfPoint } from "./points.ts"

const point = { id: "yield", path: ["loop", "try"], line: 3, column: 5, live: ["a", "b", "c"], handled: ["c"] }
function codeWith(cells: Partial<Code>): Code {
  const points = [{ ...point, id: "start" }, point]
  const shape = {
    hash: "h",
    name: "f",
    url: "",
    kind: "generator",
    captures: ["x", "y"],
    Frame: null,
    make: null,
  } as const
  return defineCode({ id: "points.test#f", points, ...shape, ...cells })
}

test("a point comes back as it was, with the cells among what is live there and among what is captured", () => {
  const code = codeWith({ cells: ["b", "elsewhere"], capturedCells: [1] })
  const all = { function: code.id, hash: "h", pc: 1, ...point, cells: ["b"], capturedCells: [1] }
  expect(pointOfTexts(textsOfPoint(code, 1, point))).toEqual(all)
  expect(pointOfTexts(textsOfPoint(code, 0, { ...point, id: "start" }))).toMatchObject({ cells: [], live: point.live })
})

test("one without cells is written as it was before there were any in records", () => {
  const texts = textsOfPoint(codeWith({}), 1, point)
  expect(texts).toEqual(["points.test#f", "h", "1 3 5 2 1", "yield", "loop", "try", "c", "a", "b", "c"])
  expect(pointOfTexts(texts)).toMatchObject({ ...point, cells: [], capturedCells: [] })
})

test("texts that are no point give null: numbers that are none or too many, and lists that are longer than there is", () => {
  const start = ["f", "h"]
  for (const numbers of [
    "",
    "1 2 3",
    "1 2 3 0 0 0",
    "1 2 3 0 0 0 0 0",
    "1 2 3 0 -1",
    "1 2 3 9 0",
    "1 2 3 0 0 1 1",
    "a 2 3 0 0",
  ])
    expect(pointOfTexts([...start, numbers, "yield", "x"])).toBeNull()
  expect(pointOfTexts([...start, "1 2 3 0 0 0 1", "yield", "x"])).toBeNull()
  expect(pointOfTexts([...start, "1 2 3 0 0 0 1", "yield", "0"])).toMatchObject({ capturedCells: [0], live: [] })
})

test("a point is read also where the program has replaced Array.prototype.reduce", () => {
  const code = codeWith({ cells: ["b"], capturedCells: [1] })
  const texts = textsOfPoint(code, 1, point)
  const { reduce } = Array.prototype
  let read: unknown
  Array.prototype.reduce = () => undefined
  try {
    read = pointOfTexts(texts)
  } finally {
    Array.prototype.reduce = reduce
  }
  expect(read).toMatchObject({ ...point, cells: ["b"], capturedCells: [1] })
})
