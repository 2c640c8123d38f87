import { Worker } from "node:worker_threads"
import { expect, test } from "vitest"
import { allocateRing, RingReader, RingWriter } from "./ring.ts"

const bytesOf = (n: number, length: number) => Uint8Array.from({ length }, (_, i) => n * 31 + i)

test("an entry is read as it was written, wherever the ring wraps", () => {
  const ring = allocateRing(1024)
  const [writer, reader] = [new RingWriter(ring), new RingReader(ring)]
  for (let n = 1; n < 2000; n++) {
    const bytes = n % 5 === 0 ? null : bytesOf(n, n % 120)
    const text = n % 7 === 0 ? "file:///ä.ts" : n % 7 === 1 ? n : ""
    expect(writer.write(n, n % 16, n, -n, `1.${n}`, text, bytes)).toBe(true)
    writer.publish(n)
    expect(reader.sent).toBe(n)
    expect(reader.read(n)).toEqual({
      sequence: n,
      kind: n % 16,
      a: n,
      b: -n,
      id: `1.${n}`,
      text,
      bytes,
    })
    expect(reader.read(n + 1)).toBeNull()
  }
})

test("a full ring refuses and keeps what it has; room comes back by reading", () => {
  const ring = allocateRing(1024)
  const [writer, reader] = [new RingWriter(ring), new RingReader(ring)]
  expect(writer.write(1, 1, 0, 0, "", "", new Uint8Array(400))).toBe(false) // more than a quarter of the ring
  let written = 0
  while (writer.write(written + 1, 1, 0, 0, "x", "", bytesOf(written, 100))) written++
  expect(written).toBeGreaterThan(5)
  for (let n = 1; n <= written; n++) expect(reader.read(n)?.bytes).toEqual(bytesOf(n - 1, 100))
  expect(writer.write(written + 1, 1, 0, 0, "x", "", bytesOf(7, 100))).toBe(true)
  expect(reader.read(written + 1)?.bytes).toEqual(bytesOf(7, 100))
})

test("payloads lie beside each other where they are small, and none reaches into another", () => {
  const ring = allocateRing(1 << 16)
  const [writer, reader] = [new RingWriter(ring), new RingReader(ring)]
  const got = Array.from({ length: 300 }, (_, n) => {
    const bytes = bytesOf(n, (n * 37) % 1100)
    writer.write(n, 1, 0, 0, "", "", bytes)
    return { bytes, read: reader.read(n)?.bytes as Uint8Array }
  })
  for (const { bytes, read } of got) expect(read).toEqual(bytes)
  expect(new Set(got.map(({ read }) => read.buffer)).size).toBeLessThan(60)
  for (const { read } of got) expect(read.buffer.byteLength).toBeLessThanOrEqual(8192)
})

test("two threads see every entry once, in order and whole", { timeout: 20_000 }, async () => {
  const ring = allocateRing(4096)
  const count = 200_000
  const source = `
    import { workerData } from "node:worker_threads"
    const { RingWriter } = await import(workerData.url)
    const writer = new RingWriter(workerData.ring)
    for (let n = 1; n <= ${count}; n++) {
      const bytes = new Uint8Array(n % 300).fill(n)
      while (!writer.write(n, 1, n, 0, String(n), "", bytes)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.01)
      writer.publish(n)
    }`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { ring, url: new URL("./ring.ts", import.meta.url).href },
  })
  const reader = new RingReader(ring)
  for (let n = 1; n <= count; ) {
    const entry = reader.read(n)
    if (entry === null) {
      await new Promise(resolve => setImmediate(resolve))
      continue
    }
    if (
      entry.a !== n ||
      entry.id !== String(n) ||
      entry.bytes?.length !== n % 300 ||
      entry.bytes.some(b => b !== (n & 255))
    )
      expect.fail(`entry ${n} is damaged`)
    n++
  }
  await worker.terminate()
})
