/**
 * Owns random nests of loops that count and call nothing: the other loops ask `tick()`, so the compiler cannot run them in
 * strips or stretches. They end by their bounds, or because their list is long enough.
 */
import type { Choices } from "./choices.ts"
import { number } from "./expressions.ts"
import { deeper, fresh, type Scope } from "./scope.ts"

/** What the loops of one nest work on. */
interface Names {
  readonly list: string
  readonly functions: string
  readonly sum: string
  /** Has a property that logs when it is read. */
  readonly asked: string
  readonly bound: string
  readonly outer: string
  /** Never holds anything but numbers. */
  readonly total: string
}

/** A block with a nest, and a look at all that it has done. */
export function countingNest(scope: Scope): string {
  const { choices } = scope
  const [list, functions, sum, asked, bound, outer, round, total] = ["l", "f", "s", "o", "n", "c", "r", "t"].map(
    prefix => fresh(scope, prefix),
  ) as [string, string, string, string, string, string, string, string]
  const names: Names = { list, functions, sum, asked, bound, outer, total }
  const loops = choices.list(1, 2, () => inner(scope, names))
  const guarded = choices.chance(20)
    ? `try {\n${loops.join("\n")}\n} catch (e) { log("thrown", e); }`
    : loops.join("\n")
  return `{
const ${list} = [], ${functions} = [], ${asked} = { get v() { log("asked"); return ${list}.length % 5; } };
${choices.pick(["let", "const"])} ${bound} = ${choices.pick(["7", "3", "9.5", '"6"', "null", "NaN", "-3"])};
let ${total} = ${choices.pick(["0", "-1", "0.5", "2147483647"])};
let ${sum} = ${choices.chance(20) ? number(deeper(scope)) : 1};
${outer}: for (let ${round} = 0; ${round} < ${1 + choices.below(3)}; ${round}++) {
${choices.chance(30) ? `${sum} = (${sum}, ${round});\n` : ""}${choices.chance(30) ? `${arithmetic(choices, total, round)}\n` : ""}${guarded}
}
${scope.generator && choices.chance(30) ? `yield ${total};\n` : ""}log("counted", Object.is(${total}, -0), ${total}, ${list}.map(x => (Object.is(x, -0) ? "-0" : x)).join(), ${functions}.map(f => f() + "/" + f()).join(), typeof ${sum});
}`
}

function inner(scope: Scope, names: Names): string {
  const { choices } = scope
  if (choices.chance(30)) return iteration(scope, names)
  const i = fresh(scope, "i")
  const isUp = choices.chance(60)
  const start = isUp ? choices.pick(["0", "1", "-2", "0.5"]) : choices.pick(["6", "3", "9.5", names.bound])
  const bound = isUp ? choices.pick(["5", "12", names.bound, names.bound]) : choices.pick(["0", "-1", "2", names.bound])
  const test = `${i} ${isUp ? choices.pick(["<", "<="]) : choices.pick([">", ">="])} ${bound}`
  const step = stepOf(choices, i, isUp)
  // what a list that grows no longer ends
  const more = choices.chance(60)
    ? ` && ${choices.pick([`${names.list}.length < 90`, `${names.asked}.v !== 3`, `${names.sum} !== 3`])}`
    : ""
  if (choices.chance(50)) {
    const own = choices.chance(60) ? fresh(scope, "k") : null
    const body = bodyOf(choices, names, i, own, true)
    return `for (let ${i} = ${start}${own === null ? "" : `, ${own} = 0`}; ${test}${more}; ${step}) { ${body} }`
  }
  const parts = [bodyOf(choices, names, i, null, false)]
  parts.splice(choices.below(parts.length + 1), 0, `${step};`)
  if (choices.chance(10)) parts.push(`if (${names.list}.length % 3 === 1) ${step};`)
  // on one line: whoever makes a failing program small takes lines out, and without its step it would not end
  return `let ${i} = ${start}; while (${test}${more}) { ${parts.join(" ")} }`
}

