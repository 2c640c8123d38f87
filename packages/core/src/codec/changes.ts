/**
 * Owns what happens to a record whose functions have changed since it was made: the comparison, the words for what
 * differs, and the three policies. It is settled while the link table is read, before any object is made; only what a
 * local holds shows later.
 */
import type { Code, CodeInfo, ResumePoint } from "../code.ts"
import type { Frame, FrameFields } from "../frame.ts"
import { RecordError } from "./errors.ts"
import type { RecordedPoint } from "./points.ts"

/** A frame of the function as it was. */
export interface OldFrame {
  /** Id and hash of its function. */
  readonly function: string
  readonly hash: string
  /** Where it stands: the point's name, its place in the source of then, and the tries and loops around it. */
  readonly point: string
  readonly line: number
  readonly column: number
  readonly path: readonly string[]
  /** The saved locals, by name. */
  readonly locals: Readonly<Record<string, unknown>>
}

/** Where the frame stands in the function as it is now, and the locals that are live there, all of them. */
export interface NewFrame {
  readonly point: string
  readonly locals: Readonly<Record<string, unknown>>
}

/** Gives the frame of the new function for one of the old; null refuses the record. */
export type Migrate = (fn: CodeInfo, frame: OldFrame) => NewFrame | null

/**
 * What to do about functions that are not what they were: refuse the record (the default), take it if every frame
 * stands at a point that is still there, with the same live locals and within the same tries and loops, or migrate them.
 */
export type ChangePolicy = "refuse" | "compatible" | Migrate

/** What differs about one function that a record names. Lists are empty, and `point` is null, where nothing does. */
export interface CodeChange {
  readonly function: string
  /** Of the function in the record and on this thread. */
  readonly hash: { readonly was: string; readonly is: string }
  /** Where the record's frame stands; null for a closure, which stands nowhere. */
  readonly point: { readonly id: string; readonly line: number; readonly missing: boolean } | null
  /** Live locals (of a closure: captured variables) that only one side has. */
  readonly locals: { readonly added: readonly string[]; readonly removed: readonly string[] }
  /** Live locals that are numbers in every frame of the function now, and hold something else in the record's. */
  readonly numbers: readonly string[]
  /** The tries and loops around the point; null if they are the same. */
  readonly path: { readonly was: readonly string[]; readonly is: readonly string[] } | null
  /** Of a class: private fields that only one side has. Its id is then in `function`, and its hashes are empty. */
  readonly fields: { readonly added: readonly string[]; readonly removed: readonly string[] } | null
  /** Whether the policy "compatible" takes it. */
  readonly compatible: boolean
}

/** Thrown for a record whose functions have changed, with what differs about each. Nothing was touched. */
export class CodeChangedError extends RecordError {
  readonly changes: readonly CodeChange[]
  constructor(offset: number, changes: readonly CodeChange[]) {
    super(offset, `code has changed since the record was made\n${changes.map(wordsOf).join("\n")}`, "ROVE_CODE_CHANGED")
    this.changes = changes
  }
}

/** The point of today's function that has the name of the recorded one. */
export function pointOf(code: Code, recorded: RecordedPoint): number {
  if (code.points[recorded.pc]?.id === recorded.id) return recorded.pc
  return code.points.findIndex(({ id }) => id === recorded.id)
}

/** What differs about the function of a frame; null if it is the same, or stops at this point exactly as it did. */
export function frameChange(code: Code, recorded: RecordedPoint): CodeChange | null {
  const point: ResumePoint | undefined = code.points[pointOf(code, recorded)]
  const locals = difference(recorded.live, point?.live ?? recorded.live)
  const samePath = point === undefined || equal(recorded.path, point.path)
  const sameOrder = point !== undefined && equal(recorded.live, point.live)
  const compatible = point !== undefined && samePath && locals.added.length === 0 && locals.removed.length === 0
  if (code.hash === recorded.hash && compatible && sameOrder) return null
  return {
    function: code.id,
    hash: { was: recorded.hash, is: code.hash },
    point: { id: recorded.id, line: recorded.line, missing: point === undefined },
    locals,
    numbers: [],
    path: samePath ? null : { was: recorded.path, is: point?.path ?? [] },
    fields: null,
    compatible,
  }
}

