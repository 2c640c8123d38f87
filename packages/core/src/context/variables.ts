/**
 * Owns the map from context variables to values: persistent, so that a copy is the map itself, and setting a variable
 * makes a new map that shares all but the way to it (a trie over hashes, 32 ways wide).
 */

/** How a value is kept, and so what reading it gives. */
export const SHARED = 0
/** The value is not frozen all the way down: whoever reads it gets a clone. */
export const FRESH = 1
/** The state that the variable's codec gave: whoever reads it gets what the codec makes of it. */
export const CODED = 2
/** Stays on its thread and is kept as it is: it pins its fiber. */
export const HELD = 3
/** Stays on its thread and is kept as it is: children and records do not have it. */
export const DROPPED = 4
export type Keeping = typeof SHARED | typeof FRESH | typeof CODED | typeof HELD | typeof DROPPED

/** A variable as maps know it: its key (module and name) and the hash of that. */
export class VariableKey {
  readonly key: string
  readonly hash: number
  /** The module to import so that it is declared; empty if it need not be or cannot be. */
  readonly url: string
  /** What records name it by, once one had to. */
  link: object | null = null
  constructor(key: string, url = "") {
    this.key = key
    this.url = url
    this.hash = hashOf(key)
  }
}

/** The keys of variables that this thread has declared: what a decoded map is looked up with is then the same object. */
const declared = new Map<string, VariableKey>()

/** The key of a variable that is being declared. */
export function declareVariable(key: string, url = ""): VariableKey {
  const known = declared.get(key) ?? new VariableKey(key, url)
  declared.set(key, known)
  return known
}

/** The key of a variable that was declared here. */
export function findVariable(key: string): VariableKey | undefined {
  return declared.get(key)
}

/** The key that a record names, declared here or not: a record cannot make this thread remember it. */
export function variableKey(key: string): VariableKey {
  return declared.get(key) ?? new VariableKey(key)
}

export class Binding {
  readonly variable: VariableKey
  readonly value: unknown
  readonly keeping: Keeping
  constructor(variable: VariableKey, value: unknown, keeping: Keeping) {
    this.variable = variable
    this.value = value
    this.keeping = keeping
  }
}

/** `bitmap` says which of the 32 ways are taken; beyond the last bits of the hash it is a list of what has the same hash. */
class Node {
  readonly bitmap: number
  readonly slots: readonly (Binding | Node)[]
  constructor(bitmap: number, slots: readonly (Binding | Node)[]) {
    this.bitmap = bitmap
    this.slots = slots
  }
}

const EMPTY_NODE = new Node(0, [])
/** Bits of the hash that are used up at the lists. */
const LISTS = 35

export class Variables {
  /** Written again only while a record is decoded. */
  #root: Node = EMPTY_NODE
  #size = 0
  #dropped: readonly VariableKey[] = []
  #leaving: readonly Binding[] | null = null

  static of(bindings: Iterable<Binding>): Variables {
    let variables = EMPTY_VARIABLES
    for (const binding of bindings) variables = variables.with(binding)
    return variables
  }
  get size(): number {
    return this.#size
  }

  get(variable: VariableKey): Binding | undefined {
    const { hash } = variable
    let node = this.#root
    for (let shift = 0; shift < LISTS; shift += 5) {
      const bit = 1 << ((hash >>> shift) & 31)
      if ((node.bitmap & bit) === 0) return undefined
      const slot = node.slots[countBits(node.bitmap & (bit - 1))] as Binding | Node
      if (slot instanceof Binding) return isOf(slot, variable) ? slot : undefined
      node = slot
    }
    return (node.slots as readonly Binding[]).find(binding => isOf(binding, variable))
  }

