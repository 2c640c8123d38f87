/**
 * Owns what the codec asks of the language at each call, as it was when this was loaded: programs may replace it.
 *
 * Written out, property by property: the engine folds each comparison of two constants, and all of them together take 4 ns.
 * Where one is replaced, a call takes microseconds more; so what polyfills and fake clocks replace in many programs
 * (`toString` of functions, Date) is not here, but kept by who needs it.
 */

const root = globalThis
const {
  Array: Array_,
  ArrayBuffer: ArrayBuffer_,
  BigInt: BigInt_,
  DataView: DataView_,
  Error: Error_,
  Function: Function_,
  Int32Array: Int32Array_,
  JSON: JSON_,
  Map: Map_,
  Math: Math_,
  Number: Number_,
  Object: Object_,
  Reflect: Reflect_,
  RegExp: RegExp_,
  Set: Set_,
  String: String_,
  Symbol: Symbol_,
  Uint16Array: Uint16Array_,
  Uint8Array: Uint8Array_,
  WeakMap: WeakMap_,
  WeakRef: WeakRef_,
  WeakSet: WeakSet_,
} = root
const object = Object
const {
  assign: objectAssign,
  create: objectCreate,
  defineProperties: objectDefineProperties,
  defineProperty: objectDefineProperty,
  entries: objectEntries,
  freeze: objectFreeze,
  fromEntries: objectFromEntries,
  getOwnPropertyDescriptor: objectGetOwnPropertyDescriptor,
  getOwnPropertyDescriptors: objectGetOwnPropertyDescriptors,
  getOwnPropertySymbols: objectGetOwnPropertySymbols,
  getPrototypeOf: objectGetPrototypeOf,
  hasOwn: objectHasOwn,
  is: objectIs,
  isExtensible: objectIsExtensible,
  isFrozen: objectIsFrozen,
  keys: objectKeys,
  preventExtensions: objectPreventExtensions,
  seal: objectSeal,
  setPrototypeOf: objectSetPrototypeOf,
  values: objectValues,
} = object
const reflect = Reflect
const {
  apply: reflectApply,
  construct: reflectConstruct,
  defineProperty: reflectDefineProperty,
  get: reflectGet,
  ownKeys: reflectOwnKeys,
  preventExtensions: reflectPreventExtensions,
  setPrototypeOf: reflectSetPrototypeOf,
} = reflect
const math = Math
const { floor: mathFloor, imul: mathImul, max: mathMax, min: mathMin } = math
const number = Number
const { isInteger: numberIsInteger, isNaN: numberIsNaN, isSafeInteger: numberIsSafeInteger } = number
const string = String
const { fromCharCode: stringFromCharCode } = string
const symbol = Symbol
const { for: symbolFor, keyFor: symbolKeyFor } = symbol
const json = JSON
const { stringify: jsonStringify } = json
const list = Array
const { from: listFrom, isArray: listIsArray, [Symbol.species]: listSpecies } = list
const buffer = ArrayBuffer
const { isView: bufferIsView } = buffer
const functions = Function.prototype
const { apply: functionApply, call: functionCall } = functions
const objects = Object.prototype
const { toString: itsToString } = objects
const arrays = Array.prototype
const {
  at: arrayAt,
  concat: arrayConcat,
  constructor: arrayConstructor,
  every: arrayEvery,
  fill: arrayFill,
  filter: arrayFilter,
  find: arrayFind,
  findIndex: arrayFindIndex,
  flat: arrayFlat,
  flatMap: arrayFlatMap,
  forEach: arrayForEach,
  includes: arrayIncludes,
  indexOf: arrayIndexOf,
  join: arrayJoin,
  map: arrayMap,
  pop: arrayPop,
  push: arrayPush,
  reduce: arrayReduce,
  slice: arraySlice,
  some: arraySome,
  splice: arraySplice,
  toReversed: arrayToReversed,
  toSpliced: arrayToSpliced,
  values: arrayValues,
  with: arrayWith,
} = arrays
const texts = String.prototype
const {
  at: textAt,
  charCodeAt: textCharCodeAt,
  includes: textIncludes,
  indexOf: textIndexOf,
  lastIndexOf: textLastIndexOf,
  replace: textReplace,
  slice: textSlice,
  split: textSplit,
  startsWith: textStartsWith,
  trim: textTrim,
} = texts
const maps = Map.prototype
const {
  clear: mapClear,
  delete: mapDelete,
  entries: mapEntries,
  forEach: mapForEach,
  get: mapGet,
  has: mapHas,
  set: mapSet,
  values: mapValues,
} = maps
const sets = Set.prototype
const { add: setAdd, clear: setClear, delete: setDelete, forEach: setForEach, has: setHas, values: setValues } = sets
const weakMaps = WeakMap.prototype
const { delete: weakMapDelete, get: weakMapGet, has: weakMapHas, set: weakMapSet } = weakMaps
const weakSets = WeakSet.prototype
const { add: weakSetAdd, has: weakSetHas } = weakSets
const weakRefs = WeakRef.prototype
const { deref: weakRefDeref } = weakRefs
const expressions = RegExp.prototype
const { exec: expressionExec, test: expressionTest } = expressions
const bigints = BigInt.prototype
const { toString: bigintToString } = bigints
const views = DataView.prototype
const {
  getBigInt64: viewGetBigInt64,
  getFloat64: viewGetFloat64,
  getInt32: viewGetInt32,
  getUint16: viewGetUint16,
  getUint32: viewGetUint32,
  getUint8: viewGetUint8,
  setFloat64: viewSetFloat64,
  setInt32: viewSetInt32,
  setUint16: viewSetUint16,
  setUint32: viewSetUint32,
} = views
const octets = Uint8Array.prototype
const { constructor: octetsConstructor } = octets
/** What the engine's own accessors say of these is known, and differs. */
const probe = new Uint8Array(3)
const empty = new Uint8Array(0)
const bytes = Object.getPrototypeOf(Uint8Array.prototype)
const allBytes: { readonly [Symbol.species]: unknown } = bytes.constructor
const { [Symbol.species]: bytesSpecies } = allBytes
const { fill: bytesFill, set: bytesSet, slice: bytesSlice, subarray: bytesSubarray } = bytes
/** Of one kind of iterator. */
type Iterators = { next: unknown; [Symbol.iterator]: unknown }
const iteratorsOf = objectGetPrototypeOf as (iterator: object) => Iterators
const { [Symbol.iterator]: arrayIterator } = arrays
const { [Symbol.iterator]: mapIterator } = maps
const { [Symbol.iterator]: setIterator } = sets
const { [Symbol.replace]: replaceAll } = expressions
const arrayIterators = iteratorsOf([].values())
const mapIterators = iteratorsOf(new Map().values())
const setIterators = iteratorsOf(new Set().values())
const iterators = iteratorsOf(arrayIterators)
const { next: arrayNext } = arrayIterators
const { next: mapNext } = mapIterators
const { next: setNext } = setIterators
const { [Symbol.iterator]: itself } = iterators

