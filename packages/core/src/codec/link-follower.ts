/** Owns where a link leads on this thread: to something that its modules defined, or the record is refused. */

import { type Code, evaluatedModule, findCode } from "../code.ts"
import { findVariable, type VariableKey, variableKey } from "../context/variables.ts"
import { type CodeChange, CodeChangedError, closureChange, frameChange, onceEach, pointOf } from "./changes.ts"
import { findMethodReference } from "./class-methods.ts"
import type { DecodeOptions } from "./decode.ts"
import { RecordError } from "./errors.ts"
import { L_CODE, L_FRAME, L_KEY, L_KIND, L_REFERENCE, L_SINGLE, L_VARIABLE } from "./format.ts"
import { findKind, isEarly } from "./kinds.ts"
import { CodeTarget, FrameTarget, KindTarget, type Target, ValueTarget, VariableTarget } from "./link-targets.ts"
import { Migration } from "./migrate.ts"
import { findNative } from "./natives.ts"
import { pointOfTexts } from "./points.ts"
import { findReference } from "./references.ts"

export class Follower {
  /** Code that has changed was let through, so that what this finds out holds for this record alone. */
  lenient = false
  readonly #options: DecodeOptions
  readonly #refused: CodeChange[] = []
  constructor(options: DecodeOptions) {
    this.#options = options
  }

  follow(type: number, texts: readonly string[], offset: number): Target {
    const name = texts[0]
    if (name === undefined) throw new RecordError(offset, "a link without a name")
    switch (type) {
      case L_FRAME:
        return this.#frame(codeOf(name, offset), texts, offset)
      case L_CODE:
        return this.#code(codeOf(name, offset), texts)
      case L_SINGLE:
        return singleTarget(codeOf(name, offset), offset)
      case L_REFERENCE: {
        const reference = findReference(name) ?? findNative(name) ?? findMethodReference(name)
        if (reference === undefined) throw unknown(offset, `"${name}" is not registered`)
        return new ValueTarget(reference.value, reference)
      }
      case L_KEY: {
        const value = this.#options.resolve?.(name)
        if (value === undefined) throw new RecordError(offset, this.#unresolved(name), "ROVE_REFERENCE_UNKNOWN")
        return new ValueTarget(value, null)
      }
      case L_KIND: {
        const kind = findKind(name)
        if (kind === undefined) throw unknown(offset, `the kind "${name}" is not registered`)
        if (isEarly(kind) !== (texts[1] === "early"))
          throw new RecordError(offset, `the kind "${name}" takes its parts at another time than when it was recorded`)
        return new KindTarget(kind)
      }
      case L_VARIABLE:
        return new VariableTarget(findVariable(name) ?? this.#undeclared(name, offset))
      default:
        throw new RecordError(offset, `no link has the type ${type}`)
    }
  }

  /** All links were read: refuses the record if code that it needs has changed, naming all of it. */
  check(offset: number): void {
    if (this.#refused.length > 0) throw new CodeChangedError(offset, onceEach(this.#refused))
  }

  #unresolved(key: string): string {
    return this.#options.resolve === undefined
      ? `the record refers to a value by the key "${key}": decode it with \`resolve\`, which gives the value of a key`
      : `\`resolve\` gave undefined for the key "${key}", by which the record refers to a value`
  }

  #undeclared(key: string, offset: number): VariableKey {
    if (this.#options.undeclared === "keep") return variableKey(key)
    const name = key.slice(key.lastIndexOf("#") + 1)
    const why = `the context variable "${name}" has a value in the record, and nothing on this thread has declared it as ${key}: import the module that does`
    const hint = key.startsWith("file:")
      ? ', and say "use fibers" in it, so that it has the same name in every folder'
      : ""
    throw new RecordError(offset, why + hint, "ROVE_REFERENCE_UNKNOWN")
  }

  #frame(code: Code, texts: readonly string[], offset: number): FrameTarget {
    const recorded = pointOfTexts(texts)
    if (recorded === null || code.Frame === null)
      throw new RecordError(offset, `a frame of ${code.id} stands at no resume point`)
    const change = frameChange(code, recorded)
    const pc = pointOf(code, recorded)
    if (change === null) return new FrameTarget(code, pc, recorded.live, null, null)
    const { changed } = this.#options
    this.lenient = true
    if (typeof changed === "function")
      return new FrameTarget(code, 0, recorded.live, new Migration(changed, code, recorded, offset), null)
    if (changed !== "compatible" || !change.compatible) this.#refused.push(change)
    return new FrameTarget(code, pc, recorded.live, null, change)
  }

  /** Closures have no place in their function, so there is nothing to migrate about them. */
  #code(code: Code, [, hash = "", ...captures]: readonly string[]): CodeTarget {
    const change = closureChange(code, hash, captures)
    if (change !== null) {
      this.lenient = true
      if (!change.compatible || (this.#options.changed ?? "refuse") === "refuse") this.#refused.push(change)
    }
    return new CodeTarget(code)
  }
}

function unknown(offset: number, reason: string): RecordError {
  return new RecordError(offset, `${reason} on this thread`, "ROVE_REFERENCE_UNKNOWN")
}

function codeOf(id: string, offset: number): Code {
  const code = findCode(id)
  if (code !== undefined) return code
  const module = evaluatedModule(id)
  const remedy =
    module === null
      ? "import it first, with the compiler (node --import rove/register, or a plugin)"
      : `${module} is imported here, and has no function of that name any more: give it one again`
  throw new RecordError(offset, `no module of this thread has defined ${id}: ${remedy}`, "ROVE_CODE_UNKNOWN")
}

function singleTarget(code: Code, offset: number): ValueTarget {
  if (code.single !== null) return new ValueTarget(code.single, code)
  const reason = `${code.id} is not a function at module level, or its module has not run yet`
  throw new RecordError(offset, reason, "ROVE_CODE_UNKNOWN")
}
