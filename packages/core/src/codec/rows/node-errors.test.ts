import { Worker } from "node:worker_threads"
import { describe, expect, test } from "vitest"
import { clone, decode, encode } from "../../index.ts"

function caught(run: () => unknown): Error & { code: string } {
  try {
    run()
  } catch (error) {
    return error as Error & { code: string }
  }
  throw new Error("nothing was thrown")
}

const errors = () => [
  caught(() => Buffer.alloc(-1)),
  caught(() => Buffer.alloc("x" as never)),
  caught(() => Buffer.from(5 as never)),
  caught(() => new TextDecoder("zz")),
  caught(() => process.chdir(5 as never)),
  caught(() => new URL("x")),
]

function same(back: Error & { code: string }, error: Error & { code: string }): void {
  expect(String(back)).toBe(String(error))
  expect([back.name, back.message, back.code, back.stack]).toEqual([error.name, error.message, error.code, error.stack])
  expect(back.constructor).toBe(error.constructor)
  expect(Reflect.ownKeys(back)).toEqual(Reflect.ownKeys(error))
  expect(Error.isError(back)).toBe(true)
}

describe.each([
  ["decode(encode)", <T>(value: T): T => decode(encode(value).bytes) as T],
  ["clone", clone],
])("%s", (_, go) => {
  test("an error that Node threw keeps class, code, message, stack and text", () => {
    for (const error of errors()) {
      const back = go({ error }).error
      expect(back).not.toBe(error)
      same(back, error)
      expect(Object.getPrototypeOf(back)).toBe(Object.getPrototypeOf(error))
    }
  })
})

test("on a thread where Node never threw such an error it acts alike, and goes back as the same bytes", async () => {
  const core = new URL("../../index.ts", import.meta.url).href
  const text = `
    import { parentPort } from "node:worker_threads"
    import { decode, encode } from ${JSON.stringify(core)}
    parentPort.once("message", bytes => {
      const { error } = decode(bytes)
      const seen = [error instanceof RangeError, error.constructor === RangeError, error.code, String(error)]
      parentPort.postMessage({ seen, bytes: encode({ error }).bytes })
    })`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(text)}`))
  const error = caught(() => Buffer.alloc(-1))
  const { bytes } = encode({ error })
  worker.postMessage(bytes)
  const answer = await new Promise<{ seen: unknown[]; bytes: ArrayBuffer }>((resolve, reject) =>
    worker.once("message", resolve).once("error", reject),
  )
  await worker.terminate()
  expect(answer.seen).toEqual([true, true, "ERR_OUT_OF_RANGE", String(error)])
  expect(Buffer.from(answer.bytes).equals(Buffer.from(bytes))).toBe(true)
  same((decode(answer.bytes) as { error: typeof error }).error, error)
})
