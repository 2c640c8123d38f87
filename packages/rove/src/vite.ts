/** Owns the plugins for bundlers, with this copy of the runtime. */
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import { type PluginOptions, rove } from "@rove/compiler/vite"
import { optionNames, refuseUnknown } from "@rove/core"

/** What a user may say; the runtime is this package's. */
export type RovePluginOptions = Omit<PluginOptions, "runtime">

const OPTIONS = optionNames<RovePluginOptions>({ root: true, lineEvents: true })

function withRuntime(options: RovePluginOptions = {}): PluginOptions {
  refuseUnknown(options, OPTIONS, "the plugin of rove", "ROVE_CONFIG")
  const file = createRequire(import.meta.url).resolve("rove/runtime")
  return { ...options, runtime: { import: "rove/runtime", url: pathToFileURL(file).href } }
}

type Plugin<Kind extends "vite" | "rollup" | "rolldown" | "esbuild"> = ReturnType<(typeof rove)[Kind]>

export const rollup = (options?: RovePluginOptions): Plugin<"rollup"> => rove.rollup(withRuntime(options))
export const rolldown = (options?: RovePluginOptions): Plugin<"rolldown"> => rove.rolldown(withRuntime(options))
export const esbuild = (options?: RovePluginOptions): Plugin<"esbuild"> => rove.esbuild(withRuntime(options))

/** For Vite and Vitest. */
export default function vite(options?: RovePluginOptions): Plugin<"vite"> {
  return rove.vite(withRuntime(options))
}
