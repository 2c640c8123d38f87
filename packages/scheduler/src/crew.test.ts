import { expect, test } from "vitest"
import type { Logger } from "./config.ts"
import { Crew } from "./crew.ts"
import type { Thread, Threads } from "./threads.ts"

/** A crew whose threads come up and die when the test says so. */
function crew(found: Promise<string> | null = null, logger?: Logger) {
  const made: { id: number; ready: boolean; guest: boolean }[] = []
  const threads = {
    findProcessors: () => found,
    start: () => made.push({ id: made.length + 1, ready: false, guest: false }),
    known: (id: number) => made.find(each => each.id === id),
    get staying() {
      return made
    },
  } as unknown as Threads
  const failures: string[] = []
  const crew = new Crew("jobs", threads, logger, error => failures.push(`${error.code} ${error.message}`))
  const die = (id: number): void => {
    const [thread] = made.splice(
      made.findIndex(each => each.id === id),
      1,
    )
    crew.stir()
    crew.replace(thread as unknown as Thread, new Error("boom"))
  }
  return { crew, made, failures, die }
}

test("a start is over when all have come up; those that die are replaced", async () => {
  const { crew: own, made, die, failures } = crew()
  let up = false
  const started = own.start(2).then(() => (up = true))
  own.ready(1)
  await Promise.resolve()
  expect(up).toBe(false)
  own.ready(2)
  await started
  die(1)
  expect([made.length, own.died, failures]).toEqual([2, 1, []])
})

test("three that die in a row before they come up are given up; one that comes up begins the count anew", async () => {
  const { crew: own, made, failures, die } = crew()
  const started = own.start(1)
  const first = (): number => made[0]?.id as number
  made.push({ id: 99, ready: false, guest: false })
  for (let round = 0; round < 5; round++) {
    die(first())
    own.ready(99)
  }
  expect(failures).toEqual([])
  made.splice(0, 1)
  for (let round = 0; round < 3; round++) {
    const { id } = made.find(each => !each.ready) ?? { id: 0 }
    if (id === 0) own.add(1)
    die(made.find(each => !each.ready)?.id as number)
  }
  expect(failures).toEqual(["ROVE_WORKER_START pool jobs: 3 threads in a row died while starting: boom"])
  await started.catch(() => {})
})

test("who waits for more threads hears when they are there, or when that is of no interest any more", async () => {
  const { crew: own } = crew()
  own.add(2)
  let wanted = true
  const [both, given] = [own.complete(() => true), own.complete(() => wanted)]
  own.ready(1)
  own.ready(2)
  await both
  await given
  own.add(1)
  const never = own.complete(() => wanted)
  wanted = false
  own.stir()
  await never
})

test("that threads share the processors after all is told once, whoever finds out", async () => {
  const told: string[] = []
  const { crew: own, made } = crew(Promise.resolve(""), { warn: (_, message) => told.push(message), error: () => {} })
  const started = own.start(2)
  expect(made).toEqual([])
  await Promise.resolve()
  own.ready(1, "taskset is not there")
  own.ready(2, "taskset is not there")
  await started
  expect(told).toEqual(["threads of pool jobs share the processors (cpuAffinity): taskset is not there"])
})
