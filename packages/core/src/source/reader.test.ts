// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of programs
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { isDynamic, privateMembersOf } from "./reader.ts"

/** As in the source: `#a, static #b`, those that are never used in parentheses; the engine takes the text too. */
function membersOf(text: string): string {
  expect(() => new Function(`(${text})`), text).not.toThrow()
  return shown(text)
}

function shown(text: string): string {
  const members = privateMembersOf(text)
  if (members === null) return "unclear"
  return members
    .map(({ name, isStatic, isUsed }) => `${isStatic ? "static " : ""}#${name}`.replace(/.*/, isUsed ? "$&" : "($&)"))
    .join(", ")
}

describe("a private name at the beginning of a member is declared there,", () => {
  test.each([
    ["a field", "class A { #x = 1; m() { return this.#x } }", "#x"],
    ["a field without a value, which the line ends", "class A { #x\n #y\n m() { this.#x = this.#y } }", "#x, #y"],
    ["a method", "class A { #x() {} m() { this.#x() } }", "#x"],
    ["a generator", "class A { *#g(){} m() { this.#g() } }", "#g"],
    ["an async generator", "class A { async *#h() {} m() { this.#h() } }", "#h"],
    ["an async method", "class A { async #x() {} m() { this.#x() } }", "#x"],
    ["accessors", "class A { get #x() { return 1 } set #x(v) {} m() { this.#x++ } }", "#x"],
    ["a getter whose name is on the next line", "class A { get\n#x() { return this.#x } }", "#x"],
    [
      "called like a keyword",
      "class A { #static; #get; #in; m() { this.#static + this.#get + this.#in } }",
      "#static, #get, #in",
    ],
    ["in front of a member called `in`", "class A { #x\n in = 1; m() { return this.#x } }", "#x"],
    ["with escapes", "class A { #\\u0061b; #\\u{63}; m() { this.#ab + this.#c } }", "#ab, #c"],
    ["with letters beyond ASCII", "class A { #größe; #𝒳; m() { this.#größe + this.#𝒳 } }", "#größe, #𝒳"],
    [
      "behind what minifiers leave",
      "class A{#x=1;get#y(){return this.#x}static*#z(){A.#z}m(){this.#y}}",
      "#x, #y, static #z",
    ],
    [
      "with other members between",
      "class A { 1 = 2; 'a#b' = 3; [`c#${{}}`] = 4; static { } #x; m() { this.#x } }",
      "#x",
    ],
  ])("%s", (_, text, members) => expect(membersOf(text)).toBe(members))
})