/** As `frameChange`, for a closure that is made again from what it captured. */
export function closureChange(code: Code, hash: string, captures: readonly string[]): CodeChange | null {
  if (code.hash === hash) return null
  const locals = difference(captures, code.captures)
  const compatible = equal(captures, code.captures)
  const hashes = { was: hash, is: code.hash }
  return { function: code.id, hash: hashes, point: null, locals, numbers: [], path: null, fields: null, compatible }
}

/** Without closures of which nothing differs but what a frame of theirs says too. */
export function onceEach(changes: readonly CodeChange[]): readonly CodeChange[] {
  const framed = new Set(changes.filter(({ point }) => point !== null).map(change => change.function))
  return changes.filter(
    ({ function: id, point, fields, compatible }) =>
      point !== null || fields !== null || !compatible || !framed.has(id),
  )
}

/** What differs about the private fields of a class; null if they have the same names, in whatever order. */
export function fieldsChange(id: string, was: readonly string[], is: readonly string[]): CodeChange | null {
  const fields = difference(was, is)
  if (fields.added.length === 0 && fields.removed.length === 0) return null
  const nothing = {
    hash: { was: "", is: "" },
    point: null,
    locals: { added: [], removed: [] },
    numbers: [],
    path: null,
  }
  return { function: id, ...nothing, fields, compatible: false }
}

/**
 * The locals, of those that a frame is given, that only ever hold numbers there and would hold something else. Compiled
 * code relies on it; a frame that is new shows which they are.
 */
export function misgiven(
  fresh: Frame,
  names: readonly string[],
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  const fields = fresh as FrameFields
  return names.filter(name => typeof fields[name] === "number" && typeof given[name] !== "number")
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i])
}

function difference(was: readonly string[], is: readonly string[]): CodeChange["locals"] {
  return { added: is.filter(name => !was.includes(name)), removed: was.filter(name => !is.includes(name)) }
}

function wordsOf({ function: id, hash, point, locals, numbers, path, fields, compatible }: CodeChange): string {
  if (fields !== null) return wordsOfFields(id, fields)
  const lines = [`  ${id}: its hash was ${hash.was} and is ${hash.is}`]
  if (point?.missing === true) lines.push(`stood at "${point.id}" (line ${point.line}), which it has no more`)
  else if (point !== null) lines.push(`stands at "${point.id}" (line ${point.line} then), which it still has`)
  const what = point === null ? "captured variables" : "live locals there"
  if (locals.removed.length > 0) lines.push(`${what} that are no more: ${locals.removed.join(", ")}`)
  if (locals.added.length > 0) lines.push(`${what} that are new: ${locals.added.join(", ")}`)
  if (numbers.length > 0)
    lines.push(`live locals there that are always numbers now, and are none in it: ${numbers.join(", ")}`)
  if (path !== null) lines.push(`it stood in ${route(path.was)}, and now in ${route(path.is)}`)
  if (compatible) lines.push('nothing that the record needs differs: `changed: "compatible"` takes it')
  return lines.join("\n    ")
}

function wordsOfFields(id: string, { added, removed }: CodeChange["locals"]): string {
  const lines = [`  class ${id}: an instance of it is in the record, with other private fields`]
  if (removed.length > 0) lines.push(`private fields that are no more: ${removed.join(", ")}`)
  if (added.length > 0) lines.push(`private fields that are new: ${added.join(", ")}`)
  return lines.join("\n    ")
}

function route(path: readonly string[]): string {
  return path.length === 0 ? "no try or loop" : path.join(" › ")
}
