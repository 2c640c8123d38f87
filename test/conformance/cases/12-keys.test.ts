/** `for-in` as V8 has it, natively and wherever it stops: keys that go and come back on the way, and the traps of proxies. */
import { here, part } from "../cases.ts"

/** A Proxy whose traps are told, each with its key. */
const watched = `
    const watched = target => new Proxy(target, {
      ownKeys(t) { log("ownKeys"); return Reflect.ownKeys(t) },
      getOwnPropertyDescriptor(t, k) { log("asked for", k); return Reflect.getOwnPropertyDescriptor(t, k) },
      getPrototypeOf(t) { log("getPrototypeOf"); return Reflect.getPrototypeOf(t) },
      setPrototypeOf(t, p) { log("setPrototypeOf"); return Reflect.setPrototypeOf(t, p) },
      isExtensible(t) { log("isExtensible"); return Reflect.isExtensible(t) },
    });`
/** What is written is deleted, or put back, without a call of a function. */
const eraser = "const eraser = { set gone(key) { delete o[key] }, set back(key) { o[key] = 1 } };"
const hundreds = "Object.fromEntries(Array.from({ length: 600 }, (_, i) => ['k' + i, i]))"

part("keys that go and come back", {
  "one that a called function deleted, and puts back before its turn, has its turn": `
    const o = { a: 1, b: 2, c: 3, d: 4 }
    const act = key => { if (key === "a") delete o.c; if (key === "b") o.c = 5; if (key === "b") delete o.d }
    let out = ""
    for (const key in o) { act(key); out += key + o[key] }
    for (const key in o) out += key
    yield [out, Object.getPrototypeOf(o) === Object.prototype]`,
  "one that the body deletes and puts back itself": `
    const o = { a: 1, b: 2, c: 3, d: 4 }
    let out = ""
    for (const key in o) { if (key === "a") delete o.c; if (key === "b") { o.c = 5; delete o.d } out += key }
    yield out`,
  "one of a prototype, of an array that becomes shorter, and of an object without prototype": `
    class A {}
    A.prototype.x = 1
    A.prototype.y = 2
    let out = ""
    const heir = Object.assign(new A(), { a: 1 })
    const away = key => { if (key === "a") delete A.prototype.y; if (key === "x") A.prototype.y = 3 }
    for (const key in heir) { away(key); out += key }
    const list = [1, 2, 3, 4, 5, 6]
    const cut = key => { if (key === "0") list.length = 2; if (key === "1") list.push(7, 8, 9) }
    for (const key in list) { cut(key); out += key }
    const bare = Object.assign(Object.create(null), { a: 1, b: 2, c: 3 })
    const turn = key => { if (key === "a") delete bare.c; if (key === "b") bare.c = 1 }
    for (const key in bare) { turn(key); out += key }
    yield [out, Object.getPrototypeOf(heir) === A.prototype, Array.isArray(list), Object.getPrototypeOf(bare)]`,
  "an object that cannot be extended keeps its prototype": `
    class A {}
    A.prototype.x = 1
    const o = Object.preventExtensions(Object.assign(new A(), { a: 1, b: 2, c: 3 })), f = Object.freeze([1, 2, 3])
    const act = key => { if (key === "a") delete o.b }
    let out = ""
    for (const key in o) { act(key); out += key }
    for (const key in f) { act(key); out += key }
    yield [out, Object.getPrototypeOf(o) === A.prototype, Object.getPrototypeOf(f) === Array.prototype]`,
  "one of an object that cannot be extended comes back on a prototype, the language's own or none among them": {
    main: `
    for (const base of [{ x: 1 }, Object.preventExtensions(Object.create({ y: 1 })), Object.create(null), Object.prototype, Object.preventExtensions({})]) {
      const o = Object.preventExtensions(Object.assign(Object.create(base), { a: 1, b: 2, c: 3, d: 4, e: 5, b2: 6 }))
      let home = base
      while (home !== null && !Object.isExtensible(home)) home = Object.getPrototypeOf(home)
      let out = ""
      const act = key => { if (key === "a") { delete o.b2; delete o.c } if (key === "d") home.b2 = 1 }
      try {
        for (const key in o) { act(key); out += key + " " }
      } finally { delete home.b2 }
      log(out, Object.getPrototypeOf(o) === base, Object.getPrototypeOf(home) === null)
    }
    const sealed = Object.seal({ a: 1, b: 2, c: 3 })
    const same = key => { sealed[key] += 1 }
    for (const key in sealed) same(key)
    yield sealed`,
    variants: here,
  },
  "in loops over hundreds of keys, and again over the same object": `
    const o = ${hundreds}
    ${eraser}
    let out = "", count = 0
    for (let round = 0; round < 3; round++) {
      for (const key in o) {
        if (key === "k1") eraser.gone = "k500"
        if (key === "k2") eraser.gone = "k501"
        if (key === "k450") eraser.back = "k500"
        if (key === "k500" || key === "k501") out += key
        count++
      }
      o.k501 = round
    }
    yield [out, count, Object.getPrototypeOf(o) === Object.prototype]`,
  "an error on the way leaves the object its prototype": `
    const o = { a: 1, b: 2, c: 3 }
    const fail = key => { if (key === "b") throw key }
    try { for (const key in o) fail(key) } catch (e) { log(e) }
    for (const key in o) { fail("a"); if (key === "b") break }
    yield Object.getPrototypeOf(o) === Object.prototype`,
  "the last elements of a typed array, where its memory shrinks and grows again": {
    main: `
    const memory = new ArrayBuffer(8, { maxByteLength: 8 }), bytes = new Uint8Array(memory)
    const act = key => { if (key === "2") memory.resize(4); if (key === "3") memory.resize(7) }
    let out = ""
    for (const key in bytes) { act(key); out += key }
    yield out
    memory.resize(8)
    for (const key in bytes) { act(key); yield key }`,
  },
  "an index behind the end of a typed array is looked for nowhere else": {
    main: `
    const memory = new ArrayBuffer(8, { maxByteLength: 8 }), bytes = new Uint8Array(memory)
    Object.setPrototypeOf(bytes, Object.create(Uint8Array.prototype, { 5: { value: 1, configurable: true } }))
    const act = key => { if (key === "2") memory.resize(4) }
    let out = ""
    for (const key in bytes) { act(key); out += key }
    yield out
    memory.resize(8)
    for (const key in bytes) { act(key); yield key }`,
    variants: here,
  },
})

