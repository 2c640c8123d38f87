/**
 * Owns the order in which TypeScript's own decorators of a class are applied: those of instance members, and then those
 * of static ones. oxc takes them as they stand.
 */
import { children, type Node } from "./2-analyze/nodes.ts"
import { mappingsOf, parsed, type Rewritten } from "./rewritten.ts"
import type { Locate } from "./source-map.ts"
import type { SourceKind } from "./strip.ts"

/** The same text with those statements in TypeScript's order; null if they are. */
export function orderDecorators(js: string, kind: SourceKind, locate: Locate): Rewritten | null {
  if (!/\bbabelHelpers\.decorate\(/.test(js)) return null
  const moved = runs(parsed(js, "js", kind)).flatMap(inOrder)
  if (moved.length === 0) return null
  // what stands between the statements stays where it is
  const places = moved.map(({ place }) => place).sort((a, b) => a.start - b.start)
  const byPlace = new Map(moved.map(({ place, from }) => [place, from]))
  const pieces: { readonly start: number; readonly end: number }[] = []
  let at = 0
  for (const place of places) {
    pieces.push({ start: at, end: place.start }, byPlace.get(place) as Node)
    at = place.end
  }
  pieces.push({ start: at, end: js.length })
  const text = pieces.map(({ start, end }) => js.slice(start, end)).join("")
  const origin = (offset: number): number => {
    let before = 0
    for (const { start, end } of pieces) {
      if (offset < before + end - start) return start + offset - before
      before += end - start
    }
    return js.length
  }
  return { js: text, map: mappingsOf(text, kind, offset => locate(origin(offset))) }
}

/** The statements that decorate the members of a class, by class. */
function runs(root: Node): Node[][] {
  const found: Node[][] = []
  let last: string | null = null
  const look = (node: Node): void => {
    const name = node.type === "ExpressionStatement" ? decoratedBy(node)?.name : undefined
    if (name === undefined) {
      last = null
      for (const child of children(node)) look(child)
    } else if (name === last) found.at(-1)?.push(node)
    else found.push([node])
    last = name ?? null
  }
  look(root)
  return found
}

/** Which class it decorates a member of: `decorate([…], A.prototype, "m", null)`. */
function decoratedBy({ expression: call }: Node): { readonly name: string; readonly isStatic: boolean } | undefined {
  if (call.type !== "CallExpression" || call.arguments.length < 3) return undefined
  const { callee } = call
  if (callee.type !== "MemberExpression" || callee.object.name !== "babelHelpers") return undefined
  const target: Node = call.arguments[1]
  const isStatic = target.type === "Identifier"
  return { name: isStatic ? target.name : target.object?.name, isStatic }
}

/** Which statement is to stand in the place of which; nothing if they are in order. */
function inOrder(statements: readonly Node[]): { readonly place: Node; readonly from: Node }[] {
  const ofStatic = statements.filter(s => decoratedBy(s)?.isStatic)
  const ordered = [...statements.filter(s => !ofStatic.includes(s)), ...ofStatic]
  if (ordered.every((s, i) => s === statements[i])) return []
  return statements.map((place, i) => ({ place, from: ordered[i] as Node }))
}
