"use fibers"
/** Owns the fibers of the survey: one for each directory, and one for each file in it. */
import { hash } from "node:crypto"
import { type Fiber, type Resumable, spawn, wait } from "rove"
import { LARGE, list, type Postponed, readText, release, type Skipped } from "./read.ts"
import { type Tokens, tokenise } from "./tokens.ts"

export interface FileFound extends Tokens {
  readonly path: string
  readonly bytes: number
  readonly hash: string
}

/** One file's end: surveyed, skipped, or to be surveyed when there is room for it. */
export type FileEnd = FileFound | Skipped | Postponed

export interface DirectoryFound {
  readonly directories: readonly string[]
  /** Large files, which are not surveyed here. */
  readonly postponed: readonly string[]
  readonly files: readonly FileFound[]
  readonly links: number
  readonly skipped: readonly Skipped[]
}

/** Files of one directory whose content may be in memory at the same time. */
const IN_FLIGHT = 8

/** Surveys a directory without those in it: the main thread decides how many there are at a time. */
export function* surveyDirectory(root: string, directory: string): Resumable<DirectoryFound> {
  const { directories, files: paths, links, skipped: unlisted } = yield* wait(list(root, directory))
  const files: FileFound[] = []
  const postponed: string[] = []
  const skipped = [...unlisted]
  const inFlight: Fiber<FileEnd>[] = []
  let next = 0
  while (next < paths.length || inFlight.length > 0) {
    if (next < paths.length && inFlight.length < IN_FLIGHT) {
      inFlight.push(yield* spawn(surveyFile(root, paths[next++] as string, LARGE)))
      continue
    }
    const end = yield* (inFlight.shift() as Fiber<FileEnd>).join()
    if ("why" in end) skipped.push(end)
    else if ("postponed" in end) postponed.push(end.path)
    else files.push(end)
  }
  return { directories, files, postponed, links, skipped }
}

/** Surveys one file. Between the reading and the end it may be stopped anywhere and go on on another thread. */
export function* surveyFile(root: string, path: string, most: number): Resumable<FileEnd> {
  const content = yield* wait(readText(root, path, most))
  if (!(content instanceof Uint8Array)) return content
  const { counts, signature } = yield* tokenise(content)
  const found = { path, bytes: content.length, hash: hash("sha256", content), counts, signature }
  release(content)
  return found
}
