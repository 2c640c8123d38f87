/** Owns the guess which of some names was meant by one that is none of them. */

/** The name that was probably meant; null if none is near. */
export function nearest(name: string, all: readonly string[]): string | null {
  const given = name.toLowerCase()
  let best: string | null = null
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of all) {
    const other = candidate.toLowerCase()
    const isPart = given.length > 2 && (other.startsWith(given) || given.startsWith(other))
    const edits = isPart ? 1 : distance(given, other)
    if (edits < least) {
      least = edits
      best = candidate
    }
  }
  return best
}

/** Letters to insert, delete or change, or neighbours to exchange, to make the one of the other. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let edits = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] as number) + 1)
      row.push(edits)
    }
    before = last
    last = row
  }
  return last[b.length] as number
}
