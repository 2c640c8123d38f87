/** Owns the printing of a step function from its blocks: cases, saves and restores, region dispatch. */

import type { ResumePoint } from "@rove/core"
import type { Scope } from "../2-analyze/bindings.ts"
import { calls } from "../2-analyze/calls.ts"
import { Bits } from "../3-lower/bits.ts"
import { indentation, type Label, type Line } from "../3-lower/builder.ts"
import { limitText } from "../3-lower/loops.ts"
import type { Lowering } from "../3-lower/lowering.ts"
import type { FrameFields } from "../3-lower/module.ts"
import { pointIds } from "../3-lower/points.ts"
import { cellNames, type Field, fieldNames, plainNames } from "./fields.ts"
import { Saves } from "./saves.ts"

export interface StepOptions {
  readonly name: string
  /** Text of the closure. */
  readonly closure: string
  /** Names of the parameters behind `self`. */
  readonly parameters: readonly string[]
  /** `"use strict"`, where what is around the step is sloppy and its source is not. */
  readonly directive: string
}

/** Frames with more saves than this clear their dead fields in a loop instead of one by one. */
const WIPE_ABOVE = 400

export interface Assembled {
  readonly text: string
  readonly points: readonly ResumePoint[]
  readonly fields: Omit<FrameFields, "captured">
}

export function assemble(l: Lowering, options: StepOptions): Assembled {
  const { b, module } = l
  const { f, mode, v } = module.registers
  const live = b.liveness()
  const resumable = b.labels.filter(x => x.resumable)
  let cases = 0
  for (const label of resumable) label.number = ++cases
  for (const label of b.labels) if (label.targeted && !label.resumable) label.number = ++cases
  const self = l.unit.thisBinding?.local ?? module.registers.self
  const first = [self, ...options.parameters]
  const start = new Bits()
  const liveFirst = b.liveAtStart(live)
  for (const name of first) {
    const slot = l.slots.find(name)
    if (slot !== undefined && liveFirst.has(slot)) start.add(slot)
  }
  const saved = start.copy()
  for (const label of resumable) saved.addAll(liveAt(live, label))
  const names = fieldNames(l)
  module.fields.set(l.unit, { slots: l.slots, names })
  const fieldOf = (name: string): string => names[l.slots.find(name) as number] as string
  const list: Field[] = []
  l.slots.names.forEach((name, slot) => {
    if (!saved.has(slot)) return
    const field = names[slot] as string
    list.push({ slot, name, field, read: `${f}.${field}` })
  })
  const wiped = list.length * resumable.length > WIPE_ABOVE
  const constant = wiped ? new Set<string>() : constants(l, options.parameters)
  const saves = new Saves(l, options.closure, list, constant, wiped)
  const save = (alive: Bits, pc: number, yields = false): string => saves.text(alive, pc, yields)
  const regions = l.regions.length > 1
  const fill: Fill = (kind, index) => {
    if (kind === "d") return regions ? ` if (${mode} === 1) { ${mode} = 0; throw ${v}; }` : ""
    if (kind === "n")
      return saves.shared((b.shared[index] as Label[]).map(x => ({ alive: liveAt(live, x), number: x.number })))
    const label = b.labels[index] as Label
    const { number } = label
    return kind === "l" ? String(number) : save(liveAt(live, label), number, kind === "y")
  }
  const body = printBlocks(l, regions, fill)
  const head = headText(l, options, first, list, save(start, 0))
  const text = `${head}${dispatch(l, body, regions, cases)}}`
  const ids = pointIds(resumable)
  const fieldsIn = (alive: Bits): readonly string[] => {
    const found: string[] = []
    for (const { slot, field } of list) if (alive.has(slot)) found.push(field)
    return found
  }
  const points = [startPoint(l, fieldsIn(start))]
  resumable.forEach((label, at) => {
    points.push(point(l, label, ids[at] as string, fieldsIn(liveAt(live, label)), fieldOf))
  })
  const fields = list.map(({ name, field }) => (l.zeros.has(name) ? `${field} = 0` : field))
  return { text, points, fields: { fields, plain: plainNames(l, list), cells: cellNames(l, list) } }
}

/** What a step begins with: its variables, what a frame gives them back, and the look around at its entry. */
function headText(
  l: Lowering,
  { name, directive }: StepOptions,
  parameters: readonly string[],
  list: readonly Field[],
  stop: string,
): string {
  const { b, module, regions } = l
  const { c, d, end, f, h, i, k, m, mode, over, pc, v } = module.registers
  const variables = l.slots.names.filter((slot, number) => b.used.has(number) && !parameters.includes(slot))
  const hasRegions = regions.length > 1
  const lets = [
    `${pc} = 0`,
    v,
    k,
    c,
    ...(l.nests ? [`${module.registers.b} = 0`] : []),
    ...(l.strips ? [`${i} = 0`, `${end} = 0`] : []),
    ...(l.overs ? [over] : []),
    ...(hasRegions ? [`${h} = 0`, `${mode} = 0`] : []),
    ...variables.map(x => (l.zeros.has(x) ? `${x} = 0` : x)),
  ]
  const restore = list.map(({ name, read }) => `${name} = ${read};`).join(" ")
  const resumed = hasRegions
    ? `${mode} = ${m}.kind;`
    : `if (${m}.kind !== 0) { if (${m}.kind === 1) throw ${v}; return ${v}; }`
  const limit = limitText(l, calls(l.unit.node.body))
  const due = l.due ? `, ${l.r("due")} = ${m}.due` : ""
  return `function ${name}(${[m, f, ...parameters].join(", ")}) {${directive}
  let ${lets.join(", ")};
  const ${d} = ${m}.depth${due};
  if (${f} !== null) { ${pc} = ${f}.pc; ${restore} ${v} = ${m}.value; ${resumed} }
  else if ((--${m}.budget < ${limit} || ${d} > ${m}.ceiling) && ${module.helper("enter")}(${m})) ${stop}
`
}

