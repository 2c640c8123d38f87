import { expect, test } from "vitest"
import { ThreadCells } from "./cells.ts"
import { mail } from "./mail.ts"
import { Mesh, POOL } from "./mesh.ts"
import { allocateRing } from "./ring.ts"

const NOTE = 90
const mesh = (id: number): Mesh => new Mesh("00000000", id, id, new ThreadCells(), () => {})

test("a thread that starts after a death knows that the pool has adopted the fibers of the dead one", () => {
  const late = mesh(9)
  late.missedAllBut([4, 10, 7])
  expect([1, 2, 3, 5, 6, 8].map(id => late.homeOf(id))).toEqual([POOL, POOL, POOL, POOL, POOL, POOL])
  expect([4, 7, 9, 10].map(id => late.homeOf(id))).toEqual([4, 7, 9, 10])
})

test("mail to a thread that is not connected yet is read there, in order, once it is; to one that is gone it goes nowhere", () => {
  const [one, two] = [mesh(1), mesh(2)]
  const seen: number[] = []
  two.on(NOTE, ({ a }) => void seen.push(a))
  one.send(2, mail(NOTE, "", 1))
  one.send(2, mail(NOTE, "", 2), "quiet")
  const [there, back] = [allocateRing(1024), allocateRing(1024)]
  const { port1, port2 } = new MessageChannel()
  const cells = new SharedArrayBuffer(1024)
  one.connect({ id: 2, slot: 2, cells, out: there, in: back, port: port1 as never })
  one.send(2, mail(NOTE, "", 3))
  two.connect({ id: 1, slot: 1, cells, out: back, in: there, port: port2 as never })
  expect(seen).toEqual([1, 2, 3])
  one.disconnect(2)
  one.send(2, mail(NOTE, "", 4))
  one.close()
  two.close()
  expect(seen).toEqual([1, 2, 3])
})
