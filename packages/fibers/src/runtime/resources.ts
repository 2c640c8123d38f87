/** Owns the resources of a block with `using` in compiled code (ECMA-262, DisposeResources), as data. */
import { append, apply, DISPOSE, RealmSuppressedError, RealmTypeError } from "./intrinsics.ts"

/** What V8 says where a block's resources are disposed of. */
const SUPPRESSED = "An error was suppressed during disposal"

interface Resource {
  readonly value: unknown
  readonly method: unknown
}

export class Resources {
  readonly list: Resource[] = []

  /** Puts a value on the stack and gives it back. */
  use(value: unknown): unknown {
    if (value === undefined || value === null) return value
    if (typeof value !== "object" && typeof value !== "function")
      throw new RealmTypeError("An object is expected with `using` declarations")
    const method = (value as Partial<Disposable>)[DISPOSE]
    if (typeof method !== "function") throw new RealmTypeError("Symbol(Symbol.dispose) is not a function")
    append(this.list, { value, method })
    return value
  }

  /** Disposes of all, last first; `error` is what the block threw, if it did. Throws what is left of the errors. */
  dispose(threw: boolean, error: unknown): void {
    let failed = threw
    let last = error
    for (let i = this.list.length - 1; i >= 0; i--) {
      const { value, method } = this.list[i] as Resource
      try {
        apply(method as () => unknown, value, [])
      } catch (e) {
        last = failed ? new RealmSuppressedError(e, last, SUPPRESSED) : e
        failed = true
      }
    }
    this.list.length = 0
    if (failed) throw last
  }
}
