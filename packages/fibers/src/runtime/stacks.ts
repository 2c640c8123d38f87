/**
 * Owns what the stack of an error shows of a fiber: our own frames are taken out, and those of the program that exist
 * only as data at that moment are put where they belong, as `at walk (survey.ts:41:7) [suspended]`.
 *
 * The text is written when an error leaves the native part of a stack, because later the frames are gone. It stays the
 * error's own `stack`: no property changes its kind, and an error that came from elsewhere is left alone.
 */
import { type Code, Computation, FiberInterrupted, type Frame, limitStacks, RoveError } from "@rove/core"
import {
  append,
  apply,
  getOwnPropertyDescriptor,
  includes,
  isArray,
  isProxyLike,
  min,
  substring,
} from "./intrinsics.ts"
import { areTextsWhole } from "./whole-texts.ts"

type Getter = (this: unknown) => unknown
const native = getOwnPropertyDescriptor(new Error(), "stack")?.get as Getter | undefined
const isError: (value: unknown) => value is Error =
  (Error as Partial<ErrorConstructor>).isError ?? ((value): value is Error => value instanceof Error)

/** An error on its way out to native frames, of which ours left room for so many lines in its stack. */
export interface Cut {
  readonly error: unknown
  readonly known: number
}

/** Puts the frames from `from` to the root behind those of the error that were native until now. */
export function withSuspended(error: unknown, from: Frame | null, nested: boolean): Cut | null {
  cleanParts(error)
  if (!nested && !holdsProgram(from)) return null
  let cut: Cut | null = null
  rewrite(error, lines => {
    const loop = lines.findIndex(isOfLoop)
    if (loop === -1) return showsNothing(error, lines) ? suspended(from, limit()) : lines
    let end = loop
    while (end < lines.length && isOurs(lines[end] as string)) end++
    let start = loop
    while (start > 0 && isOurs(lines[start - 1] as string)) start--
    const above = lines.slice(0, start)
    const below = lines.slice(end).filter(line => !isOfNode(line))
    if (nested && lines.length >= limit()) cut = { error, known: below.length }
    return [...above, ...suspended(from, limit() - above.length), ...below]
  })
  return cut
}

/** Takes out what is left of ours, and of the host beneath, here and in the errors that it tells of. */
export function withoutOurs(error: unknown): void {
  cleaned(error)
  cleanParts(error)
}

/**
 * An error comes to a fiber from a promise: its frames, youngest first, stand behind what there is, as those of the async
 * functions that wait for a promise do natively. An error that tells of a fiber already is left as it is.
 */
export function withAwaited(error: unknown, youngest: Frame | null): void {
  rewrite(error, lines => {
    if (lines.some(line => line.endsWith(SUSPENDED_MARK))) return lines
    const own = lines.filter(line => !isOurs(line) && !isOfNode(line))
    const frames = suspended(youngest, limit())
    return [...own, ...frames.slice(shared(own, frames))].slice(0, limit())
  })
}

/**
 * An error of ours comes to a fiber that waits, from a timer, say, or from another thread: its stack shows where the fiber stands,
 * unless it shows something of the program already.
 */
export function withPlace(error: unknown, youngest: Frame | null): void {
  if (!(error instanceof RoveError) || error instanceof FiberInterrupted) return
  rewrite(error, lines => (showsNothing(error, lines) ? suspended(youngest, limit()) : lines))
}

/** An error of ours that shows none of the program is thrown while the frames of the fiber are native: they are put there. */
export function withNative(error: unknown): void {
  if (!(error instanceof RoveError) || error instanceof FiberInterrupted) return
  rewrite(error, lines => (showsNothing(error, lines) ? callers(0) : lines))
}

/** An error of ours ends a fiber, and shows nothing of the program: it shows where the fiber's function begins. */
export function withRoot(error: unknown, { of: { code } }: Computation): void {
  rewrite(error, lines => {
    const start = code.points[0]
    if (start === undefined || error instanceof FiberInterrupted || !showsNothing(error, lines)) return lines
    if (substring(code.id, 0, OURS.length) === OURS) return lines
    return [`    at ${code.name} (${fileOf(code)}:${start.line}:${start.column})`]
  })
}

/** An error of ours, whose frames are ours as well. */
function showsNothing(error: unknown, lines: readonly string[]): boolean {
  return error instanceof RoveError && lines.every(line => isOurs(line) || isOfNode(line))
}

/** Makes an error without frames, where there are none but ours: a million may be made at once, and the fiber's are put there later. */
export function withoutFrames<E extends Error>(make: () => E): E {
  const { stackTraceLimit } = Error
  limitStacks(0)
  try {
    return make()
  } finally {
    limitStacks(stackTraceLimit)
  }
}

