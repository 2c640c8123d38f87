import { expect, test } from "vitest"
import { Following } from "./following.ts"

test("threads wake the pool for places from the first that follows a fiber to the last, and what they sent before is read", () => {
  const done: string[] = []
  const { change } = new Following({ follow: follows => done.push(`follow ${follows}`) }, () => done.push("read"))
  change(true)
  change(true)
  change(false)
  expect(done).toEqual(["follow true", "read"])
  change(false)
  expect(done).toEqual(["follow true", "read", "follow false"])
  change(true)
  expect(done.slice(3)).toEqual(["follow true", "read"])
})
