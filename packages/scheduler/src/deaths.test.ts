import { admit, currentContext, type FiberState, type Host, type Outcome } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import { add } from "../../../test/pool/programs.ts"
import { PlayedMesh } from "../../../test/support/played-mesh.ts"
import { codec } from "./codec.ts"
import { Deaths } from "./deaths.ts"
import { Directory } from "./directory.ts"
import { IS_RECORD, LOST, mail, PLACE } from "./mail.ts"
import { POOL } from "./mesh.ts"

const nothing = (): void => {}

test("a fiber whose record has come is no loss to its home if its thread dies, and another one there is", () => {
  const mesh = new PlayedMesh(1)
  const host = { ready: nothing, ended: nothing, heard: nothing, unheard: nothing }
  const directory = new Directory(mesh, codec, { load: () => null }, host)
  new Deaths(mesh, directory, { lost: nothing, buried: nothing })
  let ids = 0
  const home = { nextId: () => ++ids, birthplace: { thread: 1, prefix: mesh.prefix } } as Pick<
    Host,
    "nextId" | "birthplace"
  >
  const [recorded, other] = [1, 2].map(i => admit(add(i, 1), "test", currentContext(), home, undefined)) as [
    FiberState,
    FiberState,
  ]
  const ends: Record<string, string> = {}
  for (const fiber of [recorded, other]) {
    directory.share(fiber)
    directory.whenDone({ id: fiber.id, home: 1, name: "" }, (end: Outcome) => {
      ends[fiber.id] = String((end as { error?: { code?: string } }).error?.code)
    })
    directory.leaving(fiber, 2, 1)
    mesh.arrives(mail(PLACE, fiber.id, 1), 2)
  }
  mesh.arrives(mail(IS_RECORD, recorded.id), POOL)
  mesh.arrives(mail(LOST, "", 2, null, "it died"), POOL)
  expect(ends).toEqual({ [recorded.id]: "ROVE_RECORDED", [other.id]: "ROVE_WORKER_LOST" })
})
