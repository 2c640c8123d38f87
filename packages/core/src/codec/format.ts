/**
 * Owns the layout of a record's bytes, version 7 (all numbers little-endian; `varint` is 7 bits per byte, low first):
 *
 *     0  2 bytes  "Rv"
 *     2  1 byte   version
 *     3  1 byte   0
 *     4  4 bytes  checksum of everything after it up to the link table, whose own checksum it includes
 *     8  4 bytes  offset of the link table
 *    12  body: the root value, then the content of each object, in the order in which objects were announced
 *        link table (link-table.ts): what is named in it is looked up before any object is made
 *
 * A value is a tag and what belongs to it. An object's first occurrence announces it (a tag of its kind and what is
 * needed to make it); later ones are T_REF. T_DECLARE announces an object that the value after it needs to be made.
 * Plain objects and arrays bring their content with them instead, down to a certain depth.
 */
export const MAGIC_0 = 0x52
export const MAGIC_1 = 0x76
export const VERSION = 7
export const HEADER_SIZE = 12
/** What the link table begins with. */
export const CHECKSUM_SIZE = 4

export const T_UNDEFINED = 0
export const T_NULL = 1
export const T_FALSE = 2
export const T_TRUE = 3
export const T_NAN = 4
export const T_MINUS_ZERO = 5
/** A 32-bit integer, zigzag varint. */
export const T_INT = 6
export const T_DOUBLE = 7
export const T_BIGINT = 8
/** Strings: a new one by the widest character in it, or one that came before. */
export const T_ASCII = 9
export const T_LATIN1 = 10
export const T_UTF16 = 11
export const T_STRING_REF = 12
export const T_REF = 13
/** A missing array element. */
export const T_HOLE = 14
export const T_DECLARE = 15
export const T_SYMBOL_WELL_KNOWN = 16
export const T_SYMBOL_REGISTERED = 17
/** A symbol of the record's own: announced like an object. */
export const T_SYMBOL = 18
/** The function object of the closure that follows, and the prototype object of its generators. */
export const T_FUNCTION = 19
export const T_PROTOTYPE = 20
/** A value that the link names. */
export const T_LINK = 21
/** A value that travels beside the bytes. */
export const T_HANDLE = 22
/** The empty string: common, and not worth a table entry. */
export const T_EMPTY = 23
/** An ordinary object of a shape, and an array of ordinary elements, whose content follows at once. */
export const T_PLAIN = 24
export const T_LIST = 25
/** A method of a class that follows its place and key. */
export const T_LOCAL_METHOD = 26

/**
 * Frames of functions at module level, each of which returns into the next: the number of the link of each, doubled, plus
 * one for the last; then what that one returns into. Other frames are of kind T_FRAME.
 */
export const T_ACTIVATION = 27

export const T_OBJECT = 32
export const T_ARRAY = 33
export const T_FRAME = 34
export const T_COMPUTATION = 35
export const T_CLOSURE = 36
export const T_MAP = 37
export const T_SET = 38
export const T_DATE = 39
export const T_REGEXP = 40
export const T_ERROR = 41
export const T_BUFFER = 42
export const T_VIEW = 43
export const T_BOXED = 44
export const T_EXTENSION = 45
export const T_CUSTOM = 46
export const T_ARGUMENTS = 47
export const T_RECORD = 48
export const T_CONTEXT = 49
export const T_EXTRA = 50
export const T_VARIABLES = 51
export const T_METHOD = 52
export const T_PRIVATE = 53
export const T_HOOKS = 54

/** The integers 0 to 127 are one byte. */
export const T_SMALL = 128

/** Whether a value that begins with that tag is a number. */
export function isNumberTag(tag: number): boolean {
  return tag >= T_SMALL || (tag >= T_NAN && tag <= T_DOUBLE)
}

/** Types of links. */
export const L_SHAPE = 0
export const L_FRAME = 1
export const L_CODE = 2
export const L_SINGLE = 3
export const L_REFERENCE = 4
export const L_KEY = 5
export const L_KIND = 6
export const L_VARIABLE = 7

/** Flags of an object. The two lowest bits are its integrity: 0 extensible, 1 not extensible, 2 sealed, 3 frozen. */
export const F_INTEGRITY = 3
export const EXTENSIBLE = 0
export const CLOSED = 1
export const SEALED = 2
export const FROZEN = 3
/** Own properties follow one by one, each with its attributes. */
export const F_PROPERTIES = 4
/** Own properties follow by shape, all with the attributes that its integrity gives. */
export const F_SHAPE = 8
/** Its prototype is not that of its kind: a class or null follows. */
export const F_PROTOTYPE = 16
/** Kinds may use the rest. */
export const F_KIND = 32

/** What objects of most kinds can have. */
export const F_ORDINARY = F_INTEGRITY | F_PROPERTIES | F_PROTOTYPE

/** Attributes of a property. */
export const P_WRITABLE = 1
export const P_ENUMERABLE = 2
export const P_CONFIGURABLE = 4
/** The engine's own `stack`: only its text is kept. */
export const P_STACK = 8
/** An accessor: its getter and its setter follow instead of a value. */
export const P_ACCESSOR = 16
export const P_DEFAULT = 7
