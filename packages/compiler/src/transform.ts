/**
 * Owns the transformation of one module of plain JavaScript: which generator functions are compiled, and how their
 * texts are put together with the rest of the module, which is left as it stands.
 */
import type { Program, Span } from "oxc-parser"
import type { Unit } from "./2-analyze/bindings.ts"
import { canLack, evaluateOutside, namesOf } from "./2-analyze/lacked.ts"
import type { Node } from "./2-analyze/nodes.ts"
import { analyze } from "./2-analyze/scopes.ts"
import { needsStrict } from "./2-analyze/sloppy.ts"
import { keyWaits, takeApart, waits, waitsInside } from "./2-analyze/suspends.ts"
import { privateNamesOutside } from "./3-lower/captures.ts"
import { hoistedText } from "./3-lower/functions.ts"
import { heldText } from "./3-lower/holder.ts"
import { type FunctionInfo, ModuleState } from "./3-lower/module.ts"
import { decideOrdinary } from "./3-lower/ordinary.ts"
import { hasSimpleParameters } from "./3-lower/parameters.ts"
import { functionsText, moduleText, referencesText, referenceText } from "./3-lower/references.ts"
import { isInsideCompiled, type Place, text } from "./3-lower/text.ts"
import { decideVariables } from "./3-lower/variables.ts"
import { print } from "./4-generate/print.ts"
import { decorated, isDecorated, type Lowered } from "./5-diagnose/decorated.ts"
import { diagnose } from "./5-diagnose/diagnose.ts"
import type { Finding } from "./diagnostics.ts"
import { markCompiled } from "./directive.ts"
import { refuseHidden } from "./hidden-runtime.ts"
import { MapWriter } from "./source-map.ts"

export type { FunctionInfo } from "./3-lower/module.ts"

export interface TransformInput {
  /** Plain JavaScript. */
  readonly js: string
  readonly program: Program
  /** The text with types that it was made of; null if it is the source itself. */
  readonly typed: string | null
  readonly moduleId: string
  readonly sourceType: "module" | "script"
  readonly runtime: { readonly import: string } | { readonly global: string }
  readonly always: boolean
  /** The directive of the module, which becomes a comment. */
  readonly directive: Span | null
  readonly lineEvents: boolean
  /** Another tool comes behind us and lowers decorators. */
  readonly lowered: Lowered
  /** From an offset in `js` to the original source. */
  readonly position: (offset: number) => { line: number; column: number }
  readonly hash: (node: object) => string
}

export interface Transformed {
  readonly code: string
  /** From `code` to the source. */
  readonly mappings: string
  readonly functions: readonly FunctionInfo[]
  readonly diagnostics: readonly Finding[]
}

export function transform(input: TransformInput): Transformed {
  const root = input.program as Node
  const analysis = analyze(root, input.sourceType === "module")
  const module = new ModuleState({ ...input, source: input.js, analysis, script: input.sourceType === "script" })
  const units: Unit[] = []
  collect(analysis.program, units)
  for (const unit of units) unit.compiled = isCompiled(module, unit)
  refuseHidden(module, units)
  for (const unit of units) {
    if (unit.compiled && input.lineEvents) takeApart(unit.node)
    if (unit.compiled) decideVariables(module, unit)
    else if (isInsideCompiled(unit)) decideOrdinary(module, unit)
  }
  for (const unit of units) {
    if (!unit.compiled || unit.node.type !== "FunctionDeclaration" || unit.parent !== analysis.program) continue
    const binding = unit.node.id === null ? undefined : analysis.bindingOf.get(unit.node.id)
    if (binding !== undefined && hasSimpleParameters(unit, unit.node))
      module.steps.set(binding, module.stepName(unit.node))
  }
  const place: Place = { module, lowering: null, unit: analysis.program }
  const directives = root.body.filter((s: Node) => typeof s.directive === "string")
  const start = directives.length === 0 ? hashbangEnd(input.js) : (directives.at(-1) as Node).end
  const body = bodyTexts(place, root, start)
  const marks =
    analysis.program.scope === null ? "" : hoistedText(place, analysis.program.scope) + defaultMark(module, root)
  const functions = functionsText(module, root)
  const registered = module.registered.map(name => ` ${name}();`).join("")
  const references = referencesText(module, root)
  const named = moduleText(module)
  const top = input.js.slice(0, start)
  const head = input.directive === null ? top : markCompiled(top, input.directive)
  const first = `${named}${marks}${registered} ${functions}`.trim()
  const own = head === "" ? "" : `${head}\n`
  const whole = module.holds
    ? [heldText(module, first, [...body, references].join(""))]
    : besideTexts(module, first, body, references)
  const map = new MapWriter(input.position)
  const code = print([own, ...whole], module.mark, map.add)
  module.problems.push(
    ...decorated(module, input.lowered),
    ...diagnose(module, root, { typed: input.typed, marked: input.directive !== null }),
  )
  return { code, mappings: map.mappings, functions: module.functions, diagnostics: module.problems }
}

function collect(unit: Unit, into: Unit[]): void {
  for (const u of unit.units) {
    into.push(u)
    collect(u, into)
  }
}

function staysNative(module: ModuleState, at: Node, message: string, remedy: string): false {
  const hint = `a fiber that runs it cannot leave its thread; ${remedy}`
  module.problems.push({ code: "ROVE_DYNAMIC", severity: "warning", message, hint, offset: at.start })
  return false
}

