/** Owns random loops over collections that change on the way, and iterators that several loops, patterns and calls share. */
import { iterable, number, operand } from "./expressions.ts"
import { deeper, fresh, type Scope, type Variable, withVariables } from "./scope.ts"

const n = operand(s => number(s))

interface Collection {
  /** What it is made by, given its name. */
  readonly made: (scope: Scope, name: string) => string
  /** What a loop goes over. */
  readonly over: readonly string[]
  /** Statements that change it; `C` is its name. */
  readonly changes: readonly string[]
  readonly keyed?: true
}

const MAP_OVER = ["C", "C", "C.keys()", "C.values()", "C.entries()"]
const collections: readonly Collection[] = [
  {
    made: (s, name) => `const ${name} = new Map([[1, ${n(s)}], [2, 2], ["k", ${n(s)}]]);`,
    over: MAP_OVER,
    changes: [
      "C.delete(1);",
      "C.delete(2);",
      "C.clear();",
      "C.set(2, 9);",
      "if (C.size < 7) C.set(C.size + 5, 1);",
      'C.delete("k"); C.set("k", 3);',
    ],
  },
  {
    made: (s, name) => `const ${name} = new Set([1, ${n(s)}, 3, "k"]);`,
    over: MAP_OVER,
    changes: [
      "C.delete(1);",
      "C.delete(3);",
      "C.clear();",
      "C.add(3);",
      "if (C.size < 7) C.add(C.size + 5);",
      'C.delete("k"); C.add("k");',
    ],
  },
  {
    made: (s, name) => `const ${name} = [1, ${n(s)}, , 4];`,
    over: [...MAP_OVER, "C.values().map(x => log('mapped', x))", "C.values().filter(x => x)", "C.keys().take(3)"],
    changes: [
      "C.pop();",
      "C.shift();",
      "C.length = 1;",
      "if (C.length < 7) C.push(C.length);",
      "if (C.length < 7) C.unshift(0);",
      "C.splice(1, 1);",
      "delete C[0];",
      "C.reverse();",
      "C.fill(7);",
    ],
  },
  {
    made: (s, name) => `const ${name} = { a: ${n(s)}, b: 2, 1: 1, c: ${n(s)}, __proto__: { z: 1, b: 3 } };`,
    over: [],
    changes: [
      "delete C.b;",
      "delete C.c;",
      "C.c = 1;",
      "C.late = 1;",
      "delete C.a; C.a = 2;",
      'Object.defineProperty(C, "c", { value: 1, enumerable: false, configurable: true });',
      "delete Object.getPrototypeOf(C)?.z;",
      "Object.getPrototypeOf(C) && (Object.getPrototypeOf(C).c = 5);",
      "Object.setPrototypeOf(C, { y: 1, c: 2 });",
      "Object.preventExtensions(C);",
    ],
    keyed: true,
  },
  {
    made: (_, name) => `const ${name} = new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 }));`,
    over: ["C", "C.keys()", "C.entries()"],
    changes: ["C.buffer.resize(2);", "C.buffer.resize(6);", "C[1] = 5;", "C.fill(3);"],
  },
  {
    made: (_, name) => `let ${name} = "a\\u{1F600}bc";`,
    over: ["C", "C", "C.matchAll(/./gu)"],
    changes: ['C += "d";', 'C = "z";'],
  },
]

/** A collection, what changes it, and a loop over it; `body` makes what else stands in the loop. */
export function changingLoop(scope: Scope, body: (inside: Scope) => string): string {
  const { choices } = scope
  const kind = choices.pick(collections)
  const name = fresh(scope, "c")
  const named = (text: string) => text.replaceAll(/\bC\b/g, name)
  const change = () => named(choices.pick(kind.changes))
  const element: Variable = { name: fresh(scope, "x"), holds: "number", constant: true }
  const loop = (inside: () => string) => {
    const binding = kind.keyed || choices.chance(70) ? element.name : `{ length: ${element.name} = 1 }`
    const over = kind.keyed ? `in ${name}` : `of ${named(choices.pick(kind.over))}`
    return `for (const ${binding} ${over}) {\nif (!tick()) break;\nlog("at", ${element.name});\n${inside()}\n}`
  }
  const changing = () => (choices.chance(60) ? `if (${condition(scope, element)}) { ${change()} }` : "")
  const closure = choices.chance(25) ? `${name}f` : null
  const called = () => (closure !== null && choices.chance(50) ? `${closure}();` : "")
  const inner = () => (choices.chance(10) ? loop(() => `${changing()}\nlog("inner", ${element.name});`) : "")
  const parts = () =>
    [changing(), called(), inner(), body(withVariables(deeper(scope), element)), changing()].filter(Boolean).join("\n")
  const after = choices.chance(20) ? `\n${loop(changing)}` : ""
  const helper = closure === null ? "" : `const ${closure} = () => { ${change()} };\n`
  return `{\n${kind.made(deeper(scope), name)}\n${helper}${loop(parts)}${after}\n}`
}

function condition({ choices, generator }: Scope, { name }: Variable): string {
  const stop = generator && choices.chance(30)
  return choices.pick(["true", `${name} === 2`, `${name} === "b"`, stop ? `yield ${name}` : `${name} === 1`, "tick()"])
}

/** An iterator in a variable: what one loop or pattern leaves of it is there for the next. */
export function sharedIterator(scope: Scope, body: (inside: Scope) => string): string {
  const { choices } = scope
  const it = fresh(scope, "it")
  const element: Variable = { name: fresh(scope, "x"), holds: "number", constant: true }
  const from = choices.pick([
    "[1, 2, 3, 4].values()",
    "new Map([[1, 2], [3, 4], [5, 6]]).entries()",
    "new Set([1, 2, 3]).values()",
    '"a1b2c3".matchAll(/\\w/g)',
    "[1, 2, 3, 4].values().map(x => x + 1).filter(x => x !== 3)",
    "[[1, 2], [3]].values().flatMap(x => x).drop(1)",
    "Iterator.from({ n: 0, next() { return { value: this.n, done: this.n++ > 3 } } })",
    `iterator(5, ${choices.below(8)})[Symbol.iterator]()`,
    `${choices.pick(scope.whole.generators)}(1, 2)`,
  ])
  const uses = choices.list(1, 4, () =>
    choices.weighted<() => string>([
      [3, () => `log("next", ${it}.next());`],
      [
        3,
        () =>
          `for (const ${element.name} of ${it}) {\nif (!tick()) break;\nlog("at", ${element.name});\n${body(withVariables(deeper(scope), element))}\nif (${condition(scope, element)}) break;\n}`,
      ],
      [1, () => `{ const [p, q${scope.generator ? " = yield 'default'" : ""}] = ${it}; log(p, q); }`],
      [1, () => `log(${it}.return?.("closed"));`],
      [1, () => `log(...${it});`],
      [scope.generator ? 2 : 0, () => `yield ${it};`],
      [scope.generator ? 2 : 0, () => `log("result", yield* ${it});`],
      [1, () => `log(Array.from(${choices.chance(50) ? it : iterable(deeper(scope))}).length);`],
    ])(),
  )
  return `{\nconst ${it} = ${from};\n${uses.join("\n")}\n}`
}
