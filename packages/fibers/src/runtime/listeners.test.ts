import { expect, test } from "vitest"
import { type Listeners, withListener, withoutListener } from "./listeners.ts"

test.each([1, 5, 100])(
  "of %i who listen each may leave; the others stay, in their order, until nobody is left",
  count => {
    const all = Array.from({ length: count }, (_, i) => ({ [i]: () => {} })[i] as () => void)
    let listeners: Listeners | null = null
    for (const one of all) listeners = withListener(listeners, one)
    const leave = all.filter((_, i) => i % 3 === 0)
    for (const one of leave) listeners = withoutListener(listeners, one)
    const stay = all.filter(one => !leave.includes(one))
    expect([...(listeners ?? [])]).toEqual(stay)
    listeners = withoutListener(listeners, leave[0] as () => void)
    expect([...(listeners ?? [])]).toEqual(stay)
    for (const one of stay) listeners = withoutListener(listeners, one)
    expect(listeners).toBe(null)
  },
)
test("thousands leave as fast as they came", () => {
  let listeners: Listeners | null = null
  const all = Array.from({ length: 100_000 }, () => () => {})
  for (const one of all) listeners = withListener(listeners, one)
  // by looking through all of them each time this would take half a minute
  for (const one of all.toReversed()) listeners = withoutListener(listeners, one)
  expect(listeners).toBe(null)
})