describe("`static` is a modifier or a name:", () => {
  test.each([
    ["static #x = 1", "static #x"],
    ["static\n#x", "static #x"],
    ["static /* a */ #x /* b */ = 1", "static #x"],
    ["static async #x() {}", "static #x"],
    ["static async *#x() {}", "static #x"],
    ["static get #x() { return 1 }", "static #x"],
    ["static get\n#x() { return 1 }", "static #x"],
    ["static\n*#x() {}", "static #x"],
    ["static\n#x\n#y", "static #x, #y"],
    ["static; #x", "#x"],
    ["static = 1; #x", "#x"],
    ["static = 1\n#x", "#x"],
    ["static() {} #x", "#x"],
    ["static static\n#x", "#x"],
    ["static async\n#x() {}", "#x"],
    ["static async\n*#x() {}", "#x"],
    ["static get\n*#x() {}", "#x"],
    ["static a\n#x", "#x"],
    ["static 'a'\n#x", "#x"],
    ["static [1]\n#x", "#x"],
    ["'static'\n#x", "#x"],
    ["get static() { return 1 } #x", "#x"],
    ["async static() {} #x", "#x"],
    ["*static() {} #x", "#x"],
    ["static {} #x", "#x"],
    ["static { class Y { #z; static m(y) { return y.#z } } } #x", "#x"],
    ["get; #x", "#x"],
    ["get\n*#x() {}", "#x"],
    ["set = 1\n#x", "#x"],
    ["async\n#x() {}", "#x"],
    ["async = async x => {}\n#x", "#x"],
  ])("%j", (member, members) => {
    const uses = members.replaceAll(/(static )?(#\w)/g, (_, __, name) => `o => o.${name},`)
    expect(membersOf(`class A { ${member}\n m() { return [${uses}] } }`)).toBe(members)
  })
})

describe("a field's value ends where the engine says,", () => {
  test.each([
    ["with a line behind a value", "x = 1\n#y"],
    ["behind a function", "x = function () {}\n#y"],
    ["behind an arrow function with a body", "x = () => {}\n#y"],
    ["behind one without", "x = () => a\n#y"],
    ["behind a class", "x = class {}\n#y"],
    ["behind an object", "x = { if: 1, a() {}, get b() { return 1 }, c, ...d, [e]: {} }\n#y"],
    ["behind a step", "x = a++\n#y"],
    ["behind `async`", "x = async\n#y"],
    ["behind a name that is none here", "x = this.class\n#y"],
    ["in front of a string", "x = 1\n'z' = 2\n#y"],
    ["in front of a number", "x = 1\n2\n#y"],
    ["in front of a computed name, behind an arrow function's body", "x = () => {}\n[z] = 1\n#y"],
    ["in front of a generator, behind an arrow function's body", "x = () => {}\n*z() {}\n#y"],
    ["in front of a member called `in`, behind an arrow function's body", "x = () => {}\nin = 1\n#y"],
    ["in front of a member called `class`", "x = 1\nclass = 2\n#y"],
    ["not with a line behind an operator", "x = 1 +\nz\n#y"],
    ["not in front of an operator", "x = 1\n in z\n#y"],
    ["not in front of a bracket", "x = z\n[1]\n#y"],
    ["not in front of a template", "x = z\n`a`\n#y"],
    ["not in a choice", "x = z\n? a\n: {}\n#y"],
    ["not in the head of a class", "x = class\nZ\nextends\nz\n{}\n#y"],
    ["not in the head of a function", "x = function\nz\n()\n{}\n#y"],
  ])("%s", (_, members) => expect(membersOf(`class A { ${members}\n m() { this.#y } }`)).toBe("#y"))
})

describe("a use declares nothing:", () => {
  test.each([
    ["o.#x", ""],
    ["o?.#x", ""],
    ["o . /* a */ #x", ""],
    ["o.\n// a\n#x", ""],
    ["#x in o", ""],
    ["#x /* a */\n in o", ""],
    ["y = #x in o", ""],
    ["[#x in o]", ""],
  ])("%s", (use, members) => {
    const nested = `class Y { m(o) { ${use} } f = o => { ${use} } }`
    expect(membersOf(`class A { #x; m() { return ${nested} } }`)).toBe("#x")
    // around it stands a class that has it
    expect(shown(nested)).toBe(members)
  })

  test("a name that is declared and never used is told as such", () => {
    expect(membersOf("class A { #x = 1; static #y; m() { return 'this.#x' /* A.#y */ } }")).toBe("(#x), (static #y)")
  })

  test("text that becomes code may use all of them, if it is called by its name", () => {
    for (const call of ["eval('this.#x')", "eval\n(t)", "(eval)(t)", "f(1, eval(t))", "class Y { m() { eval(t) } }"])
      expect(membersOf(`class A { #x; m() { ${call} } }`)).toBe("#x")
    for (const call of ["(0, eval)(t)", "eval?.(t)", "o.eval(t)", "o = { eval() {} }", "f(eval)", "'eval(t)'"])
      expect(membersOf(`class A { #x; m() { ${call} } }`)).toBe("(#x)")
  })
})

describe("what a class in a class declares is its own,", () => {
  test.each([
    ["in a method", "m() { return class Y { #z; n() { this.#z } } }"],
    ["as a statement", "m() { class Y { #z; n() { this.#z } } }"],
    ["as a field's value", "f = class { #z; n() { this.#z } }"],
    ["in a field's value, with a line behind it", "f = class { #z\n n() { this.#z } }\n g"],
    ["in a static block", "static { class Y { #z; n() { this.#z } } }"],
    ["in a computed name", "[class { #z; static n(o) { o.#z } }.name]() {}"],
    ["in a parameter", "m(a = class { #z; n() { this.#z } }) {}"],
    ["in a template", "m() { return `${class { #z; n() { return `#${this.#z}` } }}` }"],
    ["in an object", "m() { return { class: class { #z; n() { this.#z } }, static: 1 } }"],
    ["in what it extends", "f = class extends class { #z; n() { this.#z } } {}"],
    ["in an arrow function", "f = () => class { #z; n() { this.#z } }"],
  ])("%s", (_, member) => {
    expect(membersOf(`class A { ${member} }`)).toBe("")
    expect(membersOf(`class A { #x; ${member}\n #y; o() { this.#x + this.#y } }`)).toBe("#x, #y")
    expect(membersOf(`class A extends class { ${member} } { ${member}\n static #x = A.#x }`)).toBe("static #x")
  })

  test("also one of the same name: what is used there is that of the class within", () => {
    expect(membersOf("class A { #x; m() { return class { #x; n() { return this.#x } } } }")).toBe("(#x)")
    expect(membersOf("class A { #x; m() { return class { static #x; n(o) { return o.#x } } } }")).toBe("(#x)")
    expect(membersOf("class A { #x; m() { return class { n(o) { return o.#x } #y } } }")).toBe("#x")
  })

  test("and what it uses in front of its braces is of the class around it", () => {
    expect(membersOf("class A { #x; static m(o) { return class extends o.#x { #x } } }")).toBe("#x")
    expect(membersOf("class A { #x; static m(o) { return class { [o.#x]; #x } } }")).toBe("(#x)")
  })

  test("and a class that the class itself extends is another one", () => {
    expect(membersOf("class A extends class B { #x; m() { this.#x } } {}")).toBe("")
    expect(membersOf("class extends (class { #x; m() { this.#x } }) { #y = this.#y }")).toBe("#y")
    expect(membersOf("class A extends ({ a: class { #x = this.#x } }).a { #y = this.#y }")).toBe("#y")
    expect(membersOf("class A extends { a: class { #x = this.#x } }.a { #y = this.#y }")).toBe("#y")
    expect(membersOf("class A extends function () {} { #y = this.#y }")).toBe("#y")
  })
})

/** Statements that end with a name which only looks like one, or like the end of something, to who reads them wrongly. */
const HARD = [
  "a = /[#{]/",
  "a = /[/{]#z/g.test(b) / 2",
  "a = /\\/\\{#z/u",
  "a = b / c; d = '}' / 1",
  "a = b\n/c/{}.x",
  "a++ / 2 / '{'.length",
  "a = b++ / c; d = '/ {'",
  "a\n++/{/.lastIndex",
  "if (a) /{/.test(b)",
  "if (a) { } /{/.test(b)",
  "if (a) b; else /{/.test(b)",
  "while (a) /{/.test(b)",
  "for (const b of /{/[Symbol.split](a)) ;",
  "for (var i = 0; /{/.test(i); /}/.test(i)) ;",
  "do ; while (a) /{/.test(b)",
  "a.if (b) / 2 / '{'",
  "a?.while(b) / 2 / '{'",
  "a = { if(b) { return 1 } } / 2 / '{'",
  "a = {} / 2 / '{'",
  "{} /{/.test(a)",
  "a = function () {} / 2 / '{'",
  "function f() {} /{/.test(a)",
  "async function g() {} /{/.test(a)",
  "a = async function () {} / 2 / '{'",
  "class B {} /{/.test(a)",
  "a = class {} / 2 / '{'",
  "a = () => {}\n/{/.test(a)",
  "a = b => /{/.test(b)",
  "a = b ? {} / 2 / '{' : {} / 2 / '}'",
  "a = b?.5:{} / 2 / '{'",
  "a: { } /{/.test(a)",
  "switch (a) { case {} / 2: {} /{/.test(a); default: /}/.test(a) }",
  "switch (a) { case a ? b : c: {} /{/.test(a) }",
  "a: for (;;) { break a\n/{/.test(b) }",
  "for (;;) { continue\n/{/.test(b) }",
  "function* g2() { yield /{/; yield\n/{/.test(a) }",
  "function h() { return /{/ }",
  "function h2() { return\n{}\n/{/.test(a) }",
  "function h3() { return {} / 2 / '{' }",
  "try { } catch { } /{/.test(a)",
  "try { } catch (b) { } finally { } /{/.test(a)",
  "a = typeof /{/ / 1",
  "a = [/{/, /}/, (/[}]/)]",
  "a = [] / 2 / '{'.length",
  "a = (b) / 2 / '{'.length",
  "a = !/{/.test(b) && /}/ || /#z/",
  "a = `#z { ${b} } ${`${{ a: '}' }.a} #z {`} \\` \\${ {`",
  "a = `${/`/.test(`}`)}`",
  "a = b`{`/ 2 / '{'",
  "a = `$` + `$$` + `$${b}{`",
  "a = '\\'{' + \"\\\"{\" + 'a\\\n{'",
  "// #z { ' ` /*",
  "/* #z { ' ` // */",
  "a /* { */ / /* } */ b",
  "a = b /* \n */ / c / '{'.length",
  "a = .5 / 2 / '{'.length",
  "a = 1. / 2 / '{'.length",
  "a = 0x1F / 1_000n / 1e-5 / '{'.length",
  "a = 1..x / 2 / '{'.length",
  "a = this / null / '{'.length",
  "a = new.target / 2 / '{'.length",
  "a = { a, b, get c() { return 1 }, set c(v) { }, async d() { }, async *e() { }, [f]: 1, 'g': 2, 3: 4 }",
  "a = { get: 1, set: 2, async: 3, static: 4, class: 5, function: 6, await: 7, if: 8 }",
  "const { a: { b: c = {} / 2 } = {} / 2 } = d",
  "let [d = {} / 2 / '{'.length] = []",
  "a = async => async / 2 / '{'.length",
  "a = of / get / set / static_ / '{'.length",
  "a = b\n--> { ' ` #z",
  "a\u2028/* */b\u2029/2/'{'.length",
  "label: ({} / 2 / '{'.length)",
  "a = (b, c) => { } ; /{/.test(a)",
  "x.y = class Y { #z = { '}': /}/ }; m() { return this.#z / 2 / '{' } }",
  "(class { static #z() {} static m() { return /#z{/ } }).m() / 2 / '{'",
]

/** Members with what the class declares by each. */
const MEMBERS: ((name: string, body: string, gap: string) => [text: string, declares: string])[] = [
  (name, body, gap) => [`${gap}#${name}${gap}= () => {${body}};`, `#${name}`],
  (name, body, gap) => [`#${name}${gap}= (() => {${body}})\n`, `#${name}`],
  (name, body, gap) => [`get${gap}#${name}()${gap}{${body}}`, `#${name}`],
  (name, body, gap) => [`set${gap}#${name}(a${gap}= {})${gap}{${body}}`, `#${name}`],
  (name, body, gap) => [`static${gap}async *${gap}#${name}(){${body}}`, `static #${name}`],
  (name, body, gap) => [`static${gap}#${name}${gap}=${gap}function () {${body}}\n`, `static #${name}`],
  (name, body, gap) => [`static${gap}{ new class {${gap}#${name} = this.#${name}; m() {${body}} } }`, ""],
  (name, body, gap) => [`${name} = class ${name} { static #${name}${gap}() {${body}} a = ${name}.#${name} }\n`, ""],
  (name, body, gap) => [`[class {${gap}#${name} = #${name} in {}; a = () => {${body}}}] = \`${name}}\`\n`, ""],
  (_, body) => [`async if(a = () => {${body}}){}`, ""],
  (name, _, gap) => [`static\n${name}\n#${name}${gap};`, `#${name}`],
]

describe("between the members it goes astray by nothing:", () => {
  test.each(HARD)("%j", hard => {
    const members = `f = function () { ${hard}\n }\n #a = 1; m() { ${hard}\n } static #b = A.#b\n g = this.#a`
    expect(membersOf(`class A { ${members} }`)).toBe("#a, static #b")
  })

  test("whatever is put together", () => {
    const hard = fc.constantFrom(...HARD.filter(text => !/^(class|function|async|const|let)/.test(text)))
    const body = fc.array(hard, { maxLength: 4 }).map(texts => texts.map(text => `{ ${text}\n }`).join("\n"))
    const gap = fc.constantFrom(" ", "\n", "/* #no */", "// #no\n", "\n/* } */\n")
    const member = fc.record({ make: fc.constantFrom(...MEMBERS), body, gap })
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), members => {
        const texts = members.map(({ make, body, gap }, i) => make(`p${i}`, body, gap))
        const names = texts.map(([, name]) => name).filter(name => name !== "")
        const uses = names.map(name => `o.${name.replace("static ", "")}`)
        const text = `class A { ${texts.map(([text]) => text).join("\n")} static uses(o) { return [${uses}] } }`
        expect(membersOf(text)).toBe(names.join(", "))
      }),
      { numRuns: 150 },
    )
  })
})

