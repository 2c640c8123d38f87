import { expect, test } from "vitest"
import { clone } from "./clone.ts"
import { decode } from "./decode.ts"
import { encode } from "./encode.ts"
import { ALLOCATE, byReference, DECODE, ENCODE } from "./references.ts"

const known = <T>(made: T & { readonly name: string }): T => byReference(`hidden-members.test.${made.name}`, made)
const back = <T>(value: T) => decode(encode([value]).bytes) as [T]

test("an instance of a class that nobody compiled and that has private members is refused, also of one that extends it", () => {
  class Decimal {
    readonly #digits: string
    constructor(digits: string) {
      this.#digits = digits
    }
    get digits() {
      return this.#digits
    }
  }
  class Price extends Decimal {}
  class Page extends URL {}
  for (const made of [Decimal, Price, Page]) known(made)
  for (const value of [new Decimal("1"), new Price("2")])
    for (const carry of [back, clone])
      expect(() => carry(value)).toThrow(/an instance of Decimal is not portable .*keeps #digits/)
  expect(() => back(new Page("http://a/b"))).toThrow(/an instance of URL is not portable/)
})

test("static private members, text that looks alike, and classes with encode and decode methods are in nobody's way", () => {
  class Counter {
    static #made = 0
    static async #later() {}
    readonly selector = "a #b, x"
    up() {
      void Counter.#later()
      return ++Counter.#made
    }
  }
  class Sealed {
    #n: number
    constructor(n: number) {
      this.#n = n
    }
    static [ALLOCATE]() {
      return new Sealed(0)
    }
    [ENCODE]() {
      return this.#n
    }
    [DECODE](n: number) {
      this.#n = n
    }
    get n() {
      return this.#n
    }
  }
  for (const made of [Counter, Sealed]) known(made as never)
  expect(back(new Counter())[0].up()).toBe(1)
  expect(back(new Sealed(4))[0].n).toBe(4)
  expect(clone([new Sealed(5)])[0]?.n).toBe(5)
})

test.each([
  ["a field", "class A{static#n=0;x(){return++A.#n}}"],
  ["a generator", "class A{static*#n(){}static y=[...A.#n()]}"],
  ["an async generator", "class A{static async*#n(){}x(){return A.#n()}}"],
  ["accessors", "class A{static get#n(){return 1}static set#n(v){}x(){return++A.#n}}"],
  ["an async method", "class A { static async #n() {} x() { return A.#n() } }"],
  ["a word in a comment or in text", "class A { /** As {@link B.#n}, if #n in it. */ x = 'div.#n' }"],
])("%s is no private member of an instance, however the class is written", (_, text) => {
  const A = byReference(`hidden-members.test.${text}`, new Function(`return ${text}`)() as new () => object)
  expect(back(new A())[0]).toBeInstanceOf(A)
})

test("a private member is of the class that declares it, not of one within that uses it", () => {
  class Account {
    #sum = 1
    static Reader = class Reader {
      of(account: Account) {
        return account.#sum
      }
    }
  }
  class Brand {
    #brand = 1
    static is(value: object) {
      return #brand in value
    }
  }
  for (const made of [Account, Account.Reader, Brand]) known(made)
  expect(back(new Account.Reader())[0].of(new Account())).toBe(1)
  expect(() => back(new Account())).toThrow(/keeps #sum/)
  expect(() => back(new Brand())).toThrow(/keeps #brand/)
})
