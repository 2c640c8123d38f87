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
  readonly target: string
  readonly store: string
}

export class Saves {
  private readonly l: Lowering
  private readonly stored: readonly Stored[]
  private readonly made: string
  private readonly wiped: boolean
  /** `constant`: slots that keep their value. `wiped`: dead fields are cleared in a loop instead of one by one. */
  constructor(l: Lowering, closure: string, fields: readonly Field[], constant: ReadonlySet<string>, wiped: boolean) {
    this.l = l
    this.made = `new (${closure}.Frame)(${closure})`
    this.wiped = wiped
    this.stored = fields.map(({ slot, name, read }) => {
      const target = `${read} = `
      return { slot, once: constant.has(name), zero: l.zeros.has(name), target, store: `${target}${name}; ` }
    })
  }

  /** The block that saves these slots and stops at a resume point. */
  text(alive: Bits, pc: number, yields: boolean): string {
    const { l } = this
    const f = l.r("f")
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
    if (clear !== "") clear += "void 0; "
    if (zeros !== "") clear += `${zeros}0; `
    if (this.wiped && clear !== "") clear = `${l.module.helper("wipe")}(${f}); `
    const frame = yields ? `${l.module.helper("yielded")}(${l.r("m")}, ${this.made})` : this.made
    const make = once === "" ? `${f} ??= ${frame};` : `if (${f} === null) { ${f} = ${frame}; ${once}}`
    const result = yields ? l.module.helper("SUSPENDED") : `${l.module.helper("hold")}(${l.r("m")}, ${f})`
    return `{ ${make} ${clear}${f}.pc = ${pc}; ${stores}return ${result}; }`
  }
}
