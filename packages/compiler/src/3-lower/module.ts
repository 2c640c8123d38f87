/** Owns what the functions of one module share while they are lowered. */

import { COMPUTED_KEY, type ResumePoint } from "@rove/core"
import type { Analysis, Binding, Unit } from "../2-analyze/bindings.ts"
import { takersOf } from "../2-analyze/handed.ts"
import { type Namespace, namespacesOf } from "../2-analyze/namespaces.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { functionsMadeOnce } from "../2-analyze/once.ts"
import { sparePrefix } from "./holder.ts"
import type { Slots } from "./slots.ts"

export interface Problem {
  readonly code: "ROVE_UNSUPPORTED" | `ROVE_${string}`
  readonly severity: "error" | "warning"
  readonly message: string
  readonly hint: string
  readonly offset: number
}

/** What frames of a function have. */
export interface FrameFields {
  readonly fields: readonly string[]
  /** Of these, variables of the program that are called as some of the compiler's. */
  readonly plain: readonly string[]
  /** Of these, variables that live in a cell, because a closure has them too and one side assigns them. */
  readonly cells: readonly string[]
  /** Which captured variables live in a cell, by their place in the environment. */
  readonly captured: readonly number[]
}

export interface FunctionInfo {
  readonly id: string
  readonly hash: string
  readonly name: string
  readonly points: readonly ResumePoint[]
}

/** What `JSON.stringify` leaves as it is: C1 controls, then the private characters. */
const markRanges = [
  [0x80, 0x9f],
  [0xe000, 0xf8ff],
] as const

/** Names that every step function has for itself. */
const registers = [
  "m",
  "f",
  "pc",
  "b",
  "d",
  "h",
  "v",
  "k",
  "c",
  "e",
  "mode",
  "run",
  "self",
  "home",
  "p",
  "a",
  "params",
  "i",
  "end",
  "over",
] as const

export type Registers = Readonly<Record<(typeof registers)[number], string>>

export class ModuleState {
  readonly source: string
  readonly analysis: Analysis
  readonly moduleId: string
  readonly prefix: string
  /** A character that the source does not contain; encloses placeholders. */
  readonly mark: string
  /** How the mark of a place begins. */
  private readonly opening: string
  readonly runtime: { readonly import: string } | { readonly global: string }
  readonly script: boolean
  readonly position: (offset: number) => { line: number; column: number }
  readonly hash: (node: Node) => string
  /** Whether each statement tells hooks that it begins. */
  readonly lineEvents: boolean
  /** Helpers of the runtime that the emitted text uses, with their local names. */
  readonly helpers = new Map<string, string>()
  readonly functions: FunctionInfo[] = []
  readonly problems: Problem[] = []
  /** What records call the variables of a compiled function. */
  readonly fields = new Map<Unit, { readonly slots: Slots; readonly names: readonly string[] }>()
  /** Text that is appended to the module: steps, codes. */
  readonly appendix: string[] = []
  /** Whether what the appendix declares stands apart from the script; see holder.ts. */
  readonly holds: boolean
  /** Names of steps and closures in the appendix. */
  readonly declared: string[] = []
  /** Functions of the appendix that are called when the module begins: what moves here must find codes and sites that never ran here. */
  readonly registered: string[] = []
  /** Text that runs first. */
  readonly prologue: string[] = []
  /** Namespaces by the functions that they became. */
  readonly namespaces: ReadonlyMap<Node, Namespace>
  /** What takes computations, as the module has imported it. */
  readonly takers: ReadonlySet<Binding>
  private readonly ids = new Map<string, number>()
  /** The last number that a name was given to be unique. */
  private readonly numbered = new Map<string, number>()
  constructor(options: {
    source: string
    analysis: Analysis
    moduleId: string
    runtime: { readonly import: string } | { readonly global: string }
    script: boolean
    position: (offset: number) => { line: number; column: number }
    hash: (node: Node) => string
    lineEvents: boolean
  }) {
    this.source = options.source
    this.analysis = options.analysis
    this.moduleId = options.moduleId
    this.runtime = options.runtime
    this.script = options.script
    this.position = options.position
    this.hash = options.hash
    this.lineEvents = options.lineEvents
    const spare = options.script && "global" in options.runtime ? sparePrefix(options.source, options.moduleId) : null
    this.holds = spare !== null
    this.prefix = spare ?? choosePrefix(options.analysis.names)
    this.mark = chooseMark(options.source)
    this.opening = `${this.mark}p`
    for (const node of functionsMadeOnce(options.analysis.program.node)) {
      const unit = options.analysis.unitOf.get(node)
      if (unit !== undefined) unit.once = true
    }
    this.takers = takersOf(options.analysis)
    this.namespaces = namespacesOf(options.analysis.program.node)
    this.registers = Object.fromEntries(registers.map(name => [name, this.prefix + name])) as Registers
    for (const name of Object.values(this.registers)) options.analysis.names.add(name)
  }

