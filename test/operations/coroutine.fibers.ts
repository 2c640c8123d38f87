"use fibers"
/** What `coroutine.test.ts` runs. Each says in words what it saw. */
import {
  ContextVar,
  Coroutine,
  currentThread,
  handledExceptions,
  migrateTo,
  noSwitch,
  type Operation,
  pinned,
  type Resumable,
  record,
  restorable,
  sleep,
  spawn,
  stack,
} from "@rove/fibers"

function* codeOf(operation: () => Operation<unknown>): Resumable<unknown> {
  try {
    return yield* operation()
  } catch (error) {
    return (error as { code?: string }).code ?? `${error}`
  }
}

export function* pingPong(rounds: number): Resumable<string[]> {
  const seen: string[] = []
  const main = Coroutine.current<number, number>()
  const pong: Coroutine<number, number> = new Coroutine(
    function* (first: number): Resumable<string> {
      let at = first
      while (at < rounds) {
        seen.push(`pong ${at}`)
        at = yield* main.switchTo(at + 1)
      }
      return "over"
    },
    { name: "pong" },
  )
  let at: unknown = 0
  while (typeof at === "number") {
    seen.push(`main ${at}`)
    at = yield* pong.switchTo(at + 1)
  }
  seen.push(`${at}`, pong.status, main.status)
  return seen
}

/** Three of them hand over to each other without going through the first. */
export function* ring(rounds: number): Resumable<string> {
  let text = ""
  const main = Coroutine.current()
  const all: Coroutine<number>[] = []
  for (const name of ["a", "b", "c"])
    all.push(
      new Coroutine(function* (first: number): Resumable<void> {
        for (let left = first; ; ) {
          text += name
          if (left === 0) yield* main.switchTo("done")
          left = (yield* (all[(all.indexOf(Coroutine.current()) + 1) % 3] as Coroutine<number, number>).switchTo(
            left - 1,
          )) as number
        }
      }),
    )
  return `${text}${yield* (all[0] as Coroutine<number>).switchTo(rounds)} ${text}`
}

export function* errors(): Resumable<unknown[]> {
  const main = Coroutine.current()
  const seen: unknown[] = []
  const failing = new Coroutine(function* (): Resumable<void> {
    throw new RangeError("inside")
  })
  seen.push(yield* codeOf(() => failing.switchTo()), failing.status)
  const catching = new Coroutine(function* (): Resumable<string> {
    try {
      yield* main.switchTo("ready")
      return "not thrown"
    } catch (error) {
      return `caught ${error}`
    } finally {
      seen.push("finally")
    }
  })
  seen.push(yield* catching.switchTo())
  seen.push(yield* catching.throwInto(new TypeError("from outside")))
  const unbegun = new Coroutine(function* (): Resumable<void> {
    seen.push("it has begun")
  })
  seen.push(yield* codeOf(() => unbegun.throwInto(new TypeError("too early"))), unbegun.status)
  seen.push(yield* codeOf(() => unbegun.switchTo()))
  const yielding = new Coroutine(yields() as never)
  seen.push(yield* codeOf(() => yielding.switchTo()))
  const other = yield* spawn(switches(main))
  seen.push(yield* codeOf(() => other.join()))
  seen.push(yield* codeOf(() => noSwitch(switchesTo(new Coroutine(function* (): Resumable<void> {})))))
  seen.push(yield* main.switchTo("itself"))
  return seen
}
function* yields(): Resumable<void, number> {
  yield 1
}
function* switches(to: Coroutine): Resumable<void> {
  yield* to.switchTo()
}
function* switchesTo(to: Coroutine): Resumable<unknown> {
  return yield* to.switchTo()
}

/** The end of one is its parent's to go on with; if that has ended too, the one's above. */
export function* parents(): Resumable<unknown[]> {
  const main = Coroutine.current()
  const seen: unknown[] = [main.parent]
  let grandchild: Coroutine | undefined
  const child: Coroutine = new Coroutine(function* (): Resumable<string> {
    grandchild = new Coroutine(
      function* (): Resumable<string> {
        yield* main.switchTo("grandchild waits")
        return "grandchild's"
      },
      { name: "grandchild" },
    )
    seen.push(grandchild.parent === child, yield* grandchild.switchTo())
    return "child's"
  })
  seen.push(yield* child.switchTo())
  seen.push(yield* child.switchTo("to child"), child.status)
  seen.push(yield* (grandchild as Coroutine).switchTo())
  return seen
}

/** Stacks of many frames, with generators on the way, switch from their depths. */
export function* deep(depth: number): Resumable<unknown[]> {
  const main = Coroutine.current()
  const down = new Coroutine(function* (): Resumable<number> {
    return yield* descend(depth, main)
  })
  const seen: unknown[] = []
  for (let i = 0; i < 3; i++) seen.push(yield* down.switchTo(i))
  seen.push((yield* stack()).length)
  return seen
}
function* descend(left: number, main: Coroutine): Resumable<number> {
  if (left > 0) return 1 + (yield* descend(left - 1, main))
  let sum = 0
  for (const value of switching(main)) sum += value
  return sum
}
function* switching(main: Coroutine): Resumable<void, number> {
  for (let i = 0; i < 2; i++) yield (yield* main.switchTo(`at ${i}`)) as number
}

const color = new ContextVar("coroutine-color", { default: "none" })

