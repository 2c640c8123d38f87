/**
 * Owns the emission vocabulary: blocks, labels, jumps and saves of one step function, and the liveness over them.
 *
 * Text carries placeholders (`mark` + kind + number + `mark`) for what is known only at the end: the number of a label,
 * the statements that save the live locals before a stop, and positions in the source.
 */

import { Bits } from "./bits.ts"
import { isAssigned, namesIn } from "./names-in.ts"
import type { Slots } from "./slots.ts"

export interface Label {
  readonly index: number
  /** Of its case; 0: it has none. */
  number: number
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
  /** Of the entry of a try region: where a throw inside it arrives, once that was asked. */
  handler: Label | null
  /** It stands inside a native loop: its case is that of this label, where the loop begins. */
  door: Label | null
  /** Text of the native jump to it, and whether one was emitted. */
  native: string | null
  jumped: boolean
}

interface Block {
  readonly label: Label | null
  /** Where its lines begin; they end where those of the next block begin. */
  readonly from: number
  /** Slots that are used before they are defined. */
  readonly gen: Bits
  ways: Way | null
  falls: boolean
}

/** Where a block may go on, and the slots that it has defined by then: null, none for certain, if an exception leads there. */
interface Way {
  readonly to: Label
  readonly defined: Bits | null
  /** Another way: lists of one or two take several times the room. */
  readonly other: Way | null
}

/** A line of the step, without what it begins and ends with. */
export interface Line {
  readonly indent: number
  /** Null: nothing stands here after all. */
  text: string | null
}

const NONE: readonly string[] = []
const indentations: readonly string[] = Array.from({ length: 16 }, (_, i) => "  ".repeat(i + 1))

/** What a line begins with. */
export function indentation({ indent }: Line): string {
  return indentations[indent] ?? "  ".repeat(indent + 1)
}

export class Builder {
  readonly mark: string
  readonly blocks: Block[] = []
  /** Those of all blocks. */
  readonly lines: Line[] = []
  readonly labels: Label[] = []
  block: Block
  /** Nesting of native constructs: inside them nothing can be a label, and definitions are not certain. */
  private readonly killed: Bits[] = [new Bits()]
  indent = 0
  /** A jump was emitted: the dispatch has to be a loop. */
  jumps = false
  /** Where exceptions go at present. */
  handler: Label | null = null

  /** The variables of the step function. */
  readonly slots: Slots
  /** Those that some text names. */
  readonly used = new Bits()
  /** Those that get a value after the function began. */
  readonly defined = new Bits()
  constructor(mark: string, slots: Slots) {
    this.mark = mark
    this.slots = slots
    this.block = this.open(null)
  }

  private open(label: Label | null): Block {
    const ways = this.handler === null ? null : { to: this.handler, defined: null, other: null }
    const block: Block = { label, from: this.lines.length, gen: new Bits(), ways, falls: true }
    this.blocks.push(block)
    return block
  }

  label(): Label {
    const label: Label = {
      index: this.labels.length,
      number: 0,
      targeted: false,
      resumable: false,
      offset: -1,
      what: "",
      path: NONE,
      region: 0,
      throws: false,
      delivers: false,
      returns: null,
      handled: NONE,
      handler: null,
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
    this.killed[0] = new Bits()
    this.block = this.open(label)
  }

  /** From here it may go on at the label. */
  goes(label: Label): void {
    const { block } = this
    for (let way = block.ways; way !== null; way = way.other)
      if (way.to === label && way.defined !== null) {
        way.defined.keepAll(this.killed.length === 1 ? (this.killed[0] as Bits) : this.certain())
        return
      }
    block.ways = { to: label, defined: this.certain(), other: block.ways }
  }

  /** The slots that are defined here. */
  private certain(): Bits {
    const defined = (this.killed[0] as Bits).copy()
    for (let i = 1; i < this.killed.length; i++) defined.addAll(this.killed[i] as Bits)
    return defined
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
    const placed = place === "" ? text : place + text
    this.lines.push({ indent: this.indent, text: placed })
    namesIn(placed, this.mark, this.found, place.length)
  }

  /** Gives a function that puts a line here, which is no use of what it names. */
  later(): (text: string) => void {
    const line: Line = { indent: this.indent, text: null }
    this.lines.push(line)
    return text => {
      line.text = text
    }
  }

  private readonly found = (text: string, from: number, to: number): void => {
    const slot = this.slots.findIn(text, from, to)
    if (slot === undefined) return
    this.used.add(slot)
    if (!isAssigned(text, to)) this.uses(slot)
  }

  setHandler(label: Label | null): void {
    this.handler = label
    if (label !== null) this.block.ways = { to: label, defined: null, other: this.block.ways }
  }

  use(name: string): void {
    const slot = this.slots.find(name)
    if (slot !== undefined) this.uses(slot)
  }

  private uses(slot: number): void {
    for (const killed of this.killed) if (killed.has(slot)) return
    this.block.gen.add(slot)
  }

  def(name: string): void {
    const slot = this.slots.find(name)
    // what is in a cell is no slot
    if (slot === undefined) return
    this.used.add(slot)
    this.defined.add(slot)
    this.kill(slot)
  }

  private kill(slot: number): void {
    ;(this.killed[this.killed.length - 1] as Bits).add(slot)
  }

  /** A leap stores its completion in these slots. */
  passes(...names: string[]): void {
    for (const name of names) {
      const slot = this.slots.find(name)
      if (slot !== undefined) this.kill(slot)
    }
  }

  /** Emission of something that may not run (a branch, a loop body). */
  uncertain<T>(emit: () => T): T {
    this.killed.push(new Bits())
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

  /** Sets of labels of which each is stopped at by one text. */
  readonly shared: (readonly Label[])[] = []
  /** The same for the one of several labels whose number `pc` is, which are numbered in a row. */
  sharedText(labels: readonly Label[]): string {
    if (labels.length === 1) return this.savedText(labels[0] as Label)
    return `${this.mark}n${this.shared.push(labels) - 1}${this.mark}`
  }

  /** Text that throws what the frame was resumed with, if it was a throw. */
  deliveredText(): string {
    return `${this.mark}d0${this.mark}`
  }

  /** The same for a yield, whose value the machine has already. */
  yieldText(label: Label): string {
    return this.saveText(label).replace(`${this.mark}s`, `${this.mark}y`)
  }

  /** Live locals at each label that stands somewhere, by its index. */
  liveness(): readonly (Bits | undefined)[] {
    const live: (Bits | undefined)[] = this.labels.map(() => undefined)
    const all = this.blocks.map(({ label, gen }) => {
      const set = gen.copy()
      if (label !== null) live[label.index] = set
      return set
    })
    for (let changed = true; changed; ) {
      changed = false
      for (let i = all.length - 1; i >= 0; i--)
        if (addNext(all[i] as Bits, (this.blocks[i] as Block).ways, live)) changed = true
    }
    return live
  }

  /** Live locals where the function begins. */
  liveAtStart(live: readonly (Bits | undefined)[]): Bits {
    const first = this.blocks[0] as Block
    const set = first.gen.copy()
    addNext(set, first.ways, live)
    return set
  }
}

/** Adds what is live where a block may go on; gives whether any of it was new. */
function addNext(set: Bits, ways: Way | null, live: readonly (Bits | undefined)[]): boolean {
  let changed = false
  for (let way = ways; way !== null; way = way.other) {
    const there = live[way.to.index]
    if (there !== undefined && set.addAll(there, way.defined)) changed = true
  }
  return changed
}
