/** Owns what `--import` and `--require` run: installs the load hook as the environment says. */
import { resolve } from "node:path"
import { RoveError } from "@rove/core"
import { installHooks } from "./hooks.ts"

/**
 * `ROVE_CACHE=off` compiles every time; any other value is the folder of the cache. `ROVE_LINE_EVENTS=on` tells hooks of
 * each line; workers get it with the environment.
 */
const { ROVE_CACHE: cache = "", ROVE_LINE_EVENTS: lines = "" } = process.env
if (!["", "on", "off"].includes(lines))
  throw new RoveError("ROVE_CONFIG", `ROVE_LINE_EVENTS is "on" or "off", not ${JSON.stringify(lines)}`)
installHooks({
  ...(cache === "" ? {} : { cache: cache === "off" ? false : resolve(cache) }),
  lineEvents: lines === "on",
})
