import { dialectRules } from '@dms/sql';
import { sha256Hex } from '@dms/values';

/**
 * One name of several parts: each part is appended without its longest beginning that the text already ends with
 * (design 19 §4). `School` and `SchoolCategory` are `SchoolCategory`.
 */
export function collapsed(parts: readonly string[]): string {
  return parts.reduce((text, part) => {
    const last = text.at(-1);
    let length = Math.min(text.length, part.length);
    while (length > 0 && !(part[length - 1] === last && text.endsWith(part.slice(0, length)))) length -= 1;
    return text + part.slice(length);
  }, '');
}

const { pgsql } = dialectRules;
const hashDigits = 6;

/** The name in PostgreSQL: a long one is cut, and ends in the hash of all its parts (design 19 §4). */
export function pgsqlNameOf(name: string, parts: readonly string[]): string {
  if (pgsql.identifierLength(name) <= pgsql.identifierLimit) return name;
  const kept = pgsql.identifierPrefix(name, pgsql.identifierLimit - hashDigits - 1);
  return `${kept}_${sha256Hex(parts.join('')).slice(0, hashDigits)}`;
}

/** The words that `plural` may be the plural of, itself first. Design 19 §2.1. */
export function singulars(plural: string): readonly string[] {
  const endings = [
    ['ies', 'y'],
    ['es', ''],
    ['s', ''],
    ['ses', 'sis'],
    ['a', 'um'],
  ] as const;
  const found = endings.flatMap(([ending, replacement]) =>
    plural.endsWith(ending) && plural.length > ending.length ? [plural.slice(0, -ending.length) + replacement] : [],
  );
  return [plural, ...found];
}

/** The length of the common ending of two names, in any letter case. */
export function commonEnding(a: string, b: string): number {
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  let length = 0;
  while (length < left.length && length < right.length && left.at(-1 - length) === right.at(-1 - length)) length += 1;
  return length;
}

/** `name` without `ending`, in any letter case; undefined if it does not end so. */
export function withoutEnding(name: string, ending: string): string | undefined {
  return name.toLowerCase().endsWith(ending.toLowerCase()) ? name.slice(0, name.length - ending.length) : undefined;
}