/** A loop over something that changes under it, now and then. */
function iteration(scope: Scope, names: Names): string {
  const { choices } = scope
  const { list, sum } = names
  const x = fresh(scope, "x")
  const kind = choices.pick(["const", "let", "var"])
  const [head, over] = choices.pick([
    [x, "[4, 5, 6, 7, 8, 9, 10]"],
    [x, '"a\\u{1f600}bcd"'],
    [x, "new Set([1, 2, 3, 2])"],
    [x, "new Map([[1, 2], [3, 4]])"],
    [`[${x}, ${x}v]`, "new Map([[1, 2], [3, 4], [5, 6]])"],
    [`[${x} = 9, ...${x}v]`, "[[1, 2], [3], []]"],
    [x, `[7, 8, 9].values()`],
    [x, "g1(1, 2)"],
    [x, sum],
  ] as const)
  const body = bodyOf(choices, names, x, null, true)
  if (choices.chance(20)) return `for (${kind} ${x} in { a: 1, b: 2, c: 3 }) { ${body} }`
  if (choices.chance(10))
    return `do { ${body} } while (${list}.length % 9 !== 8 && ${list}.length < 90 && (${list}[${list}.length % 200] = 0, true))`.replaceAll(
      x,
      sum,
    )
  return `for (${kind} ${head} of ${over}) { ${body} }`
}

function stepOf(choices: Choices, i: string, isUp: boolean): string {
  return isUp
    ? choices.pick([`${i}++`, `++${i}`, `${i} += 1`, `${i} += 2`, `${i} += 0.75`])
    : choices.pick([`${i}--`, `--${i}`, `${i} -= 1`, `${i} -= 3`])
}

/** A body that calls nothing. Its lists stay short where somebody makes the program small, and a loop that does not end. */
function bodyOf(choices: Choices, names: Names, i: string, own: string | null, continues: boolean): string {
  const { list, functions, sum, asked, outer, total } = names
  const rows: (readonly [number, string])[] = [
    [4, `${list}[${list}.length % 200] = ${i};`],
    [2, `${sum} = ${i} - ${list}.length;`],
    [own === null ? 0 : 8, `${functions}[${functions}.length % 200] = () => ${own}++;`],
    [2, `{ const c = ${i} * 2; ${functions}[${functions}.length % 200] = () => c; }`],
    [1, `${list}[${list}.length % 200] = ${asked}.v;`],
    [4, arithmetic(choices, total, /^[ir]/.test(i) ? i : `${list}.length`)],
    [1, `${list}[${list}.length % 200] = ${total};`],
    [continues ? 2 : 0, `if (${list}.length % 4 === 2) { ${list}[${list}.length % 200] = "-"; continue; }`],
    [1, `if (${list}.length % 11 === 10) break;`],
    [1, `if (${list}.length % 17 === 16) { ${list}[${list}.length % 200] = "out"; continue ${outer}; }`],
    [2, `${functions}[${functions}.length % 200] = () => ${i};`],
    [1, `if (${list}.length % 7 === 6) { ${list}[${list}.length % 200] = "!"; throw ${i}; }`],
  ]
  return choices.list(1, 3, () => choices.weighted(rows)).join(" ")
}

/** What keeps a variable of numbers one, of integers, of fractions or of none. */
function arithmetic(choices: Choices, total: string, i: string): string {
  return choices.pick([
    `${total} += ${i};`,
    `${total} = -${total};`,
    `${total} = (${total} * 31 + ${i}) | 0;`,
    `${total} = ${total} * ${i};`,
    `${total} = ${i} % 3 - 1;`,
    `${total} = -(${i} & 1);`,
    `${total} >>>= 1;`,
    `${total} = ${total} / 2;`,
    `${total} = ${i} - ${total};`,
    `${total}++;`,
    `${total} = ~${total} ^ ${i};`,
    `${total} = ${total} > 9 ? 0 - ${i} : ${total} ** 2;`,
    `${total} %= 4;`,
  ])
}
