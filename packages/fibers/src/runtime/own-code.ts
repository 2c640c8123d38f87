/** Owns what the compiled functions have in common that are this package's own: written by hand, with `rove#…` as id, and one closure. */
import { Closure, type CodeParts, defineCode, type Fields, type Step } from "@rove/core"

interface OwnCode extends Pick<CodeParts, "begins"> {
  /** What it is called in stacks, and fibers that begin with it. */
  readonly name: string
  /** Behind `rove#`; the name, if that is not said. */
  readonly id?: string
  /** What is live at each of its resume points, in the order of their numbers. */
  readonly points: Readonly<Record<string, readonly string[]>>
  readonly Frame: CodeParts["Frame"]
  /** What the locals of its frames can hold. */
  readonly fields: Fields
  readonly step: Step
}

export function ownClosure({ name, id = name, points, step, ...rest }: OwnCode): Closure {
  const code = defineCode({
    ...rest,
    id: `rove#${id}`,
    hash: "1",
    name,
    url: "",
    kind: "generator",
    points: Object.entries(points).map(([id, live]) => ({ id, path: [], line: 0, column: 0, live, handled: [] })),
    captures: [],
    make: null,
  })
  const closure = new Closure(code, step, step, [])
  code.single = closure
  return closure
}
