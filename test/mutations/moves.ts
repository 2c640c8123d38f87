/** Owns the mutations in which a part of the state that moves with a fiber, or is resolved by name, is lost. */
import { CONTEXT, GOING_ON, type Mutation, STATE, STOPPED } from "./mutation.ts"

/** A field of the record is read and forgotten. */
function lost(of: string, field: string, test: string, named: string, to = "decoder.value()"): Mutation {
  const from = `fiber.${field} = ${to}`
  return { of: `MOVE ${of}`, what: `a record has no ${field}`, file: STOPPED, from, to, test, named }
}
/** A field of the context's rarer half is left out on both sides. */
function without(of: string, field: string, test: string, named: string): Mutation {
  return {
    of: `MOVE ${of}`,
    what: `a context has no ${field}`,
    file: CONTEXT,
    from: `  "${field}",\n`,
    to: "",
    test,
    named,
  }
}
function hook(of: string, field: string, test: string, named: string): Mutation {
  return { of, what: `hooks have no ${field}`, file: CONTEXT, from: `"${field}", `, to: "", test, named }
}

export const MOVES: readonly Mutation[] = [
  lost("asyncio_running_task", "name", GOING_ON, "MOVE: asyncio_running_task: its name"),
  lost("asyncio_running_task", "id", STATE, "MOVE: asyncio_running_task"),
  lost("current_frame (inner)", "inner", GOING_ON, "MOVE: current_frame: the computation", "decoder.frameOrNull()"),
  lost("current_frame (resume: next)", "resumeValue", GOING_ON, "MOVE: current_frame: what it goes on with"),
  lost("current_exception (resume: throw)", "resumeKind", GOING_ON, "MOVE: current_exception"),
  lost("async_exc of a fiber (interrupt)", "interrupt", GOING_ON, "MOVE: .*counterpart of a fiber, thr"),
  lost("async_exc of a fiber (pending)", "interruptPending", GOING_ON, "MOVE: .*counterpart of a fiber, sti"),
  {
    of: "MOVE recursion_limit",
    what: "a context has no limit",
    file: CONTEXT,
    from: "    context.recursionLimit = decoder.number()\n    context.priority",
    to: "    decoder.number()\n    context.priority",
    test: STATE,
    named: "MOVE: .*recursion",
  },
  {
    of: "MOVE recursion_remaining",
    what: "a fiber is as deep as its thread's stack",
    file: "fibers/src/runtime/slice.ts",
    from: "m.depth = fresh ? 1 : fiber.topDepth",
    to: "m.depth = 1",
    test: STATE,
    named: "MOVE: .*recursion",
  },
  {
    of: "MOVE context",
    what: "a context has no variables",
    file: CONTEXT,
    from: "context.variables = variables ?? EMPTY_VARIABLES",
    to: "context.variables = EMPTY_VARIABLES",
    test: STATE,
    named: "MOVE: context",
  },
  {
    of: "MOVE exc_info chain",
    what: "handled exceptions are not read from the frames",
    file: "core/src/handled.ts",
    from: "if (kind === undefined || locals[kind] === THREW) found.push(value)",
    to: "",
    test: STATE,
    named: "MOVE: .*exc_info",
  },
  without("threading_local of a fiber", "locals", STATE, "MOVE: threading_local"),
  without("on_delete of a fiber", "exits", STATE, "MOVE: on_delete"),
  without("coroutine_origin_tracking_depth", "origin", STATE, "MOVE: coroutine_origin"),
  without("context (scope)", "scope", GOING_ON, "MOVE: context: which one"),
  without("context (scopes)", "scopes", GOING_ON, "MOVE: context: how many"),
  hook("MOVE tracing", "tracing", STATE, "MOVE: tracing"),
  hook("RESOLVE c_tracefunc", "trace", STATE, "RESOLVE: c_tracefunc"),
  hook("RESOLVE c_profilefunc", "profile", STATE, "RESOLVE: c_profilefunc"),
  hook("MOVE c_tracefunc (failure)", "failure", GOING_ON, "MOVE: c_tracefunc.*what a hook threw"),
  {
    of: "RESOLVE c_tracefunc (thread)",
    what: "hooks have no thread",
    file: CONTEXT,
    from: `"failure", "thread"]`,
    to: `"failure"]`,
    test: STATE,
    named: "RESOLVE: c_tracefunc",
  },
  lost(
    "lifetime (scopes, deadlines)",
    "lifetime",
    "test/operations/lifetime.test.ts",
    "a timeout.*goes on from a record",
  ),
  {
    of: "MOVE priority",
    what: "a context has no priority",
    file: CONTEXT,
    from: "context.priority = readPriority(decoder.in.byte(), decoder.in.position)",
    to: "readPriority(decoder.in.byte(), decoder.in.position)",
    test: STATE,
    named: "MOVE: what no thread",
  },
  {
    of: "MOVE recursion_headroom",
    what: "who handles the limit error may go no deeper",
    file: "fibers/src/runtime/recursion.ts",
    from: "      return null",
    to: "      break",
    test: STATE,
    named: "MOVE: recursion_headroom",
  },
  {
    of: "MOVE recursion_remaining (base depth)",
    what: "a computation has no base depth",
    file: "core/src/codec/rows/computations.ts",
    from: "computation.baseDepth = decoder.number()",
    to: "decoder.number()",
    test: GOING_ON,
    named: "MOVE: recursion_remaining, in",
  },
  {
    of: "MOVE recursion_remaining (height)",
    what: "a computation has no height",
    file: "core/src/codec/rows/computations.ts",
    from: "computation.height = decoder.number()",
    to: "decoder.number()",
    test: GOING_ON,
    named: "MOVE: current_frame: computations",
  },
  {
    of: "MOVE current_frame (locals)",
    what: "a frame has no first local",
    file: "core/src/codec/rows/code.ts",
    from: "(frame as FrameFields)[names[i] as string] = decoder.value()",
    to: '(frame as FrameFields)[i === 0 ? "" : (names[i] as string)] = decoder.value()',
    test: STATE,
    named: "MOVE: current_frame",
  },
  {
    of: "MOVE current_frame (resume: again)",
    what: "what it waits for is not performed again",
    file: "fibers/src/runtime/slice.ts",
    from: 'if (waitAgain(m, fiber, host)) return "parked"',
    to: "fiber.resumeKind = NEXT",
    test: GOING_ON,
    named: "MOVE: current_frame: what it waits for",
  },
  {
    of: "MOVE context (keeping)",
    what: "each value is kept as if everyone could have it",
    file: CONTEXT,
    from: "decoder.value(), keeping as Keeping)",
    to: "decoder.value(), 0)",
    test: GOING_ON,
    named: "MOVE: context: how a variable",
  },
  {
    of: "MOVE context (use of a token)",
    what: "a token is not used where it arrives",
    file: "fibers/src/token.ts",
    from: "    this.#used = used\n",
    to: "",
    test: GOING_ON,
    named: "MOVE: context: whether a token",
  },
]
