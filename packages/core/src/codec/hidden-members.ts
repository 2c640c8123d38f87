/**
 * Owns finding out that a class which nobody compiled gives its instances private members: a copy would lack them, and its
 * methods would fail. Only the text of the class tells.
 */
import { stampOf } from "../code.ts"
import { referenceOf } from "./references.ts"

// the verdict is found at first use, when a program may have replaced it
const { toString: sourceOf } = Function.prototype
const { apply } = Reflect

/** The name of such a member by class; null if it has none. */
const verdicts = new WeakMap<object, string | null>()

/** A private member that the class gives its instances, if compiled code cannot read it; null if there is none. */
export function hiddenMember(made: object): string | null {
  let verdict = verdicts.get(made)
  if (verdict === undefined) {
    verdict = isCompiled(made) ? null : memberIn(apply(sourceOf, made, []) as string)
    verdicts.set(made, verdict)
  }
  return verdict
}

/** What a compiled class has is known: another class in its text may have more. Our own errors do without theirs. */
function isCompiled(made: object): boolean {
  const reference = referenceOf(made)
  return (
    stampOf(made) !== undefined || (reference !== undefined && (reference.url !== "" || /^rove\./.test(reference.name)))
  )
}

/** Minifiers leave out what need not be between the words. */
const STATIC = /\bstatic\s*(?:(?:async|get|set)\b\s*)?(?:\*\s*)?#([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu
const DECLARED = /(?<!\.\s*)#([\p{ID_Start}$_][\p{ID_Continue}$]*)(?![\p{ID_Continue}$]|\s+in\b)/gu
const USED = /(?:\.\s*#|#(?=[\p{ID_Continue}$]+\s+in\b))([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu

/**
 * Static ones belong to the class, which is found on each thread; those that it only uses are of the class around it, or stand in a
 * comment.
 */
function memberIn(text: string): string | null {
  if (!text.startsWith("class")) return null
  const ofClass = new Set(namesIn(text, STATIC))
  const declared = new Set(namesIn(text, DECLARED))
  return namesIn(text, USED).find(name => declared.has(name) && !ofClass.has(name)) ?? null
}

function namesIn(text: string, pattern: RegExp): string[] {
  const names: string[] = []
  pattern.lastIndex = 0
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) names.push(found[1] as string)
  return names
}
