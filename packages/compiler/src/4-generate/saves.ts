/** Owns the text of a stop: the frame is made if there is none yet, live locals are stored, dead ones cleared. */
import type { Bits } from "../3-lower/bits.ts"
import type { Lowering } from "../3-lower/lowering.ts"
import type { Field } from "./fields.ts"

interface Stored {
  readonly slot: number
  /** A frame gets it when it is made. */
  readonly once: boolean
  /** It holds a number before it has its value. */
  readonly zero: boolean
  readonly name: string
  readonly target: string
  readonly store: string
}

/** What is live at a resume point. */
export interface Point {
  readonly alive: Bits
  readonly number: number
}

export class Saves {
  private readonly l: Lowering
  private readonly stored: readonly Stored[]
  private readonly made: string
  private readonly wiped: boolean
  /** What the block begins with if there may be a frame already, and with what. */
  private readonly begins: string
  private readonly beginsOnce: string
  /** What it ends with, but for a yield; known when the first one is needed. */
  private ends: string | null = null
  /** `constant`: slots that keep their value. `wiped`: dead fields are cleared in a loop instead of one by one. */
  constructor(l: Lowering, closure: string, fields: readonly Field[], constant: ReadonlySet<string>, wiped: boolean) {
    this.l = l
    const { f } = l.module.registers
    this.made = `new (${closure}.Frame)(${closure})`
    this.wiped = wiped
    this.begins = `{ ${f} ??= ${this.made}; `
    this.beginsOnce = `{ if (${f} === null) { ${f} = ${this.made}; `
    this.stored = fields.map(({ slot, name, read }) => {
      const target = `${read} = `
      return { slot, once: constant.has(name), zero: l.zeros.has(name), name, target, store: `${target}${name}; ` }
    })
  }

  /** The block that saves these slots and stops at a resume point. */
  text(alive: Bits, pc: number, yields: boolean): string {
    let clear = ""
    let zeros = ""
    let once = ""
    let stores = ""
    for (const { slot, once: isOnce, zero, target, store } of this.stored) {
      if (!alive.has(slot)) {
        if (zero) zeros += target
        else clear += target
      } else if (isOnce) once += store
      else stores += store
    }
    return this.block(clear, zeros, once, stores, pc, yields)
  }

  /**
   * The same for the one of several points, numbered in a row, at which the step stops: one text, which the optimiser
   * learns by the first stop. What stands there once for each point was met for the first time once for each, and each
   * time it gave up the code of the whole function.
   */
  shared(points: readonly Point[]): string {
    const { pc } = this.l.module.registers
    let clear = ""
    let zeros = ""
    let once = ""
    let stores = ""
    for (const { slot, once: isOnce, zero, name, target, store } of this.stored) {
      const needing = points.filter(({ alive }) => alive.has(slot))
      if (needing.length === 0) {
        if (zero) zeros += target
        else clear += target
      } else if (needing.length === points.length && isOnce) once += store
      // a number that nobody needs is nothing that stays alive by it
      else if (needing.length === points.length || zero) stores += store
      else stores += `${target}${isAmong(pc, needing, points)} ? ${name} : void 0; `
    }
    return this.block(clear, zeros, once, stores, pc, false)
  }

  private block(
    clear: string,
    zeros: string,
    once: string,
    stores: string,
    pc: number | string,
    yields: boolean,
  ): string {
    const { helper } = this
    const { f } = this.l.module.registers
    let cleared = clear === "" ? "" : `${clear}void 0; `
    if (zeros !== "") cleared += `${zeros}0; `
    if (this.wiped && cleared !== "") cleared = `${helper("wipe")}(${f}); `
    const begin = yields ? this.beginYield(once) : once === "" ? this.begins : `${this.beginsOnce}${once}} `
    return `${begin}${cleared}${f}.pc = ${pc}; ${stores}${yields ? `return ${helper("SUSPENDED")}; }` : this.end()}`
  }

  private readonly helper = (name: string): string => this.l.module.helper(name)

  private beginYield(once: string): string {
    const { f, m } = this.l.module.registers
    const frame = `${this.helper("yielded")}(${m}, ${this.made})`
    return once === "" ? `{ ${f} ??= ${frame}; ` : `{ if (${f} === null) { ${f} = ${frame}; ${once}} `
  }

  private end(): string {
    const { f, m } = this.l.module.registers
    this.ends ??= `return ${this.helper("hold")}(${m}, ${f}); }`
    return this.ends
  }
}

/** Text that asks whether `pc` is the number of one of these points, when it is that of one of all. */
function isAmong(pc: string, some: readonly Point[], all: readonly Point[]): string {
  const [first, last] = [some[0] as Point, some.at(-1) as Point]
  if (last.number - first.number === some.length - 1) {
    if (last === all.at(-1)) return `${pc} >= ${first.number}`
    if (first === all[0]) return `${pc} <= ${last.number}`
  }
  return some.map(({ number }) => `${pc} === ${number}`).join(" || ")
}
