/** Owns finding out which module calls: declarations that need the same identity on every thread are named by it. */

interface CallSite {
  getFileName(): string | null | undefined
}

/**
 * The module of the code that called `callee` (a function or class), as its `import.meta.url`; empty if it cannot be
 * told. It is the same on every thread of a process. Costs microseconds: for declarations at module level.
 */
export function moduleOfCaller(callee: (...args: never[]) => unknown): string
export function moduleOfCaller(callee: abstract new (...args: never[]) => unknown): string
export function moduleOfCaller(callee: unknown): string {
  const { prepareStackTrace, stackTraceLimit } = Error
  const holder: { stack?: readonly CallSite[] | string } = {}
  try {
    Error.stackTraceLimit = 1
    Error.prepareStackTrace = (_, sites) => sites
    Error.captureStackTrace(holder, callee as () => void)
    const site = (holder.stack as readonly CallSite[] | undefined)?.[0]
    return withoutQuery(site?.getFileName() ?? "")
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** Bundlers and test runners add queries, and some name files where others give URLs. */
function withoutQuery(name: string): string {
  const plain = name.replace(/[?#].*$/, "")
  if (plain.startsWith("/")) return `file://${encodeURI(plain)}`
  return /^[A-Za-z]:\\/.test(plain) ? `file:///${encodeURI(plain.replaceAll("\\", "/"))}` : plain
}
