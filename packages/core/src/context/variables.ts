/** Owns the map from context variables to values: persistent, copied in O(1). */
export type Variables = ReadonlyMap<string, unknown>
export const EMPTY_VARIABLES: Variables = new Map()
