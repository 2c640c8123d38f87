/** Owns which expressions surely make a value that no record can hold, and what people call it. */
import { bare, isFunction, type Node } from "../2-analyze/nodes.ts"
import type { Subject } from "./finding.ts"
import { isNode, property } from "./names.ts"

const words = (text: string): string[] => text.split(" ")
const table = (...rows: [what: string, names: string][]): ReadonlyMap<string, string> =>
  new Map(rows.flatMap(([what, names]) => words(names).map(name => [name, what] as const)))

/** Globals, by what `new` makes of them. */
export const MADE = table(
  ["a promise", "Promise"],
  ["a WeakMap", "WeakMap"],
  ["a WeakSet", "WeakSet"],
  ["a WeakRef", "WeakRef"],
  ["a FinalizationRegistry", "FinalizationRegistry"],
  ["a Proxy", "Proxy"],
  ["a function made from text", "Function"],
  ["a socket", "WebSocket EventSource"],
  ["a port", "MessageChannel BroadcastChannel"],
  ["an AbortController", "AbortController"],
  [
    "an object of the platform",
    "Request Response Headers FormData URL URLSearchParams TextDecoder TextEncoder EventTarget",
  ],
  ["a stream", "ReadableStream WritableStream TransformStream CompressionStream DecompressionStream"],
  ["a thread", "Worker"],
)

/** Globals, by what a call gives. */
const GIVEN = table(["a promise", "fetch"], ["a timer", "setTimeout setInterval setImmediate"])

const PROMISES = new Set(words("all allSettled any race reject resolve try"))

/** Methods of a promise that give another one. */
const CHAINING = new Set(["then", "catch", "finally"])

/** Of Node's modules: what a call or a `new` gives. */
const NODE: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  net: table(["a socket", "connect createConnection Socket"], ["a server", "createServer Server"]),
  tls: table(["a socket", "connect TLSSocket"], ["a server", "createServer Server"]),
  http: table(["a request", "request get ClientRequest"], ["a server", "createServer Server"], ["an agent", "Agent"]),
  https: table(["a request", "request get"], ["a server", "createServer Server"], ["an agent", "Agent"]),
  http2: table(["a session", "connect"], ["a server", "createServer createSecureServer"]),
  dgram: table(["a socket", "createSocket Socket"]),
  fs: table(
    ["a stream", "createReadStream createWriteStream ReadStream WriteStream"],
    ["a handle", "opendirSync"],
    ["a watcher", "watch watchFile"],
  ),
  child_process: table(["a process", "spawn exec execFile fork"]),
  worker_threads: table(["a thread", "Worker"], ["a port", "MessageChannel BroadcastChannel"]),
  stream: table(["a stream", "Readable Writable Duplex Transform PassThrough"]),
  readline: table(["an interface to a stream", "createInterface Interface"]),
  zlib: table([
    "a stream",
    "createGzip createGunzip createDeflate createInflate createDeflateRaw createInflateRaw createUnzip createBrotliCompress createBrotliDecompress",
  ]),
  crypto: table(
    ["a native hash", "createHash createHmac createSign createVerify"],
    ["a native cipher", "createCipheriv createDecipheriv"],
  ),
  sqlite: table(["a database", "DatabaseSync"]),
  timers: table(["a timer", "setTimeout setInterval setImmediate"]),
}
/** Every function of these modules gives a promise. */
const PROMISING = new Set(words("fs/promises dns/promises timers/promises stream/promises readline/promises"))
/** …but for these. */
const NOT_PROMISING = new Set(words("watch glob setInterval createInterface Interface Resolver"))

/** Methods that give an iterator over what they are called on. */
const ITERATING = new Set(["entries", "keys", "values"])
const FOREIGN = new Set(["Headers", "FormData", "URLSearchParams"])

/** Constants may name each other in a circle. */
const DEPTH = 8

/** What the expression makes, if it is surely (or, with alternatives, maybe) something that cannot be saved. */
export function unsavable(subject: Subject, expression: Node, depth = 0): string | null {
  const node = bare(expression)
  if (depth > DEPTH) return null
  switch (node.type) {
    case "NewExpression":
      return made(subject, node)
    case "CallExpression":
      return given(subject, node, depth)
    case "ImportExpression":
      return "a promise"
    case "YieldExpression":
      return node.delegate ? awaited(subject, node.argument) : null
    case "LogicalExpression":
      return unsavable(subject, node.left, depth + 1) ?? unsavable(subject, node.right, depth + 1)
    case "ConditionalExpression":
      return unsavable(subject, node.consequent, depth + 1) ?? unsavable(subject, node.alternate, depth + 1)
    case "AssignmentExpression":
      return node.operator === "=" ? unsavable(subject, node.right, depth + 1) : null
    case "Identifier":
    case "MemberExpression":
      return foreignFunction(subject, node) ?? named(subject, node, depth)
    case "ObjectExpression":
      return within(subject, "an object", node.properties.map(valueIn), depth)
    case "ArrayExpression":
      return within(subject, "an array", node.elements, depth)
  }
  return null
}

/** What a constant that is named was declared with. */
function named(subject: Subject, node: Node, depth: number): string | null {
  const value = subject.names.value(node)
  return value === node ? null : unsavable(subject, value, depth + 1)
}

