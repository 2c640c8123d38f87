/** Owns what compiled modules do when they are evaluated: codes and closures come into being, function objects get their stamp. */
import {
  Closure,
  type Code,
  type CodeInfo,
  type CodeParts,
  defineCode,
  markMethods,
  registerReference,
  type Step,
  shapeOf,
  stamp,
} from "@rove/core"
import { apply, create, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, keys } from "./intrinsics.ts"
import { type AnyStep, applyStep } from "./run.ts"
import { withoutShell } from "./stacks.ts"

type Definition = CodeInfo & CodeParts

/** The closure of a generator declared at module level; there is one of it. */
export function singleClosure(definition: Definition, step: Step, enter: Step): Closure {
  const code = defineCode(definition)
  named(step, code.name)
  const closure = new Closure(code, step, enter, [])
  code.single = closure
  return closure
}

/** The closure of a generator that stays in its place: a method, which belongs to its class, or one that cannot be saved. */
export function localClosure(code: Code, step: Step, enter: Step): Closure {
  return new Closure(code, named(step, code.name), enter, [])
}

/** What stacks and profiles call a step, or what binds parameters: as the user's function. */
export function named<T extends object>(step: T, name: string): T {
  return defineProperty(step, "name", { value: name, configurable: true })
}

/** The code of a function or class that is made by compiled code. */
export function closureCode(info: CodeInfo & { readonly Frame: null }, maker: (...env: never[]) => object): Code {
  const isClass = info.kind === "class"
  const code: Code = defineCode({
    ...info,
    make: (...env: never[]) => {
      const fn: object = apply(maker, undefined, env)
      const closure = new Closure(code, noStep, noStep, env)
      closure.fn = fn
      if (isClass) closure.shape = shapeOf(fn as { prototype: object })
      stamp(fn, closure)
      if (isClass && code.fixed === undefined) markMethods(closure)
      return fn
    },
  })
  return code
}

const noStep: Step = () => {
  throw new Error("only generators have steps")
}

/** What the native body of a function hands to its step, bound by `parameters`; an error shows the two as one frame. */
export function parametersOf(
  parameters: (self: unknown, args: ArrayLike<unknown>) => readonly unknown[],
  self: unknown,
  args: ArrayLike<unknown>,
): readonly unknown[] {
  try {
    return parameters(self, args)
  } catch (error) {
    withoutShell(error)
    throw error
  }
}

/** `enter` of a function whose parameters are bound by `parameters`; `receiver` makes the `this` of a sloppy one. */
export function entering(
  step: Step,
  parameters: (self: unknown, args: readonly unknown[]) => unknown[],
  receiver?: (self: unknown) => unknown,
): Step {
  return (m, _frame, given, ...args) => {
    // once, so that parameters and body see the same object
    const self = receiver === undefined ? given : receiver(given)
    return applyStep(step as AnyStep, m, self, parameters(self, args))
  }
}

/** Stamps a generator function and the prototype object of its generators. */
export function mark<T extends { prototype?: unknown }>(fn: T, closure: Closure): T {
  closure.fn = fn as object
  stamp(fn as object, closure)
  const { prototype } = fn
  if (typeof prototype === "object" && prototype !== null) stamp(prototype, closure)
  return fn
}

/** Marks the generator method of a class under that key, unless something else has taken its place. */
export function markMethod(object: object, key: PropertyKey, closure: Closure): void {
  const fn: unknown = getOwnPropertyDescriptor(object, key)?.value
  if (typeof fn === "function" && getPrototypeOf(fn) === generatorFunctionPrototype) mark(fn, closure)
}
const generatorFunctionPrototype: unknown = getPrototypeOf(function* () {})

/** The strings array of a tagged template's place in the source: carried by reference, so that it stays one object. */
export function site(id: string, strings: TemplateStringsArray): TemplateStringsArray {
  registerReference(id, strings)
  return strings
}

/** Functions, classes and symbols at module level are carried by name. */
export function refer(url: string, table: Readonly<Record<string, unknown>>): object {
  const names = keys(table)
  // by index: the program may have taken the iterator of arrays away before a script of it is loaded
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string
    const value = table[name]
    if (typeof value === "function" || typeof value === "symbol") registerReference(name, value, url)
  }
  return table
}

/** The name of an anonymous default export. */
export function nameDefault<T extends object>(fn: T): T {
  defineProperty(fn, "name", { value: "default", configurable: true })
  return fn
}

/** The helpers of scripts by their keys, with those of one more. */
export function holding(all: Record<string, object> | undefined, key: string, own: object): Record<string, object> {
  const holder = all ?? (create(null) as Record<string, object>)
  holder[key] = own
  return holder
}
