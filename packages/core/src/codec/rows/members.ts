/** Owns what belongs to a class: its generator methods, and the private state of its instances. */
import { type Closure, stampOf } from "../../code.ts"
import { methodOf, type Privates, privateState, privatesOf } from "../../members.ts"
import type { Decoder } from "../decoder.ts"
import { Unportable } from "../errors.ts"
import { F_INTEGRITY, F_KIND, F_PROPERTIES, F_PROTOTYPE, F_SHAPE, T_METHOD, T_PRIVATE } from "../format.ts"
import { hiddenMember } from "../hidden-members.ts"
import { codeLink, shapeLink } from "../links.ts"
import { append } from "../list.ts"
import { NO_KEYS, Plan, type Row } from "../plan.ts"
import { recordedPrivates, refuseLack } from "../recorded-privates.ts"
import { BUFFER_ROWS } from "./buffers.ts"
import { COLLECTION_ROWS } from "./collections.ts"
import { ERROR } from "./errors.ts"
import { ARRAY, OBJECT } from "./plain.ts"

/** The closure of a generator method: its class and its code. */
const METHOD: Row = {
  tag: T_METHOD,
  flags: 0,
  announce(encoder, plan) {
    const { code, owner } = plan.value as Closure
    encoder.link(codeLink(code))
    encoder.value(owner)
  },
  allocate(decoder) {
    const code = decoder.code()
    const made = decoder.value()
    if (decoder.isForeign) return stampOf(code.make?.()) ?? decoder.in.fail("a method without code")
    const closure = typeof made === "function" ? methodOf(made, code) : undefined
    return closure ?? decoder.in.fail(`${code.id} is no method of that class`)
  },
  copy(cloner, plan) {
    const { code, owner } = plan.value as Closure
    return methodOf(cloner.value(owner) as object, code) as Closure
  },
}

export function methodPlan(closure: Closure): Plan {
  const plan = new Plan(METHOD, closure, 0, NO_KEYS, null)
  plan.needs = [closure.owner]
  return plan
}

/** What one class of an instance's chain keeps in it. */
interface State {
  readonly made: object
  readonly privates: Privates
  readonly values: readonly unknown[]
}

interface Parts {
  /** The object as it would be carried without private members. */
  readonly inner: Plan
  /** From the innermost base to the class itself. */
  readonly states: readonly State[]
}

/** Kinds of objects that a class with private members can extend. */
const BASES = new Map([OBJECT, ARRAY, ERROR, ...COLLECTION_ROWS, ...BUFFER_ROWS].map(row => [row.tag, row]))

/**
 * An instance with private members: as an object of its kind, and beside that their values, class by class. No class at
 * all: it was made without the constructor, and lacks what its class gives others.
 */
const PRIVATE: Row = {
  tag: T_PRIVATE,
  flags: F_INTEGRITY | F_PROPERTIES | F_SHAPE | F_PROTOTYPE | F_KIND | (F_KIND << 1),
  announce(encoder, plan) {
    const { inner, states } = plan.parts as Parts
    encoder.out.byte(inner.row.tag)
    encoder.out.varint(states.length)
    for (const { made, privates } of states) {
      encoder.value(made)
      encoder.link(shapeLink(privates.names))
    }
    inner.row.announce?.(encoder, inner)
  },
  describe(encoder, plan) {
    const { inner, states } = plan.parts as Parts
    for (const { values } of states) for (const value of values) encoder.value(value)
    inner.row.describe?.(encoder, inner)
  },
  allocate(decoder, plan) {
    const row = BASES.get(decoder.in.byte())
    if (row === undefined) return decoder.in.fail("no class with private members extends that")
    const ordinary = F_INTEGRITY | F_PROPERTIES | F_SHAPE | F_PROTOTYPE
    if ((plan.flags & ~(row.flags | ordinary)) !== 0) decoder.in.fail(`flags ${plan.flags} of an instance`)
    const states: State[] = []
    for (let left = decoder.in.count(); left > 0; left--) append(states, stateOf(decoder))
    if (states.length > 0 && plan.proto !== null && !decoder.isForeign)
      refuseLack(
        decoder,
        plan.proto,
        states.map(({ made }) => made),
      )
    const inner = new Plan(row, plan.value, plan.flags, NO_KEYS, null, plan.proto)
    plan.parts = { inner, states } satisfies Parts
    inner.value = states.reduce((object, { privates }) => privates.install(object), row.allocate(decoder, inner))
    return inner.value
  },
  fill(decoder, plan) {
    const { inner, states } = plan.parts as Parts
    for (const { privates } of states) {
      privates.write(
        plan.value,
        privates.names.map(() => decoder.value()),
      )
    }
    inner.row.fill?.(decoder, inner)
  },
  copy(cloner, plan) {
    const { inner, states } = plan.parts as Parts
    return states.reduce((object, { privates }) => privates.install(object), inner.row.copy(cloner, inner))
  },
  complete(cloner, plan, to) {
    const { inner, states } = plan.parts as Parts
    for (const { privates, values } of states)
      privates.write(
        to,
        values.map(value => cloner.value(value)),
      )
    inner.row.complete?.(cloner, inner, to)
  },
}

function stateOf(decoder: Decoder): State {
  const made = decoder.value()
  const privates = recordedPrivates(decoder, made, decoder.names())
  return { made: made as object, privates, values: [] }
}

/** The plan of an instance with what the classes of its chain keep in it privately; `classes` from the class to its bases. */
export function withPrivates(plan: Plan, classes: readonly object[]): Plan {
  const states: State[] = []
  let lacks = 0
  for (const made of classes.toReversed()) {
    const privates = privatesOf(made)
    if (privates === null) {
      refuseHidden(plan.value, made)
      continue
    }
    if (!privates.has(plan.value)) {
      lacks++
      continue
    }
    if (privates.refused !== null)
      throw new Unportable(plan.value, `${nameOf(made)} is not portable: ${privates.refused}`)
    const values = privateState(privates, plan.value)
    if (values === null)
      throw new Unportable(
        plan.value,
        `${nameOf(made)} failed before it had all its private members, and is not portable`,
      )
    append(states, { made, privates, values })
  }
  if (states.length === 0 && lacks === 0) return plan
  if (states.length > 0 && lacks > 0)
    throw new Unportable(plan.value, "it has the private members of some of its classes only")
  if (!BASES.has(plan.row.tag)) throw new Unportable(plan.value, "its private members cannot be carried")
  const outer = new Plan(
    PRIVATE,
    plan.value,
    plan.flags,
    plan.keys,
    { inner: plan, states } satisfies Parts,
    plan.proto,
  )
  outer.needs = [...(plan.needs ?? []), ...states.map(state => state.made)]
  return outer
}

function refuseHidden(value: object, made: object): void {
  const member = hiddenMember(made)
  if (member === null) return
  const keeps = member.isDoubtful ? "may keep" : "keeps"
  const why = `${keeps} #${member.name} where only its own code can read it: give it ENCODE and DECODE, or keep what it is made of`
  throw new Unportable(value, `an instance of ${nameOf(made)} is not portable (that was not compiled, and ${why})`)
}

function nameOf(made: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(made, "name")?.value
  return typeof name === "string" && name !== "" ? name : "an instance"
}

export const MEMBER_ROWS: readonly Row[] = [METHOD, PRIVATE]
