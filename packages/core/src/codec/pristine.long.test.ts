import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { describe, expect, test } from "vitest"

describe("a program keeps what it has done to the language for good:", () => {
  test("where its accessors and frozen prototypes give the language's own, nothing is called or changed", async () => {
    const lockdown = `
      for (const home of [Array.prototype, Map.prototype, Object.prototype, Error.prototype, Object, Reflect]) {
        for (const key of Reflect.ownKeys(home)) {
          const own = Object.getOwnPropertyDescriptor(home, key)
          if (!("value" in own) || !own.configurable) continue
          Object.defineProperty(home, key, { get: () => own.value, set: undefined, configurable: false })
        }
        Object.freeze(home)
      }`
    expect(await elsewhere(lockdown)).toEqual({ same: true, error: null, left: "native" })
  })

  test("frozen as it is, and work goes on with what nobody can put back", async () => {
    const frozen = `
      const { map } = Array.prototype
      Array.prototype.map = function (...args) { return Reflect.apply(map, this, args) }
      Object.freeze(Array.prototype)`
    expect(await elsewhere(frozen)).toEqual({ same: true, error: null, left: "program's" })
  })

  test("although one of its functions freezes within a call what something was taken from, and fails", async () => {
    const within = `
      delete Array.prototype.at
      Array.prototype.map = function () {}
      Map.prototype.get = own = function () {}
      class Failing {
        [core.ENCODE]() { Object.freeze(Array.prototype); throw new TypeError("no") }
        [core.DECODE]() {}
      }
      core.registerReference("Failing", Failing)
      value.list = new Failing()`
    const { error, own } = await elsewhere(within)
    expect(error).toMatch(/^\.list: its parts cannot be taken: TypeError: no/)
    expect(own).toBe(true)
  })

  /** Runs what cannot be undone on a thread of its own, and then saves and copies a value there. */
  async function elsewhere(script: string): Promise<Record<string, unknown>> {
    const main = `
      const { parentPort, workerData } = require("node:worker_threads")
      const { isDeepStrictEqual } = require("node:util")
      import(workerData).then(core => {
        const value = { list: [1, [2]], map: new Map([["a", new Set([1])]]) }
        let own, error = null, same = false
        ${script}
        try {
          same = [core.decode(core.encode(value).bytes), core.clone(value)].every(it => isDeepStrictEqual(it, value))
        } catch (caught) {
          error = caught.message
        }
        const left = /native code/.test(String(Array.prototype.map)) ? "native" : "program's"
        parentPort.postMessage(own === undefined ? { same, error, left } : { error, own: Map.prototype.get === own })
      })`
    const worker = new Worker(main, { eval: true, workerData: new URL("../index.ts", import.meta.url).href })
    try {
      const [message] = (await once(worker, "message")) as [Record<string, unknown>]
      return message
    } finally {
      await worker.terminate()
    }
  }
})