/** How many of the frames stand in the lines already: the error was made while they were on the native stack. */
function shared(lines: readonly string[], frames: readonly string[]): number {
  for (let count = min(lines.length, frames.length); count > 0; count--) {
    const from = lines.length - count
    if (frames.every((frame, i) => i >= count || functionOf(frame) === functionOf(lines[from + i] as string)))
      return count
  }
  return 0
}

/** Function and file of a line of a stack. */
function functionOf(line: string): string {
  const found = /^ {4}at (?:.*[ .])?([^ .]+) \((?:.*[\\/])?([^\\/]*?)(?::\d+)*\)/.exec(line)
  return found === null ? line : `${found[1]} ${found[2]}`
}

function cleaned(error: unknown): void {
  rewrite(error, lines => {
    const loop = lines.findIndex(isOfLoop)
    if (loop === -1 && error instanceof RoveError) return lines.filter(line => !isOurs(line))
    return loop === -1 ? lines : lines.filter((line, i) => !isOurs(line) && (i < loop || !isOfNode(line)))
  })
}

/**
 * An error leaves a generator that native code drives: takes ours out, and puts the callers there for which our frames left
 * no room. Only if what there is of callers is what lies beneath now, or the generator has only `begun`: else the error may
 * be an old one, from an earlier call.
 */
export function withCallers(error: unknown, begun: boolean): void {
  cleanParts(error)
  rewrite(error, lines => {
    const start = lines.findIndex(isOfLoop)
    if (start === -1) return lines
    let end = start
    while (end < lines.length && isOurs(lines[end] as string)) end++
    const above = lines.slice(0, start).filter(line => !isOurs(line))
    const known = lines.slice(end)
    const now = callers(above.length)
    const isNow = (begun || known.length > 0) && known.every((line, i) => line === now[i])
    const below = isNow ? now : known
    // the first is the native generator, which stands for the frame that is there already
    return [...above, ...below.slice(1)].slice(0, limit())
  })
}

/** Parameters were bound in a function of their own, which the native body called: one of the two frames is enough. */
export function withoutShell(error: unknown): void {
  rewrite(error, lines => {
    const between = lines.findIndex(isOfBinding)
    return between === -1 ? lines : lines.filter((_, i) => i !== between && i !== between + 1)
  })
}

/**
 * An error leaves what native frames drive, and ours left no room for them: they are put there, if those that are known are the same.
 * `skipped`: so many stand for frames that are there already.
 */
export function withCutOff(m: { cut: Cut | null }, error: unknown, skipped: number): void {
  const { cut } = m
  m.cut = null
  if (cut === null || cut.error !== error) return
  rewrite(error, lines => {
    const above = lines.slice(0, lines.length - cut.known)
    const now = callers(above.length)
    const isNow = lines.slice(above.length).every((line, i) => line === now[i])
    return isNow ? [...above, ...now.slice(skipped)].slice(0, limit()) : lines
  })
}

/** What lies beneath the generator that is driven, as many lines as the program wants. */
function callers(above: number): string[] {
  const { stackTraceLimit } = Error
  try {
    limitStacks(limit() - above + OWN_FRAMES)
    const lines = (new Error().stack ?? "").split("\n").slice(1)
    return lines.slice(lines.findIndex(line => !isOurs(line)))
  } finally {
    limitStacks(stackTraceLimit)
  }
}

/** The innermost `depth` lines of what the program was doing when it called us: "walk (/srv/survey.ts:3:5)". */
export function originLines(depth: number): readonly string[] {
  const { stackTraceLimit } = Error
  try {
    limitStacks(depth + OWN_FRAMES)
    const lines = (new Error().stack ?? "").split("\n").slice(1)
    const own = lines.filter(line => !isOurs(line) && !isOfNode(line))
    return own.slice(0, depth).map(line => line.replace(/^ *at (?:async )?/, ""))
  } finally {
    limitStacks(stackTraceLimit)
  }
}

/** From the generator's own `next` to here. */
const OWN_FRAMES = 12

/** Cleans the errors that an error tells of: its cause, the parts of an aggregate, what a disposal suppressed, and theirs. */
function cleanParts(error: unknown): void {
  const found: unknown[] = [error]
  const enter = (value: unknown): void => {
    if (isError(value) && found.length < MOST_PARTS && !includes(found, value)) append(found, value)
  }
  for (let i = 0; i < found.length; i++) {
    const whole = found[i]
    if (i > 0) cleaned(whole)
    if (!isError(whole)) return
    enter(ownValue(whole, "cause"))
    enter(ownValue(whole, "error"))
    enter(ownValue(whole, "suppressed"))
    const list = ownValue(whole, "errors")
    if (!isArray(list) || isProxyLike(list)) continue
    for (let j = 0; j < list.length && j < MOST_PARTS; j++) enter(ownValue(list, j))
  }
}
const MOST_PARTS = 100

