import { nestingLimit } from './parse-json.ts';

/** The kinds of bytes, by what they may begin. */
const kind = {
  other: 0,
  blank: 1,
  quote: 2,
  openObject: 3,
  openArray: 4,
  closeObject: 5,
  closeArray: 6,
  comma: 7,
  colon: 8,
  scalar: 9,
} as const;
const kinds = 10;

/** The states, by what may come next. From `valuePassed` on, a value has ended. */
const state = {
  mistake: 0,
  value: 1,
  valueOrEnd: 2,
  name: 3,
  nameOrEnd: 4,
  afterMember: 5,
  afterElement: 6,
  colon: 7,
  namePassed: 8,
  valuePassed: 9,
  containerPassed: 10,
} as const;

const kindOf = new Uint8Array(256);
for (const [text, each] of [
  [' \n\r\t', kind.blank],
  ['"', kind.quote],
  ['{', kind.openObject],
  ['[', kind.openArray],
  ['}', kind.closeObject],
  [']', kind.closeArray],
  [',', kind.comma],
  [':', kind.colon],
  ['-0123456789tfn', kind.scalar],
] as const)
  for (const byte of Buffer.from(text)) kindOf[byte] = each;

/** The grammar of JSON: the next state, by the state and the kind of the next byte. */
const grammar = new Uint8Array(8 * kinds);
for (const [from, byte, to] of [
  [state.value, kind.quote, state.valuePassed],
  [state.value, kind.scalar, state.valuePassed],
  [state.value, kind.openObject, state.nameOrEnd],
  [state.value, kind.openArray, state.valueOrEnd],
  [state.valueOrEnd, kind.quote, state.valuePassed],
  [state.valueOrEnd, kind.scalar, state.valuePassed],
  [state.valueOrEnd, kind.openObject, state.nameOrEnd],
  [state.valueOrEnd, kind.openArray, state.valueOrEnd],
  [state.valueOrEnd, kind.closeArray, state.containerPassed],
  [state.name, kind.quote, state.namePassed],
  [state.nameOrEnd, kind.quote, state.namePassed],
  [state.nameOrEnd, kind.closeObject, state.containerPassed],
  [state.colon, kind.colon, state.value],
  [state.afterMember, kind.comma, state.name],
  [state.afterMember, kind.closeObject, state.containerPassed],
  [state.afterElement, kind.comma, state.value],
  [state.afterElement, kind.closeArray, state.containerPassed],
] as const)
  grammar[from * kinds + byte] = to;

const fourSpaces = 0x20202020;

/** The bytes of a text, and the same bytes as aligned words of four, from the first aligned byte on. */
interface Bytes {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly firstWord: number;
}

function bytesOf(bytes: Uint8Array): Bytes {
  const firstWord = (4 - (bytes.byteOffset % 4)) % 4;
  const count = Math.max(0, bytes.length - firstWord) >> 2;
  const words = count === 0 ? new Int32Array(0) : new Int32Array(bytes.buffer, bytes.byteOffset + firstWord, count);
  return { bytes, words, firstWord };
}

/** The offset of the first non-blank byte. In texts with one member per line, half of all bytes are blanks. */
function afterBlanks(bytes: Uint8Array, words: Int32Array, firstWord: number, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === 0x0a) {
      at += 1;
      while (((at - firstWord) & 3) !== 0 && bytes[at] === 0x20) at += 1;
      if (((at - firstWord) & 3) === 0 && at >= firstWord) {
        let word = (at - firstWord) >> 2;
        while (words[word] === fourSpaces) word += 1;
        at = firstWord + (word << 2);
      }
    } else if (byte === 0x20 || byte === 0x0d || byte === 0x09) at += 1;
    else return at;
  }
}

/** The offset of the closing quote of a string; -1 for a mistake. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start; ; at += 1) {
    const byte = bytes[at];
    if (byte === 0x22) return at;
    if (byte === 0x5c) {
      at = endOfEscape(bytes, at) - 1;
      if (at < 0) return -1;
    } else if (byte === undefined || byte < 0x20) return -1;
  }
}

/**
 * The offset of the closing quote of a name; stores the hash of the name. -1 for a mistake or an escape, because two
 * names with different escapes may be equal.
 */
