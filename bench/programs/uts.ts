/**
 * Owns the trees of the Unbalanced Tree Search benchmark (Olivier et al., LCPC 2006): a node is the state of a SHA-1
 * generator, which says how many children the node has. Plain functions, so that the sequential program and the
 * fibers run the same code below the grain.
 */

/** Nodes lie flat, six words each: five of the state, and the height. */
export type Nodes = Int32Array
const WORDS = 6

export interface Tree {
  readonly kind: "geometric" | "binomial"
  /** Children of the root (binomial), or expected children of each node (geometric). */
  readonly branching: number
  readonly seed: number
  /** Geometric: nodes at this height have none. */
  readonly depth: number
  /** Binomial: the probability that a node has children, and how many. */
  readonly probability: number
  readonly children: number
  /** As published. */
  readonly nodes: number
}

export const T1: Tree = {
  kind: "geometric",
  branching: 4,
  seed: 19,
  depth: 10,
  probability: 0,
  children: 0,
  nodes: 4_130_071,
}
export const T3: Tree = {
  kind: "binomial",
  branching: 2_000,
  seed: 42,
  depth: 0,
  probability: 0.124875,
  children: 8,
  nodes: 4_112_897,
}
const MOST_CHILDREN = 100

export function rootOf(tree: Tree): Nodes {
  const root = new Int32Array(WORDS)
  block.fill(0)
  block[4] = tree.seed
  hash(20, root, 0)
  return root
}

/** What a grain leaves: how many nodes it visited, and the nodes that it did not. */
export interface Grain {
  readonly visited: number
  readonly rest: Nodes
}

/** Visits at most `limit` nodes, depth first, from the given ones. */
export function visit(tree: Tree, from: Nodes, limit: number): Grain {
  let stack = new Int32Array(Math.max(from.length * 2, 4_096))
  stack.set(from)
  let top = from.length
  let visited = 0
  while (top > 0 && visited < limit) {
    top -= WORDS
    visited++
    const height = stack[top + 5] as number
    const count = childrenOf(tree, stack, top, height)
    if (count === 0) continue
    if (top + count * WORDS > stack.length) stack = grown(stack, top + count * WORDS)
    for (let word = 0; word < 5; word++) parent[word] = stack[top + word] as number
    for (let child = 0; child < count; child++) {
      for (let word = 0; word < 5; word++) block[word] = parent[word] as number
      block[5] = child
      hash(24, stack, top)
      stack[top + 5] = height + 1
      top += WORDS
    }
  }
  return { visited, rest: stack.slice(0, top) }
}
const parent = new Int32Array(5)

/** Two halves; the nodes are dealt out by turns, since old ones have larger trees beneath them. */
export function split(nodes: Nodes): readonly [Nodes, Nodes] {
  const count = nodes.length / WORDS
  const halves = [new Int32Array(Math.ceil(count / 2) * WORDS), new Int32Array(Math.floor(count / 2) * WORDS)] as const
  for (let node = 0; node < count; node++) {
    const from = node * WORDS
    halves[(node & 1) as 0 | 1].set(nodes.subarray(from, from + WORDS), (node >> 1) * WORDS)
  }
  return halves
}

export function hasSeveral(nodes: Nodes): boolean {
  return nodes.length > WORDS
}

function grown(stack: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, stack.length * 2))
  larger.set(stack)
  return larger
}

function childrenOf(tree: Tree, nodes: Nodes, at: number, height: number): number {
  if (tree.kind === "binomial") {
    if (height === 0) return tree.branching
    return probability(nodes, at) < tree.probability ? tree.children : 0
  }
  if (height >= tree.depth) return 0
  const p = 1 / (1 + tree.branching)
  return Math.min(MOST_CHILDREN, Math.floor(Math.log(1 - probability(nodes, at)) / Math.log(1 - p)))
}
function probability(nodes: Nodes, at: number): number {
  return ((nodes[at + 4] as number) & 0x7fffffff) / 0x80000000
}

const block = new Int32Array(16)
const schedule = new Int32Array(80)

/** SHA-1 (FIPS 180-4) of the first bytes of `block`, at most 55, into five words. */
function hash(bytes: number, into: Int32Array, at: number): void {
  const words = bytes >> 2
  for (let i = 0; i < words; i++) schedule[i] = block[i] as number
  schedule[words] = 0x80000000
  for (let i = words + 1; i < 15; i++) schedule[i] = 0
  schedule[15] = bytes * 8
  for (let i = 16; i < 80; i++) {
    const x =
      (schedule[i - 3] as number) ^
      (schedule[i - 8] as number) ^
      (schedule[i - 14] as number) ^
      (schedule[i - 16] as number)
    schedule[i] = (x << 1) | (x >>> 31)
  }
  let a = 0x67452301 | 0
  let b = 0xefcdab89 | 0
  let c = 0x98badcfe | 0
  let d = 0x10325476 | 0
  let e = 0xc3d2e1f0 | 0
  for (let i = 0; i < 80; i++) {
    let f = 0
    if (i < 20) f = (((b & c) | (~b & d)) + 0x5a827999) | 0
    else if (i < 40) f = ((b ^ c ^ d) + 0x6ed9eba1) | 0
    else if (i < 60) f = (((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc) | 0
    else f = ((b ^ c ^ d) + 0xca62c1d6) | 0
    const t = (((a << 5) | (a >>> 27)) + f + e + (schedule[i] as number)) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = t
  }
  into[at] = (0x67452301 + a) | 0
  into[at + 1] = (0xefcdab89 + b) | 0
  into[at + 2] = (0x98badcfe + c) | 0
  into[at + 3] = (0x10325476 + d) | 0
  into[at + 4] = (0xc3d2e1f0 + e) | 0
}
