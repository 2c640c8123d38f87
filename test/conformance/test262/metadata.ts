/** Owns what a test262 file says of itself, and what kind of test it is for a compiler of generators. */
import { type Node, parse } from "acorn"

export interface Metadata {
  flags: string[]
  includes: string[]
  features: string[]
  negative: { phase?: string; type?: string } | null
}

/** Names that a script declares with `class`, `const` and `let` at its top. */
export function lexicalNames(source: string): string[] {
  const { body } = parse(source, { ecmaVersion: "latest", sourceType: "script" })
  return body.flatMap(s => {
    if (s.type === "ClassDeclaration") return [s.id.name]
    if (s.type !== "VariableDeclaration" || s.kind === "var") return []
    return s.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []))
  })
}

export function metadataOf(source: string): Metadata {
  const meta: Metadata = { flags: [], includes: [], features: [], negative: null }
  const head = /\/\*---\r?\n?([\s\S]*?)---\*\//.exec(source)?.[1]
  if (head === undefined) return meta
  const lines = head.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string
    const list = /^\s*(flags|includes|features):\s*(.*)$/.exec(line)
    if (list !== null) {
      let text = (list[2] as string).trim()
      if (text.startsWith("[")) {
        while (!text.includes("]")) text += ` ${lines[++i]?.trim()}`
        text = text.slice(1, text.indexOf("]"))
      } else {
        const items: string[] = []
        while (/^\s*-\s+/.test(lines[i + 1] ?? "")) items.push((lines[++i] as string).replace(/^\s*-\s+/, "").trim())
        text = items.join(",")
      }
      const items = text.split(",").map(item => item.trim())
      meta[list[1] as "flags"] = items.filter(item => item !== "")
    } else if (/^\s*negative:/.test(line)) {
      meta.negative = {}
      for (; /^\s+\w+:/.test(lines[i + 1] ?? ""); i++) {
        const [key, value] = (lines[i + 1] as string).split(":").map(part => part.trim())
        meta.negative[key as "phase"] = value as string
      }
    }
  }
  return meta
}

type AnyNode = Node & { [key: string]: unknown }

export interface Facts {
  readonly parsed: boolean
  /** Has a synchronous generator, and one with a yield. */
  readonly generator: boolean
  readonly yields: boolean
  /** Direct eval, `with`, or functions made from text: what is inside is not compiled. */
  readonly dynamic: boolean
}

export function factsOf(source: string, module: boolean): Facts {
  const facts = { parsed: true, generator: false, yields: false, dynamic: false }
  let root: AnyNode
  try {
    root = parse(source, { ecmaVersion: "latest", sourceType: module ? "module" : "script" }) as unknown as AnyNode
  } catch {
    return { ...facts, parsed: false }
  }
  visit(root, false, facts)
  return facts
}

function visit(node: AnyNode, inGenerator: boolean, facts: { -readonly [K in keyof Facts]: Facts[K] }): void {
  let inside = inGenerator
  if (/Function/.test(node.type)) {
    inside = node.generator === true && node.async !== true
    if (inside) facts.generator = true
  }
  if (node.type === "YieldExpression" && inside) facts.yields = true
  if (node.type === "WithStatement") facts.dynamic = true
  if (node.type === "CallExpression" && (node.callee as AnyNode).name === "eval") facts.dynamic = true
  if (node.type === "Identifier" && (node.name === "GeneratorFunction" || node.name === "Function"))
    facts.dynamic = true
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child?.type === "string") visit(child as AnyNode, inside, facts)
}
