/** Owns the order of the well-known symbols in records: append only. */
const NAMES = [
  "iterator",
  "asyncIterator",
  "hasInstance",
  "isConcatSpreadable",
  "match",
  "matchAll",
  "replace",
  "search",
  "species",
  "split",
  "toPrimitive",
  "toStringTag",
  "unscopables",
  "dispose",
  "asyncDispose",
] as const

const symbols: readonly (symbol | undefined)[] = NAMES.map(name => (Symbol as Partial<SymbolConstructor>)[name])
const indices = new Map(symbols.map((symbol, index) => [symbol, index]))

export function wellKnownIndex(symbol: symbol): number {
  return indices.get(symbol) ?? -1
}

export function wellKnownSymbol(index: number): symbol | undefined {
  return symbols[index]
}
