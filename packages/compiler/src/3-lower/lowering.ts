/** Owns the state of lowering one function: its builder, its names, and what surrounds the present statement. */

import type { Analysis, Binding, Unit } from "../2-analyze/bindings.ts"
import { type Handed, handedIn } from "../2-analyze/handed.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Keeping } from "../2-analyze/numbers.ts"
import { Builder, type Label } from "./builder.ts"
import { jumpsWithin } from "./jumps.ts"
import type { ModuleState } from "./module.ts"
import { Slots } from "./slots.ts"
import type { Place } from "./text.ts"
import { noteTrails } from "./trails.ts"

/** A `finally` (or the closing of an iteration) that a leap passes through. */
export interface Finalizer {
  readonly entry: Label
  /** Slots: how the protected part ended, and with what. */
  readonly kind: string
  readonly value: string
  /** Leaps that go on behind it; the first has kind 3. */
  readonly leaps: Leap[]
  readonly returns: { used: boolean }
}

export type Leap = { readonly to: "break" | "continue"; readonly target: Surrounding } | { readonly to: "return" }

/** What surrounds a statement, from the outside in. */
export interface Surrounding {
  readonly type: "loop" | "block" | "switch" | "finally" | "catch" | "handling"
  readonly labels: readonly string[]
  /** Where `break` and `continue` go; text for loops that stay native. */
  readonly breaks: Label | string | null
  readonly continues: Label | string | null
  readonly finalizer: Finalizer | null
  /** Of a try region: the one outside, which a leap out of it returns to. */
  readonly outside?: number
}

export class Lowering {
  readonly module: ModuleState
  readonly unit: Unit
  /** For people. */
  readonly name: string
  readonly b: Builder
  /** Where text of its own level is printed. */
  readonly place: Place
  readonly surroundings: Surrounding[] = []
  /** Number of the try region that is active: the value of the register `h`. */
  region = 0
  /** Handler of each region; index 0 is unused. */
  readonly regions: (Label | null)[] = [null]
  /** The region outside of each region. */
  readonly parents: number[] = [0]
  /** Slots of exceptions being handled, innermost last; of a `finally`, `value?kind`. */
  readonly handled: string[] = []
  /** Stacks of resources of the blocks around, innermost last. */
  readonly resources: string[] = []
  readonly temporaries: string[] = []
  /** Slots that are none of the program's: the runtime knows by their names what they hold. */
  readonly made = new Set<string>()
  /** It has nests, which keep the budget in a local. */
  nests = false
  /** It looks at the clock's word. */
  due = false
  /** It reads arrays in strips, and keeps in registers where the strip stands and ends. */
  strips = false
  /** It has a `for-in` of the engine over something without a name. */
  overs = false
  /** Variables that always hold numbers; asked for by the first nest. */
  numbers: ReadonlyMap<Binding, Keeping> | null = null
  /** Slots that begin as 0, as do their fields: so nobody ever finds anything but numbers in them. */
  readonly zeros = new Set<string>()
  #handed: ReadonlyMap<Node, Handed> | null = null
  private free = 0
  readonly slots = new Slots()
  constructor(module: ModuleState, unit: Unit, name: string) {
    this.module = module
    this.unit = unit
    this.name = name
    this.place = { module, lowering: this, unit }
    for (const scope of unit.scopes)
      for (const x of scope.bindings.values()) if (x.mode !== "native") this.take(x.local, x.name)
    // the home object is reached through the closure
    for (const x of [unit.thisBinding, unit.argumentsBinding]) if (x !== null) this.take(x.local, x.kind)
    this.b = new Builder(module.mark, this.slots)
  }

  get analysis(): Analysis {
    return this.module.analysis
  }

  /** Calls whose computations only `all` and its like get. */
  get handed(): ReadonlyMap<Node, Handed> {
    this.#handed ??= handedIn(this.module.analysis, this.module.takers, this.unit)
    return this.#handed
  }

  #trails = false
  /** What V8 prints behind operands of `yield*` is known from here on. */
  tellTrails(): void {
    if (!this.#trails) noteTrails(bare(this.unit.node.body))
    this.#trails = true
  }

  private take(slot: string, base: string): void {
    this.slots.take(slot, base)
  }

  /** Where a throw inside the region of `entry` arrives. */
  handlerOf(entry: Label): Label {
    if (entry.handler === null) {
      entry.handler = this.b.label()
      entry.handler.targeted = true
    }
    return entry.handler
  }

  /** Untouched statements being printed, outermost first: jumps to what lies inside them stay. */
  readonly untouched: Node[] = []

  /** Whether the target of a jump statement lies inside the untouched text. */
  insideNative(jump: Node): boolean {
    const root = this.untouched[this.untouched.length - 1]
    return root !== undefined && jumpsWithin(root, jump)
  }

  /** Name of a register or helper. */
  r(name: string): string {
    return this.module.register(name)
  }

  temporary(): string {
    const existing = this.temporaries[this.free]
    this.free++
    if (existing !== undefined) return existing
    const name = this.module.unique(`${this.module.prefix}${this.free}`)
    this.temporaries.push(name)
    this.take(name, `$${this.free}`)
    this.made.add(name)
    return name
  }

  /** Temporaries taken by `run` are free again behind it. */
  scoped<T>(run: () => T): T {
    const before = this.free
    const result = run()
    this.free = before
    return result
  }

  /** How many temporaries are taken, to be given to `release`. */
  get taken(): number {
    return this.free
  }

  /** Temporaries that were taken since are free again. */
  release(taken: number): void {
    this.free = taken
  }

  /** A slot that stays taken for as long as its construct. */
  slot(name: string): string {
    const unique = this.module.unique(this.r(name))
    this.take(unique, `$${name}`)
    this.made.add(unique)
    return unique
  }

  assign(name: string, text: string): void {
    this.b.line(`${name} = ${text};`)
    this.b.def(name)
  }

  use(name: string): string {
    this.b.use(name)
    return name
  }

  position(node: Node): string {
    return this.module.placeText(node.start)
  }

  /** Whether the binding is a variable of this step function (and not of an enclosing scope). */
  owns(binding: Binding): boolean {
    return binding.owner === this.unit && binding.mode !== "native"
  }
}
