import { expect, test } from "vitest"
import { EarlyBell } from "./early-bell.ts"

/** Sends so many mails to a receiver that sleeps before each; gives how many bells rang early. `inVain`: it slept again before the mail was there. */
function send(bell: EarlyBell, mails: number, inVain: boolean): number {
  let rung = 0
  for (let left = mails; left > 0; left--) {
    const early = bell.asks()
    if (early) bell.rang()
    if (early) rung++
    bell.sent(!early || inVain)
  }
  return rung
}

test("a bell rings before the mail is written as long as the receiver is awake when it is there", () => {
  expect(send(new EarlyBell(), 100, false)).toBe(100)
})

test("where the receiver always sleeps again by then, ever fewer bells ring early, and it is never given up", () => {
  const bell = new EarlyBell()
  const first = send(bell, 200, true)
  expect(first).toBeLessThan(10)
  const later = send(bell, 200, true)
  expect(later).toBeGreaterThan(0)
  expect(later).toBeLessThan(5)
})

test("one early bell that pays is enough for the next ones to ring", () => {
  const bell = new EarlyBell()
  send(bell, 200, true)
  send(bell, 65, false)
  expect(send(bell, 100, false)).toBe(100)
})

test("mail for which nobody asked whether to ring early changes nothing, and a receiver that was awake is no sign of anything", () => {
  const bell = new EarlyBell()
  for (let left = 100; left > 0; left--) bell.sent(true)
  expect(bell.asks()).toBe(true)
  bell.sent(true)
  expect(bell.asks()).toBe(true)
})
