/** Owns how the survey's result looks as text. Colours only where they are seen, and not under NO_COLOR. */
import { styleText } from "node:util"
import type { ThreadStats } from "rove"
import type { Copies, Findings } from "./findings.ts"
import type { Skipped } from "./read.ts"

/** Skipped paths that are named, of each reason. */
const NAMED = 3

const bold = (text: string) => styleText("bold", text)
const dim = (text: string) => styleText("dim", text)
export const red = (text: string) => styleText("red", text, { stream: process.stderr })

export function findingsText(found: Findings): string {
  const { tokens, repeated } = found
  const lines = [
    `${bold(count(found.files))} files in ${count(found.directories)} directories, ${size(found.bytes)}, ${count(found.links)} links`,
    `${count(tokens.lines)} lines: ${count(tokens.words)} words, ${count(tokens.numbers)} numbers, ${count(tokens.strings)} strings, ${count(tokens.comments)} comments, ${count(tokens.marks)} marks`,
    `${count(repeated.contents)} contents are there more than once; one copy of each would save ${size(repeated.bytes)}`,
    `${count(found.families.count)} families of files that are nearly the same`,
    ...section(
      "largest",
      found.largest.map(file => `${size(file.bytes).padStart(9)}  ${file.path}`),
    ),
    ...section("most repeated", found.mostCopies.map(copiesText)),
    ...section("most wasteful", found.mostWasteful.map(copiesText)),
    ...section(
      "largest families",
      found.families.largest.map(({ paths }) => `${count(paths.length).padStart(5)} like  ${paths[0]}`),
    ),
    ...section("skipped", skippedText(found.skipped)),
    dim(`digest ${found.digest.slice(0, 16)}`),
  ]
  return lines.join("\n")
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", bold(title), ...lines.map(line => `  ${line}`)]
}

function copiesText({ bytes, paths }: Copies): string {
  return `${count(paths.length).padStart(5)} × ${size(bytes).padStart(9)}  ${paths[0]}`
}

function skippedText(skipped: readonly Skipped[]): string[] {
  return [...Map.groupBy(skipped, one => one.why)].flatMap(([why, all]) => {
    const named = all.slice(0, NAMED).map(({ path, detail }) => (detail === undefined ? path : `${path} (${detail})`))
    const more = all.length > NAMED ? [`… and ${count(all.length - NAMED)} more`] : []
    return [`${count(all.length).padStart(5)} ${why}`, ...[...named, ...more].map(line => dim(`        ${line}`))]
  })
}

type Column = readonly [title: string, text: (thread: ThreadStats) => string]

/** What each thread did, in `elapsed` milliseconds. */
export function threadsTable(threads: readonly ThreadStats[], elapsed: number): string {
  const columns: readonly Column[] = [
    ["thread", thread => thread.name],
    ["slices", thread => count(thread.slices)],
    ["fibers run", thread => count(thread.ended)],
    ["steals asked", thread => count(thread.stealsAsked)],
    ["answered", thread => count(thread.requestsAnswered)],
    ["fed", thread => count(thread.fed)],
    ["fibers in", thread => count(thread.fibersIn)],
    ["out", thread => count(thread.fibersOut)],
    ["bytes in", thread => size(thread.bytesIn)],
    ["out", thread => size(thread.bytesOut)],
    ["busy", thread => `${Math.round((thread.busy / elapsed) * 100)} %`],
  ]
  const rows = [columns.map(([title]) => title), ...threads.map(thread => columns.map(([, text]) => text(thread)))]
  const widths = columns.map((_, at) => Math.max(...rows.map(row => row[at]?.length ?? 0)))
  const text = rows.map(row =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join("  "),
  )
  return [bold(text[0] ?? ""), ...text.slice(1)].join("\n")
}

export function count(value: number): string {
  return value.toLocaleString("en-US")
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ["kB", "MB", "GB", "TB"]
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`
}