function isCompiled(module: ModuleState, unit: Unit): boolean {
  const { node } = unit
  if (unit.kind !== "function" || node.generator !== true || node.async === true) return false
  // nothing can be put around a class whose keys wait, or the home of a method of a literal, unless states do the waiting
  if (unit.parent?.kind === "class" && unit.parent.parent?.compiled !== true && waits(unit.parent.node)) return false
  const { literal } = unit
  if (literal !== null && unit.homeBinding !== null && unit.parent?.compiled !== true && waitsInside(literal))
    return false
  if (isDecorated(module, node)) {
    return staysNative(module, node, "a decorated generator stays native", "decorate a method that calls it")
  }
  const waiting = unit.units.filter(inner => inner.kind === "class" && keyWaits(inner.node)).map(inner => inner.node)
  const fixed = waiting.find(node => !isLackable(unit, node))
  if (fixed !== undefined) {
    return staysNative(
      module,
      fixed,
      "a generator stays native that yields in a key in which a function uses a private name of the class",
      "evaluate the key in front of the class",
    )
  }
  const loose = looseIn(module, unit)
  if (loose !== undefined) {
    return staysNative(
      module,
      loose,
      "a sloppy generator stays native that yields in the keys or the heritage of a class, and assigns or deletes there",
      'begin the file with "use strict"',
    )
  }
  if (unit.dynamic !== null) return staysDynamic(module, node, unit.dynamic)
  for (const node of waiting) evaluateOutside(node)
  return true
}

function staysDynamic(module: ModuleState, { id, start, end }: Node, at: Node): false {
  const isWith = at.type === "WithStatement"
  const where = at.start < start || at.end > end ? (isWith ? "in a" : "beside a") : "with a"
  const generator = id ? `the generator \`${id.name}\`` : "a generator"
  return staysNative(
    module,
    at,
    `${generator} ${where} ${isWith ? "`with`" : "direct eval"} stays native`,
    isWith ? "name the object where its properties are used" : "use indirect eval, (0, eval)(text)",
  )
}

/** A class of sloppy code that waits in its heritage or keys, which are strict, and would do something else outside of it. */
function looseIn(module: ModuleState, unit: Unit): Node | undefined {
  if (unit.strict) return undefined
  for (const inner of unit.units) {
    const { kind, node } = inner
    const found = kind === "class" && isLoose(module, node) ? node : looseIn(module, inner)
    if (found !== undefined) return found
  }
  return undefined
}

function isLoose({ analysis }: ModuleState, node: Node): boolean {
  if (!waits(node)) return false
  const parts: Node[] = node.body.body.filter((m: Node) => m.computed).map((m: Node) => m.key)
  if (node.superClass !== null) parts.push(node.superClass)
  return parts.some(part => needsStrict(part, analysis))
}

/** Whether the keys of a class can be evaluated outside of it; a class around the generator may have the same names. */
function isLackable(unit: Unit, node: Node): boolean {
  const around = privateNamesOutside(unit.node)
  return canLack(node) && ![...namesOf(node)].some(name => around.has(name))
}

/** Behind the line that says what runs the file: nothing may stand before it. */
function hashbangEnd(js: string): number {
  return js.startsWith("#!") ? js.search(/[\r\n\u2028\u2029]|$/) : 0
}

/** The module's own statements behind its directives, and what stands between them. */
function bodyTexts(place: Place, root: Node, start: number): string[] {
  const { source } = place.module
  const texts: string[] = []
  let at = start
  for (const s of root.body) {
    if (s.start < start) continue
    texts.push(source.slice(at, s.start), text(place, s), referenceText(place.module, s))
    at = s.end
  }
  texts.push(source.slice(at))
  return texts
}

/** An anonymous generator as default export gets a local name, to be marked by, and keeps its own. */
function defaultMark(module: ModuleState, root: Node): string {
  for (const s of root.body) {
    if (s.type !== "ExportDefaultDeclaration") continue
    const d = s.declaration
    if (d.type === "FunctionDeclaration" && d.id === null && module.analysis.unitOf.get(d)?.compiled)
      return ` ${module.helper("mark")}(${module.helper("nameDefault")}(${module.defaultName()}), ${module.closureName(d)}());`
  }
  return ""
}

/** The helpers stand behind the module's own text. */
function besideTexts(module: ModuleState, first: string, body: readonly string[], references: string): string[] {
  const line = first === "" ? "" : `${first}\n`
  const head = importText(module) + declaredText(module) + line
  return [head, ...body, `\n${references}`, module.appendix.join("\n"), "\n"]
}

/** Variables of classes at module level. */
function declaredText(module: ModuleState): string {
  return module.prologue.length === 0 ? "" : `${module.script ? "var" : "let"} ${module.prologue.join(", ")};\n`
}

function importText(module: ModuleState): string {
  const { runtime, helpers } = module
  if ("global" in runtime || helpers.size === 0) return ""
  const names = [...helpers].sort(([a], [b]) => (a < b ? -1 : 1))
  const specifier = JSON.stringify(runtime.import)
  return module.script
    ? `const { ${names.map(([name, local]) => `${name}: ${local}`).join(", ")} } = require(${specifier});\n`
    : `import { ${names.map(([name, local]) => `${name} as ${local}`).join(", ")} } from ${specifier};\n`
}
