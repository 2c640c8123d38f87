/**
 * Owns the records that become of fibers when a pool closes. Those that threads sent are of fibers that have yet to end there: they are
 * neither lost with such a thread nor run again, and their homes hear of that.
 */
import { FiberRecord, type RoveError } from "@rove/core"
import { IS_RECORD, type Mail, mail, type Payload, RECORDED, REPORT, UNHEARD } from "./mail.ts"
import { type Mesh, POOL } from "./mesh.ts"
import { payloadOf } from "./requests.ts"

export class LastRecords {
  readonly all: FiberRecord[] = []
  readonly #sent = new Set<string>()
  constructor(mesh: Mesh) {
    mesh.on(RECORDED, ({ id, payload }) => {
      const { bytes, handles } = payload as Payload
      this.#sent.add(id)
      this.all.push(new FiberRecord(bytes, handles))
      const home = mesh.homeIn(id)
      if (home !== POOL) mesh.send(home, mail(IS_RECORD, id), "quiet")
    })
  }
  /** All are records that can be: those end whose threads are gone, and have not told that. */
  endAll(end: (id: string) => void): void {
    for (const id of this.#sent) end(id)
  }
  /** Whether a thread sent it. */
  has(id: string): boolean {
    return this.#sent.has(id)
  }
}

/** From a thread to its pool. */
export function sendLast(mesh: Mesh, id: string, record: FiberRecord): void {
  const lost = (why: RoveError): Mail => mail(REPORT, id, UNHEARD, null, `its record is lost: ${why.message}`)
  mesh.send(POOL, mail(RECORDED, id, 0, payloadOf(record)), undefined, lost)
}
