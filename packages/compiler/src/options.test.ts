import { expect, test } from "vitest"
import { compile } from "./compile.ts"
import { checkArguments } from "./options.ts"

const source = '"use fibers"\nfunction* f() { yield 1 }'
const refusal = (options: unknown) => {
  try {
    compile(source, "a.js", options as never)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return `${code} ${message}`
  }
  return "accepted"
}

test.each([
  [{ runtime: { global: "1x" } }, /runtime\.global": expected the name of a variable, as rove or .*, not '1x'$/],
  [{ runtime: { global: "" } }, /runtime\.global": .* not ''$/],
  [{ runtime: { global: "class" } }, /runtime\.global": .* not 'class'$/],
  [{ runtime: { global: "this.rove" } }, /runtime\.global": /],
  [{ runtime: { global: "a.b()" } }, /runtime\.global": /],
  [{ runtime: { global: 5 } }, /runtime\.global": .* not 5$/],
  [{ runtime: { globl: "x" } }, /option "runtime", has no option "globl": did you mean "global"\?/],
  [
    { runtime: { import: "a", global: "b" } },
    /option "runtime": expected either of .*, not \{ import: 'a', global: 'b' \}$/,
  ],
  [{ runtime: {} }, /option "runtime": expected either of .*, not \{\}$/],
  [{ runtime: { import: "" } }, /runtime\.import": expected a specifier that is not empty, not ''$/],
  [{ runtime: "rove" }, /option "runtime": expected \{ import: specifier \} or \{ global: name \}, not 'rove'$/],
  [{ runtime: null }, /option "runtime": .* not null$/],
  [{ sourceType: "modul" }, /option "sourceType": expected "module" or "script", not 'modul'$/],
  [{ typescript: { foo: 1 } }, /option "typescript", has no option "foo"; it has target, /],
  [{ typescript: { strict: "yes" } }, /option "typescript\.strict": expected true or false, not 'yes'$/],
  [{ typescript: { target: 2022 } }, /option "typescript\.target": expected a text, not 2022$/],
  [{ typescript: 5 }, /option "typescript", takes its options as an object, not 5$/],
  [{ file: 5 }, /option "file": expected a text, not 5$/],
  [{ always: 1 }, /option "always": expected true or false, not 1$/],
  [{ final: "yes" }, /option "final": expected true, false or "perhaps", not 'yes'$/],
  [{ finl: true }, /compile has no option "finl": did you mean "final"\?/],
])("what compile cannot take is ROVE_CONFIG, which says where it is and what is expected: %o", (options, message) => {
  expect(refusal(options)).toMatch(/^ROVE_CONFIG compile\b/)
  expect(refusal(options)).toMatch(message)
})

test("a source or an id that is no text is refused, also where nothing would be compiled", () => {
  const refused = (message: string) => expect.objectContaining({ code: "ROVE_CONFIG", message })
  expect(() => compile(5 as never, "x.js")).toThrow(
    refused("compile: its first argument, the source: expected a text, not 5"),
  )
  expect(() => compile("1", undefined as never)).toThrow(
    refused("compile: its second argument, the id: expected a text, as src/shop.ts, not undefined"),
  )
})

test("an option that is undefined is none; a global may be a path, whose other names may be any words", () => {
  const none = { sourceType: undefined, runtime: undefined, file: undefined, final: undefined, typescript: undefined }
  expect(refusal(none)).toBe("accepted")
  expect(refusal({ typescript: { target: undefined, strict: true } })).toBe("accepted")
  for (const global of ["rove", "$", "é_1", "globalThis.rove", "my.class"])
    expect(() => checkArguments("", "", { runtime: { global } })).not.toThrow()
  expect(compile(source, "a.js", { sourceType: "script", runtime: { global: "globalThis.rove" } })?.code).toContain(
    "globalThis.rove.",
  )
})
