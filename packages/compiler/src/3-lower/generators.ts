/**
 * Owns compiled generator functions: the native shell that users see, the step function, and the description of the code.
 */

import type { Binding, Scope, Unit } from "../2-analyze/bindings.ts"
import { lackedBy, standInText } from "../2-analyze/lacked.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { assemble } from "../4-generate/step.ts"
import { capturesOf, isHoisted } from "./captures.ts"
import { disposingStatements } from "./disposal.ts"
import { enterScope, handedText, identifier, keyArgument, keyParameter, named, nameOf } from "./functions.ts"
import { Lowering } from "./lowering.ts"
import type { ModuleState } from "./module.ts"
import { hasSimpleParameters, parametersText, strictly } from "./parameters.ts"
import { homeOf, makerText } from "./private-makers.ts"
import { type Hint, mark, type Place } from "./text.ts"

/** What the pieces of one compiled generator are called and consist of. */
interface Pieces {
  readonly step: string
  readonly code: string
  readonly shell: (head: string) => string
  readonly simple: boolean
  readonly parameters: string
}

/** A generator expression: a maker with shell and step inside, called with the captured variables. */
export function generatorExpression(
  place: Place,
  node: Node,
  unit: Unit,
  hint: Hint,
  method = false,
  home: string | null = null,
): string {
  const { module } = place
  const name = nameOf(node, hint)
  const captures = capturesOf(unit)
  const homeParameter = home === null || unit.homeBinding === null ? [] : [unit.homeBinding.local]
  const keys = keyParameter(hint)
  const env = [...captures.map(c => c.local), ...homeParameter, ...keys]
  const args = [
    ...captures.map(c => handedText(place, c)),
    ...(homeParameter.length === 0 ? [] : [home as string]),
    ...keyArgument(hint),
  ]
  const hoisted = isHoisted(unit)
  const owner = hoisted ? homeOf(module, unit) : []
  const code = module.unique(`${module.prefix}${identifier(name)}`)
  const closure = module.unique(`${module.prefix}closure`)
  const step = module.unique(`${module.prefix}step`)
  const pieces = lowerGenerator(place, node, unit, name, closure, step, keys, null, owner.length > 0)
  const enter = pieces.simple ? step : enteringText(module, unit, step, `${module.prefix}params`)
  const single = !hoisted && unit.once
  const value = single
    ? `${module.helper("singleClosure")}({ ${pieces.code}, make: null }, ${step}, ${enter})`
    : `new ${module.helper("Closure")}(${code}(), ${step}, ${enter}, [${[...owner, ...env].join(", ")}])`
  const made = method
    ? `({ ${pieces.shell(`*[${keys[0] ?? JSON.stringify(hint)}]`)} })[${keys[0] ?? JSON.stringify(hint)}]`
    : node.id?.type === "Identifier"
      ? `(${pieces.shell(`function* ${node.id.name}`)})`
      : named(pieces.shell("function*"), hint)
  const maker = [
    `(${env.join(", ")}) => {`,
    pieces.simple ? "" : namedStep(`${module.prefix}params`, name, pieces.parameters),
    namedStep(step, name, pieces.step),
    `  const ${closure} = ${value};`,
    `  return ${module.helper("mark")}(${made}, ${closure});`,
    "}",
  ]
    .filter(x => x !== "")
    .join("\n")
  if (!single) {
    const make = hoisted ? makerText(module, unit, env, maker) : "null"
    module.append(code, unit.strict, `${module.helper("defineCode")}({ ${pieces.code}, make: ${make} })`)
  }
  return hoisted ? `${code}().make(${[...owner, ...args].join(", ")})` : `(${maker})(${args.join(", ")})`
}

/** How compiled code enters a function whose parameters are bound by another one. */
function enteringText(module: ModuleState, unit: Unit, step: string, parameters: string): string {
  const receiver = unit.thisBinding === null || unit.strict ? "" : `, ${module.helper("sloppyThis")}`
  return `${module.helper("entering")}(${step}, ${parameters}${receiver})`
}

/** A function that stacks name as the user did, for one that is declared under a name of ours. */
function titled(module: ModuleState, name: string, title: string): string {
  return `${module.helper("named")}(${name}, ${JSON.stringify(title)})`
}

/** A step that stacks name as the user did, without a variable of that name around it. */
function namedStep(step: string, name: string, text: string): string {
  const key = JSON.stringify(name)
  return `const ${step} = { ${key}${text.slice(`function ${step}`.length)} }[${key}];`
}

