/**
 * Owns `yield*`. With a call as operand it is a call of the compiled function: a direct native call of its step, found
 * at run time; if the function is not a compiled one, the general protocol.
 */

import type { Binding } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import { callable, referenceOf } from "./chains.ts"
import { expression, keep, operands, placeResume, resumePoint } from "./expressions.ts"
import type { Lowering } from "./lowering.ts"
import { delegatedText, intermediateText, nameText } from "./printed.ts"

export function delegation(l: Lowering, node: Node, wanted: boolean): string {
  const { b } = l
  l.tellTrails()
  const m = l.r("m")
  const v = l.r("v")
  const call = bare(node.argument)
  const begin =
    call.type === "CallExpression" && !call.optional && isDirect(call.callee)
      ? callText(l, call)
      : `${l.module.helper("delegate")}(${m}, ${expression(l, node.argument, true)}${delegatedText(call)})`
  const label = resumePoint(l, node)
  b.line(`${m}.depth = ${l.r("d")} + 1;`)
  b.line(`${l.position(call)}${v} = ${begin};`)
  b.line(`${m}.depth = ${l.r("d")};`)
  // a look at the flag: to compare what may be any value with an imported symbol is a call of the engine's
  b.line(`if (${m}.held) ${b.saveText(label)}`)
  placeResume(l, label, node)
  return wanted ? v : ""
}

/** Callees whose function can be looked at before it is called: names and members, `super` and private ones left out. */
function isDirect(callee: Node): boolean {
  const c = bare(callee)
  if (c.type === "Identifier") return c.name !== "eval"
  return c.type === "MemberExpression" && c.object.type !== "Super" && c.type === callee.type && !hasOptional(c)
}

function hasOptional(node: Node): boolean {
  for (
    let n: Node = node;
    n.type === "MemberExpression" || n.type === "CallExpression";
    n = n.type === "MemberExpression" ? n.object : n.callee
  )
    if (n.optional) return true
  return false
}

function callText(l: Lowering, call: Node): string {
  const m = l.r("m")
  const k = l.r("k")
  const closureOf = l.module.helper("closureOf")
  const delegate = l.module.helper("delegate")
  const callee = bare(call.callee)
  const stops = call.arguments.some(suspends)
  if (callee.type === "Identifier") {
    const binding = l.analysis.refOf.get(callee)?.binding
    const known = binding == null ? null : knownStep(l, binding)
    const plainCallee = expression(l, callee, true)
    const spawned = spawnText(l, call, plainCallee, binding)
    if (spawned !== null) return spawned
    const fn = stops && known === null && !constantCallee(binding) ? keep(l, plainCallee) : plainCallee
    const args = operands(l, call.arguments)
    if (known !== null) return `${known}(${[m, "null", "void 0", ...args].join(", ")})`
    const list = args.length === 0 ? "" : `, ${args.join(", ")}`
    return `(${k} = ${closureOf}(${fn})) !== void 0 ? (0, ${k}.enter)(${m}, null, void 0${list}) : ${delegate}(${m}, ${callable(l, fn, callee, call.arguments)}(${args.join(", ")}), ${intermediateText(call)})`
  }
  const reference = referenceOf(l, callee, stops, true)
  const fn = stops ? keep(l, reference.read()) : `(${l.r("c")} = ${reference.read()})`
  const name = stops ? fn : l.r("c")
  const args = operands(l, call.arguments)
  const list = args.length === 0 ? "" : `, ${args.join(", ")}`
  return `(${k} = ${closureOf}(${fn})) !== void 0 ? (0, ${k}.enter)(${m}, null, ${reference.object}${list}) : ${delegate}(${m}, ${l.module.helper("call")}(${name}, ${reference.object}, ${nameText(callee)}${list}), ${intermediateText(call)})`
}

/**
 * `spawn(f(x))` of an import of that name: if it is ours, which is seen at run time, and `f` is compiled, no generator
 * object is made. Null for other calls. The texts of callee and arguments stand there twice, and one of them runs.
 */
function spawnText(l: Lowering, call: Node, spawn: string, binding: Binding | null | undefined): string | null {
  if (binding?.kind !== "import" || binding.name !== "spawn" || call.arguments.length !== 1) return null
  const inner = bare(call.arguments[0])
  if (inner.type !== "CallExpression" || inner.optional || suspends(inner)) return null
  const callee = bare(inner.callee)
  if (callee.type !== "Identifier" || callee.name === "eval") return null
  const m = l.r("m")
  const k = l.r("k")
  const fn = expression(l, callee, true)
  const args = operands(l, inner.arguments).join(", ")
  const generator = `${callable(l, fn, inner.callee)}(${args})`
  return `(${k} = ${l.module.helper("spawnable")}(${spawn}, ${fn})) !== void 0 ? ${l.module.helper("spawnDirectly")}(${m}, ${k}, [${args}]) : ${l.module.helper("delegate")}(${m}, ${spawn}(${generator}))`
}

function constantCallee(binding: Binding | null | undefined): boolean {
  return (
    binding != null &&
    (binding.kind === "import" ||
      ((binding.kind === "const" || binding.kind === "function") && !binding.assigned && binding.mode === "native"))
  )
}

/** The step of a generator declared at module level under a name that is never assigned; parameters must be simple. */
function knownStep(l: Lowering, binding: Binding): string | null {
  if (binding.kind !== "function" || binding.assigned || l.module.script) return null
  return l.module.steps.get(binding) ?? null
}
