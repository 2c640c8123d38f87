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
  return { vite, rollup: { resolveId }, rolldown: { resolveId }, esbuild: esbuild(specifier, file) } as unknown as Part
}

interface EsbuildPart {
  setup(build: EsbuildBuild): void
}

interface EsbuildBuild {
  onResolve(options: { filter: RegExp }, callback: (args: EsbuildArgs) => unknown): void
  resolve(path: string, options: object): Promise<{ errors: readonly unknown[] }>
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
  return {
    setup(build) {
      if (file === null) return
      build.onResolve({ filter }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === asked) return null
        const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: asked })
        return found.errors.length === 0 ? found : { path: file }
      })
    },
  }
}
