/** Owns `using`: what follows the declaration in its block is protected, and the resources are disposed of at its end. */
import type { Node } from "../2-analyze/nodes.ts"
import { resumeLeaps, THREW } from "./leaps.ts"
import type { Lowering } from "./lowering.ts"
import { statements } from "./statements.ts"
import { withFinalizer } from "./tries.ts"

/** A statement list; from the first `using` on it is protected. */
export function disposingStatements(l: Lowering, list: readonly Node[]): void {
  const first = list.findIndex(s => s.type === "VariableDeclaration" && s.kind === "using")
  if (first === -1) {
    statements(l, list)
    return
  }
  statements(l, list.slice(0, first))
  disposing(l, () => statements(l, list.slice(first)))
}

/** Emits `run` with a stack of resources around it; `use` gives text that puts a value on the stack. */
export function disposing(l: Lowering, run: (use: (value: string) => string) => void): void {
  const { b } = l
  const stack = l.slot("resources")
  l.assign(stack, `new ${l.module.helper("Resources")}()`)
  withFinalizer(
    l,
    () => {
      l.resources.push(stack)
      run(value => `${stack}.use(${value})`)
      l.resources.pop()
    },
    f => {
      b.line(`${stack}.dispose(${f.kind} === ${THREW}, ${f.value});`)
      resumeLeaps(l, f, false)
    },
  )
}
