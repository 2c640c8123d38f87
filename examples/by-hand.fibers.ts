"use fibers"
/** The fiber of `by-hand.ts`: it visits threads, and asks to be moved between two visits. */
import { ContextVar, currentThread, type Resumable, suspend } from "rove"

const traveller = new ContextVar("traveller", { default: "nobody" })

export function* trip(name: string, visits: number): Resumable<string[]> {
  traveller.set(name)
  const diary: string[] = []
  for (let visit = 1; visit <= visits; visit++) {
    diary.push(yield* note(visit))
    if (visit < visits) yield* suspend() // here it becomes a record; the next line runs on the other thread
  }
  return diary
}

function* note(visit: number): Resumable<string> {
  return `visit ${visit}: ${traveller.get()} is on thread ${currentThread().id}`
}
