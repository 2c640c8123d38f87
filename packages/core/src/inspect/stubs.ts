/**
 * Owns reading a record without the program that made it: functions, classes and kinds that its links name are stood in
 * for by stubs, which have their names and do nothing.
 */
import { Closure, type Code, shapeOf, stamp } from "../code.ts"
import { RecordError } from "../codec/errors.ts"
import { L_CODE, L_FRAME, L_KIND, L_REFERENCE, L_SINGLE, L_VARIABLE } from "../codec/format.ts"
import type { Kind } from "../codec/kinds.ts"
import { CodeTarget, FrameTarget, KindTarget, type Target, ValueTarget, VariableTarget } from "../codec/link-targets.ts"
import { pointOfTexts } from "../codec/points.ts"
import { DECODE, ENCODE } from "../codec/references.ts"
import { variableKey } from "../context/variables.ts"
import { Frame } from "../frame.ts"

export class Stubs {
  readonly #codes = new Map<string, Code>()

  readonly follow = (type: number, texts: readonly string[], offset: number): Target => {
    const name = texts[0] ?? ""
    if (type === L_FRAME) return this.#frame(texts, offset)
    if (type === L_CODE) return new CodeTarget(this.#code(name, texts[1], texts.slice(2)))
    if (type === L_SINGLE) return new ValueTarget(this.#code(name).single, null)
    if (type === L_KIND) return new KindTarget(kind(name, texts[1] === "early"))
    if (type === L_VARIABLE) return new VariableTarget(variableKey(name))
    return new ValueTarget(named(type === L_REFERENCE ? name : "by reference"), null)
  }

  #frame(texts: readonly string[], offset: number): FrameTarget {
    const recorded = pointOfTexts(texts)
    if (recorded === null) throw new RecordError(offset, "a frame stands at no resume point")
    const code = this.#code(recorded.function, recorded.hash)
    const points = code.points as (typeof recorded)[]
    const { cells, capturedCells } = recorded
    Object.assign(code, { cells: [...(code.cells ?? []), ...cells], capturedCells })
    return new FrameTarget(code, points.push(recorded) - 1, recorded.live, null, null)
  }

  #code(id: string, hash = "", captures: readonly string[] = []): Code {
    const known = this.#codes.get(id)
    if (known !== undefined) {
      if (captures.length > 0) Object.assign(known, { captures })
      if (hash !== "") Object.assign(known, { hash }) // one who names it alone does not say
      return known
    }
    const name = id.slice(id.lastIndexOf(".", id.length - 1) + 1).replace(/^.*#|~\d+$/g, "")
    const parts = { Frame: class extends Frame {}, make: (...env: unknown[]) => functionOf(closureOf(code, env)) }
    const code: Code = {
      id,
      hash,
      name,
      url: "",
      kind: "function",
      points: [],
      captures,
      single: null,
      links: [],
      ...parts,
    }
    code.single = closureOf(code, [])
    functionOf(code.single)
    this.#codes.set(id, code)
    return code
  }
}

const still = () => undefined
function closureOf(code: Code, env: readonly unknown[]): Closure {
  return new Closure(code, still, still, env)
}

function functionOf(closure: Closure): object {
  const fn = stamp(named(closure.code.name), closure)
  closure.fn = fn
  closure.shape = shapeOf(fn)
  return fn
}

/**
 * A function that can stand for a class too; what its instances are encoded to becomes their state. Whatever a record gives it
 * in the place of its prototype object, it takes.
 */
function named(name: string): { readonly prototype: object } {
  // an arrow has no prototype of its own, which would be there for good: the next line gives it one
  const fn: { readonly prototype: object } = { [name]: () => undefined }[name] as never
  Object.defineProperty(fn, "prototype", { value: {}, writable: true, configurable: true })
  Object.defineProperties(fn.prototype, {
    constructor: { value: fn, writable: true, configurable: true },
    [ENCODE]: { value: still },
    [DECODE]: {
      value(this: { state: unknown }, state: unknown) {
        this.state = state
      },
    },
  })
  return fn
}

/** What `kind` made is shown as its parts. */
function kind(name: string, early: boolean): Kind {
  const made = named(name)
  const make = (parts: object = {}): object => Object.assign(Object.create(made.prototype), parts)
  return {
    name,
    properties: true,
    test: () => false,
    take: value => value,
    allocate: early ? parts => make(parts) : () => make(),
    fill: (object, parts) => {
      if (!early) Object.assign(object, parts)
    },
  }
}
