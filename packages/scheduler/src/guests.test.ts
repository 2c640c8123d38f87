import { expect, test } from "vitest"
import { Guest, Guests, type Messenger } from "./guests.ts"

function book(): { guests: Guests; asked: string[] } {
  const asked: string[] = []
  const messenger: Messenger = {
    reply: () => {},
    withdrawn: () => {},
    hold: ({ asked: { from } }) => void asked.push(`hold ${from}`),
    release: () => {},
    offer: ({ asked: { from } }) => void asked.push(`offer ${from}`),
    quiet: () => {},
  }
  return { guests: new Guests(messenger), asked }
}
function chooser(guests: Guests, from: number): Guest {
  const guest = new Guest(guests, { id: "c", from, number: 1, operation: 0, patient: true, choosing: 1, sealed: null })
  guests.add(guest)
  return guest
}

test("who chooses on a thread that dies says no, whether it was asked before that or behind it", () => {
  const { guests, asked } = book()
  const [one, two] = [chooser(guests, 1), chooser(guests, 2)]
  const answers: unknown[] = []
  one.choice?.hold(one, yes => {
    answers.push(["one", yes])
    // it was next, and its thread died while the first one was asked
    if (yes) two.choice?.offer(two, 0, undefined, more => void answers.push(["two", more]))
  })
  guests.lost(2)
  guests.answered(1, 1, true)
  two.choice?.hold(two, yes => void answers.push(["again", yes]))
  expect(answers).toEqual([
    ["one", true],
    ["two", false],
    ["again", false],
  ])
  expect([asked, guests.isQuiet]).toEqual([["hold 1"], true])
  one.choice?.hold(one, yes => void answers.push(["one", yes]))
  guests.lost(1)
  expect(answers.at(-1)).toEqual(["one", false])
})