  /** Text of no characters that maps what follows to an offset of the source. */
  placeText(offset: number): string {
    return this.opening + offset + this.mark
  }

  /** A name that nothing in the module has; it is taken from now on. */
  unique(name: string): string {
    const { names } = this.analysis
    let i = this.numbered.get(name) ?? 0
    let result = i === 0 ? name : `${name}$${++i}`
    while (names.has(result)) result = `${name}$${++i}`
    this.numbered.set(name, i)
    names.add(result)
    return result
  }

  /** Names of the registers of the steps. */
  readonly registers: Registers
  private readonly registerNames = new Map<string, string>()
  /** Name of a register of the steps, or of what is made unique by its user. */
  register(name: string): string {
    let own = this.registerNames.get(name)
    if (own === undefined) {
      own = this.prefix + name
      this.registerNames.set(name, own)
    }
    return own
  }

  private readonly ownNames = new Map<string, string>()
  /** Name of a variable in what users see of generator functions, the same in all of them: none of the program's, nor a maker's. */
  own(name: string): string {
    let own = this.ownNames.get(name)
    if (own === undefined) {
      own = this.unique(this.prefix + name)
      this.ownNames.set(name, own)
    }
    return own
  }

  /** Text that names a helper of the runtime. */
  helper(name: string): string {
    if ("global" in this.runtime) return `${this.runtime.global}.${name}`
    let local = this.helpers.get(name)
    if (local === undefined) {
      local = this.unique(this.prefix + name)
      this.helpers.set(name, local)
    }
    return local
  }

  private place: string | null = null
  /** Text of the URL from which threads import the module; what runs in a realm has none. CommonJS keeps it in a constant. */
  url(): string {
    if ("global" in this.runtime) return '""'
    if (!this.script) return "import.meta.url"
    this.place ??= this.unique(`${this.prefix}place`)
    return this.place
  }

  /** What records call a variable of a compiled function. */
  fieldOf(unit: Unit, local: string): string | undefined {
    const found = this.fields.get(unit)
    return found?.names[found.slots.find(local) ?? -1]
  }

  /** An id for a function of this module; equal names are numbered in the order of the source. */
  id(qualified: string): string {
    const n = this.ids.get(qualified) ?? 0
    this.ids.set(qualified, n + 1)
    return `${this.moduleId}#${qualified}${n === 0 ? "" : `~${n + 1}`}`
  }

  /** Appends the function that gives a code; one whose source is strict in a sloppy script says so. */
  append(name: string, strict: boolean, value: string): void {
    const directive = strict && !this.analysis.program.strict ? '"use strict"; ' : ""
    this.registered.push(name)
    this.appendix.push(`function ${name}() { ${directive}return ${this.kept(name, "code")} ??= ${value}; }`)
  }

  /** Where a function of ours keeps what it gives: a program may have put anything on the prototype of functions. */
  kept(name: string, what: string): string {
    return `${name}.${this.prefix}${what}`
  }

  /** Makers that stand in the texts of classes, by class; see private-makers.ts. */
  readonly makers = new Map<Node, string[]>()
  /** Cells of the home objects of literals' methods, by method. */
  readonly cells = new Map<Node, string>()
  /** Variables around the texts of classes that hold these classes. */
  readonly homes = new Map<Node, string>()

  /** Text of a template's strings array: one object for ever, as natively. */
  site(raw: readonly string[]): string {
    const name = this.unique(`${this.prefix}site`)
    const id = JSON.stringify(this.id("template"))
    const hole = "$" + "{0}"
    this.registered.push(name)
    this.appendix.push(
      `function ${name}() { return ${this.kept(name, "strings")} ??= ${this.helper("site")}(${id}, ((s) => s)\`${raw.join(hole)}\`); }`,
    )
    return `${name}()`
  }

  private readonly named = new Map<Node, { closure: string; step: string }>()
  /** Steps of generators declared at module level with plain parameters, for direct calls. */
  readonly steps = new Map<Binding, string>()

