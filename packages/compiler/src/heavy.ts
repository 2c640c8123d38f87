/** Owns when the heavy half of the load hook is loaded: not before a module has to be compiled. */
import { createRequire } from "node:module"
import { extname } from "node:path"
import { fileURLToPath } from "node:url"
import type { compileForNode, stripForNode } from "./prepare.ts"

interface Prepare {
  readonly compileForNode: typeof compileForNode
  readonly stripForNode: typeof stripForNode
}

export class Heavy {
  private loaded: Prepare | null = null
  /** While it is true, modules that are asked for are those of the heavy half itself: they must pass. */
  loading = false

  get(): Prepare {
    this.loaded ??= this.load()
    return this.loaded
  }

  /** Synchronously, as hooks are. By file: a name could lead to another copy, and the extension differs once it is built. */
  private load(): Prepare {
    this.loading = true
    try {
      return createRequire(import.meta.url)(`./prepare${extname(fileURLToPath(import.meta.url))}`) as Prepare
    } finally {
      this.loading = false
    }
  }
}
