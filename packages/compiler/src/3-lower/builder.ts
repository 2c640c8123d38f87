/**
 * Owns the emission vocabulary: blocks, labels, jumps and saves of one step function, and the liveness over them.
 *
 * Text carries placeholders (`mark` + kind + number + `mark`) for what is known only at the end: the number of a label,
 * the statements that save the live locals before a stop, and positions in the source.
 */

import { namesIn } from "./names-in.ts"

export interface Label {
  readonly index: number
  /** Some jump goes to it: it needs a case. */
  targeted: boolean
  /** A frame may be resumed at it. */
  resumable: boolean
  offset: number
  /** What stops there, in words. */
  what: string
  /** The tries and loops around it, from the outside in. */
  path: readonly string[]
  /** Try region at the label. */
  region: number
  /** A throw may be delivered at it. */
  throws: boolean
  /** The text behind it delivers the throw, with `deliveredText`. */
  delivers: boolean
  /** A return may be delivered at it: text of what then happens. */
  returns: string | null
  /** Names of the slots that hold an exception being handled there, innermost first; of a `finally`, `value?kind`. */
  handled: readonly string[]
  /** It stands inside a native loop: its case is that of this label, where the loop begins. */
  door: Label | null
  /** Text of the native jump to it, and whether one was emitted. */
  native: string | null
  jumped: boolean
}

interface Block {
  readonly label: Label | null
  readonly lines: string[]
  readonly gen: Set<string>
  /** Where it goes on, with the slots that were defined before it does. */
  readonly next: Map<Label, Set<string>>
  falls: boolean
  handlers: Set<Label>
}

export class Builder {
  readonly mark: string
  readonly blocks: Block[] = []
  readonly labels: Label[] = []
  block: Block
  /** Nesting of native constructs: inside them nothing can be a label, and definitions are not certain. */
  private readonly killed: Set<string>[] = [new Set()]
  indent = 0
  /** A jump was emitted: the dispatch has to be a loop. */
  jumps = false
  /** Where exceptions go at present. */
  handler: Label | null = null

  /** Names of the variables of the step function. */
  readonly slots: Set<string>
  /** Those that some text names. */
  readonly used = new Set<string>()
  /** Those that get a value after the function began. */
  readonly defined = new Set<string>()
  constructor(mark: string, slots: Set<string>) {
    this.mark = mark
    this.slots = slots
    this.block = this.open(null)
  }

  private open(label: Label | null): Block {
    const block: Block = {
      label,
      lines: [],
      gen: new Set(),
      next: new Map(),
      falls: true,
      handlers: new Set(),
    }
    if (this.handler !== null) block.handlers.add(this.handler)
    this.blocks.push(block)
    return block
  }

  label(): Label {
    const label: Label = {
      index: this.labels.length,
      targeted: false,
      resumable: false,
      offset: -1,
      what: "",
      path: [],
      region: 0,
      throws: false,
      delivers: false,
      returns: null,
      handled: [],
      door: null,
      native: null,
      jumped: false,
    }
    this.labels.push(label)
    return label
  }

  /** From here on a new block, if that is possible here: what holds for its blocks shall not hold for what came before. */
  cut(): void {
    if (this.killed.length === 1) this.place(this.label())
  }

  /** The label stands here. */
  place(label: Label): void {
    if (this.block.falls) this.goes(label)
    this.killed.length = 1
    this.killed[0] = new Set()
    this.block = this.open(label)
  }

  /** From here it may go on at the label. */
  goes(label: Label): void {
    const defined = new Set<string>()
    for (const set of this.killed) for (const name of set) defined.add(name)
    const known = this.block.next.get(label)
    this.block.next.set(label, known === undefined ? defined : known.intersection(defined))
  }

  /** Offset of a statement of which nothing was emitted yet. */
  private begun: number | null = null
  /** What is emitted next stands where the statement begins, so that a debugger stops there; null: text has its own marks. */
  begin(offset: number | null): void {
    this.begun = offset
  }

