/** Owns the fibers of a soak: makes them in rounds, and accounts for the end of each. */
import type { Pool } from "rove"
import type { Random } from "../../packages/fibers/src/runtime/random.ts"
import { exit, throwOutside } from "../pool/programs.ts"
import { counts, Marks, naps, parent } from "../simulation/fibers.ts"

const ROUND = 2000
const WIDTH = 127
/** Rounds whose children may still be under way, when the fibers that spawned them are lost. */
const KEPT = 3

/** Ends a thread in one of the ways in which threads end. */
export function kill(pool: Pool, random: Random): void {
  const made = random.below(2) === 0 ? exit(1) : throwOutside()
  pool.run(made).catch(() => {})
}

export class Crowd {
  readonly #pool: Pool
  readonly #random: Random
  readonly #rounds: Marks[] = []
  readonly #ends = { returned: 0, interrupted: 0, lost: 0 }
  #fibers = 0
  constructor(pool: Pool, random: Random) {
    this.#pool = pool
    this.#random = random
  }
  report(): string {
    const { returned, interrupted, lost } = this.#ends
    return `${this.#fibers} fibers begun; of those started here ${returned} returned, ${interrupted} interrupted, ${lost} lost`
  }
  async round(): Promise<void> {
    const marks = new Marks(ROUND * (WIDTH + 1))
    this.#rounds.push(marks)
    await Promise.all(Array.from({ length: ROUND }, (_, i) => this.#life(marks, i * (WIDTH + 1))))
    if (this.#rounds.length > KEPT) this.#check(this.#rounds.shift() as Marks)
  }
  /** All is over: what is left is looked at. Where no thread died, each child that began has come to its end too. */
  settle(): void {
    const nobodyDied = this.#pool.stats().deaths === 0
    for (const marks of this.#rounds.splice(0)) {
      this.#check(marks)
      if (nobodyDied) this.#checkChildren(marks)
    }
  }

  async #life(marks: Marks, number: number): Promise<void> {
    const kind = this.#random.below(4)
    const { buffer } = marks
    const made =
      kind === 0 ? counts(buffer, number, 2000) : kind === 1 ? naps(buffer, number, 3) : parent(buffer, number, WIDTH)
    const handle = this.#pool.run(made)
    if (this.#random.below(16) === 0) setTimeout(() => handle.interrupt("enough"), this.#random.below(20))
    try {
      await handle
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === "ROVE_WORKER_LOST") this.#ends.lost++
      else if (code === "ROVE_INTERRUPTED") this.#ends.interrupted++
      else throw error
      return
    }
    this.#ends.returned++
    for (let one = number; one <= number + (kind >= 2 ? WIDTH : 0); one++) {
      const { began, ended } = marks.of(one)
      if (began !== 1 || ended !== 1) throw new Error(`fiber ${one} returned, began ${began} and ended ${ended} times`)
    }
  }
  /** Those of a parent that came to its end did so too: it joined them. */
  #checkChildren(marks: Marks): void {
    for (let number = 0; number < ROUND * (WIDTH + 1); number++) {
      const { began, ended } = marks.of(number)
      if (ended !== began && marks.of(number - (number % (WIDTH + 1))).ended === 1)
        throw new Error(`child ${number} began ${began} and ended ${ended} times, and its parent has ended well`)
    }
  }
  #check(marks: Marks): void {
    for (let number = 0; number < ROUND * (WIDTH + 1); number++) {
      const { began, ended } = marks.of(number)
      if (began > 0) this.#fibers++
      if (began > 1 || ended > began) throw new Error(`fiber ${number} began ${began} and ended ${ended} times`)
    }
  }
}
