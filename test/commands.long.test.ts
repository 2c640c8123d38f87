/** What the commands of this workspace say to `--help`, and to what they do not have. */
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect, test } from "vitest"

const root = join(import.meta.dirname, "..")
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> }

interface End {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}
/** Runs a command as npm does, without the bootstrap. */
async function run(name: string, ...args: string[]): Promise<End> {
  const [, , , ...words] = (scripts[name] as string).split(" ")
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [...words, ...args], { cwd: root })) }
  } catch (error) {
    return error as End
  }
}

const names = ["test", "soak", "conformance", "fuzz", "mutations", "test262", "bench"]

test.for(names)("npm run %s tells its options, and refuses others in a line", { timeout: 60_000 }, async name => {
  const [help, unknown] = await Promise.all([run(name, "--help"), run(name, "--nonsense")])
  expect(help).toMatchObject({ code: 0, stderr: "" })
  expect(help.stdout).toMatch(/^Usage: npm (run )?\S+ .*--help +prints this/s)
  expect(unknown).toMatchObject({ code: 2, stdout: "" })
  expect(unknown.stderr).toMatch(/^Unknown option '--nonsense'\. --help tells what there is\.\n$/)
})

test.for([
  ["soak", "--workers", "0", '--workers takes a whole number from 1 on, not "0"'],
  ["soak", "--minutes", "ten", '--minutes takes a number from 0 on, not "ten"'],
  ["conformance", "--programs", "1.5", '--programs takes a whole number from 1 on, not "1.5"'],
  ["fuzz", "--seed", "", '--seed takes a whole number from 0 on, not ""'],
  ["test262", "--wrap", "some", "--wrap is one of"],
  ["bench", "nothing", "--quick", "there is no subject nothing"],
  ["mutations", "--only", "nothing of that name", 'no mutation has "nothing of that name" in its name'],
  ["fuzz", "--cases", "-5", "Option '--cases' argument is ambiguous. --help tells"],
] as const)("npm run %s %s %s is refused", { timeout: 60_000 }, async ([name, option, value, why]) => {
  const { code, stderr } = await run(name, option, value)
  expect(code).toBe(2)
  expect(stderr).toContain(why)
})
