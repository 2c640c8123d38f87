/** Owns what the platform says about the thread that asks. */
import { isMainThread as isMain } from "node:worker_threads"

export function isMainThread(): boolean {
  return isMain
}

/** The operating system's id of this thread; null where it does not tell. Linux names it by a link of /proc. */
export function nativeThreadId(): number | null {
  try {
    // not imported: a thread that starts would load the whole of it, its promises included
    const { readlinkSync } = process.getBuiltinModule("node:fs")
    const id = Number(readlinkSync("/proc/thread-self").split("/").at(-1))
    return Number.isInteger(id) ? id : null
  } catch {
    return null
  }
}
