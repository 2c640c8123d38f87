/** Owns which files of a checkout are run. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { factsOf, type Metadata, metadataOf } from "./metadata.ts"

const GENERATOR_TESTS = [
  "test/language/statements/generators",
  "test/language/expressions/generators",
  "test/language/expressions/yield",
  "test/built-ins/GeneratorPrototype",
]

/** The programs that pass natively with a yield at every statement and operand. */
export function listed(checkout: string): string[] {
  const names = readFileSync(join(import.meta.dirname, "programs.txt"), "utf8")
    .trim()
    .split("\n")
  return names.filter(name => existsSync(join(checkout, name)))
}

/** Tests with a generator in them that are not about syntax errors, direct eval, `with` or functions made from text. */
export function directTests(checkout: string): string[] {
  return tests(checkout, GENERATOR_TESTS, (source, meta) => {
    if (meta.negative !== null && meta.negative.phase !== "runtime") return false
    const facts = factsOf(source, meta.flags.includes("module"))
    return facts.parsed && facts.generator && !facts.dynamic
  })
}

/** All tests that can stand in a generator. What cannot be compiled in them stays native, and has to work too. */
export function allPrograms(checkout: string): string[] {
  return tests(checkout, ["test"], (source, meta) => {
    const early = meta.negative !== null && meta.negative.phase !== "runtime"
    const whole = meta.flags.includes("module") || meta.flags.includes("raw")
    return !early && !whole && factsOf(source, false).parsed
  })
}

/** All tests with a generator, modules and syntax errors included. */
export function allDirectTests(checkout: string): string[] {
  return tests(checkout, ["test"], (source, meta) => {
    if (!source.includes("*") || meta.flags.includes("raw")) return false
    const facts = factsOf(source, meta.flags.includes("module"))
    return facts.parsed ? facts.generator : meta.negative?.phase === "parse"
  })
}

function tests(checkout: string, folders: string[], wanted: (source: string, meta: Metadata) => boolean): string[] {
  const files = folders.flatMap(folder => globSync(`${folder}/**/*.js`, { cwd: checkout })).sort()
  return files.filter(file => {
    if (file.includes("_FIXTURE") || file.startsWith("test/intl402")) return false
    const source = readFileSync(join(checkout, file), "utf8")
    return wanted(source, metadataOf(source))
  })
}
