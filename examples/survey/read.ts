/**
 * Owns what the survey asks of the file system: asynchronous functions of ordinary code, used by the fibers and by the
 * plain program alike. A path that cannot be surveyed is an answer, not an error.
 */
import * as fs from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"

/** Larger files are skipped. */
export const LARGEST = 100 * 1024 * 1024
/** Larger files wait until few others are in memory. */
export const LARGE = 1024 * 1024
/** A NUL among its first bytes makes a file a binary one. */
const HEAD = 8192
/** Of larger files, so much is read first: most binaries are recognised by it. */
const HEAD_FIRST = 256 * 1024

export interface Skipped {
  readonly path: string
  readonly why: "unreadable" | "gone" | "dangling link" | "cyclic link" | "binary" | "too large" | "special file"
  /** What the system says, if it says anything. */
  readonly detail?: string
}

/** A file that is larger than was asked for. */
export interface Postponed {
  readonly path: string
  readonly postponed: true
}

export interface Listing {
  readonly directories: readonly string[]
  readonly files: readonly string[]
  /** How many links lead to what exists: their targets are not followed. */
  readonly links: number
  readonly skipped: readonly Skipped[]
}

const [open, read, stat] = [promisify(fs.open), promisify(fs.read), promisify(fs.stat)]
const [readdir, realpath] = [promisify(fs.readdir), promisify(fs.realpath.native)]

/** Lists a directory; paths are relative to `root`, parts of them divided by slashes. */
export async function list(root: string, directory: string): Promise<Listing> {
  const listing = { directories: [] as string[], files: [] as string[], links: 0, skipped: [] as Skipped[] }
  try {
    for (const entry of await readdir(join(root, directory), { withFileTypes: true })) {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`
      if (entry.isDirectory()) listing.directories.push(path)
      else if (entry.isFile()) listing.files.push(path)
      else if (entry.isSymbolicLink()) {
        const broken = await brokenLink(root, path)
        if (broken === null) listing.links++
        else listing.skipped.push(broken)
      } else listing.skipped.push({ path, why: "special file" })
    }
  } catch (error) {
    listing.skipped.push(refusal(directory || ".", error))
  }
  return listing
}

/** What is wrong with a link; null if it leads to a file, or to a directory that does not hold the link itself. */
async function brokenLink(root: string, path: string): Promise<Skipped | null> {
  try {
    const target = await realpath(join(root, path))
    const home = await realpath(join(root, path, ".."))
    const cyclic = `${home}/`.startsWith(`${target.replace(/\/$/, "")}/`)
    return cyclic && (await stat(target)).isDirectory() ? { path, why: "cyclic link" } : null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ELOOP") return { path, why: "cyclic link" }
    return code === "ENOENT" || code === "ENOTDIR" ? { path, why: "dangling link" } : refusal(path, error)
  }
}

/**
 * The bytes of a text file, or why it is skipped, or that it has more than `most` bytes. What can wait for a disk is asynchronous (opening, reading); asking an
 * open file for its size and closing it take less time than handing either to another thread.
 */
export async function readText(root: string, path: string, most: number): Promise<Uint8Array | Skipped | Postponed> {
  let file: number | undefined
  try {
    file = await open(join(root, path), fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK)
    const { size } = fs.fstatSync(file)
    if (size > LARGEST) return { path, why: "too large", detail: `${size} bytes` }
    if (size > most) return { path, postponed: true }
    const bytes = Buffer.allocUnsafeSlow(size)
    let end = 0
    for (let wanted = Math.min(size, HEAD_FIRST); end < wanted; wanted = size) {
      const { bytesRead } = await read(file, bytes, end, wanted - end, end)
      if (bytesRead === 0) break // it has become shorter
      if (end < HEAD && isBinary(bytes.subarray(0, end + bytesRead))) return { path, why: "binary" }
      end += bytesRead
    }
    return end === size ? bytes : bytes.subarray(0, end)
  } catch (error) {
    return refusal(path, error)
  } finally {
    if (file !== undefined) fs.closeSync(file)
  }
}

/** Gives the memory of a file's bytes back at once: the collector would let many files pile up first. */
export function release(bytes: Uint8Array): void {
  ;(bytes.buffer as ArrayBuffer).transfer(0)
}

function isBinary(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(0)
  return end >= 0 && end < HEAD
}

function refusal(path: string, error: unknown): Skipped {
  const { code, message } = error as NodeJS.ErrnoException
  return { path, why: code === "ENOENT" ? "gone" : "unreadable", detail: code ?? message }
}
