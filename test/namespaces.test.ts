/** What a module makes once is known by name on every thread: generators of namespaces, and a class without a name. */
import { expect, test } from "vitest"
import { node, scratch } from "./support/scratch.ts"

test("generators, classes and functions of namespaces, and a default class and function without names, are known on a pool", async () => {
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "named.ts": `"use fibers"
import { type Resumable, sleep } from "rove"
export function* counted(): Resumable<number> {
  yield* sleep(0)
  return counted.limit
}
export namespace counted {
  export const limit = 5
  let count = 1
  export function* twice(): Resumable<number> {
    yield* sleep(1)
    return ++count + (yield* counted())
  }
  export namespace Inner {
    export function* deep(given: number): Resumable<number> {
      yield* sleep(1)
      return given + limit
    }
  }
}
export namespace Shapes {
  let made = 0
  function twice(n: number): number {
    made++
    return 2 * n
  }
  export const half = (n: number): number => n / 2
  export class Square {
    #side: number
    constructor(side: number) {
      this.#side = side
    }
    *area(): Resumable<string> {
      const kept = [twice, half, Square] as const
      yield* sleep(1)
      return [kept[0](this.#side), kept[1](this.#side), this instanceof kept[2], made].join()
    }
  }
  export const counting = function* (): Resumable<number> {
    yield* sleep(1)
    return ++made
  }
}
export namespace Shapes {
  class Square {}
  export function* other(): Resumable<boolean> {
    const kept = new Square()
    yield* sleep(1)
    return kept instanceof Square
  }
}
export default class {
  #left = 1;
  *read(): Resumable<string> {
    yield* sleep(1)
    return this.constructor.name + this.#left
  }
}
`,
    "unnamed.ts": '"use fibers"\nexport default function* (n: number): Generator<never, number> { return n + 1 }\n',
    "main.ts": `import { Pool } from "rove"
import Unnamed, { counted, Shapes } from "./named.ts"
import unnamed from "./unnamed.ts"
const pool = await Pool.start({ workers: 1 })
console.log(await pool.run(counted()), await pool.run(counted.twice()), await pool.run(counted.Inner.deep(2)))
console.log(await pool.run(new Unnamed().read()), unnamed.name, await pool.run(unnamed(1)))
console.log(await pool.run(new Shapes.Square(3).area()), await pool.run(Shapes.counting()), await pool.run(Shapes.other()))
await pool.close()
`,
  })
  expect(await node(folder, ["--import", "rove/register", "main.ts"])).toEqual({
    code: 0,
    out: "5 7 7\ndefault1 default 2\n6,1.5,true,1 2 true\n",
    err: "",
  })
}, 30_000)