part("keys of proxies", {
  "the traps are asked as natively, where the body stops": {
    main: `${watched}
    const o = watched(Object.create({ z: 1 }, { a: { value: 1, enumerable: true }, b: { value: 2, enumerable: true }, hidden: { value: 3 } }))
    for (const key in o) yield key`,
    partly: "a Proxy is not portable",
  },
  "the traps are asked as natively, where nothing in the body stops": {
    main: `${watched}
    const o = watched({ a: 1, b: 2, c: 3 })
    let out = ""
    for (const key in o) out += log("turn", key)
    for (let round = 0; round < 2; round++) for (const key in o) for (let i = 0; i < 2; i++) out += log("turn", key)
    yield out`,
    partly: "a Proxy is not portable",
  },
  "keys that the body deletes, hides and shows": {
    main: `${watched}
    const target = Object.defineProperty({ a: 1, b: 2, c: 3, d: 4 }, "hidden", { value: 1, configurable: true })
    const o = watched(target)
    for (const key in o) {
      delete o.b
      Object.defineProperty(target, "c", { enumerable: false })
      Object.defineProperty(target, "hidden", { enumerable: true })
      log("turn", key)
    }
    target.b = 1
    for (const key in o) yield key`,
    partly: "a Proxy is not portable",
  },
  "one among the prototypes is asked as natively": {
    main: `${watched}
    const own = value => ({ value, enumerable: true, configurable: true })
    const o = Object.create(watched(Object.create({ deep: 1 }, { x: own(1), y: own(2), z: own(3) })), { a: own(1), y: own(1) })
    const act = key => { if (key === "a") delete o.y }
    for (const key in o) { act(key); log("turn", key) }
    for (const key in o) yield key`,
    variants: here,
  },
  "hundreds of keys, left on the way by each kind of jump": {
    main: `
    let asked = 0, out = ""
    const o = new Proxy(${hundreds}, { getOwnPropertyDescriptor(t, k) { asked++; return Reflect.getOwnPropertyDescriptor(t, k) } })
    const find = function* (o) { for (const key in o) if (key === "k520") return key }
    a: for (let round = 0; round < 3; round++)
      for (const key in o) { if (key === "k400") { if (round === 1) break a; continue a } if (key === "k399") out += key }
    yield [asked, out, yield* find(o), asked]`,
    partly: "a Proxy is not portable",
  },
  "errors of traps, and of a Proxy that is revoked on the way": {
    main: `
    const failing = new Proxy({ a: 1, b: 2 }, { getOwnPropertyDescriptor(t, k) { if (k === "b") throw "b!"; return Reflect.getOwnPropertyDescriptor(t, k) } })
    const closed = new Proxy({}, { ownKeys() { throw "none" } })
    for (const o of [failing, closed]) {
      try { for (const key in o) log(key) } catch (e) { log("caught", e) }
      try { for (const key in o) yield key } catch (e) { log("caught", e) }
    }
    const { proxy, revoke } = Proxy.revocable({ a: 1, b: 2, c: 3 }, {})
    try { for (const key in proxy) { log(key); if (key === "b") revoke() } } catch (e) { log(e.message) }
    try { for (const key in proxy) yield key } catch (e) { yield e.message }`,
    partly: "a Proxy is not portable",
  },
})
