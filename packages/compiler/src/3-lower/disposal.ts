/** Owns `using`: what follows the declaration in its block is protected, and the resources are disposed of at its end. */
import type { Node } from "../2-analyze/nodes.ts"
import { FELL, jump, resumeLeaps, THREW } from "./leaps.ts"
import type { Finalizer, Lowering } from "./lowering.ts"
import { statements } from "./statements.ts"
import { enterRegion, leaveRegion } from "./tries.ts"

/** A statement list; from the first `using` on it is protected. */
export function disposingStatements(l: Lowering, list: readonly Node[]): void {
  const first = list.findIndex(s => s.type === "VariableDeclaration" && s.kind === "using")
  if (first === -1) {
    statements(l, list)
    return
  }
  statements(l, list.slice(0, first))
  disposing(l, () => statements(l, list.slice(first)))
}

/** Emits `run` with a stack of resources around it; `use` gives text that puts a value on the stack. */
export function disposing(l: Lowering, run: (use: (value: string) => string) => void): void {
  const { b } = l
  const stack = l.slot("resources")
  l.assign(stack, `new ${l.module.helper("Resources")}()`)
  const f: Finalizer = {
    entry: b.label(),
    kind: l.slot("kind"),
    value: l.slot("value"),
    leaps: [],
    returns: { used: false },
  }
  const outer = l.region
  const thrown = l.handlerOf(f.entry)
  enterRegion(l, f.entry)
  l.surroundings.push({ type: "finally", labels: [], breaks: null, continues: null, finalizer: f })
  l.resources.push(stack)
  run(value => `${stack}.use(${value})`)
  l.resources.pop()
  l.surroundings.pop()
  leaveRegion(l, outer)
  l.assign(f.kind, String(FELL))
  l.assign(f.value, "void 0")
  b.line(`${jump(l, f.entry)};`)
  b.ends()
  b.place(thrown)
  l.assign(f.value, l.r("v"))
  l.assign(f.kind, String(THREW))
  b.place(f.entry)
  b.line(`${l.r("h")} = ${outer};`)
  b.line(`${stack}.dispose(${f.kind} === ${THREW}, ${f.value});`)
  resumeLeaps(l, f, false)
}
