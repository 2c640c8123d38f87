/**
 * Owns try regions: which handler an exception goes to, and the states of catch and finally.
 *
 * The register `h` holds the number of the active region. The one native try/catch around the dispatch looks up the
 * region's handler; the handler's first statement sets `h` to the region outside.
 */

import type { Scope } from "../2-analyze/bindings.ts"
import type { Node } from "../2-analyze/nodes.ts"
import type { Label } from "./builder.ts"
import { enterScope } from "./functions.ts"
import { FELL, finalizerOf, jump, resumeLeaps, THREW } from "./leaps.ts"
import type { Finalizer, Lowering } from "./lowering.ts"
import { bindPattern } from "./patterns.ts"
import { pathOf } from "./points.ts"
import { statement, statements } from "./statements.ts"

/** Places a label that a frame may be resumed at: `h` is set anew there. */
export function place(l: Lowering, label: Label, what: string): void {
  label.what = what
  label.path = pathOf(l)
  label.handled = [...l.handled].reverse()
  label.region = l.region
  l.b.place(label)
  for (const handled of l.handled) for (const slot of handled.split("?")) l.b.use(slot)
}

/** From here on, exceptions go to the handler of `entry`. */
export function enterRegion(l: Lowering, entry: Label): void {
  const handler = l.handlerOf(entry)
  let number = l.regions.indexOf(handler)
  if (number === -1) number = l.regions.push(handler) - 1
  l.parents[number] = l.region
  l.region = number
  l.b.cut()
  l.b.line(`${l.r("h")} = ${number};`)
  l.b.setHandler(handler)
}

/** Back to the region outside. */
export function leaveRegion(l: Lowering, outer: number): void {
  l.region = outer
  l.b.setHandler(l.regions[outer] ?? null)
}

export function lowerTry(l: Lowering, node: Node): void {
  if (node.finalizer !== null) withFinally(l, node)
  else withCatch(l, node)
}

function withCatch(l: Lowering, node: Node): void {
  const { b } = l
  const outer = l.region
  const entry = b.label()
  const end = b.label()
  enterRegion(l, entry)
  l.surroundings.push({
    type: "catch",
    labels: [],
    breaks: null,
    continues: null,
    finalizer: null,
    outside: outer,
  })
  statement(l, node.block)
  l.surroundings.pop()
  leaveRegion(l, outer)
  b.line(`${l.r("h")} = ${outer};`)
  b.line(`${jump(l, end)};`)
  b.ends()
  const handler = l.handlerOf(entry)
  b.place(handler)
  b.line(`${l.r("h")} = ${outer};`)
  catchBody(l, node.handler)
  b.place(end)
}

function catchBody(l: Lowering, handler: Node): void {
  const scope = l.analysis.scopeOf.get(handler) as Scope
  // the exception has a slot of its own, so that a suspended fiber knows what it is handling
  const slot = l.slot("caught")
  l.assign(slot, l.r("v"))
  enterScope(l, scope)
  handling(l, slot, () => {
    if (handler.param !== null) l.scoped(() => bindPattern(l, handler.param, slot))
    statement(l, handler.body)
  })
}

/** What `run` emits handles the exception in the slot (of a `finally`: `value?kind`). */
function handling(l: Lowering, slot: string, run: () => void): void {
  l.handled.push(slot)
  l.surroundings.push({ type: "handling", labels: [], breaks: null, continues: null, finalizer: null })
  run()
  l.surroundings.pop()
  l.handled.pop()
}

function withFinally(l: Lowering, node: Node): void {
  withFinalizer(
    l,
    () => (node.handler === null ? statement(l, node.block) : withCatch(l, node)),
    f => {
      handling(l, `${f.value}?${f.kind}`, () => statements(l, [node.finalizer]))
      resumeLeaps(l, f, true)
    },
  )
}

/** A part whose leaps and throws go to a finalizer. */
export function guarded(l: Lowering, f: Finalizer, part: () => void): void {
  const outer = l.region
  enterRegion(l, f.entry)
  l.surroundings.push({ type: "finally", labels: [], breaks: null, continues: null, finalizer: f })
  part()
  l.surroundings.pop()
  leaveRegion(l, outer)
}

/** A part, and what comes behind it whether it fell through, threw or was left; the finalizer's slots say which. */
export function withFinalizer(l: Lowering, part: () => void, behind: (f: Finalizer) => void): void {
  const { b } = l
  const f = finalizerOf(l)
  const thrown = l.handlerOf(f.entry)
  const outer = l.region
  guarded(l, f, part)
  l.assign(f.kind, String(FELL))
  l.assign(f.value, "void 0")
  b.line(`${jump(l, f.entry)};`)
  b.ends()
  b.place(thrown)
  l.assign(f.value, l.r("v"))
  l.assign(f.kind, String(THREW))
  b.place(f.entry)
  b.line(`${l.r("h")} = ${outer};`)
  behind(f)
}