  /** The map with that binding, in place of the one of the same variable. */
  with(binding: Binding): Variables {
    const { variable, keeping } = binding
    const old = this.get(variable)
    const dropped = old?.keeping === DROPPED ? without(this.#dropped, variable) : this.#dropped
    const root = inserted(this.#root, 0, binding)
    return this.#made(
      root,
      this.#size + (old === undefined ? 1 : 0),
      keeping === DROPPED ? [...dropped, variable] : dropped,
    )
  }

  /** The map without that variable. */
  without(variable: VariableKey): Variables {
    const old = this.get(variable)
    if (old === undefined) return this
    if (this.#size === 1) return EMPTY_VARIABLES
    const dropped = old.keeping === DROPPED ? without(this.#dropped, variable) : this.#dropped
    return this.#made(removed(this.#root, 0, variable) as Node, this.#size - 1, dropped)
  }

  /** What children and records have of it: the map itself, unless there are variables that stay behind. */
  inherited(): Variables {
    let variables: Variables = this
    for (const variable of this.#dropped) variables = variables.without(variable)
    return variables
  }

  bindings(): Binding[] {
    const list: Binding[] = []
    const nodes = [this.#root]
    for (let node = nodes.pop(); node !== undefined; node = nodes.pop())
      for (const slot of node.slots) slot instanceof Binding ? list.push(slot) : nodes.push(slot)
    return list
  }

  /** The bindings that records have: found out once, since a map never changes. */
  leaving(): readonly Binding[] {
    this.#leaving ??= this.inherited().bindings()
    return this.#leaving
  }

  /** Fills an empty map that a record holds, while it is decoded. Most fibers have one variable, if any. */
  static fill(empty: Variables, bindings: readonly Binding[]): void {
    if (bindings.length === 1) empty.#begin(bindings[0] as Binding)
    else {
      const from = Variables.of(bindings)
      empty.#root = from.#root
      empty.#size = from.#size
      empty.#dropped = from.#dropped
    }
  }

  #begin(binding: Binding): void {
    const { variable, keeping } = binding
    this.#root = new Node(1 << (variable.hash & 31), [binding])
    this.#size = 1
    if (keeping === DROPPED) this.#dropped = [variable]
  }

  #made(root: Node, size: number, dropped: readonly VariableKey[]): Variables {
    const variables = new Variables()
    variables.#root = root
    variables.#size = size
    variables.#dropped = dropped
    return variables
  }
}

export const EMPTY_VARIABLES: Variables = new Variables()

function isOf(binding: Binding, variable: VariableKey): boolean {
  const other = binding.variable
  return other === variable || (other.hash === variable.hash && other.key === variable.key)
}

function inserted(node: Node, shift: number, binding: Binding): Node {
  const { slots, bitmap } = node
  if (shift >= LISTS) {
    const at = (slots as readonly Binding[]).findIndex(other => isOf(other, binding.variable))
    return new Node(0, at === -1 ? [...slots, binding] : slots.with(at, binding))
  }
  const bit = 1 << ((binding.variable.hash >>> shift) & 31)
  const at = countBits(bitmap & (bit - 1))
  if ((bitmap & bit) === 0) return new Node(bitmap | bit, slots.toSpliced(at, 0, binding))
  const slot = slots[at] as Binding | Node
  if (slot instanceof Node) return new Node(bitmap, slots.with(at, inserted(slot, shift + 5, binding)))
  if (isOf(slot, binding.variable)) return new Node(bitmap, slots.with(at, binding))
  const below = inserted(inserted(EMPTY_NODE, shift + 5, slot), shift + 5, binding)
  return new Node(bitmap, slots.with(at, below))
}

/** A node of one binding alone is that binding. */
function removed(node: Node, shift: number, variable: VariableKey): Node | Binding {
  const { slots, bitmap } = node
  const bit = shift >= LISTS ? 0 : 1 << ((variable.hash >>> shift) & 31)
  const at =
    shift >= LISTS
      ? (slots as readonly Binding[]).findIndex(other => isOf(other, variable))
      : countBits(bitmap & (bit - 1))
  const slot = slots[at] as Binding | Node
  const left =
    slot instanceof Node
      ? new Node(bitmap, slots.with(at, removed(slot, shift + 5, variable)))
      : new Node(bitmap & ~bit, slots.toSpliced(at, 1))
  return shift > 0 && left.slots.length === 1 && left.slots[0] instanceof Binding ? left.slots[0] : left
}

function without(list: readonly VariableKey[], variable: VariableKey): readonly VariableKey[] {
  return list.filter(other => other.key !== variable.key)
}

function countBits(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** FNV-1a, with its bits mixed once more: the ways near the root take the lowest. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
