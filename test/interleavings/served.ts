/**
 * Owns a whole worker in a search, its pool's side being played: the worker is `serve`'s, unmodified. Its alarms never come, so that
 * none of them can mend what is wrong.
 */
import { machine } from "@rove/fibers/scheduling"
import { EMPTY, END, LEAVE, mail, READY, STOP } from "../../packages/scheduler/src/mail.ts"
import { serve } from "../../packages/scheduler/src/serve.ts"
import type { Kit } from "./kit.ts"

/** Runs until the pool says that this was it. */
export function isServed(kit: Kit): void {
  const tasks: (() => void)[] = []
  const later = (run: () => void): void => void tasks.push(run)
  let now = 0
  let over = false
  serve(kit.start, {
    machine,
    wiring: kit.wiring,
    modules: { load: () => null },
    clock: { now: () => (now += 0.01) },
    loop: { soon: later, nextTurn: later, alarm: () => () => {} },
    attributed: () => {},
    isMain: false,
    over: () => {
      over = true
    },
  })
  while (!over) {
    const task = tasks.shift()
    if (task === undefined) kit.sleep()
    else task()
  }
}

/** Tells it to go, and ends it when it has said that it is empty; what it said. */
export function tellsToGo({ mesh, connect, sleep }: Kit): string {
  const heard: number[] = []
  mesh.on(READY, () => {})
  mesh.on(EMPTY, m => void heard.push(m.a))
  connect()
  mesh.send(1, mail(STOP, "", LEAVE))
  while (heard.length === 0) {
    mesh.cells.park()
    mesh.drain()
    if (heard.length === 0) sleep()
    mesh.cells.unpark()
  }
  mesh.send(1, mail(END, ""))
  return String(heard)
}
