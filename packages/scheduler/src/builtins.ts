/**
 * Owns what is asked of those of Node's modules that cost a thread milliseconds to load: `import` loads all of such a one, so
 * they are loaded when they are first used, which is after the thread has started.
 */

/** A text that is unique for ever. */
export function uniqueId(): string {
  return process.getBuiltinModule("node:crypto").randomUUID()
}

/** Says what the file of a URL holds: the same text for the same content; "" for what is no file, or cannot be read. */
export function contentOf(url: string): string {
  if (!url.startsWith("file:")) return ""
  try {
    const content = process.getBuiltinModule("node:fs").readFileSync(new URL(url))
    return process.getBuiltinModule("node:crypto").hash("sha1", content)
  } catch {
    return ""
  }
}

/** The file of a URL; "" for what is no file, or cannot be read. */
export function readText(url: string): string {
  if (!url.startsWith("file:")) return ""
  try {
    return process.getBuiltinModule("node:fs").readFileSync(new URL(url), "utf8")
  } catch {
    return ""
  }
}
