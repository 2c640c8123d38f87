/** Loops in loops that stay native, stopped at each of their headers: what stands before a header runs once. */
import { part } from "../cases.ts"

part("nests", {
  "each of three loops goes on where it stopped": `
    let sum = 0
    for (let i = 0; i < 3; i++) {
      log("i", i)
      let row = ""
      for (let j = 0; j < 3; j++) {
        log("j", j)
        const scale = i * j
        for (let k = 0; k < 3; k++) sum += scale * k + i
        row += sum + ","
      }
      log(row)
    }
    yield sum`,
  "loops beside each other in one body": `
    let out = ""
    for (let i = 0; i < 3; i++) {
      out += "("
      for (let j = 0; j < i; j++) out += "a"
      out += "|"
      let k = 3
      while (k > i) { out += "b"; k-- }
      out += "|"
      do { out += "c" } while (k++ < 2)
      out += ")"
    }
    yield out`,
  "loops in the branches of an if, and behind it": `
    let out = ""
    for (let i = 0; i < 5; i++) {
      log("test", i)
      if (log(i % 3) === 0) { const mark = "x"; for (let j = 0; j < 2; j++) out += mark + i }
      else if (i % 3 === 1) out += "."
      else { out += "<"; for (let j = 0; j < 2; j++) out += "y" + j; out += ">" }
      for (let j = 0; j < 2; j++) out += j
    }
    yield out`,
  "an if with a loop in its alternate only": `
    let out = ""
    for (let i = 0; i < 4; i++) {
      if (log("test", i) && i % 2 === 0) out += "even"
      else for (let j = 0; j < 3; j++) out += j
      out += ";"
    }
    yield out`,
  "break and continue with and without labels": `
    let out = ""
    outer: for (let i = 0; i < 6; i++) {
      if (i === 1) continue
      for (let j = 0; ; j++) {
        if (j === 4) continue outer
        if (i === 2 && j === 2) break
        if (i === 4) break outer
        if (j % 2) continue
        out += i + ":" + j + " "
      }
      out += "broken "
    }
    yield out`,
  "a block with a label around loops": `
    let out = ""
    for (let i = 0; i < 4; i++) {
      block: {
        out += "["
        for (let j = 0; j < 3; j++) { if (j === i) break block; out += j }
        out += "whole"
      }
      out += "]"
    }
    yield out`,
  "a return out of the innermost loop": `
    yield 1
    for (let i = 0; i < 4; i++) {
      let j = 0
      do {
        while (true) { if (j++ > 5) return log("found", i, j); if (j % 3 === 0) break }
      } while (j < 4)
    }`,
  "do-while loops in each other, with continue": `
    let out = ""
    let i = 0
    do {
      let j = 0
      do {
        j++
        if (j === 2) continue
        out += i + "" + j + " "
      } while (log(j) < 4)
      if (i === 1) continue
      out += "/"
    } while (++i < 3)
    yield out`,
  "a throw out of the innermost loop is caught around the nest, which begins anew": `
    let tries = 0
    for (let round = 0; round < 3; round++) {
      try {
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) { tries++; if (i * j === round + 1) throw new Error(i + "," + j) }
        yield "none"
      } catch (e) {
        yield e.message + " after " + tries
      } finally {
        for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) tries += 100
      }
    }
    yield tries`,
  "a nest that is entered again after another one stopped": `
    let out = ""
    for (const word of ["a", "b"]) {
      for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) out += word + i + j + " "
      yield out
      for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) out += "+"
    }
    yield out`,
  "closures of the rounds of inner and outer loops": `
    const list = []
    for (let i = 0; i < 2; i++) {
      let kept = i * 10
      for (let j = 0; j < 2; j++) { list.push(() => [i, j, kept++]); kept++ }
      kept += 100
    }
    for (const f of list) yield f().join()`,
  "functions declared in the bodies": `
    let out = ""
    for (let i = 0; i < 2; i++) {
      function twice(x) { return x * 2 + i }
      for (let j = 0; j < 2; j++) { function thrice(x) { return twice(x) + j } out += thrice(j) + " " }
    }
    yield out`,
  "a name that is used before its initialisation in an inner loop": `
    try {
      for (let i = 0; i < 2; i++) {
        for (let j = 0; j < 2; j++) { if (i === 1) log(late); log(i, j) }
        let early = () => late
        let late = i
        log(early())
      }
    } catch (e) { yield e.name }`,
  "variables of an inner loop that had stopped are not kept by the outer one": `
    let sum = 0
    for (let i = 0; i < 3; i++) {
      let big
      for (let j = 0; j < 2; j++) { big = [i, j]; sum += big.length }
      sum += big[1]
    }
    yield sum`,
  "numbers of every kind stay what they are over stops": `
    let zero = -0, big = 2 ** 31 - 2, huge = 2 ** 53 - 2, none = 0, unsigned = 0, half = 0.5
    let masked = 0x7ffffffd
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 2; j++) { big++; huge++; zero *= 1; masked = masked + 1 | 0; unsigned = unsigned - 1 >>> 0 }
      none = none / 0 - i
      half = -half
      log(Object.is(zero, -0), big, huge, none, unsigned, half, masked, i)
    }
    let down = 3, minus = 0
    do { down--; minus = -minus; log(down, Object.is(minus, -0)) } while (down > -3)
    yield [zero, minus].map(x => 1 / x)`,
  "what is a number at first and something else later": `
    let a = 0, b = 1n, c = 0, d = "", e
    for (let i = 0; i < 3; i++) { a += i > 1 ? "x" : i; b *= 3n; c = c || null; d += i; e = i > 0 ? i : e; log(a, b, c, d, e) }
    yield typeof a`,
})
