import type { FiberState } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import type { Mesh } from "./mesh.ts"
import { Migrations } from "./migrations.ts"

test("of two wishes for one fiber the last one counts, and who asked before hears that", () => {
  const mesh = { id: 1, workers: [{ id: 2 }, { id: 3 }] } as unknown as Mesh
  const migrations = new Migrations(mesh, { ready() {}, parked() {} } as never)
  const fiber = { id: "f-1" } as FiberState
  const told: string[] = []
  const asked = (who: string) => (error: unknown) => void told.push(`${who}: ${(error as Error | null)?.message}`)
  migrations.want(fiber, 2, asked("the fiber itself"))
  migrations.want(fiber, 3, asked("its handle"))
  expect(migrations.wants(fiber)).toBe(true)
  expect(told).toEqual(["the fiber itself: fiber f-1 is wanted elsewhere since"])
  migrations.left(fiber)
  expect(migrations.wants(fiber)).toBe(false)
  expect(migrations.none).toBe(true)
})
