/**
 * Owns giving threads a processor each (CPU affinity), which Node lets no program do: on Linux the command `taskset` does.
 * Whatever a thread starts inherits its processor.
 */

/** What the kernel says of this process, and of the thread that asks. */
const STATUS = "/proc/self/status"
const THREAD = "/proc/thread-self"

/**
 * Numbers of the processors that this process may use; none where the system does not say. Read by libuv's own threads, so that they
 * are there before a thread that has one processor could start them, and they all would have that.
 */
export async function allowedProcessors(): Promise<readonly number[]> {
  try {
    const { readFile } = process.getBuiltinModule("node:fs/promises")
    return processorsIn(await readFile(STATUS, "utf8"))
  } catch {
    return []
  }
}

/** Numbers in what the kernel says: `0-1,4` means three. */
export function processorsIn(status: string): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1]
  return (list?.split(",") ?? []).flatMap(range => {
    const [first, last] = range.split("-").map(Number) as [number, number?]
    return Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i)
  })
}

/** What has a processor for itself, as long as it lives and says so. */
interface Owner {
  readonly processor: number | null
  /** It is about to go. */
  readonly leaving: boolean
  readonly ended: boolean
}

/** By processor, of all pools of this thread: two of them do not have the same. */
const owners = new Map<number, Owner>()

/** One of these that nothing has for itself; null if there is none. */
export function freeProcessor(processors: readonly number[]): number | null {
  const isFree = (processor: number): boolean => {
    const owner = owners.get(processor)
    return owner === undefined || owner.leaving || owner.ended || owner.processor !== processor
  }
  return processors.find(isFree) ?? null
}
/** It has its processor, if it has one, for itself from now on. */
export function own(owner: Owner): void {
  if (owner.processor !== null) owners.set(owner.processor, owner)
}

/** The thread that calls this runs on that processor alone from now on; gives "", or why it does not. */
export function takeProcessor(processor: number): string {
  try {
    const [, , thread = ""] = process.getBuiltinModule("node:fs").readlinkSync(THREAD).split("/")
    const { execFileSync } = process.getBuiltinModule("node:child_process")
    execFileSync("taskset", ["-p", "-c", String(processor), thread], { stdio: ["ignore", "ignore", "pipe"] })
    return ""
  } catch (error) {
    const { code, message, stderr } = error as { code?: unknown; message?: unknown; stderr?: unknown }
    if (code === "ENOENT") return "the command taskset is not there (on Debian it is in util-linux)"
    return `taskset failed: ${String(stderr ?? "").trim() || message}`
  }
}
