/** Owns which private names a class declares, and which class a use of one means: that one around it which declares it. */
import { append } from "../codec/list.ts"

export interface PrivateMember {
  readonly name: string
  /** It belongs to the class, and not to its instances. */
  readonly isStatic: boolean
  /** Whether the class's text reads, writes, calls or looks for it: nobody can tell of others whether an object has them. */
  readonly isUsed: boolean
}

/** What stands between the braces of one class. */
export class ClassScope {
  readonly outer: ClassScope | null
  readonly #isStatic = new Map<string, boolean>()
  readonly #used = new Set<string>()
  /** Text that becomes code there can use all of them. */
  #hasEval = false

  constructor(outer: ClassScope | null) {
    this.outer = outer
  }

  declare(name: string, isStatic: boolean): void {
    this.#isStatic.set(name, isStatic)
  }

  use(name: string): void {
    this.#used.add(name)
  }

  useAny(): void {
    this.#hasEval = true
  }

  /** The class ends: what it does not declare is of a class around it. */
  close(): void {
    const { outer } = this
    if (outer === null) return
    for (const name of this.#used) if (!this.#isStatic.has(name)) outer.use(name)
    if (this.#hasEval) outer.useAny()
  }

  /** In the order of the source. */
  members(): PrivateMember[] {
    const members: PrivateMember[] = []
    for (const [name, isStatic] of this.#isStatic)
      append(members, { name, isStatic, isUsed: this.#hasEval || this.#used.has(name) })
    return members
  }
}

/** What the head of a class's member begins with, and which of its words are the name: most can be both. */
export class MemberHead {
  isStatic = false
  /** What was read last: a modifier perhaps. */
  #last: string | null = null

  /** Whether what stands after a line belongs to the same head; with a name alone, it would be a field that ended there. */
  continues(part: string, isAfterLine: boolean): boolean {
    const last = this.#last
    if (last === null || last === "*" || this.#isModifierStatic()) return true
    if (last === "get" || last === "set") return part !== "*"
    return (last === "async" || last === "accessor") && !isAfterLine
  }

  /** Takes a word, a star, or a name that is no word (`""`), which continues the head. */
  take(part: string): void {
    const isModifier = this.#last === null || this.#isModifierStatic()
    if (this.#isModifierStatic()) this.isStatic = true
    this.#last = isModifier || part === "*" ? part : ""
  }

  #isModifierStatic(): boolean {
    return this.#last === "static" && !this.isStatic
  }
}
