/** Owns own properties from bytes, one by one with their attributes: they are defined, so that nothing that is inherited is reached. */
import type { Decoder } from "./decoder.ts"
import { P_ACCESSOR, P_CONFIGURABLE, P_ENUMERABLE, P_STACK } from "./format.ts"
import { define, defineAccessor, isAccessor } from "./properties.ts"
import type { Reader } from "./reader.ts"

/** Reads what `Encoder.properties` wrote. `place`: is told of each key before the object has its property. */
export function readProperties(decoder: Decoder, object: object, place?: (key: PropertyKey) => void): void {
  const input: Reader = decoder.in
  for (let left = input.count(); left > 0; left--) {
    const key = decoder.value()
    if (typeof key !== "string" && typeof key !== "symbol") input.fail("not a property key")
    const attributes = input.byte()
    place?.(key)
    if (isAccessor(attributes)) readAccessor(decoder, object, key, attributes)
    else if (attributes > P_STACK || (attributes === P_STACK && key !== "stack"))
      input.fail("not attributes of a property")
    else defineOwn(decoder, object, key, decoder.value(), attributes)
  }
}

function readAccessor(decoder: Decoder, object: object, key: PropertyKey, attributes: number): void {
  if ((attributes & ~(P_ACCESSOR | P_ENUMERABLE | P_CONFIGURABLE)) !== 0)
    decoder.in.fail("not attributes of an accessor")
  if (!defineAccessor(object, key, decoder.value(), decoder.value(), attributes))
    decoder.in.fail(`accessor ${String(key)} cannot be defined`)
}

/** Defines a property, or refuses the record. */
export function defineOwn(
  decoder: Decoder,
  object: object,
  key: PropertyKey,
  value: unknown,
  attributes: number,
): void {
  if (!define(object, key, value, attributes)) decoder.in.fail(`property ${String(key)} cannot be defined`)
}
