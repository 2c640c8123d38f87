/** Owns the context of a fiber in records: its fields, and the map of its variables. */
import { Context, ContextExtra } from "../../context/context.ts"
import { Hooks } from "../../context/hooks.ts"
import { readPriority } from "../../context/priority.ts"
import { Binding, EMPTY_VARIABLES, HELD, type Keeping, Variables } from "../../context/variables.ts"
import { RecordError, Unportable } from "../errors.ts"
import { T_CONTEXT, T_EXTRA, T_HOOKS, T_VARIABLES } from "../format.ts"
import { variableLink } from "../links.ts"
import { append } from "../list.ts"
import type { Row } from "../plan.ts"
import { fieldsRow, ownKind } from "./fields.ts"

/** Most fibers have no variables, and nothing extra. */
export const CONTEXT: Row = {
  tag: T_CONTEXT,
  flags: 0,
  describe(encoder, plan) {
    const { variables, recursionLimit, priority, extra } = plan.value as Context
    encoder.number(recursionLimit)
    encoder.out.byte(priority)
    encoder.own(variables.size === 0 ? null : variables, VARIABLES)
    encoder.own(extra, EXTRA)
  },
  allocate: () => new Context(),
  fill(decoder, plan) {
    const context = plan.value as Context
    context.recursionLimit = decoder.number()
    context.priority = readPriority(decoder.in.byte(), decoder.in.position)
    const from = decoder.in.position
    const variables = decoder.value()
    if (variables !== null && !(variables instanceof Variables)) throw new RecordError(from, "no variables")
    context.variables = variables ?? EMPTY_VARIABLES
    const extra = decoder.value()
    if (extra !== null && !(extra instanceof ContextExtra)) throw new RecordError(from, "not what a context has beside")
    context.extra = extra
  },
  copy: () => new Context(),
  complete(cloner, plan, to) {
    const { variables, recursionLimit, priority, extra } = plan.value as Context
    const context = to as Context
    context.priority = priority
    context.recursionLimit = recursionLimit
    if (variables.size > 0) context.variables = cloner.value(variables) as Variables
    context.extra = cloner.value(extra) as ContextExtra | null
  },
}

const EXTRA: Row = fieldsRow(T_EXTRA, () => new ContextExtra(), [
  "scope",
  "scopes",
  "hooks",
  "locals",
  "exits",
  "origin",
])

const HOOKS: Row = fieldsRow(T_HOOKS, () => new Hooks(), ["trace", "profile", "tracing", "failure", "thread"])

const VARIABLES: Row = {
  tag: T_VARIABLES,
  flags: 0,
  describe(encoder, plan) {
    const bindings = portable(plan.value as Variables)
    encoder.out.varint(bindings.length)
    for (let i = 0; i < bindings.length; i++) {
      const { variable, value, keeping } = bindings[i] as Binding
      encoder.out.byte(keeping)
      encoder.link(variableLink(variable))
      encoder.value(value)
    }
  },
  allocate: () => new Variables(),
  fill(decoder, plan) {
    const count = decoder.in.count()
    const bindings: Binding[] = []
    for (let i = 0; i < count; i++) {
      const from = decoder.in.position
      const keeping = decoder.in.byte()
      if (keeping >= HELD) throw new RecordError(from, "a variable that should have stayed on its thread")
      append(bindings, new Binding(decoder.variable(), decoder.value(), keeping as Keeping))
    }
    Variables.fill(plan.value as Variables, bindings)
  },
  copy: () => new Variables(),
  complete(cloner, plan, to) {
    const bindings = portable(plan.value as Variables).map(
      ({ variable, value, keeping }) => new Binding(variable, cloner.value(value), keeping),
    )
    Variables.fill(to as Variables, bindings)
  },
}

/** What can leave the thread; refused if there is something that must not. */
function portable(variables: Variables): readonly Binding[] {
  const bindings = variables.leaving()
  for (let i = 0; i < bindings.length; i++) {
    const { variable, keeping } = bindings[i] as Binding
    if (keeping === HELD) throw new Unportable(variables, stays(variable.key))
  }
  return bindings
}

function stays(key: string): string {
  return `the context variable "${key.slice(key.lastIndexOf("#") + 1)}" (${key}) has a value that stays on its thread: its policy is transfer: "refuse"`
}

export const CONTEXT_ROWS: readonly Row[] = [CONTEXT, EXTRA, HOOKS, VARIABLES]
export const CONTEXTS = [
  ownKind(Context, CONTEXT),
  ownKind(ContextExtra, EXTRA),
  ownKind(Hooks, HOOKS),
  ownKind(Variables, VARIABLES),
]
