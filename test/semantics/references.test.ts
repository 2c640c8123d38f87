/** Functions, classes and symbols at module level are carried by name: their instances and errors cross threads as what they are. */
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const files = {
  "package.json": '{ "name": "app", "type": "module" }',
  "find.ts": `"use fibers"
    import { sleep } from "rove"
    export class NotFound extends Error {
      readonly path: string
      constructor(path: string) { super("no " + path); this.name = "NotFound"; this.path = path }
    }
    class Point { x = 1; twice() { return this.x * 2 } }
    const next = (n: number) => n + 1
    export function* find(path: string) { yield* sleep(1); throw new NotFound(path) }
    export function* held() { const p = new Point(); const f = next; yield* sleep(1); return [p.twice(), f(1)] }`,
  "keys.ts": `"use fibers"
    import { currentThread, migrateTo } from "rove"
    const own = Symbol("own")
    export const shared: unique symbol = Symbol("shared")
    namespace Names { export const inner = Symbol("inner") }
    class Box { [own] = 1; get [shared]() { return 2 } }
    export function* keyed() {
      const local = Symbol("own")
      const box = new Box()
      const plain = { [own]: 3, [shared]: 4, [Names.inner]: 5, [local]: 6 }
      const ranks = new Map([[own, 7], [local, 8]])
      const seen: unknown[] = []
      for (let turn = 0; turn < 2; turn++) {
        yield* migrateTo(currentThread().id === 1 ? 2 : 1)
        seen.push(box[own], box[shared], plain[own], plain[shared], plain[Names.inner], plain[local])
        seen.push(ranks.get(own), ranks.get(local), local === own)
      }
      return { seen, [shared]: yield* closed() }
    }
    class Gate { readonly log: string[]; constructor(log: string[]) { this.log = log } [Symbol.dispose]() { this.log.push("closed") } }
    function* closed() {
      const log: string[] = []
      { using gate = new Gate(log); yield* migrateTo(currentThread().id === 1 ? 2 : 1); gate.log.push("moved") }
      return String(log)
    }`,
  "app.ts": `import { Pool } from "rove"
    import { find, held, NotFound } from "./find.ts"
    import { keyed, shared } from "./keys.ts"
    await using pool = await Pool.start({ workers: 2 })
    console.log(JSON.stringify(await pool.run(held())))
    await pool.run(find("a.txt")).catch(e => console.log(e instanceof NotFound, e.path, e.message))
    const result = await pool.run(keyed())
    console.log(String(result.seen), result[shared])`,
}

test("by name go errors, instances and functions of a module, and its symbols, the same keys behind every move and for the caller; methods under symbols with their class: `using` moves", async () => {
  const ended = await node(scratch(files), ["--import", "rove/register", "app.ts"])
  const once = "1,2,3,4,5,6,7,8,false"
  expect(ended).toMatchObject({ code: 0, out: `[2,2]\ntrue a.txt no a.txt\n${once},${once} moved,closed\n` })
})
