/** Owns what storms have in common: moments, and that a broken invariant is never overheard. */
import type { PoolOptions } from "rove"

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
export const after = <T>(ms: number, value: T): Promise<T> => pause(ms).then(() => value)

/** Writes down each broken invariant of which a process, or a pool with that logger, is warned, until it is disposed of. */
export function listening(wrong: string[]): Disposable & { readonly logger: NonNullable<PoolOptions["logger"]> } {
  const look = (message: string): void => {
    if (/invariant/i.test(message)) wrong.push(message)
  }
  const warned = ({ name, message }: Error): void => look(`${name}: ${message}`)
  const log = (_: object, message: string): void => look(message)
  process.on("warning", warned)
  return { logger: { warn: log, error: log }, [Symbol.dispose]: () => void process.off("warning", warned) }
}
