/**
 * Owns reading the text of a class or a function, as the language gives it, for what nothing else tells of these. It knows where
 * statements, values and members begin, and no more: as much as tells a regular expression from a division, and a block from
 * an object. It relies on the engine having accepted the text, and on strict code, which that of classes always is.
 */
import { ClassScope, MemberHead, type PrivateMember } from "./private-names.ts"
import { type Slash, Tokens, UnclearText, unclear } from "./tokens.ts"

/** What stands behind the token that was read. */
type State =
  /** A value has ended: it goes on, or the statement ends with the line. */
  | "operand"
  /** A statement begins; or what stood before cannot go on. */
  | "statement"
  /** A value is to come. */
  | "expression"
  /** The body of an arrow function is to come. */
  | "arrow"
  /** The word before can be a name, and an operator. */
  | "either"
  /** A parenthesis is to come, and behind it a statement; or its block at once. */
  | "head"
  /** A value is to come on this line, or nothing. */
  | "result"
  /** A label is to come on this line, or nothing. */
  | "jump"
  /** The name of a property is to come. */
  | "member"
  /** The name of a function or a class is to come, or nothing. */
  | "name"

const SLASHES: Readonly<Record<State, Slash>> = {
  operand: "division",
  statement: "expression",
  expression: "expression",
  arrow: "expression",
  either: "unclear",
  head: "unclear",
  result: "expression",
  jump: "expression",
  member: "unclear",
  name: "unclear",
}

/** Behind words of the language; behind all others, and `this`, `null` and the like, a value has ended. */
const AFTER_WORDS: ReadonlyMap<string, State> = new Map<string, State>([
  ...listed("expression", "typeof void delete new throw case in instanceof extends const let var"),
  ...listed("statement", "else do try finally debugger"),
  ...listed("head", "if while for switch catch with"),
  ...listed("result", "return yield"),
  ...listed("jump", "break continue"),
  ...listed("name", "function class"),
  ...listed("either", "await"),
])

/** With these a statement can begin, and a value too, which ends otherwise. */
const OPENING: ReadonlySet<string> = new Set(["{", "async", "function", "class"])

function listed(state: State, words: string): [string, State][] {
  return words.split(" ").map(word => [word, state])
}

/** The keyword of a function or class whose body is to come, and what stands behind that. */
interface Head {
  readonly kind: "function" | "class"
  readonly after: State
  readonly outer: Head | null
}

interface Frame {
  readonly kind: "block" | "object" | "class" | "group" | "hole"
  readonly end: ")" | "]" | "}"
  /** What stands behind its end. */
  readonly after: State
  readonly outer: Frame | null
  /** The innermost one right in it whose body is to come. */
  head: Head | null
  /** Question marks whose colons are to come. */
  questions: number
  /** Whether what comes belongs to the key of a property or the head of a member. */
  isKey: boolean
  /** Of a class: the member that is being read. */
  member: MemberHead | null
}

/** The private members that a class declares; null if its text has several readings. */
export function privateMembersOf(text: string): readonly PrivateMember[] | null {
  return read(text)?.members() ?? null
}

/** Whether the text of a generator function has a direct eval or a `with`; null if it has several readings. */
export function isDynamic(text: string): boolean | null {
  return read(text)?.isDynamic ?? null
}

function read(text: string): SourceReader | null {
  try {
    const reader = new SourceReader(text)
    reader.read()
    return reader
  } catch (error) {
    if (error instanceof UnclearText) return null
    throw error
  }
}

class SourceReader {
  isDynamic = false
  readonly #tokens: Tokens
  #frame: Frame
  #scope: ClassScope | null = null
  #state: State = "expression"
  /** What the last token was, and what stood before it. */
  #last = ""
  #before: State = "expression"
  #lastButOne = ""
  /** The scope of the class that ended last. */
  #ended: ClassScope | null = null
  #isOver = false

  constructor(text: string) {
    this.#tokens = new Tokens(text)
    // that of a method is as in an object
    this.#frame = framed(text.startsWith("*") ? "object" : "group", "}", "operand", null)
  }

