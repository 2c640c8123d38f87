/**
 * Meaning does not depend on placement: what is handed over is the same whether the join runs the child inline, on a pool
 * of one thread, or another thread took it.
 */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { beforeAll, describe, expect, test } from "vitest"

type Name = keyof typeof import("./meaning.ts")

/** Each sentence of the rule, the fiber that looks, and what it sees. */
const sentences: readonly [sentence: string, fiber: Name, seen: unknown][] = [
  ["arguments are cloned when they are handed over, a frozen Map too", "argumentsAreCloned", [6, 5, 1]],
  [
    "plain objects frozen all the way down are handed over frozen, a frozen instance is a copy, and a class is itself",
    "frozenAllTheWay",
    [true, 2, true, 1, true, 0],
  ],
  ["symbols of nobody's registry become fresh, others stay", "symbolsBecomeFresh", [true, true, true]],
  ["each joiner gets its own clone of the result", "joinersGetTheirOwn", [true, [1]]],
  ["what is moved leaves its owner with a detached buffer", "movedBuffersAreTransferred", [0, 6]],
  ["functions and what is named are the same, shared memory is shared", "referencesAndSharedMemory", [[true, true], 7]],
  ["a context variable holds a frozen clone", "variablesAreClonedAndFrozen", [[true, true, 1], [1], false]],
  ["a spawned closure carries a copy of what it captures", "closuresCarryCopies", [3, [1]]],
  [
    "what cannot be cloned is refused at the spawn unless the child is pinned",
    "whatCannotBeCloned",
    ["ROVE_NOT_PORTABLE", "object"],
  ],
]

interface Seen {
  readonly seen: readonly unknown[]
  readonly stolen: boolean
}
let report: Record<Name, { readonly inline: Seen; readonly stolen: Seen }>
beforeAll(async () => {
  const register = new URL("../../packages/rove/src/register.ts", import.meta.url).href
  const drive = fileURLToPath(new URL("./drive.ts", import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", register, drive])
  report = JSON.parse(stdout)
}, 100_000)

describe.each(sentences)("%s", (_, fiber, seen) => {
  test("run inline", () => {
    expect(report[fiber].inline.seen).toEqual([seen])
  })

  test("taken by another thread", () => {
    for (const each of report[fiber].stolen.seen) expect(each).toEqual(seen)
    expect(report[fiber].stolen.stolen).toBe(true)
  })
})
