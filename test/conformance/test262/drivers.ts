/** Owns how a wrapped test is driven, as the text of a function. */

/** Sends back what was yielded. */
export const DRIVE = "function(g){for(var r=g.next();!r.done;)r=g.next(r.value);return r.value}"

/** The same; generator and value go through bytes together, so that what is one object stays one. */
export const DRIVE_MOVED =
  "function(g){for(var r=g.next();!r.done;){var p=__moved({generator:g,given:r.value});g=p.generator;r=g.next(p.given)}return r.value}"