/** Never asks a getter. */
function ownValue(holder: object, key: PropertyKey): unknown {
  return getOwnPropertyDescriptor(holder, key)?.value
}

function rewrite(error: unknown, change: (lines: readonly string[]) => readonly string[]): void {
  try {
    // the engine, or who took its place, writes the text when it is first asked for
    const text = areTextsWhole() && isError(error) ? stackOf(error) : null
    if (text === null) return
    const at = text.search(/\n {4}at /)
    if (at === -1 && !(error instanceof RoveError)) return
    const lines = at === -1 ? [] : text.slice(at + 1).split("\n")
    const changed = change(lines)
    if (changed !== lines) (error as Error).stack = [at === -1 ? text : text.slice(0, at), ...changed].join("\n")
  } catch {
    // a frozen error, a program that formats stacks itself: what it has is good enough
  }
}

/** The text that the engine keeps; null if the program has something else there. */
function stackOf(error: Error): string | null {
  const property = getOwnPropertyDescriptor(error, "stack")
  if (property === undefined || (property.get === undefined ? property.writable !== true : property.get !== native))
    return null
  const text = property.get === undefined ? property.value : apply(property.get, error, [])
  return typeof text === "string" ? text : null
}

const SUSPENDED_MARK = " [suspended]"

/** What ids of our own code begin with. */
const OURS = "rove#"
function isOfProgram(frame: Frame): boolean {
  return !(frame instanceof Computation) && substring(frame.closure.code.id, 0, OURS.length) !== OURS
}

function holdsProgram(from: Frame | null): boolean {
  for (let at = from; at !== null; at = at.caller) if (isOfProgram(at)) return true
  return false
}

function suspended(from: Frame | null, room: number): string[] {
  const lines: string[] = []
  for (let at = from; at !== null && lines.length < room; at = at.caller) {
    if (!isOfProgram(at)) continue
    const { code } = at.closure
    const { line, column } = code.points[at.pc] ?? { line: 0, column: 0 }
    lines.push(`    at ${code.name} (${fileOf(code)}:${line}:${column})${SUSPENDED_MARK}`)
  }
  return lines
}

/** Where a stopped fiber stands: "walk (/srv/survey.ts:3:5)"; null if nothing of the program is on its stack. */
export function placeOf(youngest: Frame | null): string | null {
  return suspended(youngest, 1)[0]?.slice("    at ".length, -SUSPENDED_MARK.length) ?? null
}

function limit(): number {
  const { stackTraceLimit } = Error as { stackTraceLimit?: unknown }
  return typeof stackTraceLimit === "number" ? stackTraceLimit : 10
}

/** The source as stacks name it; points are places in it, also where what runs was compiled ahead of time. */
function fileOf({ id, url }: Code): string {
  const source = id.slice(0, id.indexOf("#"))
  const path = url.startsWith("file://")
    ? decodeURIComponent(new URL(url).pathname).replace(/^\/(?=[A-Za-z]:)/, "")
    : url
  return path.slice(path.lastIndexOf("/") + 1) === source.slice(source.lastIndexOf("/") + 1) ? path : source
}

/** Where this file is, as stacks name it; without a folder of ours (all in one bundle) nothing is known to be ours. */
let folders: Places | null = null
interface Places {
  readonly loop: readonly string[]
  readonly binding: string | null
  readonly all: readonly string[]
}
function places(): Places {
  if (folders !== null) return folders
  const line = new Error().stack?.split("\n")[1] ?? ""
  const found = /([^\s(]*[\\/])(?:src|dist)([\\/])runtime[\\/]stacks\.[cm]?[jt]s:\d+:\d+\)?$/.exec(line)
  if (found === null) folders = { loop: [], binding: null, all: [] }
  else {
    const [here = "", base = "", slash = ""] = found
    const folder = here.slice(0, here.lastIndexOf(slash) + 1)
    const beside = ["scheduler", "core"].map(name => base.replace(/fibers[\\/]$/, `${name}${slash}`))
    folders = {
      loop: [`${folder}run.`, `${folder}computation-cursor.`],
      binding: `${folder}closures.`,
      all: [base, ...beside.filter(folder => folder !== base)],
    }
  }
  return folders
}

function isOurs(line: string): boolean {
  return places().all.some(folder => line.includes(folder)) && !line.includes(".test.")
}

function isOfLoop(line: string): boolean {
  return places().loop.some(file => line.includes(file))
}

function isOfBinding(line: string): boolean {
  const { binding } = places()
  return binding !== null && line.includes(binding)
}

/** The turn of the event loop in which the host was called. */
function isOfNode(line: string): boolean {
  return /[( ]node:\w/.test(line)
}