/** The platform's, where it has them. */
const { TextDecoder: Decoding, TextEncoder: Encoding } = root as Partial<typeof root>
const decoding = Decoding?.prototype
const encoding = Encoding?.prototype
const decodeText = decoding?.decode
const encodeText = encoding?.encodeInto

/** Whether the program has replaced nothing of that; an accessor that it has put there may throw. */
export function isPristine(): boolean {
  try {
    return isAsLoaded()
  } catch {
    return false
  }
}

function isAsLoaded(): boolean {
  return (
    root.Array === Array_ &&
    root.ArrayBuffer === ArrayBuffer_ &&
    root.BigInt === BigInt_ &&
    root.DataView === DataView_ &&
    root.Error === Error_ &&
    root.Function === Function_ &&
    root.Int32Array === Int32Array_ &&
    root.JSON === JSON_ &&
    root.Map === Map_ &&
    root.Math === Math_ &&
    root.Number === Number_ &&
    root.Object === Object_ &&
    root.Reflect === Reflect_ &&
    root.RegExp === RegExp_ &&
    root.Set === Set_ &&
    root.String === String_ &&
    root.Symbol === Symbol_ &&
    root.Uint16Array === Uint16Array_ &&
    root.Uint8Array === Uint8Array_ &&
    root.WeakMap === WeakMap_ &&
    root.WeakRef === WeakRef_ &&
    root.WeakSet === WeakSet_ &&
    object.assign === objectAssign &&
    object.create === objectCreate &&
    object.defineProperties === objectDefineProperties &&
    object.defineProperty === objectDefineProperty &&
    object.entries === objectEntries &&
    object.freeze === objectFreeze &&
    object.fromEntries === objectFromEntries &&
    object.getOwnPropertyDescriptor === objectGetOwnPropertyDescriptor &&
    object.getOwnPropertyDescriptors === objectGetOwnPropertyDescriptors &&
    object.getOwnPropertySymbols === objectGetOwnPropertySymbols &&
    object.getPrototypeOf === objectGetPrototypeOf &&
    object.hasOwn === objectHasOwn &&
    object.is === objectIs &&
    object.isExtensible === objectIsExtensible &&
    object.isFrozen === objectIsFrozen &&
    object.keys === objectKeys &&
    object.preventExtensions === objectPreventExtensions &&
    object.seal === objectSeal &&
    object.setPrototypeOf === objectSetPrototypeOf &&
    object.values === objectValues &&
    reflect.apply === reflectApply &&
    reflect.construct === reflectConstruct &&
    reflect.defineProperty === reflectDefineProperty &&
    reflect.get === reflectGet &&
    reflect.ownKeys === reflectOwnKeys &&
    reflect.preventExtensions === reflectPreventExtensions &&
    reflect.setPrototypeOf === reflectSetPrototypeOf &&
    math.floor === mathFloor &&
    math.imul === mathImul &&
    math.max === mathMax &&
    math.min === mathMin &&
    number.isInteger === numberIsInteger &&
    number.isNaN === numberIsNaN &&
    number.isSafeInteger === numberIsSafeInteger &&
    string.fromCharCode === stringFromCharCode &&
    symbol.for === symbolFor &&
    symbol.keyFor === symbolKeyFor &&
    json.stringify === jsonStringify &&
    list.from === listFrom &&
    list.isArray === listIsArray &&
    list[Symbol.species] === listSpecies &&
    buffer.isView === bufferIsView &&
    functions.apply === functionApply &&
    functions.call === functionCall &&
    objects.toString === itsToString &&
    arrays.at === arrayAt &&
    arrays.concat === arrayConcat &&
    arrays.constructor === arrayConstructor &&
    arrays.every === arrayEvery &&
    arrays.fill === arrayFill &&
    arrays.filter === arrayFilter &&
    arrays.find === arrayFind &&
    arrays.findIndex === arrayFindIndex &&
    arrays.flat === arrayFlat &&
    arrays.flatMap === arrayFlatMap &&
    arrays.forEach === arrayForEach &&
    arrays.includes === arrayIncludes &&
    arrays.indexOf === arrayIndexOf &&
    arrays.join === arrayJoin &&
    arrays.map === arrayMap &&
    arrays.pop === arrayPop &&
    arrays.push === arrayPush &&
    arrays.reduce === arrayReduce &&
    arrays.slice === arraySlice &&
    arrays.some === arraySome &&
    arrays.splice === arraySplice &&
    arrays.toReversed === arrayToReversed &&
    arrays.toSpliced === arrayToSpliced &&
    arrays.values === arrayValues &&
    arrays.with === arrayWith &&
    texts.at === textAt &&
    texts.charCodeAt === textCharCodeAt &&
    texts.includes === textIncludes &&
    texts.indexOf === textIndexOf &&
    texts.lastIndexOf === textLastIndexOf &&
    texts.replace === textReplace &&
    texts.slice === textSlice &&
    texts.split === textSplit &&
    texts.startsWith === textStartsWith &&
    texts.trim === textTrim &&
    maps.clear === mapClear &&
    maps.delete === mapDelete &&
    maps.entries === mapEntries &&
    maps.forEach === mapForEach &&
    maps.get === mapGet &&
    maps.has === mapHas &&
    maps.set === mapSet &&
    maps.values === mapValues &&
    sets.add === setAdd &&
    sets.clear === setClear &&
    sets.delete === setDelete &&
    sets.forEach === setForEach &&
    sets.has === setHas &&
    sets.values === setValues &&
    weakMaps.delete === weakMapDelete &&
    weakMaps.get === weakMapGet &&
    weakMaps.has === weakMapHas &&
    weakMaps.set === weakMapSet &&
    weakSets.add === weakSetAdd &&
    weakSets.has === weakSetHas &&
    weakRefs.deref === weakRefDeref &&
    expressions.exec === expressionExec &&
    expressions.test === expressionTest &&
    bigints.toString === bigintToString &&
    views.getBigInt64 === viewGetBigInt64 &&
    views.getFloat64 === viewGetFloat64 &&
    views.getInt32 === viewGetInt32 &&
    views.getUint16 === viewGetUint16 &&
    views.getUint32 === viewGetUint32 &&
    views.getUint8 === viewGetUint8 &&
    views.setFloat64 === viewSetFloat64 &&
    views.setInt32 === viewSetInt32 &&
    views.setUint16 === viewSetUint16 &&
    views.setUint32 === viewSetUint32 &&
    octets.constructor === octetsConstructor &&
    octets.fill === bytesFill &&
    octets.set === bytesSet &&
    octets.slice === bytesSlice &&
    octets.subarray === bytesSubarray &&
    probe.length === 3 &&
    empty.length === 0 &&
    probe.byteLength === 3 &&
    allBytes[Symbol.species] === bytesSpecies &&
    arrays[Symbol.iterator] === arrayIterator &&
    maps[Symbol.iterator] === mapIterator &&
    sets[Symbol.iterator] === setIterator &&
    expressions[Symbol.replace] === replaceAll &&
    arrayIterators.next === arrayNext &&
    mapIterators.next === mapNext &&
    setIterators.next === setNext &&
    iterators[Symbol.iterator] === itself &&
    decoding?.decode === decodeText &&
    encoding?.encodeInto === encodeText
  )
}

