import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { spawn } from "../operations/spawn.ts"
import { sleep } from "../operations/time.ts"
import { uninterruptible } from "../operations/uninterruptible.ts"
import { VirtualClock } from "./clock.ts"
import { LocalHost } from "./local-host.ts"

const catches = compiled("catches", function* () {
  try {
    yield sleep(10)
  } catch {
    yield sleep(10)
  }
  return "went on"
})
const inside = compiled("inside", function* () {
  yield sleep(30)
})
const masked = compiled("masked", function* () {
  yield uninterruptible(inside)
  return "masked"
})
const asks = compiled("asks", function* (times: number) {
  const children = [yield spawn(catches()), yield spawn(masked())]
  yield sleep(5)
  for (let i = 0; i < times; i++) {
    for (const child of children) yield child.interrupt("enough")
    yield sleep(1)
  }
  return yield children[0].join()
})

test.each([
  [3, []],
  [8, ["catches"]],
])(
  "of fibers asked to end %i times these are told of, once: %j; not one whose interrupt is still to come",
  async (times, names) => {
    const told: string[] = []
    const host = new LocalHost({ clock: new VirtualClock(), report: (_, text) => told.push(text) })
    expect(await host.run(asks(times))).toBe("went on")
    expect(told.map(text => text.replace(/ goes on after 4 interrupts: .*; it is in: sleep of 10 ms$/, ""))).toEqual(
      names,
    )
  },
)
