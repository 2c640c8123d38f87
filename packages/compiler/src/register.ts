/** Owns what `--import` and `--require` run: installs the load hook as the environment says. */
import { installHooks } from "./hooks.ts"

/** `ROVE_CACHE=off` compiles every time; any other value is the folder of the cache. */
const { ROVE_CACHE: cache } = process.env
installHooks(cache === undefined || cache === "" ? {} : { cache: cache === "off" ? false : cache })
