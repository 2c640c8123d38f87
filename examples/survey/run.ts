/** Owns the survey of a whole tree on a pool: which directories are under way, and no more of them than memory allows. */
import type { Pool } from "rove"
import { type DirectoryFound, surveyDirectory } from "./fibers.ts"

/** Directories under way at a time; each has a few files in memory. */
const DIRECTORIES = 32

/** Surveys the tree under `root` and tells of each directory when it is done, in any order. */
export async function surveyOn(pool: Pool, root: string, done: (found: DirectoryFound) => void): Promise<void> {
  const waiting = [""]
  const underWay = new Set<Promise<void>>()
  const start = (directory: string): void => {
    const one = pool.run(surveyDirectory(root, directory), { name: directory }).then(found => {
      waiting.push(...found.directories)
      done(found)
      underWay.delete(one)
    })
    underWay.add(one)
  }
  for (;;) {
    while (waiting.length > 0 && underWay.size < DIRECTORIES) start(waiting.pop() as string)
    if (underWay.size === 0) return
    await Promise.race(underWay)
  }
}
