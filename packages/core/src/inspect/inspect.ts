/** Owns what a record shows of itself: to tools as plain data, to people as text. Neither needs the program. */
import type { Code } from "../code.ts"
import { Decoder } from "../codec/decoder.ts"
import { RecordError } from "../codec/errors.ts"
import { pristine } from "../codec/pristine.ts"
import { Computation, RESTING } from "../computation.ts"
import { NORMAL, PRIORITIES, type Priority } from "../context/priority.ts"
import { AGAIN, type Frame, NEXT, RETURN } from "../frame.ts"
import { handledIn } from "../handled.ts"
import { StoppedFiber } from "../stopped.ts"
import { capturedOf, isCompilers, localsOf, type Variable } from "./frame-variables.ts"
import { Sizes } from "./sizes.ts"
import { Stubs } from "./stubs.ts"
import { kindOfValue, textOfValue, type ValueView } from "./values.ts"

export interface NamedView extends ValueView {
  readonly name: string
}

export interface FrameView {
  readonly name: string
  /** `path#qualified.name`, and the hash of the function then. */
  readonly function: string
  readonly hash: string
  /** Where it stands: in the source of then, and by what stops there. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly point: string
  /** The tries, loops and handlers around that. */
  readonly path: readonly string[]
  /** What is saved: locals by name; those that begin with $ are the compiler's. */
  readonly locals: readonly NamedView[]
  /** What its closure captured, by name: it may be of use only through this. */
  readonly captured: readonly NamedView[]
}

export interface RecordView {
  readonly version: number
  readonly id: string
  readonly name: string
  /** "waiting": it will wait again, as `resume.value` says. */
  readonly status: "unstarted" | "ready" | "waiting"
  /** Of the whole record; null for a fiber that was not encoded. */
  readonly bytes: number | null
  /** How it goes on: with a value, an error, a return, or by waiting again as `value` says. */
  readonly resume: { readonly kind: "next" | "throw" | "return" | "again"; readonly value: ValueView }
  /** Youngest first; empty if it has not begun: then `start` is what it will run. */
  readonly frames: readonly FrameView[]
  readonly start: { readonly function: string; readonly arguments: readonly ValueView[] } | null
  readonly context: {
    readonly variables: readonly NamedView[]
    readonly priority: Priority
    readonly recursion: { readonly depth: number; readonly limit: number }
    /** The exceptions whose handlers it is in, innermost first. */
    readonly handled: readonly ValueView[]
  }
  /** Where it was spawned, the innermost line first; null unless that was asked for by `trackOrigin`. */
  readonly origin: readonly string[] | null
  readonly interrupt: string | null
  /** Why it is tied to its thread; null if it is not known to be. */
  readonly pinned: string | null
}

/** The frames of a stopped fiber, without what the compiler added to their locals. */
export function framesSeen(fiber: StoppedFiber): readonly FrameView[] {
  return pristine(() => framesViewed(framesOf(fiber), viewer(), (name, code) => !isCompilers(name, code)))
}

/** What is in a record, or in a stopped fiber. Throws ROVE_RECORD for bytes that are no record of a fiber. */
export function inspect(
  given: { readonly bytes: ArrayBuffer; readonly handles: readonly unknown[] } | StoppedFiber,
): RecordView {
  return pristine(() => viewed(given))
}

function viewed(given: Parameters<typeof inspect>[0]): RecordView {
  if (given instanceof StoppedFiber) return viewOf(given, null)
  // a view is of the very buffer, which is there as long as the record has not left the process
  const handles = [...given.handles, ...placeholders.slice(given.handles.length)]
  const fiber = new Decoder(new Uint8Array(given.bytes), { handles }, new Stubs().follow).run()
  if (fiber instanceof StoppedFiber) return viewOf(fiber, given.bytes.byteLength)
  throw new RecordError(0, "this is a value, but not the record of a fiber")
}

/** What travels beside the bytes, and is not there any more, is not needed to look at most of them. */
const placeholders: readonly object[] = Array.from({ length: 1000 }, () => ({}))

function viewOf(fiber: StoppedFiber, bytes: number | null): RecordView {
  const view = viewer()
  const frames = framesOf(fiber)
  const { root, context } = fiber
  const views = framesViewed(frames, view)
  const begun = fiber.status !== "unstarted"
  const start = { function: root?.of.code.id ?? "", arguments: (root?.args ?? []).map(view) }
  const variables = context?.variables.bindings() ?? []
  return {
    version: fiber.version,
    id: fiber.id,
    name: fiber.name,
    status: fiber.status === "ready" && fiber.resumeKind === AGAIN ? "waiting" : fiber.status,
    bytes,
    resume: { kind: kindOfResumption(fiber.resumeKind), value: view(fiber.resumeValue) },
    frames: views,
    start: begun ? null : start,
    context: {
      variables: variables.map(({ variable, value }) => ({ name: variable.key, ...view(value) })),
      priority: PRIORITIES[context?.priority ?? NORMAL] as Priority,
      recursion: { depth: frames.length, limit: context?.recursionLimit ?? 0 },
      handled: frames.flatMap(handledIn).map(view),
    },
    origin: context?.extra?.origin ?? null,
    interrupt: fiber.interrupt === null ? null : textOfValue(fiber.interrupt),
    pinned: fiber.pinned,
  }
}

