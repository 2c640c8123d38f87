/** A record in another folder, as on another machine: what modules declare by name has the same name there. */
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const order = `"use fibers"
import { type Resumable, sleep } from "rove"
import { box, customer } from "./declared.ts"

export function* order(): Resumable<string> {
  customer.set("Ada")
  box.set("red")
  yield* sleep(20)
  return \`\${box.get()} box for \${customer.get()}\`
}
`
const declared = `"use fibers"
import { ContextVar, FiberLocal } from "rove"

export const customer = new ContextVar("customer", { default: "nobody" })
export const box = new FiberLocal("box", { initial: () => "no" })
`
const save = `import { writeFileSync } from "node:fs"
import { LocalHost } from "rove"
import { order } from "./order.ts"

const handle = new LocalHost().run(order())
handle.catch(() => {})
setTimeout(async () => writeFileSync("../order.record", new Uint8Array((await handle.record()).bytes)), 5)
`
const resume = `import { readFileSync } from "node:fs"
import { FiberRecord, LocalHost } from "rove"
import "./order.ts"

const record = new FiberRecord(readFileSync("../order.record"))
console.log(await new LocalHost().resume(record).catch(error => error.code + ": " + error.message))
`
const app = {
  "package.json": '{"name":"app","type":"module"}',
  "order.ts": order,
  "save.ts": save,
  "resume.ts": resume,
}
const inFolder = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))

test("context variables and fiber-locals keep their values; a value that nothing has declared there refuses the record", async () => {
  const silent = 'export const customer = { set(_: string) {}, get: () => "nobody" }\n'
  const folder = scratch({
    ...inFolder("here", { ...app, "declared.ts": declared }),
    ...inFolder("there", { ...app, "declared.ts": declared }),
    ...inFolder("undeclared", { ...app, "declared.ts": declared.replace(/^export const customer.*\n/m, silent) }),
  })
  const run = (where: string, file: string) => node(`${folder}/${where}`, ["--import", "rove/register", file])
  expect(await run("here", "save.ts")).toMatchObject({ code: 0, err: "" })
  expect(await run("there", "resume.ts")).toMatchObject({ out: "red box for Ada\n", err: "" })
  expect((await run("undeclared", "resume.ts")).out).toMatch(
    /^ROVE_REFERENCE_UNKNOWN: the context variable "customer" has a value in the record, .*declared\.ts#customer/,
  )
}, 120_000)
