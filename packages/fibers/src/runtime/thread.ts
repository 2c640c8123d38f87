/** Owns the one ambient variable: this thread's machine, through which its current fiber is known. */
import { Machine } from "./machine.ts"

export const machine: Machine = new Machine()
