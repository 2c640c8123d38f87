/**
 * Owns the words for where something lies in a graph. Only failures pay for it: the path to the culprit is searched
 * when there is one.
 */

import { edgesOf, fiberOf, keyWord, rootWord } from "./edges.ts"
import { NotPortableError, Unportable } from "./errors.ts"
import { List } from "./list.ts"
import type { Names } from "./plan.ts"

interface Step {
  readonly object: object
  readonly from: Step | null
  readonly words: readonly string[]
}

/** The error to throw for what an encoder or cloner threw. */
export function explained(error: unknown, root: unknown, pass: Names, rootLabel?: string): unknown {
  if (!(error instanceof Unportable)) return error
  let words = pathTo(error.culprit, root, pass)
  if (error.property !== undefined) words = [...words, keyWord(error.property)]
  const first = rootLabel ?? rootWord(root)
  if (first !== "") words = [first, ...words]
  const options = error.cause === undefined ? undefined : { cause: error.cause }
  return new NotPortableError(words.join(" › "), error.reason, error.culprit, options)
}

/** The shortest path, breadth first. */
function pathTo(culprit: unknown, root: unknown, pass: Names): string[] {
  if (!isObject(root)) return []
  const queue = new List<Step>()
  queue.add({ object: root, from: null, words: [] })
  const seen = new Set<object>([root])
  const fiber = fiberOf(root)
  // grows while it is gone through
  for (let i = 0; i < queue.length; i++) {
    const step = queue[i] as Step
    if (step.object === culprit) return wordsOf(step)
    for (const { value, words } of edgesOf(step.object, fiber)) {
      if (!isObject(value) || seen.has(value) || (value !== culprit && pass.names(value))) continue
      seen.add(value)
      queue.add({ object: value, from: step, words })
    }
  }
  return []
}

function wordsOf(last: Step): string[] {
  let words: string[] = []
  for (let step: Step | null = last; step !== null; step = step.from) words = [...step.words, ...words]
  return words
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function"
}
