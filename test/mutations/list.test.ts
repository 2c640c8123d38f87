/** Mutations are made when somebody asks for them, and sources change more often: each must still have its place. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { MUTATIONS } from "./list.ts"

const packages = join(import.meta.dirname, "../../packages")

test("what a mutation changes stands in its file, and once", () => {
  const lost = MUTATIONS.filter(({ file, from }) => readFileSync(join(packages, file), "utf8").split(from).length !== 2)
  expect(lost.map(({ of, what }) => `${of}: ${what}`)).toEqual([])
})
