/** One of two threads between which a test's fibers go to and fro: each time one suspends itself it goes to the other. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads"
import { decode, encode, type StoppedFiber } from "@rove/core"
import { type FiberHandle, type FiberRecord, type Leg, LocalHost, type SpawnOptions } from "rove"

export interface Job {
  readonly run: number
  readonly fiber: string
  readonly args: readonly unknown[]
  readonly options: SpawnOptions
  /** Name of an edit: what is done to the record on its way. */
  readonly edit: string | null
  /** Name of a taking: how a fiber that does not suspend itself becomes a record. */
  readonly taking: string | null
}

type Make = (...args: readonly unknown[]) => Generator<never, unknown, unknown>
type Edit = (fiber: StoppedFiber) => void
type Taking = (handle: FiberHandle<unknown>) => Promise<FiberRecord>

const { id, peer, fibers, edits } = workerData as { id: number; peer: MessagePort; fibers: string; edits: string }
const made = (await import(fibers)) as Record<string, Make>
const editing = (await import(edits)) as Record<string, Edit | Taking>
const host = new LocalHost({ id, name: `thread ${id}` })

parentPort?.on("message", (job: Job) => {
  const computation = (made[job.fiber] as Make)(...job.args)
  if (job.taking === null) void follow(job, () => host.start(computation, job.options))
  else void take(job, host.run(computation, job.options), editing[job.taking] as Taking)
})
peer.on("message", ({ job, bytes }: { job: Job; bytes: ArrayBuffer }) => {
  void follow(job, () => {
    const fiber = decode(bytes) as StoppedFiber
    if (job.edit !== null) (editing[job.edit] as Edit)(fiber)
    return host.proceed(fiber)
  })
})

/** The fiber runs here until it is taken, and then goes to the other thread. */
async function take(job: Job, handle: FiberHandle<unknown>, taking: Taking): Promise<void> {
  handle.catch(() => {})
  try {
    peer.postMessage({ job, bytes: (await taking(handle)).bytes })
  } catch (error) {
    answer(job, { error: String(error), code: (error as { code?: string }).code })
  }
}

async function follow(job: Job, go: () => Promise<Leg<unknown>>): Promise<void> {
  try {
    const leg = await go()
    if (leg.done) answer(job, { value: leg.value })
    else peer.postMessage({ job, bytes: encode(leg.fiber).bytes })
  } catch (error) {
    answer(job, { error: String(error), code: (error as { code?: string }).code })
  }
}

function answer(job: Job, end: object): void {
  parentPort?.postMessage({ run: job.run, bytes: encode(end).bytes })
}
