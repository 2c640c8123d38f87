/** What a fiber remembers of its links and monitors. */
import { type FiberHandle, LocalHost } from "rove"
import { expect, test } from "vitest"
import * as fibers from "./ties.fibers.ts"

/** It has come to where it sleeps for so long. */
async function sleeping(fiber: FiberHandle<unknown>, ms: number): Promise<void> {
  await expect.poll(async () => (await fiber.status()).waitsFor).toBe(`sleep of ${ms} ms`)
}

test("who links to others one after the other remembers only those that live", async () => {
  const bytesOf = async (count: number) => {
    const handle = new LocalHost().run(fibers.links(count))
    await sleeping(handle, 60_000)
    const { bytes } = await handle.snapshot()
    await Promise.all([handle.interrupt(), handle.catch(() => {})])
    return bytes.byteLength
  }
  expect((await bytesOf(500)) - (await bytesOf(1))).toBeLessThan(20)
})

test("no two monitors have the same name, in what is resumed from a record neither", async () => {
  const here = new LocalHost()
  const handle = here.run(fibers.watches())
  handle.catch(() => {})
  await sleeping(handle, 100)
  expect(await here.resume(await handle.record())).toEqual([3, true])
})
