/**
 * Owns finding out that a class which nobody compiled gives its instances private members: a copy would lack them, and its
 * methods would fail. Only the text of the class tells.
 */
import { stampOf } from "../code.ts"
import { privateMembersOf } from "../source/reader.ts"
import { referenceOf } from "./references.ts"

// the verdict is found at first use, when a program may have replaced it
const { toString: sourceOf } = Function.prototype
const { apply } = Reflect

export interface HiddenMember {
  readonly name: string
  /** The text of the class has several readings, and in one of them it may have that member. */
  readonly isDoubtful: boolean
}

/** Such a member by class; null if it has none. */
const verdicts = new WeakMap<object, HiddenMember | null>()

/** A private member that the class gives its instances, if compiled code cannot read it; null if there is none. */
export function hiddenMember(made: object): HiddenMember | null {
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

/** Static ones belong to the class, which is found on each thread; those that it never uses nobody misses. */
function memberIn(text: string): HiddenMember | null {
  if (!text.startsWith("class") || !text.includes("#")) return null
  const members = privateMembersOf(text)
  const name =
    members === null ? NAME.exec(text)?.[1] : members.find(({ isStatic, isUsed }) => isUsed && !isStatic)?.name
  return name === undefined ? null : { name, isDoubtful: members === null }
}

/** Whatever looks like a private name, wherever it stands. */
const NAME = /#([\p{ID_Continue}$\\]+)/u
