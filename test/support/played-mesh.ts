/** Owns the double of a thread's mesh whose peers are played by the test: what is sent is kept, and what arrives is said. */
import { ThreadCells } from "../../packages/scheduler/src/cells.ts"
import type { Mail } from "../../packages/scheduler/src/mail.ts"
import { Mesh, type Peer, POOL } from "../../packages/scheduler/src/mesh.ts"

type Handler = (mail: Mail, from: Peer) => void

export class PlayedMesh extends Mesh {
  readonly sent: { readonly to: number; readonly mail: Mail }[] = []
  readonly #handlers = new Map<number, Handler>()
  constructor(id = POOL) {
    super("00000000", id, id, new ThreadCells(), () => {})
  }
  override on(kind: number, handler: Handler): void {
    this.#handlers.set(kind, handler)
  }
  override send(to: number, mail: Mail): void {
    this.sent.push({ to, mail })
  }
  /** As if that thread had sent it. */
  arrives(mail: Mail, from: number): void {
    this.#handlers.get(mail.kind)?.(mail, { id: from } as Peer)
  }
}