describe("what has two readings is told as such:", () => {
  test.each([
    ["a slash behind `await`, which is a name in some scripts", "class A { #x; m() { return await / this.#x /1 } }"],
    ["a step behind `await`", "class A { #x; m() { return await ++ / this.#x /1 } }"],
    ["a brace on the line behind `await`", "class A { #x; async m() { await\n{} } }"],
    ["what is a comment in scripts only", "class A { #x; m() { a<!--b\n } }"],
    ["a mark that the engine does not know", "class A { @a #x }"],
    ["a text that ends too early", "class A { #x; m() {"],
    ["a text that goes on", "class A { #x } }"],
    ["braces that do not match", "class A { #x; m() { ( } ) }"],
    ["a template without an end", "class A { #x = ` }"],
    ["a string without an end", "class A { #x = ' }"],
    ["a comment without an end", "class A { #x /* }"],
    ["an expression without an end", "class A { #x = /a }"],
    ["nothing", ""],
  ])("%s", (_, text) => expect(shown(text)).toBe("unclear"))

  test("deep nesting is none of it", () => {
    const deep = 20_000
    expect(shown(`class A { #x = ${"(".repeat(deep)}this.#x${")".repeat(deep)} }`)).toBe("#x")
    expect(shown(`class A { ${"f = class { ".repeat(deep)}#x = this.#x${" }".repeat(deep)} }`)).toBe("")
  })
})

test("a direct eval and a `with` are found where they are code", () => {
  for (const text of ["eval('1')", "f(1, eval(a))", "((eval)) (a)", "with (o) a", "() => eval(a)", "`${eval(a)}`"])
    for (const head of ["function* g()", "*g()", "*[a]()", "*'g'()"])
      expect(isDynamic(`${head} { ${text} }`)).toBe(true)
  for (const text of [
    "'eval(a)'",
    "/* eval(a) */",
    "/eval(a)/",
    "`eval(a)`",
    "o.with(1)",
    "o?.eval(1)",
    "(0, eval)(a)",
  ])
    for (const head of ["function* g()", "*g()", "*[a]()"]) expect(isDynamic(`${head} { yield ${text} }`)).toBe(false)
  expect(isDynamic("*g(a = eval(b)) {}")).toBe(true)
  expect(isDynamic("*g() { return { eval() {}, with(a) {} } }")).toBe(false)
})
