/*
 * Damages files as an adversary or a broken disk would: in their bytes, in the members of their JSON, in their names.
 */

/** Names that have misled programs: separators, quotes, control and bidirectional characters, reserved words. */
export const hostileNames: readonly string[] = [
  ...['', ' ', '.', '..', '../../x', '..\\..\\x', '/etc/x', 'C:\\x', 'a/b', 'a\\b', '~', 'a:b', 'con', 'a\u0000b'],
  ...[
    "'",
    '"',
    '`',
    ']',
    '[',
    "';--",
    '"";',
    '$(x)',
    '$$',
    '%s',
    '<script>',
    '{{x}}',
    '*',
    '?',
    '|',
    'a|b',
    '#',
    '&amp;',
  ],
  ...[
    'a\nb',
    'a\rb',
    '\t',
    '\u001b[2J',
    '\u0085',
    '\u2028',
    '\u202eabc',
    '\u2067',
    '\ufeffa',
    '\u200b',
    '\u00ad',
    'a\u0301',
    '\ud800',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'prototype',
    'null',
    'undefined',
    'NaN',
    '0',
    '-1',
    '1e999',
  ],
  ...[
    'select',
    'Table',
    'GO',
    'dms',
    'sys',
    'public',
    'DocumentId',
    'Ordinal',
    'ContentVersion',
    '_ext',
    '$',
    '$.a[*]',
    '$..a',
    '[*]',
  ],
  ...['Straße', 'ＳＴＲＡＳＳＥ', '日本', '😀', 'İ', 'x'.repeat(200), '日'.repeat(200), `${'a.'.repeat(100)}b`],
];

/** Values of kinds other than that of the replaced value. */
const strangeValues: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2147483648, 2 ** 53, -0],
  ...[[], {}, [[]], [null], { a: 1 }, [{}], ['x'], Array.from({ length: 40 }, (_, index) => index)],
];

type Random = () => number;

const below = (random: Random, count: number) => Math.min(count - 1, Math.floor(random() * count));
const oneOf = <Item>(random: Random, items: readonly Item[]): Item => items[below(random, items.length)] as Item;

/** Flips, inserts, removes, repeats or cuts bytes, a few times. */
export function damagedBytes(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let left = 1 + below(random, 4); left > 0; left -= 1) {
    const at = below(random, result.length + 1);
    const end = Math.min(result.length, at + 1 + below(random, 40));
    const before = result.subarray(0, at);
    const part = result.subarray(at, end);
    const after = result.subarray(end);
    switch (below(random, 6)) {
      case 0:
        result = Buffer.concat([
          before,
          Buffer.from([below(random, 256)]),
          result.subarray(Math.min(result.length, at + 1)),
        ]);
        break;
      case 1:
        result = Buffer.concat([before, Buffer.from(oneOf(random, hostileNames)), result.subarray(at)]);
        break;
      case 2:
        result = Buffer.concat([before, after]);
        break;
      case 3:
        result = Buffer.concat([before, part, part, after]);
        break;
      case 4:
        result = Buffer.concat([
          before,
          Buffer.from(oneOf(random, ['{', '}', '[', ']', '"', ',', ':', '0', '-', '\\u'])),
          result.subarray(at),
        ]);
        break;
      default:
        result = random() < 0.2 ? before : Buffer.concat([after, before]);
    }
  }
  return result;
}

/** A place in a JSON value: an object or an array, and the name or index of a value in it. */
interface Place {
  readonly owner: Record<string, unknown> | unknown[];
  readonly key: string;
}

function placesIn(root: unknown): Place[] {
  const places: Place[] = [];
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      places.push({ owner: value as Place['owner'], key });
      open.push(inner);
    }
  }
  return places;
}

function setMember(owner: Place['owner'], key: string, value: unknown): void {
  // an assignment would change the prototype
  Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Renames a member of an object, and keeps its position. */
function renameMember(owner: Record<string, unknown>, key: string, name: string): void {
  const entries = Object.entries(owner);
  for (const [each] of entries) delete owner[each];
  for (const [each, value] of entries) setMember(owner, each === key ? name : each, value);
}

/** Replaces, removes, renames or repeats one to three members, or a name wherever it occurs. */
export function damagedMembers(text: string, random: Random): string {
  if (random() < 0.25) {
    // a change of a name everywhere has more effect than a single change
    const names = [...text.matchAll(/"([A-Za-z][\w.$[\]* -]*)"/g)].map(([, name]) => name ?? '');
    const name = oneOf(random, names);
    if (name !== undefined) return text.split(JSON.stringify(name)).join(JSON.stringify(oneOf(random, hostileNames)));
  }
  const root: unknown = JSON.parse(text);
  for (let left = 1 + below(random, 3); left > 0; left -= 1) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const { owner, key } = oneOf(random, places);
    const other = oneOf(random, places);
    switch (below(random, 6)) {
      case 0:
        setMember(owner, key, structuredClone(oneOf(random, strangeValues)));
        break;
      case 1:
        setMember(owner, key, oneOf(random, hostileNames));
        break;
      case 2:
        if (Array.isArray(owner)) owner.splice(Number(key), 1);
        else delete owner[key];
        break;
      case 3:
        if (Array.isArray(owner)) owner.push(structuredClone(owner[Number(key)]));
        else renameMember(owner, key, oneOf(random, hostileNames));
        break;
      case 4:
        setMember(owner, key, structuredClone((other.owner as Record<string, unknown>)[other.key]));
        break;
      default:
        if (Array.isArray(owner)) owner.reverse();
        else renameMember(owner, key, other.key);
    }
  }
  return JSON.stringify(root, null, 1);
}

/** The replacements of a member: nothing, or a value of another kind. */
const replacements = [
  ['without', undefined],
  ['null', null],
  ['a text', 'x'],
  ['a number', 7],
  ['an object', {}],
  ['an array', []],
] as const;

/**
 * Changes members of a JSON text, one at a time: removes it, or replaces it by a value of another kind. Yields about
 * `count` of all these changes, evenly distributed over the text.
 */
export function* memberByMember(
  text: string,
  count: number,
): Generator<{ readonly what: string; readonly text: string }> {
  const all = placesIn(JSON.parse(text)).length * replacements.length;
  const step = Math.max(1, all / count);
  for (let next = 0; Math.floor(next) < all; next += step) {
    const at = Math.floor(next);
    const [name, value] = replacements[at % replacements.length] ?? replacements[0];
    const root: unknown = JSON.parse(text);
    const place = placesIn(root)[Math.floor(at / replacements.length)];
    if (!place) continue;
    const { owner, key } = place;
    if (value !== undefined) setMember(owner, key, value);
    else if (Array.isArray(owner)) owner.splice(Number(key), 1);
    else delete owner[key];
    yield { what: `${key} ${name}`, text: JSON.stringify(root) };
  }
}
