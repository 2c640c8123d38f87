import { expect, test } from "vitest"
import { methodReferenceOf } from "./class-methods.ts"
import { clone } from "./clone.ts"
import { decode } from "./decode.ts"
import { encode } from "./encode.ts"
import { registerReference } from "./references.ts"

const back = <T>(value: T) => decode(encode(value).bytes) as T
const other = () => 1

class Account {
  static arrow = other
  static open(): number {
    return 1
  }
  "odd.name"(): number {
    return 2
  }
  balance(): number {
    return 3
  }
  get total(): number {
    return 4
  }
  held(): number {
    return 5
  }
}
registerReference("src/account.ts#Account", Account)

test("methods of classes at module level are carried by name, and are themselves on the other side and in copies", () => {
  for (const fn of [Account.open, Account.prototype.balance, Account.prototype["odd.name"]]) {
    expect(back([fn])[0] === fn, fn.name).toBe(true)
    expect(clone([fn])[0] === fn, fn.name).toBe(true)
  }
})

test("so are getters and setters", () => {
  const getter = Object.getOwnPropertyDescriptor(Account.prototype, "total")?.get
  expect(getter).toBeTypeOf("function")
  expect(back([getter])[0] === getter).toBe(true)
})

test("so are those whose keys are symbols; of two symbols that are called the same, the second one's method is refused", () => {
  const own = Symbol("own")
  const like = Symbol("own")
  class Lock {
    [Symbol.dispose](): number {
      return 1
    }
    [own](): number {
      return 2
    }
    [like](): number {
      return 3
    }
    static get [Symbol.species](): number {
      return 4
    }
  }
  registerReference("src/lock.ts#Lock", Lock)
  const species = Object.getOwnPropertyDescriptor(Lock, Symbol.species)?.get
  for (const fn of [Lock.prototype[Symbol.dispose], Lock.prototype[own], species]) {
    expect(fn).toBeTypeOf("function")
    expect(back([fn])[0] === fn, String(fn)).toBe(true)
    expect(clone([fn])[0] === fn, String(fn)).toBe(true)
  }
  expect(() => encode([Lock.prototype[like]])).toThrow("function [own] is not portable")
})

test("so are those of classes in namespaces, and in files whose path has a #", () => {
  class Inner {
    #p = 1
    static of(): number {
      return 1
    }
    m(): number {
      return this.#p
    }
  }
  for (const name of ["src/n.ts#A.B.Inner", "src/c#/n.ts#Inner"]) {
    registerReference(name, Inner)
    expect(methodReferenceOf(Inner.of)?.name).toBe(`${name}.of`)
    for (const fn of [Inner.of, Inner.prototype.m]) expect(back([fn])[0] === fn, fn.name).toBe(true)
  }
})

test("other functions that a class holds are not its methods", () => {
  for (const fn of [other, () => 2]) expect(() => encode([fn])).toThrow("is not portable")
  class Unknown {
    m(): void {}
  }
  expect(() => encode([new Unknown().m])).toThrow("function m is not portable")
})

test("a method that was replaced goes by name no more, and its name refuses what a record said before", () => {
  const { held } = Account.prototype
  const { bytes } = encode([held])
  expect(methodReferenceOf(held)?.name).toBe("src/account.ts#Account.prototype.held")
  Account.prototype.held = function held() {
    return 6
  }
  expect(() => encode([held])).toThrow("function held is not portable")
  expect(() => decode(bytes)).toThrow('"src/account.ts#Account.prototype.held" is not registered')
})

test("a registered method that is called `class` is no class", () => {
  const holder = {
    class(): number {
      return 1
    },
  }
  registerReference("src/holder.ts#holder.class", holder.class)
  expect(methodReferenceOf(() => 1)).toBeUndefined()
  expect(back([holder.class])[0]).toBe(holder.class)
  expect(() => encode([() => 1])).toThrow("is not portable")
})
