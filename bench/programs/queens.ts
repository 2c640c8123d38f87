/** Owns the sequential part of N-Queens: placements as bits, counted by a plain function. */

export function solutions(size: number, columns: number, left: number, right: number): number {
  const all = (1 << size) - 1
  if (columns === all) return 1
  let count = 0
  for (let free = all & ~(columns | left | right); free !== 0; free &= free - 1) {
    const bit = free & -free
    count += solutions(size, columns | bit, ((left | bit) << 1) & all, (right | bit) >> 1)
  }
  return count
}