  private namesOf(node: Node): { closure: string; step: string } {
    let names = this.named.get(node)
    if (names === undefined) {
      const name = node.id?.name ?? "default"
      names = { closure: this.unique(`${this.prefix}${name}`), step: this.unique(`${this.prefix}${name}_step`) }
      this.named.set(node, names)
    }
    return names
  }

  /** Name of the function that gives the closure of a declared generator. */
  closureName(node: Node): string {
    return this.namesOf(node).closure
  }

  stepName(node: Node): string {
    return this.namesOf(node).step
  }

  private defaultLocal: string | null = null
  /** Local name of an anonymous default export. */
  defaultName(): string {
    this.defaultLocal ??= this.unique(`${this.prefix}default`)
    return this.defaultLocal
  }

  /** Text of the description of a code, without braces. */
  code(
    node: Node,
    name: string,
    kind: string,
    points: readonly ResumePoint[],
    captures: readonly string[],
    frame: FrameFields | null,
  ): string {
    const id = this.id(this.qualified(node, name))
    const hash = this.hash(node.original ?? node)
    this.functions.push({ id, hash, name, points })
    const key = `${this.prefix}key`
    const listed = captures.map(capture => (capture === key || capture.startsWith(`${key}$`) ? COMPUTED_KEY : capture))
    const made = frame === null ? "null" : frameClass(this.helper("Frame"), frame.fields)
    const plain = frame === null || frame.plain.length === 0 ? "" : ` plain: ${JSON.stringify(frame.plain)},`
    const cells = frame === null ? "" : `${listText("cells", frame.cells)}${listText("capturedCells", frame.captured)}`
    const rows = points.map(p => JSON.stringify(p))
    const hidden = kind === "class" && staticState(node) !== null ? ` fixed: ${JSON.stringify(staticState(node))},` : ""
    return `id: ${JSON.stringify(id)},${hidden} hash: ${JSON.stringify(hash)}, name: ${JSON.stringify(name)}, url: ${this.url()}, kind: "${kind}", captures: ${JSON.stringify(listed)}, points: [${rows.join(", ")}],${plain}${cells} Frame: ${made}`
  }

  /** Name with those of the functions, classes and namespaces around it. */
  private qualified(node: Node, name: string): string {
    const parts = [name]
    let unit = this.analysis.unitOf.get(node.original ?? node)?.parent ?? null
    for (; unit !== null && unit.kind !== "program"; unit = unit.parent) {
      const around = unit.node.id?.name ?? this.namespaces.get(unit.node)?.name
      if (around) parts.unshift(around)
    }
    return parts.join(".")
  }

  problem(node: Node, message: string, hint: string): void {
    this.problems.push({ code: "ROVE_UNSUPPORTED", severity: "error", message, hint, offset: node.start })
  }
}

function listText(key: string, list: readonly (string | number)[]): string {
  return list.length === 0 ? "" : ` ${key}: ${JSON.stringify(list)},`
}

/** What making the class again would do once more, in words: a class with static fields or blocks has state. */
export function staticState(node: Node): string | null {
  const member: Node | undefined = node.body.body.find(
    (m: Node) => m.type === "StaticBlock" || (m.type === "PropertyDefinition" && m.static),
  )
  if (member === undefined) return null
  if (member.type === "StaticBlock") return "a static block"
  const { key } = member
  return `static ${key.type === "PrivateIdentifier" ? "#" : ""}${member.computed ? "[computed]" : (key.name ?? key.raw)}`
}

/** The class of a function's frames. Its fields are assigned: defining them takes twice as long, and a frame inherits no setter. */
function frameClass(base: string, fields: readonly string[]): string {
  if (fields.length === 0) return `class extends ${base} {}`
  const begun = fields.map(field => `this.${field.endsWith(" = 0") ? field : `${field} = void 0`};`)
  return `class extends ${base} { constructor(closure) { super(closure); ${begun.join(" ")} } }`
}

function choosePrefix(names: ReadonlySet<string>): string {
  for (const prefix of ["$", "$$", "_$", "$_", "$$$"]) {
    let clash = false
    for (const name of names)
      if (name.startsWith(prefix) && name.length > prefix.length && name[prefix.length] !== "$") clash = true
    if (!clash) return prefix
  }
  return "$rove_"
}

/** A control character if one is free: it leaves texts one byte a character, which everything after takes less time over. */
function chooseMark(source: string): string {
  for (const [first, last] of markRanges) {
    for (let code = first; code <= last; code++) {
      const c = String.fromCharCode(code)
      if (!source.includes(c)) return c
    }
  }
  throw new Error("the source uses every control character and every private one")
}
