/** Declarations of one name in several places. */
import { part } from "../cases.ts"

part("var and function of one name", {
  "a var in a block is the function of the body around it": `function f() { return 1 }
      log(f()); { yield 1; var f = 2; log(f) } for (var f of [5]) { yield f; log(f) }
      return (() => f)()`,
})