/** What a literal holds. */
function within(subject: Subject, outer: string, values: readonly (Node | null)[], depth: number): string | null {
  for (const value of values) {
    const what = value === null || value.type === "SpreadElement" ? null : unsavable(subject, value, depth + 1)
    if (what !== null) return what.startsWith(outer) ? what : `${outer} with ${what}`
  }
  return null
}

function valueIn(property: Node): Node | null {
  return property.type === "Property" && property.kind === "init" ? property.value : null
}

/** Of what a pattern takes apart, what a property is. */
export function unsavablePart(subject: Subject, expression: Node, key: string): string | null {
  const node = subject.names.value(expression)
  if (node.type === "NewExpression") return made(subject, node) === "a port" && /^port[12]$/.test(key) ? "a port" : null
  if (node.type === "ObjectExpression") return ofLiteral(subject, node, key)
  if (node.type !== "CallExpression" || !isOfPromise(subject, bare(node.callee), "withResolvers")) return null
  return key === "promise" ? "a promise" : /^(?:resolve|reject)$/.test(key) ? "a native function" : null
}

/** What the property of a literal is, if nothing behind it can be another one of that name. */
function ofLiteral(subject: Subject, { properties }: Node, key: string): string | null {
  const at = properties.findLastIndex((p: Node) => p.type !== "Property" || p.computed || nameOf(p.key) === key)
  const value = properties[at]?.computed === false ? valueIn(properties[at]) : null
  return value === null ? null : unsavable(subject, value)
}

const nameOf = (key: Node): string => key.name ?? String(key.value)

function made({ names }: Subject, node: Node): string | null {
  const global = names.global(node.callee)
  if (global !== null) return MADE.get(global) ?? null
  if (isOfIntl(names, node.callee)) return "an object of Intl"
  const imported = names.imported(node.callee)
  return imported === null || !isNode(imported.from) ? null : ofNode(imported.from, imported.name)
}

function given(subject: Subject, node: Node, depth: number): string | null {
  const { names } = subject
  const callee = bare(node.callee)
  const global = names.global(callee)
  if (global !== null) return GIVEN.get(global) ?? null
  const imported = names.imported(callee)
  if (imported !== null) return isNode(imported.from) ? ofNode(imported.from, imported.name) : null
  const unit = names.function(callee)
  if (unit?.node.async === true) return unit.node.generator ? "an async generator" : "a promise"
  if (callee.type !== "MemberExpression") return null
  const name = property(callee)
  if (isOfIntl(names, callee) && CALLED.has(name ?? "")) return "an object of Intl"
  if (name !== null && PROMISES.has(name) && isOfPromise(subject, callee, name)) return "a promise"
  if (name === "withResolvers" && isOfPromise(subject, callee, name)) return "an object with a promise"
  if (name !== null && CHAINING.has(name) && unsavable(subject, callee.object, depth + 1) === "a promise")
    return "a promise"
  return name !== null && ITERATING.has(name) && isForeign(subject, callee.object) ? "a native iterator" : null
}

/** Of what Intl has, what a call gives as `new` does. */
const CALLED = new Set(words("Collator DateTimeFormat NumberFormat"))

function isOfIntl(names: Subject["names"], callee: Node): boolean {
  const node = bare(callee)
  return node.type === "MemberExpression" && names.global(node.object) === "Intl" && /^[A-Z]/.test(property(node) ?? "")
}

function isOfPromise({ names }: Subject, callee: Node, name: string): boolean {
  return callee.type === "MemberExpression" && property(callee) === name && names.global(callee.object) === "Promise"
}

function ofNode(module: string, name: string): string | null {
  const short = module.replace(/^node:/, "")
  if (PROMISING.has(short)) return NOT_PROMISING.has(name) ? null : "a promise"
  return NODE[short]?.get(name) ?? null
}

/** An instance of a class of the platform, whose iterators nobody can copy. */
function isForeign({ names }: Subject, expression: Node): boolean {
  const node = names.value(expression)
  if (node.type === "NewExpression") return FOREIGN.has(names.global(node.callee) ?? "")
  return node.type === "MemberExpression" && property(node) === "searchParams"
}

/** What is left when an operation has waited for a promise. */
function awaited({ names }: Subject, operation: Node): string | null {
  const call = bare(operation)
  if (call.type !== "CallExpression" || names.ofRove(call.callee) !== "wait" || call.arguments.length === 0) return null
  let promise = bare(call.arguments[0])
  if (isFunction(promise) && promise.body.type !== "BlockStatement") promise = bare(promise.body)
  if (promise.type !== "CallExpression") return null
  if (names.global(promise.callee) === "fetch") return "a Response"
  const imported = names.imported(promise.callee)
  if (imported?.from.replace(/^node:/, "") !== "fs/promises") return null
  return imported.name === "open" || imported.name === "opendir" ? "a handle" : null
}

/** A function of Node is native: a record has no name for it. */
function foreignFunction({ names }: Subject, node: Node): string | null {
  const imported = names.imported(node)
  if (imported === null || !isNode(imported.from) || imported.name === "*" || imported.name === "constants") return null
  return /^[a-z]/.test(imported.name) && FUNCTIONS.test(imported.from) ? "a native function" : null
}

/** Modules whose exports in lower case are functions, but for the few that are named above. */
const FUNCTIONS = /^(?:node:)?(?:fs|fs\/promises|net|dgram|child_process)$/
