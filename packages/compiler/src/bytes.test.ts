import { expect, test } from "vitest"
import { Bytes } from "./bytes.ts"

test("texts stand in UTF-8 behind their lengths, whatever they hold and however many there are", () => {
  const out = new Bytes()
  const texts = ["", "plain", "é😀", "half \ud800", "\ud83d", "long ".repeat(5_000), "Ünï".repeat(9_000)]
  for (let round = 0; round < 3; round++) {
    out.clear()
    let expected = ""
    for (const text of texts) {
      out.ascii("(")
      out.sized(text)
      out.ascii(")")
      expected += `(${text.length}:${text})`
    }
    expect(Buffer.from(out.written).toString()).toBe(Buffer.from(expected).toString())
  }
})
