/** Owns the survey of a whole tree on a pool: what is under way, and no more of it than memory allows. */
import type { Pool } from "rove"
import { surveyDirectory, surveyFile } from "./fibers.ts"
import type { Collector } from "./findings.ts"
import { LARGEST } from "./read.ts"

/** Directories under way at a time; each has a few files of up to a megabyte in memory. */
const DIRECTORIES = 96
/** Larger files at a time. */
const LARGE_FILES = 2

/** Surveys the tree under `root`. Directories and large files end in any order. */
export async function surveyOn(pool: Pool, root: string, collector: Collector): Promise<void> {
  const all = new Tally()
  const directories = new Tasks(DIRECTORIES, all, async directory => {
    const found = await pool.run(surveyDirectory(root, directory), { name: directory })
    collector.add(found)
    for (const path of found.postponed) large.push(path)
    for (const path of found.directories) directories.push(path)
  })
  const large = new Tasks(LARGE_FILES, all, async path => {
    const end = await pool.run(surveyFile(root, path, LARGEST), { name: path })
    if (!("postponed" in end)) collector.addFile(end)
  })
  directories.push("")
  await all.end.promise
}

/** What has not ended: the end comes when that is nothing, or with the first error. */
class Tally {
  readonly end: PromiseWithResolvers<void> = Promise.withResolvers()
  #open = 0
  add(): void {
    this.#open++
  }
  readonly done = (): void => {
    if (--this.#open === 0) this.end.resolve()
  }
}

/** Tasks of one kind, a few at a time, the newest first. */
class Tasks {
  readonly #waiting: string[] = []
  readonly #most: number
  readonly #all: Tally
  readonly #run: (path: string) => Promise<void>
  #underWay = 0
  constructor(most: number, all: Tally, run: (path: string) => Promise<void>) {
    this.#most = most
    this.#all = all
    this.#run = run
  }
  push(path: string): void {
    this.#all.add()
    this.#waiting.push(path)
    this.#next()
  }
  #next(): void {
    if (this.#underWay === this.#most) return
    const path = this.#waiting.pop()
    if (path === undefined) return
    this.#underWay++
    this.#run(path)
      .then(() => {
        this.#underWay--
        this.#next()
        this.#all.done()
      })
      .catch(this.#all.end.reject)
  }
}
