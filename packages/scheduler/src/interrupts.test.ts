import { expect, test } from "vitest"
import { PlayedMesh } from "../../../test/support/played-mesh.ts"
import { codec } from "./codec.ts"
import { Interrupts, reasonFor, reasonIn } from "./interrupts.ts"
import { INTERRUPT } from "./mail.ts"
import { POOL } from "./mesh.ts"

function asking() {
  const mesh = new PlayedMesh(3)
  const interrupts = new Interrupts(mesh, codec)
  const told: string[] = []
  const ask = (id: string, home: number, who: string): void =>
    interrupts.ask(id, home, codec.encode("enough"), how => void told.push(`${who}: ${how}`))
  const sent = () => mesh.sent.map(({ to, mail: { kind, id } }) => [to, kind, id])
  return { sent, interrupts, told, ask }
}

test("a home is asked once for all who ask, and each of them is told once", () => {
  const { sent, interrupts, told, ask } = asking()
  ask("f", 1, "one")
  ask("f", 1, "another")
  interrupts.answered("f", "delivered")
  interrupts.answered("f", "too late")
  expect(sent()).toEqual([[1, INTERRUPT, "f"]])
  expect(told).toEqual(["one: delivered", "another: delivered"])
})

test("what was asked of a home that is gone is asked of the pool, and nothing else", () => {
  const { sent, interrupts, told, ask } = asking()
  ask("f", 1, "one")
  ask("g", 2, "one")
  interrupts.orphan(1)
  expect(sent().slice(2)).toEqual([[POOL, INTERRUPT, "f"]])
  interrupts.answered("f", "delivered")
  interrupts.orphan(1)
  expect(sent().length).toBe(3)
  expect(told).toEqual(["one: delivered"])
})

test("a reason that cannot be handed over says what it is; one that cannot be read is what went wrong", () => {
  expect(reasonIn(codec, reasonFor(codec, { why: "late" }))).toEqual({ why: "late" })
  expect(reasonIn(codec, reasonFor(codec, new WeakMap()))).toBe("[object WeakMap]")
  expect(reasonIn(codec, { bytes: new Uint8Array(3), handles: [], modules: [] })).toMatchObject({ code: "ROVE_RECORD" })
})
