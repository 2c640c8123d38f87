import { closureOf } from "@rove/core"
import { describe, expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { handledExceptions, stack } from "./inspect.ts"

describe("stack", () => {
  test("gives the frames of the fiber, youngest first, and nothing of who started it", async () => {
    const leaf = compiled("leaf", function* () {
      return yield stack()
    })
    const middle = compiled("middle", function* () {
      return yield leaf()
    })
    const root = compiled("root", function* () {
      return yield middle()
    })
    const frames = await new LocalHost().run(root())
    expect(frames).toMatchObject([{ name: "leaf" }, { name: "middle" }, { name: "root" }])
  })

  test("says where each function stands", async () => {
    const here = compiled("here", function* () {
      return yield stack()
    })
    setPoint(here, { id: "yield", path: [], line: 7, column: 3, live: [], handled: [] })
    const code = closureOf(here)?.code.id
    expect(await new LocalHost().run(here())).toEqual([{ name: "here", code, line: 7, column: 3 }])
  })
})

describe("handledExceptions", () => {
  test("reads them from the frames, as the resume points say, innermost first", async () => {
    const inner = compiled("inner", function* () {
      return (yield handledExceptions()).length
    })
    const outer = compiled("outer", function* () {
      return yield inner()
    })
    // a frame made by hand has one field: as if it held the exception twice in the one, and once in the other
    setPoint(inner, { id: "yield", path: [], line: 1, column: 1, live: ["body"], handled: ["body", "body"] })
    setPoint(outer, { id: "yield", path: [], line: 1, column: 1, live: ["body"], handled: ["body"] })
    expect(await new LocalHost().run(outer())).toBe(3)
  })

  test("there are none outside of catch blocks", async () => {
    const none = compiled("none", function* () {
      return yield handledExceptions()
    })
    expect(await new LocalHost().run(none())).toEqual([])
  })
})

function setPoint(fn: unknown, point: object): void {
  Object.assign(closureOf(fn)?.code ?? {}, { points: [point] })
}