/**
 * Parameters that keep their value: a frame gets them when it is made, and later stops need not store them again. Where
 * one is dead, and cleared, no place that reads it can be reached any more.
 */
function constants(l: Lowering, parameters: readonly string[]): Set<string> {
  const { unit, b } = l
  const kept = new Set<string>()
  if (unit.argumentsBinding !== null) return kept
  for (const { kind, mode, assigned, local } of (unit.scope as Scope).bindings.values()) {
    if (kind !== "param" || mode !== "slot" || assigned || !parameters.includes(local)) continue
    const slot = l.slots.find(local)
    if (slot === undefined || !b.defined.has(slot)) kept.add(local)
  }
  return kept
}

function liveAt(live: readonly (Bits | undefined)[], label: Label): Bits {
  return live[label.index] ?? new Bits()
}

function startPoint(l: Lowering, live: readonly string[]): ResumePoint {
  const { line, column } = l.module.position(l.unit.node.start)
  return { id: "start", path: [], line, column, live, handled: [] }
}

function point(
  l: Lowering,
  label: Label,
  id: string,
  live: readonly string[],
  fieldOf: (slot: string) => string,
): ResumePoint {
  const { line, column } = l.module.position(label.offset < 0 ? l.unit.node.start : label.offset)
  const handled = label.handled
    .map(h => h.split("?").map(fieldOf))
    .filter(fields => fields.every(field => live.includes(field)))
    .map(fields => fields.join("?"))
  return { id, path: label.path, line, column, live, handled }
}

/** Text for a placeholder of the builder: what kind of one it is, and the index of its label. */
type Fill = (kind: string, index: number) => string

/** Adds the line with its placeholders filled; position marks stay. */
function addFilled(out: string[], line: string, mark: string, fill: Fill): void {
  let done = 0
  for (let at = line.indexOf(mark); at !== -1; ) {
    const end = line.indexOf(mark, at + 1)
    const kind = line[at + 1] as string
    if (kind !== "p") {
      out.push(line.slice(done, at), fill(kind, Number(line.slice(at + 2, end))))
      done = end + 1
    }
    at = line.indexOf(mark, end + 1)
  }
  out.push(done === 0 ? line : line.slice(done))
}

function printBlocks(l: Lowering, regions: boolean, fill: Fill): string {
  const { b } = l
  const inside = b.labels.filter(x => x.door !== null)
  // put together at once: what hangs together piece by piece keeps all the pieces
  const out: string[] = []
  b.blocks.forEach(({ label, from }, i) => {
    if (label !== null && label.door === null && label.number > 0) {
      out.push(`case ${label.number}:\n`)
      for (const x of inside) if (x.door === label) out.push(`case ${x.number}:\n`)
      if (label.resumable && regions) addBegin(out, l, label, fill)
    }
    const end = b.blocks[i + 1]?.from ?? b.lines.length
    for (let at = from; at < end; at++) {
      const line = b.lines[at] as Line
      if (line.text === null) continue
      out.push(indentation(line))
      addFilled(out, line.text, b.mark, fill)
      out.push("\n")
    }
  })
  return out.join("")
}

/** Adds the line with which the case of a resume point begins, where there are regions. */
function addBegin(out: string[], l: Lowering, label: Label, fill: Fill): void {
  const { h, mode, v } = l.module.registers
  const enter = `  ${h} = ${label.region};`
  if (label.delivers) out.push(enter, "\n")
  else if (!label.throws) out.push(enter, ` ${mode} = 0;\n`)
  else {
    out.push(enter, ` if (${mode} !== 0) { if (${mode} === 1) { ${mode} = 0; throw ${v}; }`)
    if (label.returns !== null) addFilled(out, ` ${mode} = 0; ${label.returns};`, l.b.mark, fill)
    out.push(" }\n")
  }
}

function dispatch(l: Lowering, body: string, regions: boolean, count: number): string {
  const { b } = l
  const { d, e, h, m, mode, pc, run, v } = l.module.registers
  if (count === 0) return body
  const cases = `switch (${pc}) {\ncase 0:\n${body}}\n`
  if (!regions) return b.jumps ? `${run}: for (;;) {\n${cases}return;\n}\n` : cases
  const handlers = l.regions.map(label => label?.number ?? 0)
  return `${run}: for (;;) try {
${cases}return;
} catch (${e}) {
  if (${h} === 0) throw ${e};
  ${m}.depth = ${d}; ${v} = ${e}; ${pc} = [${handlers.join(", ")}][${h}]; ${mode} = 0;
}
`
}
