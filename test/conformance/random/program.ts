/** Owns a whole random program, and what its driver does. */
import fc from "fast-check"
import type { Action, Program } from "../variants.ts"
import { Choices } from "./choices.ts"
import { generatorDeclaration } from "./functions.ts"
import type { Scope, Variable, Whole } from "./scope.ts"
import { shadowed } from "./shadowed.ts"

export function program(numbers: readonly number[]): Program {
  const choices = new Choices(numbers)
  const whole: Whole = { choices, names: 0, generators: ["g1", "g2"] }
  const stateful = choices.chance(20)
  const variables: Variable[] = stateful ? [{ name: "shared", holds: "number", constant: false }] : []
  const scope: Scope = {
    whole,
    choices,
    variables,
    labels: [],
    breakable: false,
    continuable: false,
    generator: true,
    method: false,
    privates: [],
    privateMethods: [],
    depth: 6,
  }
  const strict = choices.chance(75)
  // a third have few names
  const names = choices.chance(35) ? choices.below(9999) : 0
  const actions = choices.list(0, 8, i => action(choices, i))
  const main = generatorDeclaration(scope, "main")
  const helpers = whole.generators.map(name => generatorDeclaration({ ...scope, depth: 4 }, name))
  const source = `${strict ? '"use strict";\n' : ""}${stateful ? "let shared = 1;\n" : ""}${helpers.join("\n")}\n${main}\n`
  const made = { source, actions, fuel: 60, stateful }
  return names === 0 ? made : shadowed(made, names)
}

function action(choices: Choices, index: number): Action {
  return choices.weighted<Action>([
    [12, { kind: "echo" }],
    [2, { kind: "next", value: index }],
    [2, { kind: "throw", value: `thrown ${index}` }],
    [1, { kind: "return", value: `returned ${index}` }],
  ])
}

/** Programs as fast-check sees them: the choices they are made from. */
export const choiceLists: fc.Arbitrary<number[]> = fc.array(fc.nat(9999), {
  minLength: 20,
  maxLength: 500,
  size: "max",
})
