/**
 * Owns `node --import rove/register` (and `--require`): the load hook, with this copy of the runtime. Says on globalThis
 * where it is, so that a pool can have its workers import the same.
 */
// before all others: what they import does not exist in an old Node
import "./node-version.ts"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import "@rove/compiler/register"
import { installHooks } from "@rove/compiler/hooks"

const runtime = createRequire(import.meta.url).resolve("rove/runtime")
installHooks({ runtime: { import: "rove/runtime", url: pathToFileURL(runtime).href } })
Object.assign(globalThis, { [Symbol.for("rove.register")]: import.meta.url })
