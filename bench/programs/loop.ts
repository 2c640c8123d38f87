"use fibers"
/**
 * What `loop.bench.ts` measures: loops that never yield, and can be preempted all the same. The bench makes the plain
 * functions that they are compared with out of this text.
 *
 * Sums of integers stay below 2 ** 31, or leave it in the first rounds. If they do so later, it is a matter of chance
 * whether the optimiser has looked before, and its two codes differ by the factor 1.3 to 8, of plain functions too.
 */
import type { Resumable } from "rove"

export function* spin(n: number): Resumable<number> {
  let s = 0
  for (let i = 0; i < n; i++) s = (s + i * 7) ^ (i >> 3)
  return s
}

export function* collatz(limit: number): Resumable<number> {
  let longest = 0
  for (let start = 1; start < limit; start++) {
    let steps = 0
    for (let n = start; n !== 1; steps++) n = n % 2 === 0 ? n / 2 : 3 * n + 1
    if (steps > longest) longest = steps
  }
  return longest
}

export function* sieve(n: number): Resumable<number> {
  const composite = new Uint8Array(n + 1)
  let count = 0
  for (let i = 2; i <= n; i++) {
    if (composite[i] !== 0) continue
    count++
    for (let j = i * i; j <= n; j += i) composite[j] = 1
  }
  return count
}

export function* matrix(n: number): Resumable<number> {
  const a = new Float64Array(n * n)
  const b = new Float64Array(n * n)
  const c = new Float64Array(n * n)
  for (let i = 0; i < n * n; i++) {
    a[i] = i % 7
    b[i] = i % 5
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum += (a[i * n + k] as number) * (b[k * n + j] as number)
      c[i * n + j] = sum
    }
  }
  let trace = 0
  for (let i = 0; i < n; i++) trace += c[i * n + i] as number
  return trace
}

export function* words(n: number): Resumable<number> {
  let text = ""
  let total = 0
  for (let i = 0; i < n; i++) {
    text += String.fromCharCode(97 + (i % 26))
    if (text.length === 64) {
      total += text.charCodeAt(i & 63)
      text = ""
    }
  }
  return total
}

export function* bodies(n: number): Resumable<number> {
  const all = [
    { x: 0, y: 0, vx: 0, vy: 0, mass: 10 },
    { x: 1, y: 0, vx: 0, vy: 3, mass: 1 },
    { x: 0, y: 2, vx: 2, vy: 0, mass: 1.5 },
    { x: 3, y: 1, vx: 0.5, vy: 1, mass: 0.5 },
    { x: -2, y: 1, vx: 0.1, vy: -1, mass: 0.25 },
  ]
  for (let step = 0; step < n; step++) {
    for (let i = 0; i < all.length; i++) {
      const a = all[i]!
      for (let j = i + 1; j < all.length; j++) {
        const b = all[j]!
        const dx = a.x - b.x
        const dy = a.y - b.y
        const square = dx * dx + dy * dy + 0.01
        const force = 0.001 / (square * Math.sqrt(square))
        a.vx -= dx * b.mass * force
        a.vy -= dy * b.mass * force
        b.vx += dx * a.mass * force
        b.vy += dy * a.mass * force
      }
    }
    for (let i = 0; i < all.length; i++) {
      const a = all[i]!
      a.x += 0.001 * a.vx
      a.y += 0.001 * a.vy
    }
  }
  return Math.round(all[0]!.x * 1e9)
}

export function* digits(n: number): Resumable<number> {
  let sum = 0
  let i = 0
  do {
    sum = (sum * 31 + (i & 15)) | 0
    i++
  } while (i < n)
  return sum
}

export function* listed(n: number): Resumable<number> {
  const list = Array.from({ length: 1000 }, (_, i) => i)
  let sum = 0
  for (let round = 0; round < n; round++) for (const x of list) sum = (sum + x * round) & 0xffffff
  return sum
}

export function* characters(n: number): Resumable<number> {
  const text = "the quick brown fox jumps over the lazy dog"
  let hash = 0
  for (let round = 0; round < n; round++) for (const c of text) hash = (hash * 31 + c.charCodeAt(0)) | 0
  return hash
}

export function* entries(n: number): Resumable<number> {
  const counts = new Map(Array.from({ length: 1000 }, (_, i) => [i, i * 3]))
  let sum = 0
  for (let round = 0; round < n; round++) for (const [key, value] of counts) sum = (sum + key * value) | 0
  return sum
}

export function* members(n: number): Resumable<number> {
  const some = new Set(Array.from({ length: 1000 }, (_, i) => i * 7))
  let sum = 0
  for (let round = 0; round < n; round++) for (const x of some) sum = (sum + x * round) & 0xffffff
  return sum
}

export function* keys(n: number): Resumable<number> {
  const record: Record<string, number> = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key${i}`, i]))
  let sum = 0
  for (let round = 0; round < n; round++)
    for (const key in record) sum = (sum + (record[key] as number) * round) & 0xffffff
  return sum
}

export function* searching(n: number): Resumable<number> {
  const table = Array.from({ length: 1024 }, (_, i) => i * 3)
  let found = 0
  // keys without a period: one that is short enough is learned by the processor, which then predicts each branch
  let seed = 88675123
  for (let i = 0; i < n; i++) {
    seed ^= seed << 13
    seed ^= seed >>> 17
    seed ^= seed << 5
    const wanted = (seed >>> 0) % 3072
    let low = 0
    let high = table.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const value = table[middle] as number
      if (value === wanted) {
        found++
        break
      }
      if (value < wanted) low = middle + 1
      else high = middle - 1
    }
  }
  return found
}

export function* guarded(n: number): Resumable<number> {
  let sum = 0
  for (let i = 0; i < n; i++) {
    try {
      if (i % 1000 === 999) throw i
      sum = (sum + i * 3) | 0
    } catch (e) {
      sum = (sum - (e as number)) | 0
    }
  }
  return sum
}

function mix(a: number, b: number): number {
  return ((a ^ b) * 31 + (a >> 3)) | 0
}

export function* calling(n: number): Resumable<number> {
  let sum = 0
  for (let i = 0; i < n; i++) sum = mix(sum, i)
  return sum
}

export function* labelled(n: number): Resumable<number> {
  let primes = 0
  candidates: for (let i = 2; i < n; i++) {
    for (let d = 2; d * d <= i; d++) if (i % d === 0) continue candidates
    primes++
  }
  return primes
}

export function* floats(n: number): Resumable<number> {
  let inside = 0
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      let zr = 0
      let zi = 0
      const cr = (2 * x) / n - 1.5
      const ci = (2 * y) / n - 1
      let i = 0
      while (i < 50 && zr * zr + zi * zi < 4) {
        const t = zr * zr - zi * zi + cr
        zi = 2 * zr * zi + ci
        zr = t
        i++
      }
      if (i === 50) inside++
    }
  }
  return inside
}

export function* sorting(n: number): Resumable<number> {
  const list: number[] = []
  let seed = 42
  for (let i = 0; i < n; i++) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    list.push(seed % 10007)
  }
  for (let i = 1; i < n; i++) {
    const x = list[i] as number
    let j = i - 1
    while (j >= 0 && (list[j] as number) > x) {
      list[j + 1] = list[j] as number
      j--
    }
    list[j + 1] = x
  }
  return list[n >> 1] as number
}