/** A generator method of a class: its shell in the class text, its closure in a static block. */
export const generatorMethod = {
  shell(place: Place, node: Node, closure: string, head: string): string {
    const { module } = place
    const unit = module.analysis.unitOf.get(node) as Unit
    return shellOf(place, node, hasSimpleParameters(unit, node), closure, `${closure}.bind`)(head)
  },
  closure(place: Place, node: Node, unit: Unit, name: string, closure: string): string {
    const { module } = place
    const step = module.unique(`${module.prefix}step`)
    const params = module.unique(`${module.prefix}params`)
    const pieces = lowerGenerator(place, node, unit, name, closure, step, [], params)
    const enter = pieces.simple ? step : enteringText(module, unit, step, titled(module, params, name))
    const bind = pieces.simple ? "" : `\n${closure}.bind = ${params};`
    return `${pieces.parameters}\n${pieces.step}\n${closure} = ${closureText(place, unit, name, pieces.code, step, enter)};${bind}`
  },
}

/** Text of a closure: of the only one of its code, or of one of several with the code that all have. */
function closureText(place: Place, unit: Unit, name: string, description: string, step: string, enter: string): string {
  const { module } = place
  if (unit.once) return `${module.helper("singleClosure")}({ ${description}, make: null }, ${step}, ${enter})`
  const code = module.unique(`${module.prefix}${identifier(name)}`)
  module.append(code, unit.strict, `${module.helper("defineCode")}({ ${description}, make: null })`)
  return `${module.helper("localClosure")}(${code}(), ${step}, ${enter})`
}

/** A generator declaration in ordinary code: shell in place, its step beside it; its block marks it at the start. */
export function generatorDeclaration(place: Place, node: Node, unit: Unit): string {
  const { module } = place
  const name = node.id?.name ?? "default"
  const closure = module.closureName(node)
  const step = module.stepName(node)
  const pieces = lowerGenerator(place, node, unit, name, `${closure}()`, step)
  const enter = pieces.simple
    ? step
    : enteringText(module, unit, step, titled(module, `${module.prefix}params$${identifier(name)}`, name))
  const shell = pieces.shell(`function* ${node.id?.name ?? module.defaultName()}`)
  const beside = [
    pieces.parameters,
    pieces.step,
    `function ${closure}() { return ${module.kept(closure, "closure")} ??= ${closureText(place, unit, name, pieces.code, step, enter)}; }`,
  ].filter(x => x !== "")
  if (!module.holds || !module.analysis.program.node.body.includes(node)) return [shell, ...beside].join("\n")
  module.appendix.push(...beside)
  module.declared.push(closure, step)
  if (!pieces.simple) module.declared.push(`${module.prefix}params$${identifier(name)}`)
  return shell
}

function lowerGenerator(
  place: Place,
  node: Node,
  unit: Unit,
  name: string,
  closure: string,
  step: string,
  extra: readonly string[] = [],
  params: string | null = null,
  owned = false,
): Pieces {
  const { module } = place
  const l = new Lowering(module, unit, name)
  const simple = hasSimpleParameters(unit, node)
  const bound = boundParameters(l, unit, node, simple)
  enterFunction(l, unit, node, simple, closure)
  disposingStatements(
    l,
    node.body.body.filter((s: Node) => typeof s.directive !== "string"),
  )
  const {
    text: stepText,
    points,
    fields,
  } = assemble(l, {
    name: step,
    closure,
    parameters: bound,
    directive: strictly(module, unit),
  })
  const captures = capturesOf(unit)
  const before = owned ? ["class"] : []
  const captured = captures.flatMap(({ mode }, i) => (mode === "cell" ? [before.length + i] : []))
  const info = module.code(
    node,
    name,
    "generator",
    points,
    [...before, ...captures.map(c => c.name), ...(unit.homeBinding === null ? [] : ["super"]), ...extra],
    { ...fields, captured },
  )
  const paramsName =
    params ??
    (node.type === "FunctionDeclaration" && place.unit.compiled === false
      ? `${module.prefix}params$${identifier(name)}`
      : `${module.prefix}params`)
  const parameters = simple ? "" : parametersText(place, node, unit, bound, paramsName, closure)
  const shell = shellOf(place, node, simple, closure, paramsName)
  return { step: insideStandIn(module, unit, name, stepText), code: `${info}`, shell, simple, parameters }
}

