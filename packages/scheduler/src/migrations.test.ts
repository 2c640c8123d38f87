import type { FiberState } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import type { Mesh, Peer } from "./mesh.ts"
import { Migrations } from "./migrations.ts"

test("a child that is wanted on a thread goes there when another one asks, if it sleeps; if it is busy it stays for a while, and no longer", () => {
  const thread = (id: number, hungry: boolean, closed = false) =>
    ({ id, cells: { hungryHint: () => hungry, closedHint: () => closed } }) as unknown as Peer
  const [thief, asleep, busy, leaving] = [thread(2, false), thread(3, true), thread(4, false), thread(5, true, true)]
  const mesh = { id: 1, workers: [thief, asleep, busy, leaving] } as unknown as Mesh
  const migrations = new Migrations(mesh, { ready() {}, parked() {} } as never)
  const given: string[] = []
  const give = ({ id }: FiberState, peer: Peer) => given.push(`${id} to ${peer.id}`) > 0
  const child = (id: string, thread: number | null, status = "unstarted") => {
    const fiber = { id, status, tied: null, underway: null } as unknown as FiberState
    if (thread !== null) migrations.want(fiber, thread, () => {})
    return fiber
  }
  const asked = (fiber: FiberState, now: number) => migrations.asked(fiber, thief, now, give)
  expect(asked(child("plain", null), 0)).toBe("free")
  expect(asked(child("the thief's", 2), 0)).toBe("free")
  expect(asked(child("of one that leaves", 5), 0)).toBe("free")
  expect(asked(child("one that goes on", 3, "ready"), 0)).toBe("free")
  expect(asked(child("first", 3), 0)).toBe("gone")
  expect(given).toEqual(["first to 3"])
  const waits = child("second", 4)
  expect([10, 12, 14.9, 15].map(now => asked(waits, now))).toEqual(["stays", "stays", "stays", "free"])
})

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
