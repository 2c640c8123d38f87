/**
 * Owns module instances of virtual workers: on one thread, each worker has its own copy of every module of the workspace,
 * as threads have. A copy's URLs end in `?realm=n`, and what a copy imports belongs to the same realm.
 */
import { readFileSync } from "node:fs"
import { registerHooks, stripTypeScriptTypes } from "node:module"
import { fileURLToPath } from "node:url"
import { compile } from "@rove/compiler"

/** The pool's own thread has their fibers to submit, too. */
const OF_THE_POOL = /\.sim\.ts$|\/operations\/\w+\.fibers\.ts$/
const stripped = new Map<string, string>()

/** The specifier of that module in a realm. */
export function inRealm(url: string, realm: number): string {
  return `${withoutRealm(url)}?realm=${realm}`
}
function withoutRealm(url: string): string {
  return url.replace(/\?realm=\d+$/, "")
}

/** From now on, in this thread. Types are stripped once per file, not once per realm. */
export function installRealms(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const realm = /\?realm=(\d+)$/.exec(context.parentURL ?? "")?.[1]
      const resolved = next(withoutRealm(specifier), context)
      const { url } = resolved
      const own = /\?realm=\d+$/.test(specifier) && realm === undefined ? specifier.replace(/^.*\?realm=/, "") : realm
      if (own === undefined || !url.startsWith("file:") || url.includes("/node_modules/")) return resolved
      return { ...resolved, url: inRealm(url, Number(own)) }
    },
    load(url, context, next) {
      const file = withoutRealm(url)
      if ((file === url && !OF_THE_POOL.test(file)) || !file.endsWith(".ts") || context.format !== "module-typescript")
        return next(url, context)
      const source = stripped.get(file) ?? plain(file)
      stripped.set(file, source)
      return { format: "module", source, shortCircuit: true }
    },
  })
}

/** As JavaScript; what says "use fibers" is compiled as the load hook does it, and gets the runtime of its realm. */
function plain(file: string): string {
  const text = readFileSync(new URL(file), "utf8")
  const path = fileURLToPath(file)
  return compile(text, path, { file: path })?.code ?? stripTypeScriptTypes(text)
}
