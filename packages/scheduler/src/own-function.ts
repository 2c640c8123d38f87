/** Owns which function of the program a fiber was started with, where code of ours that calls it, or drives it, stands at its bottom. */
import { Computation, referenceOf, stampOf } from "@rove/core"
import type { FiberState } from "@rove/fibers/scheduling"

/** A place in the program's text; one object for each, so that it can be a key. Of a reference the name is its id. */
export interface Written {
  readonly name: string
  readonly url: string
}

/** Null where it is not known any more: what a fiber begins with is dropped when it has begun. */
export function ownFunction({ root }: FiberState): Written | null {
  const { code } = root.of
  // code of ours has no address; nor has that of scripts
  if (code.url !== "" || !code.id.startsWith("rove#")) return code
  const { self, args } = root
  const driven = args?.[0]
  if (typeof self === "function") return stampOf(self)?.code ?? referenceOf(self) ?? null
  if (driven instanceof Computation) return driven.of.code
  return null
}

/** As people read it: name and address, if it has one. */
export function written({ name, url }: Written): string {
  const short = name.slice(name.lastIndexOf("#") + 1)
  return url === "" ? short : `${short} (${url})`
}
