import { Context, ContextExtra, Hooks } from "@rove/core"
import { expect, test } from "vitest"
import { wrongContext } from "./sound.ts"

function full(): Context {
  const context = new Context()
  const hooks = Object.assign(new Hooks(), {
    trace: { fn: () => {}, argument: 1 },
    failure: { error: 1 },
    thread: "1f2e3d4c-2.",
  })
  const exits = [{ what: () => {}, argument: 1 }]
  context.extra = Object.assign(new ContextExtra(), {
    scope: 1,
    scopes: 2,
    hooks,
    locals: new Map(),
    exits,
    origin: ["f (a.ts:1:1)"],
  })
  return context
}

test("a context whose fields are what they should be is taken", () => {
  expect(wrongContext(new Context())).toBeNull()
  expect(wrongContext(full())).toBeNull()
})

const numbers = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "1", null]
const none = [undefined, 1, "a", {}]
const forgeries: readonly [string, (context: Context, value: never) => void, readonly unknown[]][] = [
  ["recursionLimit", (c, value) => Object.assign(c, { recursionLimit: value }), [0, ...numbers]],
  ["extra", (c, value) => Object.assign(c, { extra: value }), none],
  ["scope", (c, value) => Object.assign(c.more(), { scope: value }), [3, ...numbers]],
  ["scopes", (c, value) => Object.assign(c.more(), { scopes: value }), [0, ...numbers]],
  ["locals", (c, value) => Object.assign(c.more(), { locals: value }), none],
  ["exits", (c, value) => Object.assign(c.more(), { exits: value }), [...none, [1], [null], [{}], [{ what: 1 }]]],
  ["origin", (c, value) => Object.assign(c.more(), { origin: value }), [...none, [1], ["f (a.ts:1:1)", null]]],
  ["hooks", (c, value) => Object.assign(c.more(), { hooks: value }), none],
  ["trace", (c, value) => Object.assign(hooksOf(c), { trace: value }), [...none, { fn: 1 }, { fn: null }]],
  ["profile", (c, value) => Object.assign(hooksOf(c), { profile: value }), [...none, { fn: {} }]],
  ["tracing", (c, value) => Object.assign(hooksOf(c), { tracing: value }), numbers],
  ["failure", (c, value) => Object.assign(hooksOf(c), { failure: value }), none],
  ["thread", (c, value) => Object.assign(hooksOf(c), { thread: value }), [...none, "1f2e3d4c-2", "2."]],
]
const hooksOf = (context: Context): object => context.more().hooks as object

test.each(forgeries)("a context with another %s is refused", (_, forge, values) => {
  for (const value of values) {
    const context = full()
    forge(context, value as never)
    expect(wrongContext(context), String(value)).toMatch(/^(its|a hook|how|what|where|the thread) /)
  }
})
