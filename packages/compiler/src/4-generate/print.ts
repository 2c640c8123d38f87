/** Owns the last step: position marks become mappings, and the emitted functions are indented. */

/** Line and column in the output, offset in the JavaScript that was compiled; all from 0. */
export type Mapping = readonly [line: number, column: number, offset: number]

export function print(marked: string, mark: string): { code: string; mappings: Mapping[] } {
  const mappings: Mapping[] = []
  const parts = marked.split(mark)
  let code = ""
  let line = 0
  let column = 0
  // text and marks alternate
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string
    if (i % 2 === 1) {
      const last = mappings.at(-1)
      const mapping: Mapping = [line, column, Number(part.slice(1))]
      if (last !== undefined && last[0] === line && last[1] === column) mappings[mappings.length - 1] = mapping
      else mappings.push(mapping)
      continue
    }
    code += part
    const last = part.lastIndexOf("\n")
    if (last === -1) column += part.length
    else {
      column = part.length - last - 1
      for (let at = part.indexOf("\n"); at !== -1; at = part.indexOf("\n", at + 1)) line++
    }
  }
  return { code, mappings }
}
