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

/** An instance of the class of that text, which a module that is not compiled would have. */
function madeOf(text: string): object {
  const A = new Function(`return ${text}`)() as new () => object
  return new (byReference(`hidden-members.test.${text}`, A))()
}

test.each([
  ["in a method", "class A { m() { return class B { #x = 1; get() { return this.#x } } } }"],
  ["in a field's value", "class A { #x() {} static b = class { #x = 1; get() { return this.#x } } }"],
  ["in what it extends", "class A extends (class B { static #x = 1; static x() { return B.#x } }) {}"],
  ["in a template", `class A { m() { return \`\${class { #x = this.#y; #y = this.#x }}\` } }`],
  [
    "of the same name as a static one of its own",
    "class A { static #x = 1; static y = A.#x; static m = class { #x = this.#x } }",
  ],
])("an instance moves whose class has a class with private members %s", (_, text) => {
  const made = madeOf(text)
  for (const carry of [back, clone]) expect(carry([made]).flat()[0]).toBeInstanceOf(made.constructor)
})

test.each([
  ["is used behind a comment", "class A { #x = 1; get() { return this./* its */#x } }"],
  ["has its name in escapes", "class A { #\\u0078 = 1; get() { return this.#\\u{78} } }"],
  [
    "is also a static one of a class within",
    "class A { #x = 1; get() { return this.#x } m() { return class { static #x } } }",
  ],
  ["stands in front of a member called in", "class A { #x\n in = 2; get() { return this.#x } }"],
  ["is used by text alone", "class A { #x = 1; get() { return eval('this.#x') } }"],
  ["is looked for behind a comment", "class A { #x = 1; static is(o) { return #x/* ? */in o } }"],
  [
    "stands behind an expression that looks like a text",
    "class A { a = /'/; #x = 1; b = /'/; get() { return this.#x } }",
  ],
])("an instance is refused whose private member %s", (_, text) => {
  const made = madeOf(text)
  for (const carry of [back, clone])
    expect(() => carry([made])).toThrow(/an instance of A is not portable .*, and keeps #x/)
})

test("what could be a private member, in a text with two readings, is refused as such", () => {
  const made = madeOf("class A { m() { return await / 2 / '#x' } }")
  for (const carry of [back, clone]) expect(() => carry([made])).toThrow(/an instance of A .*, and may keep #x where/)
  expect(back(madeOf("class A { m() { return await / 2 / 1 } }"))[0]).toBeInstanceOf(Object)
})
