/** Owns the lists of what a record that is being decoded has so far; their memory is kept from one record to the next. */
import type { Frame } from "../frame.ts"
import { After } from "./after.ts"
import type { FrameTarget } from "./link-targets.ts"
import { Pile } from "./list.ts"
import type { Plan } from "./plan.ts"
import { Reader } from "./reader.ts"

export class Found {
  /** What the record is read with. */
  readonly input = new Reader()
  readonly after = new After()
  /** By index of announcement. */
  readonly objects = new Pile<unknown>()
  readonly strings = new Pile<string>()
  /** Of objects whose content comes after the rest; of a frame it is enough to know where it stands. */
  readonly plans = new Pile<Plan | FrameTarget>()
  /** Those of them that are frames. */
  readonly frames = new Pile<Frame>()
}

/** The lists that no decoder has: more than one decodes only if a registered kind decodes in turn. */
const spare: { found: Found | null } = { found: null }

export function takeFound(): Found {
  const found = spare.found ?? new Found()
  spare.found = null
  return found
}

/** Forgets the record, so that nothing of it is kept alive. */
export function giveBack(found: Found): void {
  found.input.forget()
  found.after.clear()
  found.objects.clear()
  found.strings.clear()
  found.plans.clear()
  found.frames.clear()
  spare.found = found
}
