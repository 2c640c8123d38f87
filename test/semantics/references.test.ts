/** Functions and classes at module level are carried by name: their instances and errors cross threads as what they are. */
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
  "app.ts": `import { Pool } from "rove"
    import { find, held, NotFound } from "./find.ts"
    await using pool = await Pool.start({ workers: 2 })
    console.log(JSON.stringify(await pool.run(held())))
    await pool.run(find("a.txt")).catch(e => console.log(e instanceof NotFound, e.path, e.message))`,
}

test("an error of a module's own class reaches the caller as that class; instances and functions are kept in locals", async () => {
  const ended = await node(scratch(files), ["--import", "rove/register", "app.ts"])
  expect(ended).toMatchObject({ code: 0, out: "[2,2]\ntrue a.txt no a.txt\n" })
})
