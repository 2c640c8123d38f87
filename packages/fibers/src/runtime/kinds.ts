/** Owns how generator objects and the sentinels of compiled code become part of a record. */
import { Computation, instance, registerKind, registerReference } from "@rove/core"
import { Aliased, NONE, TDZ } from "./emitted.ts"
import "./iterations.ts"
import "./iterators/index.ts"
import { computationOf, proceed } from "./generator.ts"
import { getPrototypeOf, isExtensible, setPrototypeOf } from "./intrinsics.ts"
import { isOutliving } from "./outliving.ts"

registerReference("rove.TDZ", TDZ)
registerReference("rove.NONE", NONE)

registerKind<Aliased, object>({
  name: "rove.aliased",
  test: value => value instanceof Aliased,
  refuse: () =>
    'a parameter that shares its value with `arguments` is not portable: say "use strict", or copy what is needed',
  take: () => ({}),
  allocate: () =>
    new Aliased(
      () => undefined,
      () => {},
    ),
})

/** A generator object that is being decoded: its native body looks here when it first runs. */
interface Box {
  computation: Computation | null
}
const boxes = new WeakMap<object, Box>()

function* shell(box: Box): Generator<unknown, unknown, unknown> {
  return yield* proceed(box.computation as Computation) as Generator<unknown, unknown, unknown>
}

/** The generator object of a computation that has none. */
export function generatorOf(computation: Computation): object {
  const generator = shell({ computation })
  const prototype = prototypeFor(computation)
  return prototype === null ? generator : setPrototypeOf(generator, prototype)
}

/** What generator objects of its function inherit from. */
function prototypeFor(computation: Computation | null): object | null {
  const prototype: unknown = (computation?.of.fn as { prototype?: unknown } | null | undefined)?.prototype
  return typeof prototype === "object" ? prototype : null
}

registerKind<object, { computation: Computation | null }>({
  name: "rove.generator",
  test: value => computationOf(value) !== null,
  properties: true,
  owns: isOutliving,
  refuse(generator) {
    if (!isExtensible(generator)) return "a generator object that takes no properties (it was frozen) is not portable"
    const prototype = prototypeFor(computationOf(generator))
    return prototype === null || getPrototypeOf(generator) === prototype
      ? null
      : "a generator object with another prototype than its function's is not portable"
  },
  take: generator => ({ computation: computationOf(generator) }),
  fields: { computation: instance(Computation) },
  allocate: () => {
    const box: Box = { computation: null }
    const generator = shell(box)
    boxes.set(generator, box)
    return generator
  },
  fill(generator, { computation }) {
    const box = boxes.get(generator)
    if (box !== undefined) box.computation = computation
    boxes.delete(generator)
    const prototype = prototypeFor(computation)
    if (prototype !== null) setPrototypeOf(generator, prototype)
    // starts the native body, which would otherwise swallow the value of the first next()
    computationOf(generator)
  },
})
