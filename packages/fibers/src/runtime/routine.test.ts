import { decode, encode, registerReference } from "@rove/core"
import { expect, test } from "vitest"
import { sleep } from "../index.ts"
import { Steps } from "../operations/steps.ts"
import { isRoutine, type Routine, registerRoutine, routineFrame } from "./routine.ts"

class Known implements Routine {
  result = 1
  next(): unknown {
    return sleep(1)
  }
}
registerRoutine("routine.test#Known", Known, { result: value => value === 1 })
/** As good as the other, and none that Rove has registered as an operation. */
class Program implements Routine {
  result = 1
  next(): unknown {
    throw new Error("was asked what is next")
  }
}
registerReference("routine.test#Program", Program)

const through = (value: unknown) => () => decode(encode(value).bytes)
const refused = expect.objectContaining({ code: "ROVE_RECORD" })
const forged = [
  new Program(),
  Object.create(new Known()),
  { result: 1, next: null },
  Object.assign(new Known(), { next: Program }),
]

test("an operation of several steps and its frame come back with what is next", () => {
  for (const value of [new Steps(new Known()), routineFrame(new Known())]) expect(through(value)).not.toThrow()
  expect(isRoutine(new Known())).toBe(true)
})

test.each(forged)(
  "what is no registered operation, or was given another method, is never asked what is next: %#",
  routine => {
    expect(through(new Steps(routine as Routine))).toThrow(refused)
    expect(through(routineFrame(routine as Routine))).toThrow(refused)
  },
)
