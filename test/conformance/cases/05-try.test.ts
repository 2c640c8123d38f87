/** Part 6: try, catch and finally, with every override. */
import { next, part, returned, thrown } from "../cases.ts"

const override = (inner: string) => ({
  main: `l: for (let i = 0; i < 2; i++) { try { yield i; ${inner} } finally { log("f", i); yield "in finally"; if (i === 0) continue l } } return "end"`,
})

part("try, catch and finally", {
  "what is thrown behind a break out of a try is not caught in it":
    "try { while (tick()) { try { yield 1; break } catch (e) { log('inside', e) } } throw 2 } catch (e) { return ['outside', e] }",
  "what is thrown behind a labelled break out of a try is not caught in it":
    "try { l: { try { break l; for (const k in { a: 1 }) yield k } catch (e) { log('inside', e) } } nothing } catch (e) { yield 1; return e }",
  "what the update throws behind a continue out of a try is not caught in it":
    "const boom = x => { if (x) throw 'update' }; try { for (let i = 0; i < 3; boom(i === 1), i++) { try { yield i; if (i < 9) continue } catch (e) { log('inside', e) } } } catch (e) { return ['outside', e] }",
  "what is thrown behind a break of a switch out of a try is not caught in it":
    "try { switch (yield 1) { default: try { yield 2; break } catch (e) { log('inside', e) } } throw 3 } catch (e) { return ['outside', e] }",
  "finally runs on return(), may yield, and the value is kept": {
    main: "try { yield 1 } finally { yield 2; log('f') }",
    actions: [next(), returned(5), next()],
  },
  "a return in finally overrides return()": {
    main: "try { yield 1 } finally { return 9 }",
    actions: [next(), returned(5)],
  },
  "a return in finally overrides a throw": "try { yield 1; throw 1 } finally { return yield 9 }",
  "break in finally overrides a throw":
    "for (;;) { try { yield 1; throw new Error('!x') } finally { break } } return 'out'",
  "continue in finally overrides a return": override("return 5"),
  "continue in finally overrides a throw": override("throw new Error('!y')"),
  "continue in finally overrides a break": override("break l"),
  "a throw in finally replaces the error":
    "try { try { yield 1; throw new Error('!a') } finally { yield 2; throw new Error('!b') } } catch (e) { return e.message }",
  "throw() during a finally that handles return() replaces it": {
    main: "try { try { yield 1 } finally { yield 2 } } catch (e) { return ['caught', e] }",
    actions: [next(), returned(5), thrown("t")],
  },
  "return() during a finally that handles a throw replaces it": {
    main: "try { try { throw new Error('!a') } finally { yield 2 } } finally { log('outer') }",
    actions: [next(), returned(5)],
  },
  "the caught error is there behind a stop": "try { null.x } catch (e) { yield 1; return e instanceof TypeError }",
  "catch without a parameter": "try { throw 1 } catch { yield 2 } return 3",
  "a throw in catch runs finally":
    "try { try { throw 1 } catch (e) { yield e; throw new Error('!c') } finally { log('f') } } catch (e) { return e.message }",
  "throw() at a yield is caught": {
    main: "try { yield 1 } catch (e) { return ['c', e, yield 2] }",
    actions: [next(), thrown("t")],
  },
  "finally in three depths runs from the inside": {
    main: "try { try { try { yield 1 } finally { yield 'a' } } finally { yield 'b' } } finally { yield 'c' }",
    actions: [next(), returned(1)],
  },
  "the value of return is evaluated before finally": "let n = 1; try { return n } finally { n = 2; yield n }",
  "a loop with break inside try does not run finally twice":
    "try { for (const x of [2]) { if (tick()) break } return (yield 0) } finally { log('finally') }",
  "return() through calls runs each finally, youngest first": {
    main: "try { yield* f() } finally { log('main') }",
    top: "function* g() { try { yield 1 } finally { log('g') } } function* f() { try { yield* g() } finally { log('f') } }",
    actions: [next(), returned(7)],
  },
})
