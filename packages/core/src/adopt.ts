/** Owns the way to put a private field on an object that others made. */

/** Returns its argument from the constructor, so that a subclass can add a private field to any object. */
export const Adopt = class {
  constructor(target: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is how a private field is added to a foreign object; a WeakMap costs 25 times as much
    return target
  }
} as new (
  target: object,
) => object
