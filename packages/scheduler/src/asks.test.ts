import { channel, LocalHost, select } from "@rove/fibers"
import { expect, test } from "vitest"
import { compiled } from "../../../test/support/hand-compiled.ts"
import { PlayedMesh } from "../../../test/support/played-mesh.ts"
import { Asks } from "./asks.ts"
import { codec } from "./codec.ts"
import { CHOSEN, HOLD, mail, OFFER, RELEASE, REPLY, REQUEST } from "./mail.ts"

const HOME = 7

/** Of a thread whose only peer is the home of all objects. */
class Home extends PlayedMesh {
  override homeIn(): number {
    return HOME
  }
  says(kind: number, request: number): void {
    this.arrives(mail(kind, "", request), HOME)
  }
  of(kind: number): number[][] {
    const found = this.sent.filter(({ mail }) => mail.kind === kind)
    return found.map(({ mail: { a, b } }) => (kind === CHOSEN ? [a, b] : [a]))
  }
}

/** A fiber that chooses between sending to two objects of another thread, which has asked about both: the second question waits. */
async function chooses(question: number): Promise<{ mesh: Home; asks: Asks; end: Promise<unknown> }> {
  const mesh = new Home(5)
  const asks = new Asks(mesh, codec, () => {})
  const [a, b] = [channel<number>(), channel<number>()]
  const uses = compiled("uses", function* () {
    yield a.balance()
    yield b.balance()
  })
  await new LocalHost({ id: HOME }).run(uses())
  const host = new LocalHost({ id: 5 })
  host.homes.ask = (...request) => asks.ask(...request)
  const body = compiled("body", function* () {
    return (yield select({ a: a.send(1), b: b.send(2) })) as unknown
  })
  const end = Promise.resolve(host.run(body())).catch((error: { code: string }) => error.code)
  await expect.poll(() => mesh.of(REQUEST)).toEqual([[1], [2]])
  mesh.says(HOLD, 2)
  mesh.says(question, 1)
  expect(mesh.of(CHOSEN)).toEqual([[2, 1]])
  return { mesh, asks, end }
}

for (const [name, question] of Object.entries({ HOLD, OFFER })) {
  test(`a home that dies while its second question, ${name}, waits for the end of its first gets no promise: the choice ends with WorkerLost`, async () => {
    const { mesh, asks, end } = await chooses(question)
    asks.lost(HOME)
    expect(await end).toBe("ROVE_WORKER_LOST")
    expect(mesh.of(CHOSEN)).toEqual([
      [2, 1],
      [1, 0],
    ])
  })
  test(`a second question, ${name}, that waited for the end of the first is promised the choice if its home lives`, async () => {
    const { mesh, end } = await chooses(question)
    mesh.says(RELEASE, 2)
    expect(mesh.of(CHOSEN).at(-1)).toEqual([1, 1])
    if (question === HOLD) mesh.says(REPLY, 1)
    expect(await end).toEqual({ key: "a", value: undefined })
  })
}
