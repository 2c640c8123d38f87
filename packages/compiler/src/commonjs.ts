/**
 * Owns the door for text that other loaders of CommonJS made.
 *
 * Loaders that replace `Module._extensions` (tsx does) never ask the load hook about modules that are required: they
 * hand their own text to `_compile`, whether they came before us or after us. All of them go through here.
 */
import { readFileSync } from "node:fs"
import Module from "node:module"
import { extname } from "node:path"
import { fileURLToPath } from "node:url"
import { types } from "node:util"
import type { Loader } from "./load.ts"
import { ownership } from "./packages.ts"

type Compile = (this: object, content: string, filename: string, format?: string) => unknown

interface Text {
  readonly code: string
  readonly format: string
}

/** Puts compiled text in the place of what other loaders made of our modules. */
export function hookCommonJS(loader: Loader): void {
  const prototype = Module.prototype as Module & { _compile: Compile }
  const compile = prototype._compile
  const isOwn = ownership()
  prototype._compile = function (content, filename, format) {
    const text = loader.loadRequired(filename, content) ?? (isOwn(filename) ? ownModule(filename, format) : null)
    return text === null
      ? compile.call(this, content, filename, format)
      : compile.call(this, text.code, filename, text.format)
  }
  leaveCommonJS(isOwn)
}

/**
 * Rove's own packages are ES modules, and tsx makes CommonJS of ES modules that are required: then there would be two
 * runtimes that do not know each other. Given as what they are, `require` and `import` share one.
 */
function ownModule(file: string, format: string | undefined): Text | null {
  if (format !== undefined && format !== "commonjs") return null
  return { code: readFileSync(file, "utf8"), format: extname(file) === ".ts" ? "module-typescript" : "module" }
}

/**
 * After `--require tsx/cjs` this very file is CommonJS, and so is what it shares with the compiler. Forgets those
 * copies, and loads the shared part as modules now: the compiler is required while other modules are half linked, and
 * Node cannot finish linking them then.
 */
function leaveCommonJS(isOwn: (file: string) => boolean): void {
  const require = Module.createRequire(import.meta.url)
  const self = require.cache[fileURLToPath(import.meta.url)]
  if (self === undefined || types.isModuleNamespaceObject(self.exports)) return
  for (const file of Object.keys(require.cache)) if (isOwn(file)) delete require.cache[file]
  require("@rove/core")
}
