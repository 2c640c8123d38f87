/** Owns how generator objects and the sentinels of compiled code become part of a record. */
import { Computation, instance, registerKind, registerReference } from "@rove/core"
import { Aliased, NONE, TDZ } from "./emitted.ts"
import "./iterations.ts"
import "./iterators/index.ts"
import "./replaced.ts"
import { computationOf } from "./generator.ts"
import { emptyGenerator, fillGenerator, prototypeFor } from "./generator-objects.ts"
import { getPrototypeOf, isExtensible } from "./intrinsics.ts"
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

registerKind<object, { computation: Computation | null }>({
  name: "rove.generator",
  test: value => computationOf(value) !== null,
  properties: true,
  owns: isOutliving,
  refuse(generator) {
    if (!isExtensible(generator)) return "a generator object that takes no properties (it was frozen) is not portable"
    return getPrototypeOf(generator) === prototypeFor(computationOf(generator))
      ? null
      : "a generator object with another prototype than its function's is not portable"
  },
  take: generator => ({ computation: computationOf(generator) }),
  fields: { computation: instance(Computation) },
  allocate: emptyGenerator,
  fill: (generator, { computation }) => fillGenerator(generator, computation),
})