/** The step, or one that leads to it in a class that stands for those whose keys are evaluated here. */
function insideStandIn(module: ModuleState, unit: Unit, title: string, step: string): string {
  const classes = unit.units.filter(inner => inner.kind === "class").map(inner => lackedBy(inner.node))
  const lacked = classes.filter(node => node !== null)
  if (lacked.length === 0) return step
  const head = /^function ([^\s(]+)\(([^)]*)\) \{/.exec(step)
  if (head === null) return step
  const [, name = "", parameters = ""] = head
  const inner = standInText(lacked, `static step() { return ${titled(module, `(${step})`, title)}; }`)
  return `function ${name}(${parameters}) { return (${module.kept(name, "step")} ??= (${inner}).step())(${parameters}); }`
}

/** The native function that users see: it begins a computation and delegates to it. Complex parameters are bound at the call. */
function shellOf(
  place: Place,
  node: Node,
  simple: boolean,
  closure: string,
  paramsName: string,
): (head: string) => string {
  const { module } = place
  const unit = module.analysis.unitOf.get(node.original ?? node) as Unit
  const begin = module.helper("begin")
  // a receiver that nobody reads would have to be handed over with the computation
  const self = unit.thisBinding === null ? "void 0" : "this"
  const names = node.params.map((_: Node, i: number) => module.own(`a${i}`))
  if (simple)
    return head =>
      `${head}(${names.join(", ")}) {${strictly(module, unit)} ${delegating(place, node, `${begin}(${closure}, ${self}, [${names.join(", ")}])`)} }`
  const p = module.own("p")
  const bound = `{ [${module.helper("NONE")}]: ${p} = ${mark(place, node)}${module.helper("parametersOf")}(${paramsName}, this, arguments) }`
  return head =>
    `${head}(${[...names.slice(0, expected(node)), `...${bound}`].join(", ")}) { ${delegating(place, node, `${begin}(${closure}, ${self}, ${p})`)} }`
}

/** What a shell does: a result that comes through may end its `yield*`, and the computation goes on behind its own. */
function delegating(place: Place, node: Node, begun: string): string {
  const [iteration, value, error] = ["g", "r", "e"].map(name => place.module.own(name))
  return `for (let ${iteration} = ${begun}, ${value};;) try { if (${iteration}.ends(${value} = ${mark(place, node)}yield* ${iteration})) return ${value}; } catch (${error}) { ${iteration}.fails(${error}); }`
}

/** The `length` of the function: parameters before the first one with a default. */
function expected(node: Node): number {
  const i = node.params.findIndex((p: Node) => p.type === "AssignmentPattern" || p.type === "RestElement")
  return i === -1 ? node.params.length : i
}

/** Names of the step's parameters behind `self`. */
function boundParameters(l: Lowering, unit: Unit, node: Node, simple: boolean): string[] {
  const names: string[] = []
  if (simple) for (const p of node.params) names.push((l.analysis.bindingOf.get(p) as Binding).local)
  else for (const b of (unit.scope as Scope).bindings.values()) if (b.kind === "param") names.push(b.local)
  if (unit.argumentsBinding !== null) names.push(unit.argumentsBinding.local)
  return names
}

/** What runs before the first statement. */
function enterFunction(l: Lowering, unit: Unit, node: Node, simple: boolean, closure: string): void {
  const { b } = l
  const scope = unit.scope as Scope
  if (unit.thisBinding !== null && !unit.strict)
    l.assign(unit.thisBinding.local, `${l.module.helper("sloppyThis")}(${l.use(unit.thisBinding.local)})`)
  const selfScope = scope.parent
  if (selfScope?.kind === "self" && selfScope.unit === unit)
    for (const self of selfScope.bindings.values()) if (self.refs.length > 0) l.assign(self.local, `${closure}.fn`)
  for (const p of scope.bindings.values()) {
    if (p.kind !== "param") continue
    // a cell of complex parameters is made where they are bound
    if (p.mode === "cell" && simple) l.assign(p.local, `{ v: ${l.use(p.local)} }`)
  }
  const body = l.analysis.scopeOf.get(node.body) as Scope
  if (body !== scope) {
    for (const v of body.bindings.values()) {
      const outer = scope.bindings.get(v.name) ?? (v.name === "arguments" ? unit.argumentsBinding : undefined)
      if (v.kind === "var" && outer != null) v.seed = outer
    }
  }
  enterScope(l, body)
  for (const v of body.bindings.values()) {
    if (v.seed === undefined) continue
    const from = v.seed.mode === "cell" ? `${l.use(v.seed.local)}.v` : l.use(v.seed.local)
    b.line(`${v.mode === "cell" ? `${v.local}.v` : v.local} = ${from};`)
    if (v.mode === "slot") b.def(v.local)
  }
  for (const v of body.bindings.values()) if (v.kind === "var" && v.mode === "slot") b.def(v.local)
}