  /** Emits a line; the slots that it names are used there (but for those that it only assigns). */
  line(text: string): void {
    const place = this.begun === null ? "" : `${this.mark}p${this.begun}${this.mark}`
    this.begun = null
    this.block.lines.push("  ".repeat(this.indent) + place + text)
    namesIn(text, this.mark, this.found)
  }

  private readonly found = (name: string, assigned: boolean): void => {
    if (!this.slots.has(name)) return
    this.used.add(name)
    if (!assigned) this.use(name)
  }

  setHandler(label: Label | null): void {
    this.handler = label
    if (label !== null) this.block.handlers.add(label)
  }

  use(name: string): void {
    if (!this.killed.some(k => k.has(name))) this.block.gen.add(name)
  }

  def(name: string): void {
    this.used.add(name)
    this.defined.add(name)
    const top = this.killed[this.killed.length - 1] as Set<string>
    top.add(name)
  }

  /** A leap stores its completion in these slots. */
  passes(...names: string[]): void {
    for (const name of names) (this.killed[this.killed.length - 1] as Set<string>).add(name)
  }

  /** Emission of something that may not run (a branch, a loop body). */
  uncertain<T>(emit: () => T): T {
    this.killed.push(new Set())
    this.indent++
    try {
      return emit()
    } finally {
      this.indent--
      this.killed.pop()
    }
  }

  number(label: Label): string {
    return `${this.mark}l${label.index}${this.mark}`
  }

  /** Text of a jump; valid in any nesting. */
  jumpText(label: Label, dispatch: string, pc: string): string {
    this.goes(label)
    label.jumped = true
    if (label.native !== null) return label.native
    label.targeted = true
    this.jumps = true
    return `${pc} = ${this.number(label)}; continue ${dispatch}`
  }

  /** The block ends here without falling into the next one. */
  ends(): void {
    this.block.falls = false
  }

  /** Text that stores the live locals for `label` and returns. */
  saveText(label: Label): string {
    label.targeted = true
    label.resumable = true
    this.goes(label)
    return this.savedText(label)
  }

  /** The same where it is known already that it may go on there. */
  savedText(label: Label): string {
    return `${this.mark}s${label.index}${this.mark}`
  }

  /** Text that throws what the frame was resumed with, if it was a throw. */
  deliveredText(): string {
    return `${this.mark}d0${this.mark}`
  }

  /** The same for a yield, whose value the machine has already. */
  yieldText(label: Label): string {
    return this.saveText(label).replace(`${this.mark}s`, `${this.mark}y`)
  }

  /** Live locals at each label. */
  liveness(): Map<Label, ReadonlySet<string>> {
    const at = new Map<Label, number>()
    this.blocks.forEach((b, i) => {
      if (b.label !== null) at.set(b.label, i)
    })
    const live = this.blocks.map(b => new Set(b.gen))
    const ways = this.blocks.map(b => waysOf(b, label => live[at.get(label) ?? -1]))
    for (let changed = true; changed; ) {
      changed = false
      for (let i = this.blocks.length - 1; i >= 0; i--) {
        const set = live[i] as Set<string>
        const before = set.size
        for (const { names, defined } of ways[i] as readonly Way[])
          for (const name of names) if (defined === null || !defined.has(name)) set.add(name)
        if (set.size !== before) changed = true
      }
    }
    const result = new Map<Label, ReadonlySet<string>>()
    for (const [label, i] of at) result.set(label, live[i] as Set<string>)
    return result
  }
}

/** What is live where a block may go on, and what it has defined by then: nothing for certain if an exception leads there. */
interface Way {
  readonly names: ReadonlySet<string>
  readonly defined: ReadonlySet<string> | null
}

function waysOf(block: Block, liveAt: (label: Label) => ReadonlySet<string> | undefined): readonly Way[] {
  const ways: Way[] = []
  for (const [label, defined] of block.next) {
    const names = liveAt(label)
    if (names !== undefined) ways.push({ names, defined })
  }
  for (const label of block.handlers) {
    const names = liveAt(label)
    if (names !== undefined) ways.push({ names, defined: null })
  }
  return ways
}
