/**
 * Owns how a bundler finds the runtime that compiled code imports: as any import of that package, so that there is one
 * instance; our copy only where the importing package cannot see it. And what Vitest's persistent cache has to know.
 */
import type { UnpluginOptions } from "unplugin"

type Part = Pick<UnpluginOptions, "vite" | "rollup" | "rolldown" | "esbuild">

interface Resolver {
  resolve(source: string, importer: string | undefined, options: { skipSelf: boolean }): Promise<{ id: string } | null>
}

/** `file`: our copy, if it is known. `version`: of the compiler. */
export function keepRuntimeOne(specifier: string, file: string | null, version: string): Part {
  async function resolveId(this: Resolver, source: string, importer: string | undefined) {
    if (source !== specifier || file === null) return null
    return (await this.resolve(source, importer, { skipSelf: true })) ?? file
  }
  const vite = {
    resolveId,
    // A cached module may be the work of an older compiler.
    configureVitest(context: { defineCacheKeyGenerator?: (key: () => string) => void }) {
      context.defineCacheKeyGenerator?.(() => `rove ${version}`)
    },
  }
  // The bundlers declare the same hook with types that have no name in common.
  return { vite, rollup: { resolveId }, rolldown: { resolveId }, esbuild: esbuild(specifier, file) } as Part
}

interface EsbuildPart {
  setup(build: EsbuildBuild): void
}

interface EsbuildBuild {
  readonly initialOptions: { readonly format?: string }
  onResolve(options: { filter: RegExp }, callback: (args: EsbuildArgs) => unknown): void
  onLoad(options: { filter: RegExp; namespace: string }, callback: (args: { path: string }) => unknown): void
  resolve(path: string, options: object): Promise<{ errors: readonly unknown[]; external: boolean }>
}

interface EsbuildArgs {
  readonly path: string
  readonly importer: string
  readonly resolveDir: string
  readonly kind: string
  readonly pluginData: unknown
}

function esbuild(specifier: string, file: string | null): EsbuildPart {
  const asked = Symbol("rove")
  const filter = new RegExp(`^${RegExp.escape(specifier)}$`)
  const resolve = (build: EsbuildBuild, { path, importer, resolveDir, kind }: EsbuildArgs) =>
    build.resolve(path, { importer, resolveDir, kind, pluginData: asked })
  return {
    setup(build) {
      if (build.initialOptions.format === "esm")
        importRequired(build, async args => args.pluginData !== asked && (await resolve(build, args)).external)
      if (file === null) return
      build.onResolve({ filter }, async args => {
        if (args.pluginData === asked) return null
        const found = await resolve(build, args)
        return found.errors.length === 0 ? found : { path: file }
      })
    },
  }
}

/**
 * A CommonJS module in an ES bundle cannot require what stays outside: esbuild leaves a call that throws. A module of
 * ours in between imports Rove instead.
 */
function importRequired(build: EsbuildBuild, isExternal: (args: EsbuildArgs) => Promise<boolean>): void {
  build.onResolve({ filter: /^(?:rove|@rove\/[\w-]+)(?:\/|$)/ }, async args => {
    if (args.kind !== "require-call" || !(await isExternal(args))) return null
    return { path: args.path, namespace: "rove" }
  })
  build.onLoad({ filter: /./, namespace: "rove" }, ({ path }) => ({
    contents: `export * from ${JSON.stringify(path)}`,
    loader: "js",
  }))
}
