import { Worker } from "node:worker_threads"
import { expect, test } from "vitest"
import { ThreadCells } from "./cells.ts"

test("a request is asked by one thief, answered once, and the word is free again with another epoch", () => {
  const victim = new ThreadCells()
  const thief = new ThreadCells()
  const asked = victim.ask(7)
  expect(asked).toEqual({ epoch: 0 })
  expect(victim.ask(8)).toBeNull()
  const request = victim.accept()
  expect(request).toEqual({ slot: 7, epoch: 0 })
  expect(victim.accept()).toBeNull()
  expect(victim.withdraw(7, { epoch: 0 })).toBe(false)
  if (request === null || asked === null) return
  expect(thief.answer(asked)).toBe("none")
  thief.reply(request, true)
  expect(thief.answer(asked)).toBe("granted")
  expect(thief.answer(asked)).toBe("none")
  victim.finish(request)
  expect(victim.ask(8)).toEqual({ epoch: 1 })
})

test("a withdrawn request is not answered, and a stale withdrawal changes nothing", () => {
  const victim = new ThreadCells()
  const first = victim.ask(1)
  expect(first !== null && victim.withdraw(1, first)).toBe(true)
  expect(victim.accept()).toBeNull()
  const second = victim.ask(2)
  expect(first !== null && victim.withdraw(1, first)).toBe(false)
  expect(victim.accept()).toEqual({ slot: 2, epoch: second?.epoch })
})

test("a closed word takes no requests, and the request of a dead thread is forgotten", () => {
  const victim = new ThreadCells()
  victim.ask(3)
  victim.forgetAsker(4)
  expect(victim.ask(5)).toBeNull()
  victim.forgetAsker(3)
  expect(victim.ask(5)).not.toBeNull()
  victim.closeRequests()
  expect(victim.accept()).toBeNull()
  expect(victim.ask(6)).toBeNull()
})

test("a parked thread is woken by exactly one caller", () => {
  const cells = new ThreadCells()
  expect(cells.wake()).toBe(false)
  cells.park()
  expect(cells.hungryHint()).toBe(true)
  expect(cells.wake()).toBe(true)
  expect(cells.wake()).toBe(false)
  expect(cells.hungryHint()).toBe(false)
})

test("a plain read in a hot loop sees another thread's write", { timeout: 20_000 }, async () => {
  const cells = new ThreadCells()
  const source = `
    import { parentPort, workerData } from "node:worker_threads"
    const { ThreadCells } = await import(workerData.url)
    const cells = new ThreadCells(workerData.buffer)
    parentPort.postMessage("spinning")
    let spins = 0
    while (!cells.attentionHint()) spins++
    parentPort.postMessage(spins)`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { buffer: cells.buffer, url: new URL("./cells.ts", import.meta.url).href },
  })
  const next = () => new Promise(resolve => worker.once("message", resolve))
  await next()
  await new Promise(resolve => setTimeout(resolve, 300)) // long enough for the loop to be optimised
  const seen = next()
  cells.raise()
  expect(await seen).toBeGreaterThan(1000)
  await worker.terminate()
})
