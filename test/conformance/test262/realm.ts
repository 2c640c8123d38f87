/** Owns running one test: each in a realm of its own, with the harness that it asks for. */
import { readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import vm from "node:vm"
import { compile } from "@rove/compiler"
import { bundleScript, bundleStandalone } from "../../../scripts/standalone.ts"
import { DRIVE, DRIVE_MOVED } from "./drivers.ts"
import { lexicalNames, type Metadata, metadataOf } from "./metadata.ts"
import { type Wrap, wrapped } from "./wrap.ts"

export interface Mode {
  readonly checkout: string
  /** How the test is made one generator; "none" leaves it as it is. */
  readonly wrap: Wrap | "none"
  /** Which of both a test runs in, if it may. */
  readonly strictness: "strict" | "sloppy" | "both"
  readonly moves: boolean
  /** Frames alone move as soon as the program has put something of its own on an object of the language. */
  readonly wary: boolean
  /** Nothing is compiled: what the platform itself can do. */
  readonly native: boolean
  /** Failures are told with their stacks. */
  readonly stacks: boolean
}

/** Why a test failed; null if it passed. */
export type Verdict = string | null

export class Runner {
  readonly #mode: Mode
  readonly #harness = new Map<string, { readonly script: vm.Script; readonly names: readonly string[] }>()
  readonly #prelude: vm.Script | null
  constructor(mode: Mode, root: string) {
    this.#mode = mode
    const text = mode.moves ? bundleScript(join(import.meta.dirname, "prelude.ts")) : bundleStandalone(root)
    this.#prelude = mode.native ? null : new vm.Script(text, { filename: "prelude" })
  }

  /** How often computations moved whole, and how often only their frames, by the reason. */
  readonly moves = { whole: 0, frames: 0, partly: new Map<string, number>() }
  /** The last test was to move, and stayed native as one generator: it has a direct `eval` or a `with`. */
  isNative = false

  async run(file: string): Promise<Verdict> {
    const source = readFileSync(join(this.#mode.checkout, file), "utf8")
    const meta = metadataOf(source)
    this.isNative = false
    for (const strict of this.#strictness(meta)) {
      const verdict = await this.#once(file, source, meta, strict)
      if (verdict !== null) return `${strict ? "strict" : "sloppy"}: ${verdict}`
    }
    return null
  }
  #strictness({ flags }: Metadata): boolean[] {
    if (flags.includes("module") || flags.includes("raw") || flags.includes("noStrict")) return [false]
    if (flags.includes("onlyStrict")) return [true]
    const { strictness } = this.#mode
    return strictness === "both" ? [false, true] : [strictness === "strict"]
  }

  async #once(file: string, source: string, meta: Metadata, strict: boolean): Promise<Verdict> {
    const { moves, wrap, native } = this.#mode
    let finish: (verdict: Verdict) => void = () => {}
    const finished = new Promise<Verdict>(done => {
      finish = done
    })
    const context = this.#realm(text => {
      if (text === "Test262:AsyncTestComplete") finish(null)
      else if (text.startsWith("Test262:AsyncTestFailure")) finish(text)
    })
    const async = meta.flags.includes("async")
    const lexical: string[] = []
    if (!meta.flags.includes("raw"))
      for (const name of ["assert.js", "sta.js", ...(async ? ["doneprintHandle.js"] : []), ...meta.includes]) {
        const { script, names } = this.#include(name)
        script.runInContext(context)
        lexical.push(...names)
      }
    this.#prepare(context, vm.runInContext(`[${lexical.join(", ")}]`, context))
    const { negative } = meta
    let phase = "parse"
    try {
      const text = `${strict ? '"use strict";\n' : ""}${source}`
      const script = wrap === "none" ? text : wrapped(text, moves && !native ? DRIVE_MOVED : DRIVE, wrap)
      if (script === null) return "it cannot be wrapped"
      const module = meta.flags.includes("module")
      const code = this.#compiled(script, file, module, context)
      if (module) await this.#module(code, file, context, p => (phase = p))
      else {
        const compiled = new vm.Script(code, { filename: file })
        phase = "runtime"
        compiled.runInContext(context, { timeout: 8000 })
      }
      if (async) return await Promise.race([finished, late()])
      return negative === null ? null : `expected ${negative.type} in phase ${negative.phase}`
    } catch (error) {
      const { message, stack } = error as Error
      const kind = (error as Error | undefined)?.constructor?.name
      if (negative !== null && negative.type === kind && negative.phase === phase) return null
      return `${phase}: ${kind}: ${message ?? error}${this.#mode.stacks ? `\n${stack}` : ""}`
    } finally {
      this.#count(movesOf(context))
    }
  }

  /** `context`: where the program moves, if it is one generator. */
  #compiled(source: string, id: string, module: boolean, context?: vm.Context): string {
    if (this.#mode.native) return source
    const sourceType = module ? "module" : "script"
    try {
      const compiled = compile(source, id, { sourceType, always: true, runtime: { global: "rove" } })
      const isDynamic = compiled?.diagnostics.some(({ code }) => code === "ROVE_DYNAMIC") === true
      if (isDynamic && context !== undefined) Object.assign(movesOf(context) ?? {}, { isDynamic })
      return compiled?.code ?? source
    } catch (error) {
      if ((error as { code?: string }).code === "ROVE_SYNTAX") throw new SyntaxError((error as Error).message)
      throw error
    }
  }

  async #module(code: string, file: string, context: vm.Context, phase: (name: string) => void): Promise<void> {
    const modules = new Map<string, vm.SourceTextModule>()
    const load = (identifier: string, text: string) => {
      const made = new vm.SourceTextModule(text, { context, identifier })
      modules.set(identifier, made)
      return made
    }
    const main = load(join(this.#mode.checkout, file), code)
    phase("resolution")
    await main.link((specifier, from) => {
      const path = resolve(dirname(from.identifier), specifier)
      return modules.get(path) ?? load(path, this.#compiled(readFileSync(path, "utf8"), path, true))
    })
    phase("runtime")
    await main.evaluate({ timeout: 8000 })
  }

  #count(moves: RealmMoves | undefined): void {
    if (moves === undefined) return
    this.isNative ||= moves.isNative
    this.moves.whole += moves.whole
    this.moves.frames += moves.frames
    // entries would be arrays of the test's realm, which may have taken their iterator away, and `forEach` of its Maps
    Map.prototype.forEach.call(moves.partly, (n, why) => {
      this.moves.partly.set(why, (this.moves.partly.get(why) ?? 0) + n)
    })
  }

  /** The runtime may look for the platform only while it loads. */
  #prepare(context: vm.Context, harness: unknown): void {
    if (this.#prelude === null) return
    const global = vm.runInContext("this", context) as Record<string, unknown>
    global.process = { getBuiltinModule: process.getBuiltinModule }
    global.__moveAll = this.#mode.wrap === "none"
    global.__wary = this.#mode.wary
    // what the harness declares with `class` and `const` belongs to the realm, and does not hang on its global object
    global.__harness = harness
    this.#prelude.runInContext(context)
    delete global.process
    delete global.__moveAll
    delete global.__wary
    delete global.__harness
  }

  #include(name: string): { readonly script: vm.Script; readonly names: readonly string[] } {
    let known = this.#harness.get(name)
    if (known === undefined) {
      const text = readFileSync(join(this.#mode.checkout, "harness", name), "utf8")
      known = { script: new vm.Script(text, { filename: name }), names: lexicalNames(text) }
      this.#harness.set(name, known)
    }
    return known
  }

  #realm(print: (text: string) => void): vm.Context {
    const context = vm.createContext(vm.constants.DONT_CONTEXTIFY)
    const global: object = vm.runInContext("this", context)
    const define = (key: string, value: unknown) =>
      Object.defineProperty(global, key, { value, writable: true, configurable: true, enumerable: false })
    define("print", (text: unknown) => print(String(text)))
    define("$262", {
      global,
      gc: globalThis.gc,
      agent: {},
      createRealm: () => (vm.runInContext("this", this.#realm(print)) as { $262: unknown }).$262,
      detachArrayBuffer: (buffer: ArrayBuffer) => void structuredClone(buffer, { transfer: [buffer] }),
      evalScript: (text: string) => vm.runInContext(this.#compiled(text, "evalScript.js", false), context),
    })
    return context
  }
}

/** What the prelude counts in a realm where computations move. */
interface RealmMoves {
  readonly whole: number
  readonly frames: number
  readonly partly: ReadonlyMap<string, number>
  readonly isNative: boolean
}

function movesOf(context: vm.Context): RealmMoves | undefined {
  return vm.runInContext("globalThis.__moves", context)
}

function late(): Promise<Verdict> {
  return new Promise(done => setTimeout(done, 3000, "the asynchronous test never ended"))
}
