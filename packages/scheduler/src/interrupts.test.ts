import { expect, test } from "vitest"
import { ThreadCells } from "./cells.ts"
import { codec } from "./codec.ts"
import { Interrupts, reasonFor, reasonIn } from "./interrupts.ts"
import { INTERRUPT, type Mail } from "./mail.ts"
import { Mesh, POOL } from "./mesh.ts"

/** A thread whose peers are played by the test. */
class Played extends Mesh {
  readonly sent: [to: number, kind: number, id: string][] = []
  constructor() {
    super("00000000", 3, 3, new ThreadCells(), () => {})
  }
  override send(to: number, { kind, id }: Mail): void {
    this.sent.push([to, kind, id])
  }
}

function asking() {
  const mesh = new Played()
  const interrupts = new Interrupts(mesh, codec)
  const told: string[] = []
  const ask = (id: string, home: number, who: string): void =>
    interrupts.ask(id, home, codec.encode("enough"), how => void told.push(`${who}: ${how}`))
  return { mesh, interrupts, told, ask }
}

test("a home is asked once for all who ask, and each of them is told once", () => {
  const { mesh, interrupts, told, ask } = asking()
  ask("f", 1, "one")
  ask("f", 1, "another")
  interrupts.answered("f", "delivered")
  interrupts.answered("f", "too late")
  expect(mesh.sent).toEqual([[1, INTERRUPT, "f"]])
  expect(told).toEqual(["one: delivered", "another: delivered"])
})

test("what was asked of a home that is gone is asked of the pool, and nothing else", () => {
  const { mesh, interrupts, told, ask } = asking()
  ask("f", 1, "one")
  ask("g", 2, "one")
  interrupts.orphan(1)
  expect(mesh.sent.slice(2)).toEqual([[POOL, INTERRUPT, "f"]])
  interrupts.answered("f", "delivered")
  interrupts.orphan(1)
  expect(mesh.sent.length).toBe(3)
  expect(told).toEqual(["one: delivered"])
})

test("a reason that cannot be handed over says what it is; one that cannot be read is what went wrong", () => {
  expect(reasonIn(codec, reasonFor(codec, { why: "late" }))).toEqual({ why: "late" })
  expect(reasonIn(codec, reasonFor(codec, new WeakMap()))).toBe("[object WeakMap]")
  expect(reasonIn(codec, { bytes: new Uint8Array(3), handles: [], modules: [] })).toMatchObject({ code: "ROVE_RECORD" })
})