function endOfName(bytes: Uint8Array, start: number, hashes: Int32Array, index: number): number {
  let hash = 0;
  for (let at = start; ; at += 1) {
    const byte = bytes[at];
    if (byte === 0x22) {
      hashes[index] = hash;
      return at;
    }
    if (byte === undefined || byte === 0x5c || byte < 0x20) return -1;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
}

const simpleEscapes = new Set(Buffer.from('"\\/bfnrt'));

/** The offset after an escape that is not half of a surrogate pair; -1 for a mistake. */
function endOfEscape(bytes: Uint8Array, at: number): number {
  if (simpleEscapes.has(bytes[at + 1] ?? 0)) return at + 2;
  const text = String.fromCharCode(...bytes.subarray(at, at + 6));
  return /^\\u(?:[0-9a-ce-f][0-9a-f]{3}|d[0-7][0-9a-f]{2})$/i.test(text) ? at + 6 : -1;
}

const scalar = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)$/;
const isTrue = (bytes: Uint8Array, at: number) =>
  bytes[at] === 0x74 && bytes[at + 1] === 0x72 && bytes[at + 2] === 0x75 && bytes[at + 3] === 0x65;

/** The offset after a word or a number; -1 for a mistake. */
function endOfScalar(bytes: Uint8Array, start: number): number {
  let end = start + 1;
  let isDigits = kindOf[bytes[start] ?? 0] === kind.scalar;
  for (; ; end += 1) {
    const byte = bytes[end];
    if (byte === undefined) return -1;
    const next = kindOf[byte];
    if (next === kind.blank || next === kind.comma || next === kind.closeObject || next === kind.closeArray) break;
    isDigits &&= byte >= 0x30 && byte <= 0x39;
  }
  const first = bytes[start] ?? 0;
  if (isDigits && first > 0x30 && first <= 0x39) return end;
  if (end === start + 4 && isTrue(bytes, start)) return end;
  return scalar.test(String.fromCharCode(...bytes.subarray(start, end))) ? end : -1;
}

/** Whether two of the names with these hashes may be equal. */
function mayRepeat(hashes: Int32Array, first: number, end: number): boolean {
  if (end - first <= 8) {
    for (let index = first + 1; index < end; index += 1)
      for (let other = first; other < index; other += 1) if (hashes[index] === hashes[other]) return true;
    return false;
  }
  const sorted = hashes.subarray(first, end).sort();
  for (let index = 1; index < sorted.length; index += 1) if (sorted[index] === sorted[index - 1]) return true;
  return false;
}

/** Skips values of a JSON text by the rules of `parseJson`, without building them. */
export class ValueSkipper {
  private readonly bytes: Bytes;
  private readonly expectedAfter = new Uint8Array(nestingLimit + 1);
  /** Hashes of the names in the objects around the current place, and the index of the first hash of each object. */
  private hashes = new Int32Array(1024);
  private readonly firstHash = new Uint32Array(nestingLimit + 1);

  constructor(bytes: Uint8Array) {
    this.bytes = bytesOf(bytes);
  }

  /** The offset of the first non-blank byte from `start` on. */
  afterBlanks(start: number): number {
    const { bytes, words, firstWord } = this.bytes;
    return afterBlanks(bytes, words, firstWord, start);
  }

  /**
   * The offset after an object or array that begins at `start`, inside `depth` others; -1 if it has a mistake, or may
   * have one.
   */
  skip(start: number, depth: number): number {
    const { bytes, words, firstWord } = this.bytes;
    const { expectedAfter, firstHash } = this;
    let { hashes } = this;
    let hashCount = 0;
    let level = depth;
    let expected: number = state.value;
    for (let at = start; ; at += 1) {
      at = afterBlanks(bytes, words, firstWord, at);
      const byte = kindOf[bytes[at] ?? 0] as number;
      const next = grammar[expected * kinds + byte] as number;
      if (next === state.namePassed) {
        if (hashCount === hashes.length) hashes = this.moreHashes();
        at = endOfName(bytes, at + 1, hashes, hashCount);
        if (at < 0) return -1;
        hashCount += 1;
        expected = state.colon;
        continue;
      }
      if (next === state.mistake) return -1;
      if (next < state.namePassed) {
        if (byte === kind.openObject || byte === kind.openArray) {
          level += 1;
          if (level > nestingLimit) return -1;
          expectedAfter[level] = byte === kind.openObject ? state.afterMember : state.afterElement;
          firstHash[level] = hashCount;
        }
        expected = next;
        continue;
      }
      if (next === state.containerPassed) {
        const first = firstHash[level] as number;
        if (hashCount - first > 1 && mayRepeat(hashes, first, hashCount)) return -1;
        hashCount = first;
        level -= 1;
        if (level === depth) return at + 1;
      } else {
        at = byte === kind.quote ? endOfString(bytes, at + 1) : endOfScalar(bytes, at) - 1;
        if (at < 0) return -1;
        if (level === depth) return at + 1;
      }
      expected = expectedAfter[level] as number;
    }
  }

  private moreHashes(): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(2 * this.hashes.length);
    larger.set(this.hashes);
    this.hashes = larger;
    return larger;
  }
}
