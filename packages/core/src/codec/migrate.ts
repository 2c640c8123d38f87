/** Owns giving a frame of a changed function its new place and locals, by the function that the host passed for that. */
import type { Code } from "../code.ts"
import { RoveError } from "../errors.ts"
import type { Frame, FrameFields } from "../frame.ts"
import { CodeChangedError, frameChange, type Migrate, misgiven, type NewFrame, type OldFrame } from "./changes.ts"
import { checkFrame, checksOf } from "./frame-checks.ts"
import type { RecordedPoint } from "./points.ts"

export class Migration {
  readonly #migrate: Migrate
  readonly #code: Code
  readonly #recorded: RecordedPoint
  readonly #offset: number
  constructor(migrate: Migrate, code: Code, recorded: RecordedPoint, offset: number) {
    this.#migrate = migrate
    this.#code = code
    this.#recorded = recorded
    this.#offset = offset
  }

  /** All that the locals lead to has its content. */
  apply(frame: Frame, locals: Readonly<Record<string, unknown>>): void {
    const code = this.#code
    const { function: id, hash, id: point, line, column, path } = this.#recorded
    const old: OldFrame = { function: id, hash, point, line, column, path, locals }
    const made = this.#migrate(code, old)
    if (made === null) throw new CodeChangedError(this.#offset, [this.#change()])
    const pc = code.points.findIndex(({ id }) => id === made.point)
    const live = code.points[pc]?.live
    if (live === undefined)
      throw wrong(code, `there is no point "${made.point}"; it has ${list(code.points.map(p => p.id))}`)
    const given = Object.keys(made.locals)
    if (given.length !== live.length || !live.every(name => Object.hasOwn(made.locals, name)))
      throw wrong(code, `at "${made.point}" the locals ${list(live)} are live, but ${list(given)} were given`)
    const none = misgiven(frame, live, made.locals)
    if (none.length > 0)
      throw wrong(code, `at "${made.point}" the locals ${list(none)} are always numbers, but something else was given`)
    placed(frame, pc, live, made)
    // the compiler's locals came out of the record
    const checks = checksOf(code, pc, live)
    if (checks !== null) checkFrame(frame, checks, this.#offset)
  }

  #change() {
    const change = frameChange(this.#code, this.#recorded)
    return change as NonNullable<typeof change>
  }
}

function placed(frame: Frame, pc: number, live: readonly string[], { locals }: NewFrame): void {
  frame.pc = pc
  for (const name of live) (frame as FrameFields)[name] = locals[name]
}

function wrong({ id }: Code, what: string): RoveError {
  return new RoveError("ROVE_INVALID_ARGUMENT", `the migration of ${id} is wrong: ${what}`)
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map(name => `"${name}"`).join(", ")
}
