import { isUtf8 } from 'node:buffer';
import { decodeUtf8 } from '../decode-utf8.ts';
import { isJsonObject, type JsonValue } from './json-value.ts';
import { parseJson } from './parse-json.ts';
import { ValueSkipper } from './skip-value.ts';

/**
 * Members whose values are never used, by name from the root of a document; `*` matches every member of an object
 * without an entry of its own.
 */
export interface UnreadMembers {
  readonly [name: string]: 'unread' | UnreadMembers;
}

/**
 * Parses the bytes of a JSON document by the rules of `decodeUtf8` and `parseJson`, with the same errors at the same
 * places. Existing unread members get the value `null`, or keep their value if that is faster: they must be valid too,
 * but no large values are built.
 */
export function parseJsonBytes(bytes: Uint8Array, file: string, unread: UnreadMembers): JsonValue {
  return parseShortened(bytes, file, unread) ?? parseJson(decodeUtf8(bytes, file), file);
}

/** The result of `parseJsonBytes` for a valid text; undefined if the whole text must be read. */
function parseShortened(bytes: Uint8Array, file: string, unread: UnreadMembers): JsonValue | undefined {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = isUtf8(whole) ? shortenedJson(whole, unread) : undefined;
  if (kept === undefined) return undefined;
  try {
    const value = parseJson(decodeUtf8(kept.bytes, file), file);
    return clear(value, unread) === kept.cuts.length ? value : undefined;
  } catch {
    // the position of a mistake is different in the whole text
    return undefined;
  }
}

/** Replaces the stand-ins of unread members by `null`; returns their number. */
function clear(value: JsonValue, members: UnreadMembers): number {
  if (!isJsonObject(value)) return 0;
  let count = 0;
  const object = value as Map<string, JsonValue>;
  for (const [name, below] of object) {
    const member = unreadMember(members, name);
    if (member === 'unread' && below === standInText) {
      object.set(name, null);
      count += 1;
    } else if (typeof member === 'object') count += clear(below, member);
  }
  return count;
}

/** The entry of `members` for a member of an object. */
export function unreadMember(members: UnreadMembers, name: string): 'unread' | UnreadMembers | undefined {
  return Object.hasOwn(members, name) ? members[name] : members['*'];
}

/**
 * Replaces an unread value. If a document itself contains this text, the number or the places of stand-ins do not
 * match.
 */
export const standInText = '\u0000unread';
const standIn = Buffer.from(JSON.stringify(standInText));

/** A text in which stand-ins replace values. */
interface ShortenedJson {
  readonly bytes: Buffer;
  /** The offset of each stand-in, and the number of bytes by which the replaced value is longer. */
  readonly cuts: readonly { readonly at: number; readonly removed: number }[];
}

/**
 * Replaces by a stand-in the value of each member with the name of an unread one, at any place: the caller checks the
 * places. Undefined if there is no such member, or if a value may have a mistake.
 */
export function shortenedJson(bytes: Buffer, members: UnreadMembers): ShortenedJson | undefined {
  const names = [...depthOfNames(members)].map(([name, depth]) => ({
    quoted: Buffer.from(JSON.stringify(name)),
    depth,
  }));
  const skipper = new ValueSkipper(bytes);
  const parts: Uint8Array[] = [];
  const cuts: { at: number; removed: number }[] = [];
  let removed = 0;
  let kept = 0;
  for (let next = nextName(bytes, names, 0); next; next = nextName(bytes, names, kept)) {
    const colon = skipper.afterBlanks(next.at + next.name.quoted.length);
    if (bytes[colon] !== 0x3a) return undefined;
    const end = skipper.skip(colon + 1, next.name.depth);
    if (end < 0) return undefined;
    parts.push(bytes.subarray(kept, colon + 1), standIn);
    cuts.push({ at: colon + 1 - removed, removed: end - (colon + 1) - standIn.length });
    removed += end - (colon + 1) - standIn.length;
    kept = end;
  }
  if (parts.length === 0) return undefined;
  return { bytes: Buffer.concat([...parts, bytes.subarray(kept)]), cuts };
}

/** The names of unread members, each with the number of objects around its value. */
function depthOfNames(members: UnreadMembers, depth = 1): Map<string, number> {
  const depths = new Map<string, number>();
  const add = (name: string, found: number) => depths.set(name, Math.max(found, depths.get(name) ?? 0));
  for (const [name, member] of Object.entries(members))
    if (member === 'unread') add(name, depth);
    else for (const [below, found] of depthOfNames(member, depth + 1)) add(below, found);
  return depths;
}

/** The quoted name of an unread member, and the number of objects around its value. */
interface UnreadName {
  readonly quoted: Buffer;
  readonly depth: number;
}

/**
 * The number of bytes searched for names at a time. Searched bytes are not skipped, so the number is smaller than most
 * unread values.
 */
const searched = 4096;

/** The first of the names in a text from an offset on, and its offset. */
function nextName(bytes: Buffer, names: readonly UnreadName[], from: number) {
  const longest = Math.max(...names.map(({ quoted }) => quoted.length));
  for (let start = from; start < bytes.length; start += searched) {
    const part = bytes.subarray(start, start + searched + longest);
    let found: { readonly name: UnreadName; readonly at: number } | undefined;
    for (const name of names) {
      const at = part.indexOf(name.quoted);
      if (at >= 0 && (found === undefined || start + at < found.at)) found = { name, at: start + at };
    }
    if (found) return found;
  }
  return undefined;
}
