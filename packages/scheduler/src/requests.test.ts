import type { FiberRecord } from "@rove/core"
import { expect, test } from "vitest"
import { ThreadCells } from "./cells.ts"
import { ASK, ASKED, type Mail, mail } from "./mail.ts"
import { Mesh, type Peer, POOL } from "./mesh.ts"
import { FiberRequests } from "./requests.ts"

/** The pool's, whose only peer is played by the test. */
class Played extends Mesh {
  readonly sent: Mail[] = []
  #answered: (mail: Mail, from: Peer) => void = () => {}
  constructor() {
    super("00000000", POOL, POOL, new ThreadCells(), () => {})
  }
  override on(_: number, handler: (mail: Mail, from: Peer) => void): void {
    this.#answered = handler
  }
  override send(_: number, mail: Mail): void {
    this.sent.push(mail)
  }
  answers(number: number, bytes: number[]): void {
    const payload = { bytes: new Uint8Array(bytes), handles: [], modules: [] }
    this.#answered(mail(ASKED, "f", number, payload), { id: 1 } as Peer)
  }
}

function asking() {
  const mesh = new Played()
  const stopped: string[] = []
  let hops = 1
  const requests = new FiberRequests(mesh, { knownHops: () => hops, recorded: id => void stopped.push(id) })
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
  return { mesh, requests, stopped, told, ask, goes }
}

test("what a fiber was stopped for is told once its end is known: before that, its record is refused", async () => {
  const { mesh, requests, stopped, told, ask } = asking()
  for (const mode of ["copy", "stop", "stop"] as const) ask(mode)
  mesh.answers(1, [1])
  mesh.answers(2, [2])
  await null
  expect([told, stopped]).toEqual([["copy: 1"], ["f"]])
  requests.ended("f")
  await null
  await null
  expect(told).toEqual(["copy: 1", "stop: 2", "stop: ROVE_NOT_ALIVE"])
})

test("each question says of how many hops its fiber is known", () => {
  const { mesh, ask, goes } = asking()
  ask("stop")
  goes(2)
  expect(mesh.sent.map(({ kind, a, b }) => [kind, a, b])).toEqual([
    [ASK, 1, 1],
    [ASK, 1, 2],
  ])
})
