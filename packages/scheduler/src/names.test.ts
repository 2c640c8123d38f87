import { expect, test } from "vitest"
import { KnownNames, SentNames } from "./names.ts"

test("names are read as they were written: as text the first time, by number from then on, and as text where there are too many", () => {
  const [sent, known] = [new SentNames(), new KnownNames()]
  let texts = 0
  const pass = (names: readonly string[]): readonly string[] => {
    const brief = sent.brief(names)
    sent.went(brief)
    if (typeof brief === "string" && brief !== "") texts++
    return known.listOf(brief)
  }
  const lists = Array.from({ length: 1200 }, (_, i) =>
    i % 3 === 0 ? [`file:///${i}.ts`] : [`file:///${i}.ts`, "x\t1"],
  )
  for (const round of [1, 2, 3]) {
    for (const list of lists) expect(pass(list)).toEqual(list)
    expect(pass([])).toEqual([])
    expect(texts).toBe(1200 + (round - 1) * 200)
  }
})

test("what did not get into the ring gets no number: the reader has not seen it", () => {
  const [sent, known] = [new SentNames(), new KnownNames()]
  expect(sent.brief(["a"])).toBe("a") // goes by the port
  for (const names of [["b"], ["a"], ["b"], ["a"]]) {
    const brief = sent.brief(names)
    sent.went(brief)
    expect(known.listOf(brief)).toEqual(names)
  }
})
