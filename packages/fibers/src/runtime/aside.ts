/** Owns calling ordinary code of the program in the middle of the run loop: it finds and leaves the registers as they are. */
import { type Machine, NATIVE_DEPTH } from "./machine.ts"

/** Runs `run` with preemption and parking masked; everything is restored on the way out, throws included. */
export function aside<R>(m: Machine, run: () => R): R {
  const { budget, ceiling, depth, kind, value, done, signal, out, raw, held, top, tail, topDepth } = m
  const { innermost, undriven } = m
  m.held = m.raw = false
  m.undriven = null
  m.budget = 0x3fffffff
  m.masked++
  m.ceiling = depth + NATIVE_DEPTH
  try {
    return run()
  } finally {
    m.masked--
    Object.assign(m, {
      budget,
      ceiling,
      depth,
      kind,
      value,
      done,
      signal,
      out,
      raw,
      held,
      top,
      tail,
      topDepth,
      innermost,
      undriven,
    })
  }
}
