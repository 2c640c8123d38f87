/** Iterations that stay native with the loops around them, stopped at each of their headers and in what they iterate. */
import { here, part } from "../cases.ts"

const generators = `
    function* numbers(n) {
      try { for (let i = 0; i < n; i++) { log("make", i); yield i } }
      finally { for (let i = 0; i < 2; i++) log("close", i) }
    }`

part("iterations in nests", {
  "arrays in arrays": `
    const rows = [[1, 2], [], [3], [4, 5, 6]]
    let sum = 0
    for (const row of rows) {
      log("row", row.length)
      for (const x of row) { for (let i = 0; i < x; i++) sum += i; log(x, sum) }
      sum *= 2
    }
    yield sum`,
  "an array that grows, shrinks and has holes while it is iterated": `
    let out = ""
    for (let round = 0; round < 3; round++) {
      const list = [1, , 3, 4, 5]
      for (const x of list) {
        out += x + " "
        if (x === 3 && round === 1) list.length = 3
        if (x === 5 && round === 2 && list.length < 7) list.push(5, 6)
      }
      out += "|"
    }
    yield out`,
  "typed arrays, strings, maps, sets and the keys of objects": `
    let out = ""
    for (let round = 0; round < 2; round++) {
      for (const x of new Uint8Array([1, 2])) out += x
      for (const c of "a😀b") out += c + c.length
      for (const [k, v] of new Map([["p", 1], ["q", 2]])) out += k + v
      for (const x of new Set([7, 8])) out += x
      for (const k in { a: 1, b: 2 }) out += k
      out += ";"
    }
    yield out`,
  "an array that becomes shorter than its prototype's elements reach": {
    main: `
    let out = ""
    const proto = Array.prototype
    for (let round = 0; round < 3; round++) {
      const list = [...new Array(1000).fill(0), 1, , 3, 4, 5]
      delete list[1001]
      Object.defineProperty(proto, 1001, { configurable: true, get() { log("hole"); return "p" } })
      proto[1003] = proto[1004] = "q"
      for (const x of list) {
        if (x === 0) continue
        out += x + " "
        if (x === 1 && round === 1) list.length = 1003
        if (x === "p" && round === 2) list.length = 1002
      }
      for (const i of [1001, 1003, 1004]) delete proto[i]
    }
    yield out`,
    variants: ["compiled"],
  },
  "an array that shrinks and grows again within a round, and one that is given away": `
    let out = ""
    for (let round = 0; round < 2; round++) {
      let list = [1, 2, 3, 4, 5, 6]
      for (const x of list) {
        out += x + " "
        if (x === 2) { list.length = 2; list.push(7, 8, 9) }
        if (x === 8) list = []
      }
      out += "|"
    }
    yield out`,
  "a typed array that is detached while it is iterated": {
    main: `
    yield "begins"
    for (let round = 0; round < 2; round++) {
      const list = new Uint8Array([1, 2, 3])
      try { for (const x of list) { log(x); if (x === 2) structuredClone(null, { transfer: [list.buffer] }) } }
      catch (e) { log(e.name) }
    }`,
    partly: "a view of a detached ArrayBuffer is not portable",
  },
  "entries that come and go while maps and sets and keys are iterated": `
    let out = ""
    for (let round = 0; round < 2; round++) {
      const map = new Map([[1, 1], [2, 2], [3, 3]])
      for (const [k] of map) { out += k; if (k === 1) { map.delete(2); map.set(4, 4) } }
      const set = new Set([1, 2, 3])
      for (const x of set) { out += x; if (x === 2) { set.delete(1); set.delete(3); set.add(1) } }
      const o = { a: 1, b: 2, c: 3 }
      for (const k in o) { out += k; delete o.b; o.d = 1 }
      out += ";"
    }
    yield out`,
  "generators that stop in their own loops and in their closing": `${generators}
    let out = ""
    outer: for (let i = 0; i < 4; i++) {
      for (const x of numbers(3)) {
        if (x === 1 && i === 0) continue
        if (x === 1 && i === 1) break
        if (x === 1 && i === 2) continue outer
        if (x === 1 && i === 3) break outer
        out += i + ":" + x + " "
      }
      out += "after "
    }
    yield out`,
  "jumps through two iterations close the inner one first": `${generators}
    let out = ""
    rounds: for (let round = 0; round < 3; round++)
      for (const x of numbers(2)) {
        for (const y of numbers(3)) {
          for (const z of [7, 8]) {
            if (y === 1 && round === 0) continue rounds
            if (y === 2 && round === 1) break rounds
            out += x + "" + y + z + " "
          }
        }
      }
    yield out`,
  "a return out of iterations in loops": `${generators}
    function* find() {
      for (let i = 0; i < 3; i++) for (const x of numbers(3)) for (const y of [0, 1]) if (i + x + y === 3) return [i, x, y].join()
    }
    yield yield* find()`,
  "a throw out of iterations in loops closes each, and is caught around them": `${generators}
    let out = ""
    try {
      for (let i = 0; i < 3; i++) for (const x of numbers(3)) for (const y of numbers(2)) { out += i + "" + x + y + " "; if (i + x + y === 2) throw new Error("stop") }
    } catch (e) { out += e.message }
    yield out`,
  "a throw of next, of a getter and of a binding": `
    const iterable = (values, log) => ({ [Symbol.iterator]: () => ({ next() { if (values.length === 0) throw new Error("next"); return { done: false, value: values.shift() } }, return() { log("return"); return {} } }) })
    const getter = [1]
    Object.defineProperty(getter, 1, { get() { throw new Error("getter") }, enumerable: true })
    for (let i = 0; i < 4; i++) {
      try {
        for (let j = 0; j < 2; j++) {
          if (i === 0) for (const x of iterable([1, 2], log)) log(x)
          else if (i === 1) for (const x of getter) log(x)
          else if (i === 2) for (const { a: { b } } of iterable([{ a: { b: 1 } }, {}], log)) log(b)
          else for (const [a] of iterable([[1], 2], log)) log(a)
        }
      } catch (e) { yield e.message.split(" ")[0] }
    }`,
  "iterators with a return of their own are closed once": `
    const iterable = name => ({ [Symbol.iterator]: () => ({ i: 0, next() { return { done: this.i >= 3, value: this.i++ } }, return() { log("return", name); return {} } }) })
    outer: for (let i = 0; i < 3; i++) {
      for (const x of iterable("a" + i)) {
        for (const y of iterable("b" + x)) { if (y === 1) break; if (i === 1) continue outer; if (x === 2) break outer; log(i, x, y) }
      }
    }
    yield "end"`,
  "a next that is replaced on the way counts from the following loop on": `
    const proto = Object.getPrototypeOf([][Symbol.iterator]())
    const { next } = proto
    let out = ""
    try {
      for (let i = 0; i < 3; i++)
        for (const x of [1, 2, 3]) {
          out += x
          if (i === 1 && x === 1) proto.next = function () { const r = next.call(this); if (!r.done) r.value *= 10; return r }
        }
    } finally { proto.next = next }
    yield out`,
  "a return that the prototype of array iterators gets on the way is called": `
    const proto = Object.getPrototypeOf([][Symbol.iterator]())
    let out = ""
    for (let i = 0; i < 3; i++) {
      for (const x of [1, 2, 3]) { out += x; if (x === 2) { proto.return = function () { log("closed"); return {} }; break } }
      delete proto.return
      try { for (const x of [4]) { proto.return = function () { log("closed too"); return {} }; throw x } } catch (e) { delete proto.return; out += e }
    }
    yield out`,
  "a return that the iterators of maps and sets get on the way is called once": `
    const map = new Map([[1, 2], [3, 4], [5, 6]]), set = new Set([1, 3, 5])
    const protos = [map, set].map(of => Object.getPrototypeOf(of[Symbol.iterator]()))
    const give = () => { for (const p of protos) p.return = function () { log("closed"); return {} } }
    const take = () => { for (const p of protos) delete p.return }
    let out = ""
    for (let i = 0; i < 4; i++) {
      try {
        outer: for (let j = 0; j < 2; j++) {
          for (const x of set) { out += x; if (x === 3) { if (i % 2) give(); if (i < 2) break; else throw x } }
          for (const [k] of map) { out += k; if (i > 1) give(); if (k === 3) continue outer }
        }
        give()
        for (const x of set) if (x === 3) break
        for (const [k, v] of map) if (k === 3) throw k
      } catch (e) { out += "e" + e }
      take()
      out += ";"
    }
    for (let i = 0; i < 2; i++) for (const x of set) { give(); out += x }
    take()
    yield out`,
  "an iterator of iterators that is replaced counts from the following loop on": `
    const proto = Object.getPrototypeOf(Object.getPrototypeOf(new Set().values()))
    const own = Object.getOwnPropertyDescriptor(proto, Symbol.iterator)
    let out = ""
    try {
      for (let i = 0; i < 2; i++)
        for (const x of new Set([1, 2])) {
          out += x
          Object.defineProperty(proto, Symbol.iterator, { ...own, value() { log("asked"); return this } })
        }
    } finally { Object.defineProperty(proto, Symbol.iterator, own) }
    yield out`,
  "a binding that throws closes a set, a loop in the body stops": `
    let out = ""
    for (let i = 0; i < 3; i++) {
      try { for (const { a: { b } } of new Set([{ a: { b: 1 } }, {}])) out += b } catch (e) { out += e.name }
      for (const { a, ...rest } of new Set([{ a: 1, c: 2 }])) out += a + Object.keys(rest)
      for (const x of new Set([1, 2])) for (const [k, v] of new Map([[x, i]])) { if (k === 2) continue; out += k + v }
    }
    yield out`,
  "rounds in which closures keep the parts of entries": `
    const list = []
    for (let i = 0; i < 2; i++) for (let [k, v] of new Map([[1, 2], [3, 4]])) list.push(() => [i, k++, v].join())
    for (let i = 0; i < 2; i++) for (const x of new Set([1, 2])) { class A { get x() { return x } } list.push(() => new A().x) }
    for (const f of list) yield f()`,
  "entries of maps are taken apart as the array iterator of the moment does it": `
    const proto = Object.getPrototypeOf([][Symbol.iterator]())
    const { next } = proto
    const map = new Map([[1, "a"], [2, "b"], [3, "c"]])
    let out = ""
    for (let i = 0; i < 2; i++) {
      for (const [key] of map) out += key
      for (const [key, value] of map) out += key + value
      for (const [, value] of map) out += value
      for (const [...both] of map) out += both.length
      for (const [key, value, more] of map) { out += key + value + more; yield out }
    }
    try {
      for (let i = 0; i < 2; i++)
        for (const [key, value] of map) {
          out += key + value
          if (key === 1) proto.next = function () { const r = next.call(this); if (r.value === "c") r.value = "changed"; return r }
        }
    } finally { proto.next = next }
    yield out`,
  "keys and values of a map stay in step while it changes": `
    let out = ""
    for (let i = 0; i < 3; i++) {
      const map = new Map([[1, "a"], [2, "b"], [3, "c"], [4, "d"]])
      let rounds = 0
      for (const [key, value] of map) {
        out += key + value
        if (++rounds === 12) break
        if (key === 2) { map.delete(1); map.delete(2); map.delete(3); map.set(1, "again") }
        if (key === 4 && i === 1) { map.clear(); map.set(6, "f").set(7, "g"); for (let j = 0; j < 6; j++) map.set("n" + j, j) }
        if (value === "f") map.set(7, "G")
        for (const [inner] of map) if (inner === 4 && i === 2) map.delete(inner)
      }
      for (const [] of map) rounds++
      for (let [key] of map) { key += 1; out += key }
      out += rounds + ";"
    }
    yield out`,
  "a map's rounds go on although the program replaces what iterates maps and arrays": {
    main: `
    const arrays = Object.getPrototypeOf([][Symbol.iterator]())
    const maps = Object.getPrototypeOf(new Map().entries())
    const { next } = arrays, mapNext = maps.next, values = Array.prototype[Symbol.iterator]
    const map = new Map([[1, "a"], [2, "b"], [3, "c"], [4, "d"]])
    let out = ""
    try {
      for (let i = 0; i < 2; i++) {
        for (const [key, value] of map) {
          out += key + value
          if (key === 1) maps.return = function () { log("closed"); return {} }
          if (key === 2) arrays.next = function () { const r = next.call(this); log(r.value); if (r.value === "c") r.value = "changed"; return r }
          if (key === 3 && i === 1) break
        }
        for (const [key] of map) { out += key; if (key === 2) arrays.next = next }
        maps.return = undefined
        delete maps.return
        for (const [key, value] of map) {
          out += key + value
          if (key === 1) maps.next = function () { log("asked"); return mapNext.call(this) }
          if (key === 3) Array.prototype[Symbol.iterator] = function () { log(this.length); return values.call(this.map(x => x + "!")) }
        }
        maps.next = mapNext
        Array.prototype[Symbol.iterator] = values
      }
    } finally {
      delete maps.return
      Object.assign(arrays, { next })
      Object.assign(maps, { next: mapNext })
      Array.prototype[Symbol.iterator] = values
    }
    yield out`,
    partly: "Array Iterator is not portable",
  },
  "entries are closed as arrays once the program has a way to do so": {
    main: `
    const arrays = Object.getPrototypeOf([][Symbol.iterator]())
    let out = ""
    for (let i = 0; i < 2; i++)
      for (const [key, value] of new Map([[1, "a"], [2, "b"], [3, "c"]])) {
        out += key + value
        if (key === 2) arrays.return = function () { log("closed", this[Symbol.toStringTag]); return {} }
        if (key === 3) delete arrays.return
      }
    yield out`,
    variants: here,
  },
  "things that look like arrays": `
    let out = ""
    const like = { length: 2.9, 0: "a", 1: "b", 2: "c", [Symbol.iterator]: Array.prototype[Symbol.iterator] }
    const words = { get length() { log("length"); return "2" }, 0: "a", 1: "b", 2: "c", [Symbol.iterator]: Array.prototype[Symbol.iterator] }
    for (let i = 0; i < 2; i++) {
      for (const x of like) out += x
      for (const x of words) out += x
      out += ";"
    }
    yield out`,
  "the rounds of an iteration have variables of their own": `
    const list = []
    for (let i = 0; i < 2; i++) for (let x of [1, 2]) { list.push(() => [i, x++].join()); for (const y of [5]) list.push(() => x + y) }
    for (const f of list) yield f()`,
  "targets that exist already": `
    let x
    const o = {}
    for (let i = 0; i < 2; i++) {
      for (x of [1, 2]) for (o.p of [3, 4]) for ([o.q] of [[5]]) log(x, o.p, o.q)
      for (var k in { a: 1 }) log(k)
    }
    yield [x, o.p, o.q, k].join()`,
  "names that are used before their initialisation": `
    for (let i = 0; i < 2; i++) {
      try { for (const x of [x]) log(x) } catch (e) { yield e.name }
      try { for (const x of [1, 2]) { for (const y of [1]) if (x === 2) late; let late = x; log(() => late) } } catch (e) { log(e.name) }
    }`,
  "what cannot be iterated": `
    for (let i = 0; i < 4; i++) {
      const value = [[1], null, 5, {}][i]
      try { for (let j = 0; j < 2; j++) for (const x of value) log(x) } catch (e) { yield e.message }
    }`,
  "labels, blocks and switches around iterations": `
    let out = ""
    a: for (let i = 0; i < 3; i++) {
      b: { for (const x of [1, 2, 3]) { if (x === 2 && i === 0) break b; if (x === 3) continue a; c: for (const y in { p: 1, q: 2 }) { if (y === "q") continue c; out += x + y } } out += "end" }
      out += "behind"
    }
    yield out`,
  "values handed in between iterations": `
    let sum = 0
    for (const x of [1, 2]) {
      for (const y of [x, x * 10]) for (let i = 0; i < 2; i++) sum += y
      sum += Number(yield sum) || 0
    }
    yield sum`,
  "hundreds of keys, of objects that change on the way": `
    const o = Object.fromEntries(Array.from({ length: 700 }, (_, i) => ["k" + i, i]))
    const heir = Object.create(o, { own: { value: 1, enumerable: true }, hidden: { value: 1 }, k3: { value: 0 } })
    let sum = 0, count = 0
    for (let round = 0; round < 2; round++) for (const key in o) { sum += o[key]; if (key === "k5") o.later = round }
    for (const key in heir) { count++; sum += heir[key]; if (key === "k600") break }
    log(sum, count)
    const eraser = { set key(key) { delete o[key] } }
    let seen = 0
    for (var key in o) { seen++; if (key === "k2") { eraser.key = "k3"; eraser.key = "k699" } }
    log(seen, key)
    seen = 0
    for (let key in o) { seen++; if (key === "k4") { delete o.k650; delete o.k698 } if (key === "k600") o.k698 = 1 }
    log(seen)
    let p = o, first = []
    for (const key in p) { p = { other: 1 }; if (seen++ % 300) continue; first.push(key) }
    for (const key in "text") for (const other in { a: 1, b: 2 }) first.push(key + other)
    for (const key in null) log("none")
    yield first.join()`,
  "objects whose keys are gone over again and again, and change between and on the way": `
    const base = { inherited: 0 }
    const o = Object.assign(Object.create(base), { a: 1, b: 2, c: 3 })
    const grow = n => { for (let i = 0; i < n; i++) o["more" + i] = i }
    const shrink = () => { for (const key of Object.keys(o)) if (key.startsWith("more")) Reflect.deleteProperty(o, key) }
    let out = "", count = 0
    for (let round = 0; round < 12; round++) {
      if (round === 3) o.d = 4
      if (round === 4) base.late = 1
      if (round === 5) grow(60)
      if (round === 8) shrink()
      outer: for (const key in o) {
        count++
        if (key.startsWith("more")) { if (key === "more40" && round === 6) break; continue }
        if (round === 9 && key === "b") Reflect.deleteProperty(o, "c")
        if (round === 10 && key === "a") try { throw key } catch (e) { out += e; continue outer }
        if (round === 11 && key === "d") continue outer
        out += key
      }
      out += ";"
    }
    yield out + count`,
  "two objects by turns, one after another, and what has no name": `
    const all = [{ a: 1, b: 2 }, { c: 3 }, {}, "xy", 5, null, undefined, [7, 8]]
    let out = ""
    for (let round = 0; round < 3; round++) {
      for (const o of all) for (const key in o) out += key
      for (let i = 0; i < 4; i++) for (const key in all[i % 2]) for (let n = 0; n < 1; n++) out += key
      for (const key in all[0]) out += key
      for (const key in all[1]) { if (round === 1) break; out += key }
      for (const key in (round === 2 ? all[0] : all[7])) out += key
      out += ";"
    }
    yield out`,
  "a head that replaces what it goes over": `
    const big = Object.fromEntries(Array.from({ length: 900 }, (_, i) => ["k" + i, i]))
    let o, seen = 0
    for (let round = 0; round < 3; round++) {
      o = big
      for (o in o) seen++
      const p = { at: big }
      for (p.at in p.at) seen++
      let q = big
      for (let key in q) { q = null; key += "!"; seen += key.length }
    }
    yield [o, seen].join()`,
  "a return out of keys in a loop, and a throw": `
    const o = { a: 1, b: 2, c: 3 }
    function* find(at) {
      for (let round = 0; ; round++) for (const key in o) if (round === at) { if (key === "b") return key + round } else if (round === 7) throw key
    }
    let out = ""
    for (let at = 0; at < 9; at++) try { out += yield* find(at) } catch (e) { out += "thrown " + e }
    yield out`,
  "strings of pairs and of halves of pairs": `
    const texts = ["", "a", "😀", "\\ud83d", "\\ude00", "a😀b😀😀c", "\\ud83d\\ud83d\\ude00\\ude00", "x".repeat(20) + "😀".repeat(20) + "\\ud83d"]
    let out = ""
    for (let round = 0; round < 3; round++)
      for (const text of texts) {
        let n = 0
        for (const c of text) { n++; if (c === "b" && round === 1) continue; if (c === "c" && round === 2) break; out += c.length }
        out += ":" + n + " "
      }
    yield out`,
  "long strings, left on the way by each kind of jump": `
    const text = "0123456789😀".repeat(30)
    function* find(c, at) { let i = 0; for (let round = 0; round < 2; round++) for (const x of text) if (++i >= at && x === c) return round + ":" + i; return "none" }
    let out = ""
    outer: for (let round = 0; round < 4; round++) {
      let i = 0
      try {
        for (const c of text) {
          i++
          if (i === 240 && round === 0) break
          if (i === 310 && round === 1) continue outer
          if (i === 22 && round === 2) throw c
        }
      } catch (e) { out += "thrown " + e }
      out += i + ";"
    }
    yield out + (yield* find("😀", 300)) + (yield* find("😀", 600)) + (yield* find("x", 0))`,
  "a next and a return that iterators of strings get on the way": `
    const proto = Object.getPrototypeOf(""[Symbol.iterator]())
    const { next } = proto
    const text = "0123456789".repeat(4)
    let out = ""
    for (let round = 0; round < 6; round++) {
      let i = 0
      try {
        for (const c of text) {
          i++
          if (i === 10 && round === 1) proto.next = function () { const r = next.call(this); if (!r.done) r.value += "!"; return r }
          if (i === 10 && round > 1) proto.return = function () { log("closed"); return {} }
          if (i === 25 && round === 2) break
          if (i === 25 && round === 3) throw c
          if (i === 25 && round === 4) delete proto.return
          if (i === 26 && round === 4) break
          if (i === 29) out += c
        }
      } catch (e) { out += "thrown " + e } finally { proto.next = next; delete proto.return }
      out += i + ";"
    }
    yield out`,
  "a method of strings that is replaced counts from the following loop on": `
    const own = String.prototype[Symbol.iterator]
    let out = ""
    try {
      for (let round = 0; round < 3; round++) {
        for (const c of "0123456789".repeat(3)) {
          out += c
          if (round === 1 && c === "2") String.prototype[Symbol.iterator] = function* () { yield* ["other", String(this).length] }
        }
      }
    } finally { String.prototype[Symbol.iterator] = own }
    yield out`,
})
