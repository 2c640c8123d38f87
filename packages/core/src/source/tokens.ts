/**
 * Owns where the words, names, literals, comments and marks of a program's text begin and end. Whether a slash divides depends on
 * what stands before it: who reads says so.
 */

/** `literal`: a number or a string, which can be a key. `value`: a regular expression, or a template with its end. */
type Kind = "word" | "private" | "literal" | "value" | "hole" | "mark" | "end"

export type Slash = "division" | "expression" | "unclear"

/** The text has several readings, or is none that the engine accepts. */
export class UnclearText extends Error {}

export function unclear(): never {
  throw new UnclearText()
}

// those that programs replace often are not put back for us
const { fromCodePoint } = String
const { parseInt: numberIn } = Number

const SPACE = /\s+/y
const LINE = /[\n\r\u2028\u2029]/
const LINE_END = /[\n\r\u2028\u2029]/g
const WORD = /(?:[\p{ID_Continue}$\u200c\u200d]|\\u(?:[\da-fA-F]{4}|\{[\da-fA-F]+\}))+/uy
const NUMBER = /0[xXoObB][\da-fA-F_]+n?|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?n?/y
const FLAGS = /\w*/y
const ESCAPE = /\\u(?:\{([\da-fA-F]+)\}|([\da-fA-F]{4}))/g
const IN_TEMPLATE = /[`\\$]/g
const IN_EXPRESSION = /[/\\[\]\n\r\u2028\u2029]/g
const IN_STRING = { '"': /["\\]/g, "'": /['\\]/g } as const
/** All other marks are of one character: what they mean together makes no difference. */
const PAIRS: ReadonlySet<string> = new Set(["=>", "++", "--", "??"])

/** What a character begins, by its code. Those outside of ASCII are rare, and have ways of their own. */
const LETTER = 1
const DIGIT = 2
const BLANK = 3
const LINE_BREAK = 4
const MARK = 5
const PAIR = 6
const begins = new Uint8Array(128)
for (const [beginning, characters] of [
  [LETTER, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_"],
  [DIGIT, "0123456789"],
  [BLANK, " \t\v\f"],
  [LINE_BREAK, "\n\r"],
  [MARK, "{}()[];,:<>!*%&|^~/"],
  [PAIR, "=+-?."],
] as const)
  for (let i = 0; i < characters.length; i++) begins[characters.charCodeAt(i)] = beginning

export class Tokens {
  /** Of the token read last. */
  kind: Kind = "end"
  /** The text of a word (escapes as they are), the name of a private one, the mark; of all others nothing that counts. */
  text = ""
  /** Whether a line ends between it and the one before. */
  isAfterLine = false
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  next(slash: Slash): void {
    this.isAfterLine = false
    while (this.#space() || this.#comment());
    const begun = this.#begins(this.#at)
    const first = this.#source[this.#at]
    if (begun === LETTER) this.#word("word")
    else if (begun === DIGIT || (first === "." && this.#begins(this.#at + 1) === DIGIT)) this.#number()
    else if (first === "/" && slash !== "division") this.#expression(slash)
    else if (begun === MARK || begun === PAIR) this.#mark(begun === PAIR)
    else if (first === undefined) this.#is("end", "")
    else if (first === '"' || first === "'") this.#string(first)
    else if (first === "`") this.#template(this.#at + 1)
    else if (first === "#") this.#private()
    else this.#word("word")
  }

  /** Reads on in a template, behind the brace that ends a hole. */
  template(): void {
    this.#template(this.#at)
  }

  #space(): boolean {
    const from = this.#at
    let begun = this.#begins(from)
    for (; begun === BLANK || begun === LINE_BREAK; begun = this.#begins(++this.#at))
      if (begun === LINE_BREAK) this.isAfterLine = true
    const rare = begun === undefined ? this.#match(SPACE) : ""
    if (LINE.test(rare)) this.isAfterLine = true
    this.#at += rare.length
    return this.#at > from
  }

  #comment(): boolean {
    const from = this.#at
    const first = this.#source[from]
    if (first !== "/" && first !== "-") return false
    // an arrow that begins a line begins a comment
    if (this.#starts("//") || (this.isAfterLine && this.#starts("-->"))) {
      LINE_END.lastIndex = from
      this.#at = LINE_END.exec(this.#source)?.index ?? this.#source.length
    } else if (this.#starts("/*")) {
      const end = this.#source.indexOf("*/", from + 2)
      if (end < 0) unclear()
      this.#at = end + 2
      if (LINE.test(this.#source.slice(from, end))) this.isAfterLine = true
    }
    return this.#at > from
  }

  #word(kind: "word" | "private"): void {
    let end = this.#at
    for (let begun = this.#begins(end); begun === LETTER || begun === DIGIT; begun = this.#begins(end)) end++
    const isRare = this.#source[end] === "\\" || this.#source.charCodeAt(end) >= begins.length
    const word = isRare ? this.#match(WORD) : this.#source.slice(this.#at, end)
    if (word === "") unclear()
    this.#take(kind, word)
  }

  #private(): void {
    this.#at++
    this.#word("private")
    this.text = unescaped(this.text)
  }

  #number(): void {
    this.#take("literal", this.#match(NUMBER))
  }

  #mark(isPair: boolean): void {
    const at = this.#at
    const two = isPair ? this.#source.slice(at, at + 2) : ""
    if (PAIRS.has(two) || (two === "?." && this.#begins(at + 2) !== DIGIT)) this.#take("mark", two)
    else if (two === "..") this.#take("mark", "...")
    // a comment in scripts, and three operators in modules
    else if (this.#starts("<!--")) unclear()
    else this.#take("mark", this.#source[at] as string)
  }

  #string(quote: '"' | "'"): void {
    let at = this.#search(IN_STRING[quote], this.#at + 1)
    while (this.#source[at] !== quote) at = this.#search(IN_STRING[quote], at + 2)
    this.#at = at + 1
    this.#is("literal", quote)
  }

  #template(from: number): void {
    for (let at = from; ; ) {
      at = this.#search(IN_TEMPLATE, at)
      const found = this.#source[at]
      const isHole = found === "$" && this.#source[at + 1] === "{"
      if (found === "`" || isHole) {
        this.#at = at + (isHole ? 2 : 1)
        this.#is(isHole ? "hole" : "value", "`")
        return
      }
      at += found === "\\" ? 2 : 1
    }
  }

  #expression(slash: Slash): void {
    if (slash === "unclear") unclear()
    let isInClass = false
    for (let at = this.#at + 1; ; ) {
      at = this.#search(IN_EXPRESSION, at)
      const found = this.#source[at] as string
      if (LINE.test(found)) unclear()
      if (found === "/" && !isInClass) {
        this.#at = at + 1
        this.#at += this.#match(FLAGS).length
        this.#is("value", "/")
        return
      }
      if (found === "[") isInClass = true
      if (found === "]") isInClass = false
      at += found === "\\" ? 2 : 1
    }
  }

  #take(kind: Kind, text: string): void {
    this.#at += text.length
    this.#is(kind, text)
  }

  #is(kind: Kind, text: string): void {
    this.kind = kind
    this.text = text
  }

  /** Undefined outside of ASCII, and behind the end. */
  #begins(at: number): number | undefined {
    return begins[this.#source.charCodeAt(at)]
  }

  #starts(text: string): boolean {
    return this.#source.startsWith(text, this.#at)
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#source)?.[0] ?? ""
  }

  #search(pattern: RegExp, from: number): number {
    pattern.lastIndex = from
    return pattern.exec(this.#source)?.index ?? unclear()
  }
}

function unescaped(word: string): string {
  if (!word.includes("\\")) return word
  return word.replace(ESCAPE, (_, long?: string, short?: string) =>
    fromCodePoint(numberIn((long ?? short) as string, 16)),
  )
}
