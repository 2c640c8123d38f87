/** Owns the shape of a bench's result, the judgement of it against its bar and aim, and the printed table. */

/** One figure of a bench. `ratio` says what `bar` and `aim` speak of; without a peer they speak of `value`. */
export interface Row {
  readonly subject: string
  readonly case: string
  readonly value: number
  readonly unit: string
  /** What it is compared with, measured in the same run. */
  readonly peer: string | null
  /** The peer's figure, in the same unit. */
  readonly peerValue: number | null
  readonly ratio: number | null
  /** What has to be reached. */
  readonly bar: number | null
  /** What is hoped for. It lies on the better side of the bar, and so says which side that is. */
  readonly aim: number | null
  readonly met: Verdict | null
}

export type Verdict = "aim" | "bar" | "missed"

/** What a bench knows of a row; the rest follows from it. */
export interface Figures {
  readonly subject: string
  readonly case: string
  readonly value: number
  readonly unit: string
  readonly against?: { readonly peer: string; readonly value: number; readonly ratio: number }
  readonly bar?: number
  readonly aim?: number
}

/** Makes a row of figures, and judges it. Fails if there is a bar without an aim or the two are equal. */
export function row(figures: Figures): Row {
  const { subject, value, unit, against, bar, aim } = figures
  return {
    subject,
    case: figures.case,
    value,
    unit,
    peer: against?.peer ?? null,
    peerValue: against?.value ?? null,
    ratio: against?.ratio ?? null,
    bar: bar ?? null,
    aim: aim ?? null,
    met: bar === undefined || aim === undefined ? unjudged(figures) : verdict(against?.ratio ?? value, bar, aim),
  }
}

function unjudged({ subject, case: name, bar, aim }: Figures): null {
  if (bar === undefined && aim === undefined) return null
  throw new Error(`${subject}, ${name}: a bar and an aim come together, since the aim says which side is better`)
}

function verdict(figure: number, bar: number, aim: number): Verdict {
  if (bar === aim) throw new Error(`a bar and an aim of ${bar} do not say which side is better`)
  const reaches = (mark: number) => (aim > bar ? figure >= mark : figure <= mark)
  return reaches(aim) ? "aim" : reaches(bar) ? "bar" : "missed"
}

const columns: readonly (readonly [title: string, text: (row: Row) => string])[] = [
  ["subject", row => row.subject],
  ["case", row => row.case],
  ["value", row => `${number(row.value)} ${row.unit}`],
  ["peer", row => row.peer ?? ""],
  ["peer's value", row => (row.peerValue === null ? "" : `${number(row.peerValue)} ${row.unit}`)],
  ["ratio", row => number(row.ratio)],
  ["bar", row => number(row.bar)],
  ["aim", row => number(row.aim)],
  ["met", row => row.met ?? ""],
]

/** Prints rows as a table of text. */
export function table(rows: readonly Row[]): string {
  const cells = [columns.map(([title]) => title), ...rows.map(row => columns.map(([, text]) => text(row)))]
  const widths = columns.map((_, column) => Math.max(...cells.map(line => line[column]?.length ?? 0)))
  return cells
    .map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

function number(value: number | null): string {
  if (value === null) return ""
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3
  return value.toLocaleString("en-US", { maximumFractionDigits: digits })
}
