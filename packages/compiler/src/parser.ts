/**
 * Owns the call of the parser, and the two ways in which its tree gets here. As JSON, which costs nothing to begin with
 * and is a fifth of a compilation; or out of the parser's own memory ("raw transfer"), four times as fast once 13 ms were
 * spent on its code and its buffer. So a build changes over when it has read so much that this pays.
 *
 * The buffer is 6 GiB of addresses, of which only what a tree needs becomes memory. Where there is no room for it, or
 * where memory counts as taken before it is touched, trees stay JSON. They are the same on both ways.
 */
import { type ParseResult, type ParserOptions, type Program, parseSync, rawTransferSupported } from "oxc-parser"
import { type Node, nameTypes } from "./2-analyze/nodes.ts"

/** Characters after which it pays to change over. */
const MANY = 1 << 18

export interface Parsed {
  readonly program: Program
  readonly errors: ParseResult["errors"]
}

/** Parses one text after the other. */
export class Parser {
  /** Characters that will still come as JSON. */
  private left: number
  constructor(left: number) {
    this.left = left
  }

  /** The tree of a text, whose nodes name their types by the strings that this program has too, and its errors. */
  parse(name: string, text: string, options: ParserOptions): Parsed {
    if (this.left > 0) {
      this.left -= text.length
      return asJson(name, text, options)
    }
    try {
      const raw: object = { ...options, experimentalRawTransfer: true }
      return parseSync(name, text, raw)
    } catch {
      // no addresses left, or a tree deeper than our stack
      this.left = Number.POSITIVE_INFINITY
      return asJson(name, text, options)
    }
  }
}

function asJson(name: string, text: string, options: ParserOptions): Parsed {
  const { program, errors } = parseSync(name, text, options)
  nameTypes(program as Node)
  return { program, errors }
}

const hasRaw = process.platform !== "win32" && rawTransferSupported()

/** The parser of this thread. */
export const parser = new Parser(hasRaw ? MANY : Number.POSITIVE_INFINITY)
