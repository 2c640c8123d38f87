/** Where records are read: one that is read while another is does not get in its way, whatever their sizes. */
import { expect, test } from "vitest"
import { decode, encode, registerKind } from "./index.ts"

class Packed {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}
// as text, since that is there when the object is made; buffers have their content later
registerKind<Packed, { text: string }>({
  name: "reader.test.packed",
  test: value => value instanceof Packed,
  fields: { text: value => typeof value === "string" },
  take: ({ value }) => ({ text: Buffer.from(encode(value).bytes).toString("latin1") }),
  allocate: parts => new Packed(decode(Buffer.from((parts as { text: string }).text, "latin1"))),
})

const sizes = [1, 1000, 4000, 4090, 4096, 5000, 20_000]

test.each(sizes)(
  "a value of %i characters with a record within its record comes back, whatever the size of that",
  size => {
    for (const inner of sizes) {
      const value = ["b".repeat(size), new Packed(["a".repeat(inner), new Packed(inner)]), "c".repeat(size), 1.5]
      expect(decode(encode(value).bytes)).toEqual(value)
      expect(decode(encode(value).view)).toEqual(value)
    }
  },
)

test.each(sizes)("what was read before is not taken for what is missing of a record of %i characters", size => {
  const whole = new Uint8Array(encode(["a".repeat(size), [1, 2, 3]]).bytes)
  for (let cut = 1; cut < 40 && cut < whole.length; cut++) {
    decode(whole)
    expect(() => decode(whole.subarray(0, whole.length - cut))).toThrow(
      expect.objectContaining({ code: "ROVE_RECORD" }),
    )
  }
})

test("bytes that change behind a reader's back do not change what it reads", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4096))
  const bytes = new Uint8Array(encode({ a: "abcdef", b: [1, 2] }).bytes)
  shared.set(bytes)
  const value = decode(shared.subarray(0, bytes.length))
  shared.fill(0)
  expect(value).toEqual({ a: "abcdef", b: [1, 2] })
})
