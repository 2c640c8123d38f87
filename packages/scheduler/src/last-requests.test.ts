import { expect, test } from "vitest"
import { endThread } from "./last-requests.ts"

/** A thread on which so much is active at each look, and whether it was ended. The last look is one too many. */
async function ends(...looks: string[][]): Promise<{ exits: number; left: number }> {
  let exits = 0
  const own = {
    getActiveResourcesInfo: () => looks.shift() ?? [],
    exit: () => void exits++,
  }
  endThread(own)
  await expect.poll(() => looks.length, { timeout: 10_000 }).toBeLessThan(2)
  await new Promise(resolve => setTimeout(resolve, 20))
  return { exits, left: looks.length }
}

test("timers, servers and open connections are not waited for", async () => {
  const awake = ["Timeout", "TCPServerWrap", "TCPSocketWrap", "MessagePort", "FSEventWrap"]
  expect(await ends(awake, awake, ["a look too many"])).toEqual({ exits: 1, left: 1 })
})

test("what is under way is waited for, and what follows it a turn later too", async () => {
  const requests = [
    "FSReqCallback",
    "FSReqPromise",
    "GetAddrInfoReqWrap",
    "WriteWrap",
    "SimpleWriteWrap",
    "ShutdownWrap",
  ]
  const all = requests.map(request => {
    const [busy, quiet] = [["Timeout", request], ["Timeout"]]
    return ends(busy, busy, quiet, busy, quiet, quiet, ["a look too many"])
  })
  expect(await Promise.all(all)).toEqual(requests.map(() => ({ exits: 1, left: 1 })))
})

test("a thread that nothing keeps awake ends by itself", async () => {
  expect(await ends(["FSReqCallback"], [], [], ["a look too many"])).toEqual({ exits: 0, left: 1 })
})
