/** Owns the order in which objects are made that need others to exist first: closures need what they capture. */
import { stampOf } from "../code.ts"
import { planOf } from "./classify.ts"
import { Unportable } from "./errors.ts"
import { List } from "./list.ts"
import { classOfMethod } from "./local-methods.ts"
import type { Names, Plan } from "./plan.ts"

interface Pass extends Names {
  /** Whether the pass has made the object already, or carries it in another way. */
  has(value: object): boolean
}

interface Entry {
  readonly plan: Plan
  next: number
}

/** The plans that must be carried out before `root`, innermost first; iterative, since closures may be nested a million deep. */
export function inOrder(root: Plan, pass: Pass): List<Plan> {
  const order = new List<Plan>()
  const settled = new Set<object>()
  const open = new Set<object>([root.value])
  const stack = new List<Entry>()
  stack.add({ plan: root, next: 0 })
  for (;;) {
    const entry = stack[stack.length - 1] as Entry
    const needs = entry.plan.needs as readonly unknown[]
    if (entry.next < needs.length) {
      const value = needs[entry.next++]
      const needed = objectOf(value)
      if (needed === null || pass.names(value as object) || settled.has(needed) || pass.has(needed)) continue
      if (open.has(needed)) throw new Unportable(needed, "is needed to make itself")
      const plan = planOf(needed, pass)
      if (plan === null || plan.needs === null) continue
      open.add(needed)
      stack.add({ plan, next: 0 })
    } else {
      stack.length--
      if (stack.length === 0) return order
      settled.add(entry.plan.value)
      order.add(entry.plan)
    }
  }
}

/** What stands for a value in the order: a function is made by making its closure. */
function objectOf(value: unknown): object | null {
  if (typeof value === "function") return stampOf(value) ?? stampOf(classOfMethod(value)) ?? null
  if (typeof value !== "object" || value === null) return null
  return stampOf(value) ?? value
}
