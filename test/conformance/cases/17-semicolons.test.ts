/** Semicolons that a source leaves to the parser: what is put in the place of a statement's end must not go on in the next line. */
import { part } from "../cases.ts"

part("a line that begins with a bracket, behind one without a semicolon, does not go on with", {
  "a function in a field":
    "const C = class { ['p'] = () => {}\n['q'] = async () => {}\n*['g']() {}\n static s = () => {}\n['r'] = 1 }; const o = new C; yield [Object.keys(o), o.p.name, o.q.name]",
  "a function in a field, where keys yield":
    "const C = class { [yield 'p'] = () => {}\n[yield 'q'] = async () => {}\nget [yield 'r']() {} }; const o = new C; yield [Object.keys(o), o.p.name, o.q.name]",
  "an assigned or a declared function, which shares a variable":
    "function p() { let q = 3, f = () => { q++ }\n[q] = [7]\nf()\nvar g = async () => { q++ }\n`a`\nf = () => { q }\n(log(g))\nreturn q } yield p()",
  "the same in a loop that cannot stop":
    "let x = 0, y = 0; for (let i = 0; i < 2; i++) { let q = i, f = () => q\n[x, y] = [y + 1, i]\nf = () => { q++ }\n(log(f.length)) } yield [x, y]",
  "a returned or thrown function":
    "let k = 1; const f = () => { throw () => { return k }\n[k] = [0] }; const g = () => { return () => { return k }\n(1) }; try { f() } catch (e) { yield e() } yield g()()",
  "a counted constant or private property":
    "class A { #p = 1; m() { let f = this.#p++\n[f] = [f]\nconst c = 1; const see = () => c; try { c++\n(log(see())) } catch (e) { log(e.name) } return [f, this.#p] } } yield new A().m()",
})

part("a declaration without a value that stands for a statement is one", {
  "in branches and behind labels":
    "let n = 0; const see = () => [r, s, t]; for (let i = 0; i < 4; i++) { if (i > 2) var r\nelse if (i > 1) var s = i\nelse if (i) var { t } = { t: i }\nelse var u\nl: var v\ndo var w\nwhile (n++ < 3) } yield see(); yield [u, v, w, n]",
  "in an inner function":
    "function p(a) { const see = () => [r, s, t]; if (a) var r\nelse if (a === 0) var s = 5\nelse var [t] = [7]\nreturn see() } yield [p(1), p(0), p(false)]",
})