  read(): void {
    while (!this.#isOver) this.#next()
    this.#tokens.next("division")
    if (this.#tokens.kind !== "end") unclear()
  }

  members(): readonly PrivateMember[] {
    return this.#ended?.members() ?? []
  }

  #next(): void {
    const tokens = this.#tokens
    tokens.next(SLASHES[this.#state])
    if (tokens.isAfterLine) this.#endLine()
    const state = this.#state
    const { kind, text } = tokens
    if (kind === "word") this.#word(text)
    else if (kind === "private") this.#private(text)
    else if (kind === "mark") this.#mark(text)
    else if (kind === "end") unclear()
    else this.#literal()
    // a name in parentheses calls what it calls without
    if (text === ")" && this.#last === "eval" && this.#lastButOne === "(") return
    this.#before = state
    this.#lastButOne = this.#last
    this.#last = text
  }

  /** A line has ended in front of the token: a statement too, perhaps, or a field. */
  #endLine(): void {
    const frame = this.#frame
    const { kind, text } = this.#tokens
    if (this.#state === "result" || this.#state === "jump") this.#state = "statement"
    if (this.#state === "either" && (frame.kind === "class" || OPENING.has(text))) unclear()
    if (frame.kind !== "class" || frame.isKey || frame.head !== null) return
    // an arrow function with a body does not go on; any other value does wherever it can
    if (this.#state === "statement" ? kind !== "mark" || text === "[" || text === "*" : this.#isNoOperator())
      newMember(frame)
  }

  #isNoOperator(): boolean {
    const { kind, text } = this.#tokens
    if (this.#state !== "operand") return false
    return kind === "word" ? text !== "in" && text !== "instanceof" : kind === "literal" || kind === "private"
  }

  #word(text: string): void {
    const frame = this.#frame
    if (this.#state === "member") this.#state = "operand"
    else if (frame.isKey) this.#key(text)
    else if (this.#state === "jump") this.#state = "statement"
    else if (this.#state === "name" && text !== "extends") this.#state = "operand"
    else if (text === "function" || text === "class") this.#head(text)
    else if (text === "of") this.#of()
    // `for await (`
    else if (text !== "await" || this.#last !== "for" || this.#state !== "head")
      this.#state = AFTER_WORDS.get(text) ?? "operand"
  }

  /** What declares a name is a statement, behind which no value goes on. */
  #head(kind: "function" | "class"): void {
    const frame = this.#frame
    const isAsync = kind === "function" && this.#last === "async" && !this.#tokens.isAfterLine
    const before = isAsync ? this.#before : this.#state
    const isStatement = frame.kind === "block" && (before === "statement" || before === "operand")
    frame.head = { kind, after: isStatement ? "statement" : "operand", outer: frame.head }
    this.#state = "name"
  }

  /** A name, but for the one that stands behind another in the head of a loop. */
  #of(): void {
    const isOperator = this.#frame.kind === "group" && this.#state === "operand"
    const isUnclear = this.#last === "of" || this.#last === "using"
    this.#state = !isOperator ? "operand" : isUnclear ? "either" : "expression"
  }

  #private(name: string): void {
    if (this.#state !== "member" && this.#frame.kind === "class" && this.#frame.isKey) {
      const { isStatic } = this.#key("")
      this.#scope?.declare(name, isStatic)
    } else this.#scope?.use(name)
    this.#state = "operand"
  }

  #literal(): void {
    if (this.#frame.isKey) this.#key("")
    this.#state = "operand"
    if (this.#tokens.kind === "hole") this.#open("hole", "}", "operand")
  }

  /** A part of the key of a property, or of the head of a member. */
  #key(part: string): MemberHead {
    const frame = this.#frame
    if (frame.member?.continues(part, this.#tokens.isAfterLine) === false) newMember(frame)
    const member = frame.member ?? new MemberHead()
    member.take(part)
    this.#state = "operand"
    return member
  }

  #mark(mark: string): void {
    const frame = this.#frame
    if (mark === "(" && !frame.isKey) this.#noteDynamic()
    if (mark === "{") this.#openBrace()
    else if (mark === "(") this.#open("group", ")", this.#state === "head" && !frame.isKey ? "statement" : "operand")
    else if (mark === "[") this.#openBracket()
    else if (mark === "}" || mark === ")" || mark === "]") this.#close(mark)
    else if (mark === ";") this.#semicolon()
    else if (mark === ":") this.#colon()
    else if (mark === "." || mark === "?.") this.#state = "member"
    else if (mark === "=>") this.#state = "arrow"
    else if (mark === "++" || mark === "--") this.#step()
    else if (mark === "*" && frame.isKey) this.#key("*")
    else if (mark !== "*" || this.#state !== "name") this.#operator(mark)
  }

  /** A direct eval, or a `with`. */
  #noteDynamic(): void {
    if ((this.#last !== "eval" && this.#last !== "with") || this.#before === "member") return
    this.isDynamic = true
    this.#scope?.useAny()
  }

  #operator(mark: string): void {
    const frame = this.#frame
    if (mark === "?") frame.questions++
    if (frame.isKey && (mark === "=" || mark === "...")) frame.isKey = false
    if (frame.kind === "object" && mark === ",") frame.isKey = true
    this.#state = "expression"
  }

  /** Behind a value it belongs to that, unless a line ends between. */
  #step(): void {
    if (this.#state === "either") unclear()
    if (this.#state !== "operand" || this.#tokens.isAfterLine) this.#state = "expression"
  }

  #semicolon(): void {
    const { kind } = this.#frame
    if (kind === "class") newMember(this.#frame)
    this.#state = kind === "block" ? "statement" : "expression"
  }

  #colon(): void {
    const frame = this.#frame
    if (frame.questions > 0) frame.questions--
    else if (frame.kind === "object") frame.isKey = false
    else if (frame.kind !== "block") unclear()
    else {
      this.#state = "statement"
      return
    }
    this.#state = "expression"
  }

  #openBracket(): void {
    if (this.#frame.isKey) this.#key("")
    this.#open("group", "]", "operand")
  }

  #openBrace(): void {
    const frame = this.#frame
    const state = this.#state
    const { head } = frame
    const isBody = head?.kind === "function" || (head !== null && (state === "operand" || state === "name"))
    if (head !== null && isBody) {
      frame.head = head.outer
      if (head.kind === "class") this.#openClass(head.after)
      else this.#open("block", "}", head.after)
    } else if (frame.isKey) this.#open("block", "}", "operand")
    else if (state === "arrow" || this.#beginsStatement()) this.#open("block", "}", "statement")
    else this.#open("object", "}", "operand")
  }

  #beginsStatement(): boolean {
    const state = this.#state
    return this.#frame.kind === "block" && (state === "statement" || state === "operand" || state === "head")
  }

  #openClass(after: State): void {
    this.#open("class", "}", after)
    newMember(this.#frame)
    this.#scope = new ClassScope(this.#scope)
  }

  #open(kind: Frame["kind"], end: Frame["end"], after: State): void {
    this.#frame = framed(kind, end, after, this.#frame)
    this.#state = kind === "block" ? "statement" : "expression"
  }

  #close(end: string): void {
    const { kind, after, outer } = this.#frame
    if (this.#frame.end !== end || this.#frame.head !== null || outer === null) unclear()
    this.#frame = outer
    this.#state = after
    if (kind === "hole") {
      this.#tokens.template()
      this.#literal()
    }
    if (kind === "class") this.#closeClass()
    // a class may extend another one, or a function, that is written in front of its body
    this.#isOver = outer.outer === null && outer.head === null && (kind === "class" || kind === "block")
    // of a method, or of a static block
    if (kind === "block" && outer.kind === "class" && outer.isKey) newMember(outer)
  }

  #closeClass(): void {
    const scope = this.#scope as ClassScope
    scope.close()
    this.#scope = scope.outer
    this.#ended = scope
  }
}

function framed(kind: Frame["kind"], end: Frame["end"], after: State, outer: Frame | null): Frame {
  return { kind, end, after, outer, head: null, questions: 0, isKey: kind === "object", member: null }
}

function newMember(frame: Frame): void {
  frame.isKey = true
  frame.member = new MemberHead()
}
