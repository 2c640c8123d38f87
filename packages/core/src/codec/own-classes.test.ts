import { expect, test } from "vitest"
import {
  ALLOCATE,
  clone,
  DECODE,
  decode,
  ENCODE,
  encode,
  heir,
  isNatural,
  isText,
  RecordError,
  registerOwnClass,
  registerReference,
} from "../index.ts"

class Plain {
  count = 0
  next(): string {
    return "of the class"
  }
}
registerOwnClass("own-classes.test#Plain", Plain, { count: isNatural }, { holds: ({ count }: Plain) => count < 100 })

class Open {
  name = ""
  ended(): void {}
}
registerOwnClass("own-classes.test#Open", Open, { name: isText }, { open: true })
class Program extends Open {
  extra = 1
}
registerReference("own-classes.test#Program", Program)

class Coded {
  #count = 1
  get count(): number {
    return this.#count
  }
  static [ALLOCATE](): Coded {
    return new Coded()
  }
  [ENCODE](): object {
    return { count: this.#count }
  }
  [DECODE]({ count }: { count: number }): void {
    this.#count = count
  }
}
registerOwnClass("own-classes.test#Coded", Coded, { count: isNatural })

const through = <T>(value: T): T => decode(encode(value).bytes) as T
const given = (object: object, fields: object): object => Object.assign(object, fields)
function refused(value: object): string {
  try {
    through(value)
  } catch (error) {
    expect(error).toBeInstanceOf(RecordError)
    expect((error as RecordError).offset).toBeGreaterThan(0)
    return (error as RecordError).message.replace(/ \(at byte.*/, "")
  }
  return "taken"
}

test("instances with what their class gives them come back, through bytes and as copies", () => {
  expect(through(given(new Plain(), { count: 7 }))).toEqual(given(new Plain(), { count: 7 }))
  expect(through(given(new Open(), { name: "a" }))).toEqual(given(new Open(), { name: "a" }))
  expect(through(new Coded()).count).toBe(1)
  expect(clone(given(new Plain(), { count: 7 }))).toEqual(given(new Plain(), { count: 7 }))
})

test("a field of another kind, one too many and one too few are refused, and the class and the field named", () => {
  expect(refused(given(new Plain(), { count: -1 }))).toBe("own-classes.test#Plain has a count that it cannot have")
  expect(refused(given(new Plain(), { next: Plain }))).toBe("own-classes.test#Plain has a next that it cannot have")
  expect(refused(Object.create(Plain.prototype))).toBe("own-classes.test#Plain has a count that it cannot have")
  expect(refused(given(new Plain(), { count: 100 }))).toBe("own-classes.test#Plain has fields that do not fit together")
  const getter = Object.defineProperty(new Plain(), "count", { get: Plain as never, enumerable: true })
  expect(refused(getter)).toBe("own-classes.test#Plain is not carried like this")
  expect(refused(Object.freeze(new Plain()))).toBe("own-classes.test#Plain is not carried like this")
})

test("what a class is made from by its own method is looked at before", () => {
  const forged = Object.defineProperty(new Coded(), ENCODE, { value: () => ({ count: {} }) })
  expect(refused(forged)).toBe("own-classes.test#Coded has a count that it cannot have")
  const none = Object.defineProperty(new Coded(), ENCODE, { value: () => "state" })
  expect(refused(none)).toBe("own-classes.test#Coded has a state that it cannot have")
})

test("an instance in the program's hands may have more, and be frozen, but hides no method", () => {
  expect(through(given(new Open(), { more: 1 }))).toEqual(given(new Open(), { more: 1 }))
  expect(Object.isFrozen(through(Object.freeze(new Open())))).toBe(true)
  expect(refused(given(new Open(), { ended: Plain }))).toBe("own-classes.test#Open has a ended that it cannot have")
  expect(refused(given(new Open(), { name: 1 }))).toBe("own-classes.test#Open has a name that it cannot have")
})

test("a class of the program's that extends an open one counts as it; what else inherits from one does not", () => {
  const isOpen = heir(Open)
  expect(through(new Program())).toEqual(new Program())
  expect(refused(given(new Program(), { name: 1 }))).toBe("own-classes.test#Open has a name that it cannot have")
  expect([new Open(), new Program()].map(isOpen)).toEqual([true, true])
  expect([Object.create(new Open()), Object.create(null), new Plain(), null, Open].map(isOpen)).toEqual(
    Array(5).fill(false),
  )
})