function words(text: string): string[] {
  return text.split(" ")
}

/** The same as a list, for who has to find what was replaced. */
export const USED: readonly (readonly [home: object | undefined, keys: readonly PropertyKey[]])[] = [
  [
    root,
    words(
      "Array ArrayBuffer BigInt DataView Error Function Int32Array JSON Map Math Number Object Reflect RegExp Set String Symbol Uint16Array Uint8Array WeakMap WeakRef WeakSet",
    ),
  ],
  [
    object,
    words(
      "assign create defineProperties defineProperty entries freeze fromEntries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertySymbols getPrototypeOf hasOwn is isExtensible isFrozen keys preventExtensions seal setPrototypeOf values",
    ),
  ],
  [reflect, words("apply construct defineProperty get ownKeys preventExtensions setPrototypeOf")],
  [math, words("floor imul max min")],
  [number, words("isInteger isNaN isSafeInteger")],
  [string, words("fromCharCode")],
  [symbol, words("for keyFor")],
  [json, words("stringify")],
  [list, words("from isArray")],
  [buffer, words("isView")],
  [functions, words("apply call")],
  [objects, words("toString")],
  [
    arrays,
    words(
      "at concat constructor every fill filter find findIndex flat flatMap forEach includes indexOf join map pop push reduce slice some splice toReversed toSpliced values with",
    ),
  ],
  [texts, words("at charCodeAt includes indexOf lastIndexOf replace slice split startsWith trim")],
  [maps, words("clear delete entries forEach get has set values")],
  [sets, words("add clear delete forEach has values")],
  [weakMaps, words("delete get has set")],
  [weakSets, words("add has")],
  [weakRefs, words("deref")],
  [expressions, words("exec test")],
  [bigints, words("toString")],
  [
    views,
    words("getBigInt64 getFloat64 getInt32 getUint16 getUint32 getUint8 setFloat64 setInt32 setUint16 setUint32"),
  ],
  [octets, words("constructor")],
  ...[bytes, octets].map(home => [home, words("fill set slice subarray")] as const),
  ...[arrays, maps, sets, iterators].map(home => [home, [Symbol.iterator]] as const),
  ...[arrayIterators, mapIterators, setIterators].map(home => [home, ["next"]] as const),
  [expressions, [Symbol.replace]],
  ...[list, allBytes].map(home => [home, [Symbol.species]] as const),
  [decoding, ["decode"]],
  [encoding, ["encodeInto"]],
]

/** Accessors among it, in the same form: the others (`size` of a Map, `buffer` of a view) would cost as much as all the rest. */
export const ASKED: typeof USED = [bytes, octets].map(home => [home, words("byteLength length")] as const)
