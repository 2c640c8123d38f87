/** Mutations are made when somebody asks for them, and sources change more often: each must still have its place, and its tests. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { MUTATIONS } from "./list.ts"
import type { Mutation } from "./mutation.ts"

const root = join(import.meta.dirname, "../..")
const nameOf = ({ of, what }: Mutation) => `${of}: ${what}`

test("what a mutation changes stands in its file, and once", () => {
  const lost = MUTATIONS.filter(
    ({ file, from }) => readFileSync(join(root, "packages", file), "utf8").split(from).length !== 2,
  )
  expect(lost.map(nameOf)).toEqual([])
})

test("the tests that must notice it are there: their names are those of suites and of tests, with ` > ` in between", () => {
  const lost = MUTATIONS.filter(({ test: path, named }) => {
    const text = textOf(path)
    // a row stands apart from the suite that it is one of
    return !named.split(/ > |: |\.\*/).every(part => new RegExp(part).test(text))
  })
  expect(lost.map(nameOf)).toEqual([])
})

/** Of a test file, or of all in a folder. */
function textOf(path: string): string {
  if (path.endsWith(".ts")) return readFileSync(join(root, path), "utf8")
  const files = readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
  return files
    .filter(file => file.endsWith(".test.ts"))
    .map(file => textOf(join(path, file)))
    .join("\n")
}
