/** What a module makes once is known by name on every thread: generators of namespaces, and a class without a name. */
import { expect, test } from "vitest"
import { node, scratch } from "./support/scratch.ts"

test("generators of namespaces and of an anonymous default class run on a pool", async () => {
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
export default class {
  #left = 1;
  *read(): Resumable<string> {
    yield* sleep(1)
    return this.constructor.name + this.#left
  }
}
`,
    "main.ts": `import { Pool } from "rove"
import Unnamed, { counted } from "./named.ts"
const pool = await Pool.start({ workers: 1 })
console.log(await pool.run(counted()), await pool.run(counted.twice()), await pool.run(counted.Inner.deep(2)))
console.log(await pool.run(new Unnamed().read()))
await pool.close()
`,
  })
  expect(await node(folder, ["--import", "rove/register", "main.ts"])).toEqual({
    code: 0,
    out: "5 7 7\ndefault1\n",
    err: "",
  })
}, 30_000)
