/**
 * Owns leaps: `break`, `continue` and `return` that leave what was broken up into states, through every `finally` and
 * every iteration that has to be closed on the way.
 */
import { THREW } from "@rove/core"
import type { Node } from "../2-analyze/nodes.ts"
import type { Label } from "./builder.ts"
import type { Finalizer, Leap, Lowering, Surrounding } from "./lowering.ts"
import { type Place, text } from "./text.ts"

/** Kinds in a finalizer's slot: fell through, threw, returned; a leap has 3 + its index. */
export const FELL = 0
export { THREW }

const RETURNED = 2
const FIRST_LEAP = 3

export function finalizerOf(l: Lowering): Finalizer {
  return { entry: l.b.label(), kind: l.slot("kind"), value: l.slot("value"), leaps: [], returns: { used: false } }
}

/** Text for a jump statement that stands in untouched text; null if it stays inside it (or needs nothing). */
export function leapText(place: Place, l: Lowering, node: Node): string | null {
  if (node.type === "ReturnStatement") {
    const value = node.argument === null ? "void 0" : text(place, node.argument)
    if (!l.surroundings.some(s => s.finalizer !== null)) return node.argument === null ? null : `return ${value};`
    return `{ ${leap(l, { to: "return" }, value)}; }`
  }
  const target = targetOf(l, node)
  if (target === null) return null
  return `{ ${leap(l, { to: node.type === "BreakStatement" ? "break" : "continue", target }, null)}; }`
}

/** What a break or continue statement leaves; null if that is inside the untouched text. */
function targetOf(l: Lowering, node: Node): Surrounding | null {
  if (l.insideNative(node)) return null
  const name: string | null = node.label?.name ?? null
  for (let i = l.surroundings.length - 1; i >= 0; i--) {
    const s = l.surroundings[i] as Surrounding
    if (
      name !== null
        ? s.labels.includes(name)
        : s.type === "loop" || (s.type === "switch" && node.type === "BreakStatement")
    ) {
      if (node.type === "ContinueStatement" && s.type !== "loop") continue
      return s
    }
  }
  throw new Error(`broken invariant in targetOf: a jump without target at ${node.start}`)
}

/** Text of statements that carry out the leap from here; `value` is what a return returns. */
export function leap(l: Lowering, to: Leap, value: string | null): string {
  // behind the closing of an iteration, the loop itself is no longer around us
  const from = to.to !== "return" && !l.surroundings.includes(to.target) ? -1 : l.surroundings.length - 1
  const stop = to.to === "return" ? -1 : l.surroundings.indexOf(to.target)
  let region: number | undefined
  for (let i = from; i >= 0; i--) {
    const s = l.surroundings[i] as Surrounding
    const passed = i > stop || (i === stop && to.to !== "return" && passesOwn(s, to.to))
    if (!passed) break
    if (s.finalizer !== null) return enterFinalizer(l, s.finalizer, to, value)
    region = s.outside ?? region
  }
  if (to.to === "return") return `return ${value}`
  const place = to.to === "break" ? to.target.breaks : to.target.continues
  const leave = region === undefined ? "" : `${l.r("h")} = ${region}; `
  return leave + (typeof place === "string" ? place : jump(l, place as Label))
}

/** A `break` out of an iteration closes it, a `continue` of it does not. */
function passesOwn(s: Surrounding, to: "break" | "continue"): boolean {
  return s.type === "loop" && s.finalizer !== null && to === "break"
}

export function jump(l: Lowering, label: Parameters<Lowering["b"]["jumpText"]>[0]): string {
  return l.b.jumpText(label, l.r("run"), l.r("pc"))
}

function enterFinalizer(l: Lowering, f: Finalizer, to: Leap, value: string | null): string {
  let kind: number = RETURNED
  if (to.to !== "return") {
    let index = f.leaps.findIndex(x => x.to !== "return" && x.to === to.to && x.target === to.target)
    if (index === -1) index = f.leaps.push(to) - 1
    kind = FIRST_LEAP + index
  } else if (!f.returns.used) f.returns.used = true
  const store = to.to === "return" ? `${f.value} = ${value}; ` : ""
  l.b.passes(f.kind, f.value)
  return `${store}${f.kind} = ${kind}; ${jump(l, f.entry)}`
}

/** Behind a finalizer's body: goes on with what brought us there. Emitted with the surroundings outside of it. */
export function resumeLeaps(l: Lowering, f: Finalizer, throws: boolean): void {
  const { b } = l
  b.use(f.kind)
  if (throws || f.returns.used) b.use(f.value)
  if (throws) b.line(`if (${f.kind} === ${THREW}) throw ${f.value};`)
  if (f.returns.used) {
    b.line(`if (${f.kind} === ${RETURNED}) { ${leap(l, { to: "return" }, f.value)}; }`)
  }
  for (let i = 0; i < f.leaps.length; i++)
    b.line(`if (${f.kind} === ${FIRST_LEAP + i}) { ${leap(l, f.leaps[i] as Leap, null)}; }`)
}
