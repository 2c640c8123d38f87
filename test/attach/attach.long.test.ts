import { test } from "vitest"
import { attachesWhileClosing, startGuest } from "./guest.ts"

test("attaching while the pool closes ends one way or the other, at each of a hundred moments", async () => {
  const guest = await startGuest()
  await attachesWhileClosing(guest, 100)
  await guest.worker.terminate()
})
