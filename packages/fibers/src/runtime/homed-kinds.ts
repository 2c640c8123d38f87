/** Owns the kinds of homed objects: how those are made that go to another home, and those that are there by their name alone. */
import type { Homed } from "./homes.ts"
import type { Host } from "./host.ts"

/** What objects that belong to fibers know of these. */
export type Fibers = Pick<Host, "whenDone" | "unlisten" | "interrupt">

type Provider = (id: string, home: number, fibers: Fibers) => Homed | null
const providers = new Map<string, Provider>()

/** Objects of that kind are there as soon as somebody asks for them at their home: their ids end with `/` and the kind. */
export function registerProvided(kind: string, provide: Provider): void {
  providers.set(kind, provide)
}
/** The object with that id, of which nobody has heard yet; null if there can be none. */
export function provideHomed(id: string, home: number, fibers: Fibers): Homed | null {
  return providers.get(id.slice(id.lastIndexOf("/") + 1))?.(id, home, fibers) ?? null
}

type Maker = (state: unknown, id: string, home: number, fibers: Fibers) => Homed
const makers = new Map<string, Maker>()

/** How objects of that kind are made anew at another home. */
export function registerHomed(kind: string, make: Maker): void {
  makers.set(kind, make)
}
export function makeHomed(kind: string, state: unknown, id: string, home: number, fibers: Fibers): Homed | null {
  return makers.get(kind)?.(state, id, home, fibers) ?? null
}
