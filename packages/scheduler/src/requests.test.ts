import type { FiberRecord } from "@rove/core"
import { expect, test } from "vitest"
import { PlayedMesh } from "../../../test/support/played-mesh.ts"
import { ASK, ASKED, mail } from "./mail.ts"
import { FiberRequests } from "./requests.ts"

function answer(mesh: PlayedMesh, number: number, bytes: number[]): void {
  mesh.arrives(mail(ASKED, "f", number, { bytes: new Uint8Array(bytes), handles: [], modules: [] }), 1)
}

function asking() {
  const mesh = new PlayedMesh()
  const stopped: string[] = []
  let hops = 1
  let followed = 0
  const follows = (begins: boolean): void => {
    followed += begins ? 1 : -1
  }
  const requests = new FiberRequests(mesh, { knownHops: () => hops, recorded: id => void stopped.push(id) }, follows)
  const told: string[] = []
  const ask = (mode: "stop" | "copy"): void => {
    const tell = (what: FiberRecord | (Error & { code: string })): void =>
      void told.push(`${mode}: ${what instanceof Error ? what.code : new Uint8Array(what.bytes)}`)
    requests.record("f", 1, mode).then(tell, tell)
  }
  const goes = (to: number): void => {
    hops = to
    requests.placed("f", to)
  }
  return { mesh, requests, stopped, told, ask, goes, followed: () => followed }
}

test("what a fiber was stopped for is told once its end is known: before that, its record is refused", async () => {
  const { mesh, requests, stopped, told, ask, followed } = asking()
  for (const mode of ["copy", "stop", "stop"] as const) ask(mode)
  answer(mesh, 1, [1])
  answer(mesh, 2, [2])
  await null
  expect([told, stopped, followed()]).toEqual([["copy: 1"], ["f"], 2])
  requests.ended("f")
  await null
  await null
  expect(told).toEqual(["copy: 1", "stop: 2", "stop: ROVE_NOT_ALIVE"])
  expect(followed()).toBe(0)
})

test("what was stopped, and whose record is here, is neither lost nor run again if its thread dies before it tells of the end", () => {
  const { mesh, requests, ask } = asking()
  for (const mode of ["copy", "stop"] as const) ask(mode)
  answer(mesh, 1, [1])
  expect(requests.isRecorded("f")).toBe(false)
  answer(mesh, 2, [2])
  expect(requests.isRecorded("f")).toBe(true)
  requests.ended("f")
  expect(requests.isRecorded("f")).toBe(false)
})

test("each question says of how many hops its fiber is known", () => {
  const { mesh, ask, goes } = asking()
  ask("stop")
  goes(2)
  expect(mesh.sent.map(({ mail: { kind, a, b } }) => [kind, a, b])).toEqual([
    [ASK, 1, 1],
    [ASK, 1, 2],
  ])
})
