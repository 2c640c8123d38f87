/**
 * Owns the links of a record: what its body names instead of containing, as ready-made bytes.
 *
 * A link is made once and kept; `session` and `index` say whether and where the record under way lists it.
 */
import type { Code, ResumePoint } from "../code.ts"
import type { VariableKey } from "../context/variables.ts"
import type { Frame } from "../frame.ts"
import { Unportable } from "./errors.ts"
import { L_CODE, L_FRAME, L_KEY, L_KIND, L_REFERENCE, L_SHAPE, L_SINGLE, L_VARIABLE } from "./format.ts"
import { isEarly, type Kind } from "./kinds.ts"
import { List } from "./list.ts"
import { textsOfPoint } from "./points.ts"
import type { Reference } from "./references.ts"
import { Writer } from "./writer.ts"

/** Room for most links. */
const LINK_SIZE = 256

export class Link {
  readonly type: number
  readonly bytes: Uint8Array
  /** Module to import before the link can be followed. */
  readonly url: string
  session = 0
  index = 0
  constructor(type: number, url: string, ...texts: readonly string[]) {
    this.type = type
    this.url = url
    const writer = new Writer(LINK_SIZE)
    writer.varint(texts.length)
    for (const text of texts) writer.string(text, 0)
    this.bytes = writer.bytes.slice(0, writer.position)
  }
}

const codes = new WeakMap<Code, Link>()
const singles = new WeakMap<Code, Link>()
const references = new WeakMap<Reference, Link>()
const kinds = new Map<string, Link>()

/** The link of a frame, which knows what is saved in it. */
export class FrameLink extends Link {
  readonly live: readonly string[]
  /** Which of the first 31 of them held objects when such a frame was last written, a bit for each. */
  objects = 0
  constructor(code: Code, pc: number, point: ResumePoint) {
    super(L_FRAME, code.url, ...textsOfPoint(code, pc, point))
    this.live = point.live
  }
}

/** The link of a frame of that code; fails if it stands at no resume point. */
export function frameLinkOf(frame: Frame, code: Code): FrameLink {
  const { pc } = frame
  const known = code.links[pc] as FrameLink | undefined
  if (known !== undefined) return known
  const point = code.points[pc]
  if (point === undefined) throw new Unportable(frame, `a frame of ${code.id} stands at no resume point`)
  const link = new FrameLink(code, pc, point)
  code.links[pc] = link
  return link
}

export function codeLink(code: Code): Link {
  let link = codes.get(code)
  if (link === undefined) {
    link = new Link(L_CODE, code.url, code.id, code.hash, ...code.captures)
    codes.set(code, link)
  }
  return link
}

/** A function at module level: only its name, so that the record outlives changes of the function. */
export function singleLink(code: Code): Link {
  let link = singles.get(code)
  if (link === undefined) {
    link = new Link(L_SINGLE, code.url, code.id)
    singles.set(code, link)
  }
  return link
}

export function referenceLink(reference: Reference): Link {
  let link = references.get(reference)
  if (link === undefined) {
    link = new Link(L_REFERENCE, reference.url, reference.name)
    references.set(reference, link)
  }
  return link
}

export function variableLink(variable: VariableKey): Link {
  const link = (variable.link as Link | null) ?? new Link(L_VARIABLE, variable.url, variable.key)
  variable.link = link
  return link
}

/** Says when its parts come, for who reads the record without the kind. */
export function kindLink(kind: Kind): Link {
  const text = isEarly(kind) ? "early" : "late"
  const key = `${text} ${kind.name}`
  let link = kinds.get(key)
  if (link === undefined) {
    link = new Link(L_KIND, "", kind.name, text)
    kinds.set(key, link)
  }
  return link
}

export function keyLink(key: string): Link {
  return new Link(L_KEY, "", key)
}

/** A tree of key lists: objects made alike lead to the same link after one comparison per key. */
class ShapeNode {
  /** The last key on the way to it. */
  readonly key: string
  link: Link | null = null
  lastKey = ""
  last: ShapeNode | null = null
  next: Map<string, ShapeNode> | null = null
  constructor(key: string) {
    this.key = key
  }
}

const SHAPES_LIMIT = 20_000
const shapes = { root: new ShapeNode(""), size: 0 }

/** Forgets the shapes when there are too many; only between records, since within one a shape must have one link. */
export function trimShapes(): void {
  if (shapes.size > SHAPES_LIMIT) {
    shapes.root = new ShapeNode("")
    shapes.size = 0
    for (let i = 0; i < BEGINNINGS; i++) beginnings[i] = null
  }
}

export function shapeLink(keys: readonly PropertyKey[]): Link {
  const first = keys[0] as string | undefined
  // most shapes begin with another key than the one before them
  let node = first === undefined ? shapes.root : begun(first)
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as string
    node = node.lastKey === key && node.last !== null ? node.last : follow(node, key)
  }
  node.link ??= new Link(L_SHAPE, "", ...(keys as readonly string[]))
  return node.link
}

/** Places after a first key, by its length and first character. */
const BEGINNINGS = 64
const beginnings = new List<ShapeNode | null>()
for (let i = 0; i < BEGINNINGS; i++) beginnings.add(null)

function begun(first: string): ShapeNode {
  const place = (first.length * 7 + first.charCodeAt(0)) & (BEGINNINGS - 1)
  const known = beginnings[place] as ShapeNode | null
  if (known !== null && known.key === first) return known
  const node = follow(shapes.root, first)
  beginnings[place] = node
  return node
}

function follow(node: ShapeNode, key: string): ShapeNode {
  node.next ??= new Map()
  let next = node.next.get(key)
  if (next === undefined) {
    next = new ShapeNode(key)
    shapes.size++
    node.next.set(key, next)
  }
  node.lastKey = key
  node.last = next
  return next
}
