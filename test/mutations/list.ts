/** Owns the changes of Rove's source that tests must notice: one for each row of what moves and stays, and for invariants. */

export interface Mutation {
  /** The row or invariant whose test is tried. */
  readonly of: string
  readonly what: string
  /** Below `packages`. */
  readonly file: string
  readonly from: string
  readonly to: string
  /** Test file, and the beginning of the names of its tests. */
  readonly test: string
  readonly named: string
}

const STOPPED = "core/src/codec/rows/stopped.ts"
const CONTEXT = "core/src/codec/rows/context.ts"
const STATE = "test/state/state.test.ts"
const GOING_ON = "test/state/going-on.test.ts"
const INVARIANTS = "test/invariants/invariants.test.ts"

/** A field of the record is read and forgotten. */
function lost(of: string, field: string, test: string, named: string): Mutation {
  const [from, to] = [`fiber.${field} = decoder.value()`, "decoder.value()"]
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

export const MUTATIONS: readonly Mutation[] = [
  lost("asyncio_running_task", "name", GOING_ON, "MOVE: asyncio_running_task: its name"),
  lost("asyncio_running_task", "id", STATE, "MOVE: asyncio_running_task"),
  lost("current_frame (inner)", "inner", GOING_ON, "MOVE: current_frame: the computation"),
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
    from: "if (kind === undefined || locals[kind] === THREW) found.push(locals[value])",
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
  {
    of: "STAY id, thread_id, native_thread_id",
    what: "the identity of a thread moves",
    file: "fibers/src/thread-local.ts",
    from: "test: value => value instanceof ThreadIdentity,",
    to: "test: () => false,",
    test: STATE,
    named: "STAY.*an identity",
  },
  {
    of: "STAY dict, threading_local_*",
    what: "any fiber may use a thread-local",
    file: "fibers/src/thread-local.ts",
    from: "if (fiber === null || fiber.tied !== null || ",
    to: "if (fiber !== machine.fiber || ",
    test: "packages/fibers/src/thread-local.test.ts",
    named: "",
  },
  {
    of: "STAY root_cframe, async_exc and the rest",
    what: "a record has a field more",
    file: "core/src/stopped.ts",
    from: "  spent = false\n",
    to: "  spent = false\n  gilstate = 0\n",
    test: STATE,
    named: "STAY.*root_cframe",
  },
  {
    of: "STAY context_ver",
    what: "a slice does not enter the store of its fiber",
    file: "fibers/src/runtime/local-host.ts",
    from: "        enterStore(m, fiber.context.variables)\n",
    to: "",
    test: "packages/fibers/src",
    named: "",
  },
  {
    of: "EMPTY critical_section",
    what: "a thread lock forbids nothing",
    file: "fibers/src/runtime/restrictions.ts",
    from: 'at.kind === "noSwitch" || at.kind === "threadLock" ||',
    to: 'at.kind === "noSwitch" ||',
    test: STATE,
    named: "EMPTY: critical_section",
  },
  {
    of: "invariant 6",
    what: "children start without variables",
    file: "core/src/context/context.ts",
    from: "new Context(this.variables.inherited(), this.recursionLimit, this.priority)",
    to: "new Context(undefined, this.recursionLimit, this.priority)",
    test: INVARIANTS,
    named: "",
  },
  {
    of: "invariant 7",
    what: "a context that is entered is entered again",
    file: "fibers/src/snapshot.ts",
    from: "if (this.#entered !== null)",
    to: "if (false)",
    test: "packages/fibers/src/snapshot.test.ts",
    named: "",
  },
  {
    of: "invariant 8",
    what: "a token works twice",
    file: "fibers/src/token.ts",
    from: "this.#used = true",
    to: "",
    test: "packages/fibers/src/variables.test.ts",
    named: "",
  },
  {
    of: "invariant 46",
    what: "changed code is taken",
    file: "core/src/codec/changes.ts",
    from: "if (code.hash === recorded.hash && compatible && sameOrder) return null",
    to: "return null",
    test: "test/invariants/records.test.ts",
    named: "invariant 46",
  },
  {
    of: "invariant 48",
    what: "a checksum is not looked at",
    file: "core/src/codec/link-reader.ts",
    from: "if (view.getInt32(position, true) !== checksum(view, position + CHECKSUM_SIZE, end))",
    to: "if (false)",
    test: "test/invariants/records.test.ts",
    named: "invariant 48",
  },
  {
    of: "forged records",
    what: "operations of several steps may be anything",
    file: "fibers/src/runtime/routine.ts",
    from: "prototypes.has(Object.getPrototypeOf(value))",
    to: "true",
    test: "packages/fibers/src/runtime/routine.test.ts",
    named: "what is no registered",
  },
]
