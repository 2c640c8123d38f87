/** Owns the step from an offset in a text to line and column, counted from 1 as stacks and editors do. */

export interface Position {
  readonly line: number
  readonly column: number
}

/** The offsets at which lines begin. Lines end where V8 ends them, so that our lines are those of its stacks. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x0d:
        if (text.charCodeAt(i + 1) === 0x0a) i++
        starts.push(i + 1)
        break
      case 0x0a:
      case 0x2028:
      case 0x2029:
        starts.push(i + 1)
    }
  }
  return starts
}

/** Line and column of an offset, given the starts of the lines. */
export function positionAt(starts: readonly number[], offset: number): Position {
  const line = lineAt(starts, offset)
  return { line: line + 1, column: offset - (starts[line] as number) + 1 }
}

/** The line in which an offset lies, counted from 0. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