export function* contexts(): Resumable<unknown[]> {
  const main = Coroutine.current()
  const other = new Coroutine(function* (): Resumable<unknown[]> {
    const seen: unknown[] = [color.get()]
    color.set("blue")
    yield* main.switchTo()
    seen.push(color.get(), (yield* handledExceptions()).length)
    return seen
  })
  color.set("red")
  yield* other.switchTo()
  const seen: unknown[] = [color.get()]
  try {
    throw new Error("handled by main alone")
  } catch {
    seen.push(...((yield* other.switchTo()) as unknown[]), (yield* handledExceptions()).length)
  }
  return seen
}

/** Each stack has the variables that it has entered, wherever the fiber is: those of `run`, and in a generator that rests inside of one. */
export function* runs(threads: readonly number[]): Resumable<string[]> {
  const seen: string[] = []
  const look = (who: string): void => void seen.push(`${who} ${color.get()}`)
  const main = Coroutine.current()
  const paints = painted()
  const other = new Coroutine(function* (): Resumable<void> {
    look("o")
    try {
      yield* color.run("other's", insideOther(look, main, paints))
    } catch (error) {
      look(`o ${error}`)
    }
  })
  color.set("first")
  yield* other.switchTo()
  look("m")
  yield* color.run("main's", insideMain(look, other, paints, threads))
  look("m")
  yield* other.throwInto(new RangeError("enough"))
  look("m")
  return seen
}
type Look = (who: string) => void
function* insideOther(look: Look, main: Coroutine, paints: Generator<string>): Resumable<void> {
  look("o")
  yield* main.switchTo()
  look("o")
  look(`o ${paints.next().value}`)
  color.set("set by other")
  yield* main.switchTo()
  look("o")
  for (const first of paints) {
    look(`o ${first}`)
    yield* main.switchTo() // and is thrown into
  }
}
function* insideMain(
  look: Look,
  other: Coroutine,
  paints: Generator<string>,
  threads: readonly number[],
): Resumable<void> {
  look(`m ${paints.next().value}`)
  for (const thread of threads) {
    if (thread !== 0) yield* migrateTo(thread)
    yield* other.switchTo()
    look("m")
  }
}
function* painted(): Resumable<void, string> {
  yield* color.run("painted", paint())
}
function* paint(): Resumable<void, string> {
  for (let i = 0; ; i++) {
    yield `${color.get()} ${i}`
    color.set(`painted over ${i}`)
  }
}

/** Both stacks go along, whichever of them moves. */
export function* moves(threads: readonly number[]): Resumable<unknown[]> {
  const main = Coroutine.current<boolean, number>()
  const seen: unknown[] = []
  const other = new Coroutine<number, boolean>(function* (first: number): Resumable<string> {
    let expected = first
    for (const thread of threads) {
      seen.push(currentThread().id === expected)
      yield* migrateTo(thread)
      expected = yield* main.switchTo(currentThread().id === thread)
    }
    return "over"
  })
  let last: unknown
  for (const thread of [...threads].reverse().concat(0)) {
    if (thread !== 0) yield* migrateTo(thread)
    last = yield* other.switchTo(thread)
    seen.push(last)
  }
  return seen
}

/** Goes on where its record is resumed, in a coroutine, with another one suspended. */
export function* recorded(): Resumable<unknown> {
  const main = Coroutine.current()
  const list: string[] = []
  const other = new Coroutine(function* (): Resumable<unknown> {
    const taken = yield* record()
    if (!taken.resumed) return taken.record
    list.push("other")
    yield* main.switchTo()
    list.push("other again")
    return list
  })
  const first = yield* other.switchTo()
  if (first !== undefined) return first
  list.push("main")
  return yield* other.switchTo()
}

/** Pins are left in whatever order stacks switch. */
export function* pins(): Resumable<unknown[]> {
  const main = Coroutine.current()
  const seen: unknown[] = []
  const inside = (name: string) =>
    new Coroutine(function* (): Resumable<void> {
      yield* pinned(name, pause(main))
      yield* main.switchTo()
    })
  const a = inside("a")
  const b = inside("b")
  const reason = function* (): Resumable<void> {
    const answer = yield* restorable()
    seen.push(answer.restorable ? "free" : answer.reason.replace(/.*pinned: /, ""))
  }
  for (const next of [a, b, a, b]) {
    yield* next.switchTo()
    yield* reason()
  }
  return seen
}
function* pause(main: Coroutine): Resumable<void> {
  yield* main.switchTo()
}

export function* interrupted(cleaned: Int32Array): Resumable<void> {
  const endless = new Coroutine(function* (): Resumable<void> {
    try {
      cleaned[0] = 1
      for (;;) {}
    } finally {
      cleaned[0] = 2
    }
  })
  try {
    yield* endless.switchTo()
  } finally {
    cleaned[1] = 1
  }
}

export function* switchMany(times: number): Resumable<number> {
  const main = Coroutine.current<number, number>()
  const other: Coroutine<number, number> = new Coroutine(function* (first: number): Resumable<void> {
    for (let at = first; ; ) at = yield* main.switchTo(at + 1)
  })
  let at = 0
  while (at < times) at = yield* other.switchTo(at + 1)
  return at
}

/** What comes of yields in a coroutine: the first ones were to be performed. */
export function* yieldsInVain(): Resumable<string[]> {
  const told: string[] = []
  const tell = (error: unknown) => {
    const { code, message } = error as { code?: string; message?: string }
    told.push(`${code} ${message}`)
  }
  function* yieldsEach(): Generator<unknown, void> {
    for (const make of [() => sleep(1), () => naps(), () => Coroutine.current().switchTo(1), () => 1]) {
      try {
        yield make()
      } catch (error) {
        tell(error)
      }
    }
  }
  yield* new Coroutine(yieldsEach as never).switchTo()
  return told
}
function* naps(): Resumable<void> {
  yield* sleep(1)
}
