/** Owns which variables a frame shows: its locals and what its closure captured, out of their cells, by the program's names. */
import { COMPUTED_KEY, type Code } from "../code.ts"
import { cellsAt } from "../codec/points.ts"
import type { Frame, FrameFields } from "../frame.ts"

export interface Variable {
  readonly name: string
  readonly value: unknown
}

/** What is saved, the compiler's own too. */
export function localsOf(frame: Frame): readonly Variable[] {
  const { code } = frame.closure
  const point = code.points[frame.pc]
  if (point === undefined) return []
  const cells = cellsAt(code, point)
  const fields = frame as FrameFields
  return point.live.map(name => ({ name, value: cells.includes(name) ? contentOf(fields[name]) : fields[name] }))
}

/** Environments also have a class, what `super` means, and computed keys, which are no variables. */
const NO_VARIABLES = ["class", "super", COMPUTED_KEY]

export function capturedOf({ closure }: Frame): readonly Variable[] {
  const { env, code } = closure
  return env.flatMap((value, i) => {
    const name = code.captures[i]
    if (name === undefined || NO_VARIABLES.includes(name) || isCompilers(name, code)) return []
    return [{ name, value: code.capturedCells?.includes(i) === true ? contentOf(value) : value }]
  })
}

/** Whether a local is one that the compiler added: `$cursor`, `$cursor$2`, or a temporary, `$1`. */
export function isCompilers(name: string, code?: Code): boolean {
  return /^\$(\d+|[a-z]+)(\$\d+)?$/.test(name) && code?.plain?.includes(name) !== true
}

/** Records from outside may have anything there; and nothing of the value's own runs. */
function contentOf(cell: unknown): unknown {
  if (typeof cell !== "object" || cell === null) return cell
  const content = Object.getOwnPropertyDescriptor(cell, "v")
  return content === undefined ? cell : content.value
}
