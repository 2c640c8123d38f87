/** Owns which expressions are a channel, a lock, a fiber's handle or their like, and which methods of theirs give operations. */
import type { Binding } from "../2-analyze/bindings.ts"
import { bare, isFunction, type Node } from "../2-analyze/nodes.ts"
import type { Subject } from "./finding.ts"
import { property } from "./names.ts"

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "))

/** Methods that give operations, by the type of their object. */
const METHODS: Readonly<Record<string, ReadonlySet<string>>> = {
  Channel: words("send receive next trySend tryReceive close balance"),
  Mutex: words("lock tryLock"),
  ReadWriteLock: words("read write tryRead tryWrite"),
  Semaphore: words("acquire tryAcquire"),
  Latch: words("countDown wait"),
  Barrier: words("arrive"),
  Fiber: words("join interrupt"),
  Coroutine: words("switchTo throwInto"),
  Resumer: words("with fail"),
  Question: words("reply refuse"),
}
const ALL = new Set(Object.values(METHODS).flatMap(names => [...names]))

/** What functions of ours give when they are called. */
const CALLED: Readonly<Record<string, string>> = {
  channel: "Channel",
  mutex: "Mutex",
  readWriteLock: "ReadWriteLock",
  semaphore: "Semaphore",
  latch: "Latch",
  barrier: "Barrier",
}
/** What operations of ours give when they are performed. */
const PERFORMED: Readonly<Record<string, string>> = { spawn: "Fiber", detach: "Fiber" }

export interface Origin {
  readonly type: string
  /** Seen where it is made. Types may lie, and other modules may call what this one exports. */
  readonly sure: boolean
}

/** Of what the method call is one that gives an operation; null if the object is not known to have such a method. */
export function ownerOf(subject: Subject, member: Node): Origin | null {
  const method = property(member)
  if (method === null || !ALL.has(method)) return null
  const origin = originOf(subject, member.object, 0)
  return origin !== null && METHODS[origin.type]?.has(method) ? origin : null
}

/** The type of ours that the expression has, as far as the module shows it. */
export function typeOf(subject: Subject, expression: Node): string | null {
  return originOf(subject, expression, 0)?.type ?? null
}

/** Constants may name each other in a circle, and functions call each other in one. */
const DEPTH = 4

function originOf(subject: Subject, expression: Node, depth: number): Origin | null {
  const { names } = subject
  const node = names.value(expression)
  if (depth > DEPTH) return null
  switch (node.type) {
    case "CallExpression":
      return made(subject, node)
    case "NewExpression":
      return names.ofRove(node.callee) === "Coroutine" ? { type: "Coroutine", sure: true } : null
    case "YieldExpression":
      return node.delegate ? performed(subject, bare(node.argument)) : null
    case "Identifier":
      return ofVariable(subject, names.binding(node), depth)
    case "MemberExpression":
      return ofField(subject, node, depth)
  }
  return null
}

function made({ names }: Subject, call: Node): Origin | null {
  const name = names.ofRove(call.callee)
  if (name !== null) return CALLED[name] === undefined ? null : { type: CALLED[name], sure: true }
  const member = bare(call.callee)
  const isCurrent = member.type === "MemberExpression" && property(member) === "current"
  return isCurrent && names.ofRove(member.object) === "Coroutine" ? { type: "Coroutine", sure: true } : null
}

function performed({ names }: Subject, call: Node): Origin | null {
  if (call.type !== "CallExpression") return null
  const name = names.ofRove(call.callee)
  if (name === null) return null
  const type = PERFORMED[name]
  if (type !== undefined) return { type, sure: true }
  // there may be no fiber of that name
  if (name === "whereis") return { type: "Fiber", sure: false }
  const isQuestion = name === "receive" && call.arguments[0] && names.ofRove(call.arguments[0]) === "Question"
  return isQuestion ? { type: "Question", sure: true } : null
}

/** A parameter: what its type says, what all calls in the module give it, or what calls the function. */
function ofVariable(subject: Subject, binding: Binding | null, depth: number): Origin | null {
  if (binding === null || binding.kind !== "param" || binding.assigned) return null
  const fn = binding.scope.node
  const params: Node[] = isFunction(fn) ? fn.params : []
  const index = params.findIndex(p => subject.module.analysis.bindingOf.get(nameOf(p)) === binding)
  if (index === -1) return null
  const written = subject.types.of(nameOf(params[index] as Node))
  if (written !== null) return METHODS[written] === undefined ? null : { type: written, sure: false }
  return index === 0 && isRegistered(subject, fn) ? { type: "Resumer", sure: true } : given(subject, fn, index, depth)
}

/** Of a parameter, also of one with a default. */
const nameOf = (param: Node): Node => (param.type === "AssignmentPattern" ? param.left : param)

/** A function that `suspend` calls. */
function isRegistered({ tree, names }: Subject, fn: Node): boolean {
  const call = tree.taker(fn)
  return (
    call?.type === "CallExpression" && bare(call.arguments[0] ?? call) === fn && names.ofRove(call.callee) === "suspend"
  )
}

/** What each call of the module gives. */
function given(subject: Subject, fn: Node, index: number, depth: number): Origin | null {
  const unit = subject.module.analysis.unitOf.get(fn)
  let found: Origin | null = null
  for (const { arguments: list } of (unit && subject.callers().get(unit)) ?? []) {
    const before: Node[] = list.slice(0, index + 1)
    const argument = before.some(a => a.type === "SpreadElement") ? undefined : before[index]
    const origin = argument === undefined ? null : originOf(subject, argument, depth + 1)
    if (origin === null || (found !== null && found.type !== origin.type)) return null
    found = { type: origin.type, sure: false }
  }
  return found
}

/** `this.jobs`, if the class around it declares `jobs = channel()` or says its type. */
function ofField(subject: Subject, member: Node, depth: number): Origin | null {
  if (bare(member.object).type !== "ThisExpression" || member.computed) return null
  const { name, type } = member.property
  const body = classAround(subject, member)
  const field = body?.body.find((m: Node) => !m.computed && m.key?.name === name && m.key.type === type)
  if (field?.type !== "PropertyDefinition") return null
  const written = subject.types.of(field.key)
  const origin =
    written !== null ? written : field.value === null ? null : originOf(subject, field.value, depth + 1)?.type
  return origin != null && METHODS[origin] !== undefined ? { type: origin, sure: false } : null
}

/** The class whose instance, or which itself, `this` is there. */
function classAround({ tree }: Subject, node: Node): Node | null {
  for (let n = tree.parent(node); n !== null; n = tree.parent(n)) {
    if (n.type === "ClassBody") return n
    if (isFunction(n) && n.type !== "ArrowFunctionExpression" && tree.parent(n)?.type !== "MethodDefinition")
      return null
  }
  return null
}
