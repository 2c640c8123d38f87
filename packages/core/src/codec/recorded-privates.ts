/**
 * Owns how the private fields in a record meet those of the class as it is: by name, since their order is that of the
 * source then. A class with other names is another class, whatever the policy: the record is refused.
 */
import { type Privates, privatesOf } from "../members.ts"
import { type CodeChange, CodeChangedError, fieldsChange } from "./changes.ts"
import type { Decoder } from "./decoder.ts"
import { referenceOf } from "./references.ts"

/** What the class `made` does with private fields of those names, in the order of the record. */
export function recordedPrivates(decoder: Decoder, made: unknown, names: readonly string[]): Privates {
  if (typeof made !== "function") return decoder.in.fail("not a class with private members")
  if (decoder.isForeign) return shown(names)
  const id = referenceOf(made)?.name ?? nameOf(made)
  const privates = privatesOf(made)
  const change = fieldsChange(id, names, privates?.names ?? [])
  if (change !== null) throw new CodeChangedError(decoder.in.position, [change])
  if (privates === null || privates.refused !== null)
    return decoder.in.fail(`${id} has private members in the record, and cannot be given them here`)
  return names.every((name, i) => privates.names[i] === name) ? privates : inOrder(privates, names)
}

/**
 * Refuses an instance that lacks what a class of its chain gives each of its own: there were none when the record was
 * made. `stated`: the classes whose private fields the record has.
 */
export function refuseLack(decoder: Decoder, prototype: object, stated: readonly object[]): void {
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const made: unknown = Object.getOwnPropertyDescriptor(at, "constructor")?.value
    const privates = typeof made === "function" ? privatesOf(made) : null
    if (privates === null || stated.includes(made as object)) continue
    const id = referenceOf(made as object)?.name ?? nameOf(made as object)
    const is = privates.names.length === 0 ? ["private methods"] : privates.names
    throw new CodeChangedError(decoder.in.position, [fieldsChange(id, [], is) as CodeChange])
  }
}

function inOrder(privates: Privates, names: readonly string[]): Privates {
  const from = privates.names.map(name => names.indexOf(name))
  return {
    ...privates,
    names,
    write: (object, values) =>
      privates.write(
        object,
        from.map(i => values[i]),
      ),
  }
}

/** Who reads a record without the program sees them as properties. */
function shown(names: readonly string[]): Privates {
  return {
    names,
    has: () => true,
    read: object => names.map(name => Reflect.get(object, name) as unknown),
    write(object, values) {
      names.forEach((name, i) => {
        Reflect.defineProperty(object, name, { value: values[i], enumerable: true, configurable: true, writable: true })
      })
    },
    install: object => object,
    refused: null,
  }
}

function nameOf(made: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(made, "name")?.value
  return typeof name === "string" && name !== "" ? name : "a class"
}