/** Of the frame that hands over what a computation yields. */
const STREAM = "rove#stream"

type View = (value: unknown) => ValueView

/** Views values one after the other: the sizes do not overlap. */
function viewer(): View {
  const sizes = new Sizes()
  return value => ({ kind: kindOfValue(value), text: textOfValue(value), size: sizes.of(value) })
}

function kindOfResumption(kind: number): RecordView["resume"]["kind"] {
  if (kind === AGAIN) return "again"
  return kind === NEXT ? "next" : kind === RETURN ? "return" : "throw"
}

/** Those of the program; a forged chain that runs in a circle ends too. */
function framesOf({ top }: StoppedFiber): Frame[] {
  const frames = new Set<Frame>()
  for (const youngest of [restingUnder(top), top])
    for (let at = youngest; at !== null && !frames.has(at); at = at.caller) frames.add(at)
  return [...frames].filter(frame => !(frame instanceof Computation) && !frame.closure.code.id.startsWith("rove#"))
}

/** A fiber that waits for who reads its stream stands at a yield: what yielded rests, and its frames are no part of the chain. */
function restingUnder(top: Frame | null): Frame | null {
  if (top === null || top.closure.code.id !== STREAM) return null
  const { inner } = top as Frame & { readonly inner?: unknown }
  return inner instanceof Computation && inner.status === RESTING ? inner.top : null
}

/** Locals come first in all of them: what a caller holds is not measured where somebody captured it. */
function framesViewed(
  frames: readonly Frame[],
  view: View,
  shown: (name: string, code: Code) => boolean = () => true,
): readonly FrameView[] {
  const named = ({ name, value }: Variable): NamedView => ({ name, ...view(value) })
  const locals = frames.map(frame =>
    localsOf(frame)
      .filter(({ name }) => shown(name, frame.closure.code))
      .map(named),
  )
  return frames.map((frame, i) => ({
    ...placeOf(frame),
    locals: locals[i] as NamedView[],
    captured: capturedOf(frame).map(named),
  }))
}

function placeOf({ closure: { code }, pc }: Frame): Omit<FrameView, "locals" | "captured"> {
  const { id = "", line = 0, column = 0, path = [] } = code.points[pc] ?? {}
  const file = code.id.slice(0, code.id.indexOf("#"))
  return { name: code.name, function: code.id, hash: code.hash, file, line, column, point: id, path }
}

/** The same as text. */
export function describe(record: RecordView): string {
  return pristine(() => linesOf(record).join("\n"))
}

function linesOf(record: RecordView): string[] {
  const { id, name, status, bytes, frames, start, context, origin, interrupt, pinned, resume } = record
  const lines = [`fiber ${id} (${name})${bytes === null ? "" : `, ${bytes} bytes`}, ${status}`]
  if (start !== null) lines.push(`  begins ${start.function}(${start.arguments.map(({ text }) => text).join(", ")})`)
  for (const frame of frames) lines.push(...frameLines(frame))
  if (resume.kind !== "next" || resume.value.kind !== "undefined") lines.push(`  ${resume.kind}: ${resume.value.text}`)
  for (const variable of context.variables) lines.push(`  variable ${localLine(variable)}`)
  for (const error of context.handled) lines.push(`  handling ${error.text}`)
  if (context.priority !== "normal") lines.push(`  priority ${context.priority}`)
  lines.push(`  depth ${context.recursion.depth} of ${context.recursion.limit}`)
  for (const line of origin ?? []) lines.push(`  spawned at ${line}`)
  if (interrupt !== null) lines.push(`  interrupted: ${interrupt}`)
  if (pinned !== null) lines.push(`  pinned: ${pinned}`)
  return lines
}

function frameLines({ name, file, line, column, point, path, locals, captured }: FrameView): string[] {
  const around = path.length === 0 ? "" : ` in ${path.join(" › ")}`
  const own = locals.filter(local => !isCompilers(local.name))
  const rest = locals.filter(local => isCompilers(local.name)).reduce((sum, { size }) => sum + size, 0)
  const lines = [
    `  at ${name} (${file}:${line}:${column}) ${point}${around}`,
    ...own.map(local => `      ${localLine(local)}`),
    ...captured.map(variable => `      captured ${localLine(variable)}`),
  ]
  return rest === 0 ? lines : [...lines, `      the compiler's own: ${rest} bytes`]
}

function localLine({ name, text, size }: NamedView): string {
  return `${name} = ${text} (${size} ${size === 1 ? "byte" : "bytes"})`
}
