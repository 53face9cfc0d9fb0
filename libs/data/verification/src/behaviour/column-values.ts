import { dialectFacts } from '@dms/catalog';
import { valueKinds } from '@dms/documents';
import type { ScalarType } from '@dms/model';
import { infiniteEnds } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';

/** The separator of the parts of a hashed name, a no-break space, two spaces, a character beyond 16 bits. */
const rareLetters = ['#', '\u00a0', '  ', '\u{1F3EB}'] as const;

/**
 * Letters that a copy or a hash could lose: both cases, an accent, a combining mark, blanks, a point, and the rare
 * ones. The longest form that fits is taken.
 */
const textsAround: readonly ((text: string) => string)[] = [
  (text) => `Ab e\u0301 éZ.${rareLetters.join('')}${text} `,
  (text) => `Ab e\u0301 éZ. ${text} `,
];

/** Texts of at most `maxLength` letters that together contain all rare letters. */
function rareTexts(maxLength: number): readonly string[] {
  const found: string[] = [];
  for (const letters of rareLetters) {
    const last = found.at(-1);
    if (last !== undefined && last.length + letters.length <= maxLength) found[found.length - 1] = last + letters;
    else if (letters.length <= maxLength) found.push(letters);
  }
  return found;
}

/** No world needs as many values as this count. */
const longestCount = 'zzzz';

/** Whether texts of at most `maxLength` letters have room for the rare letters, as the texts of rows do. */
const hasRoom = (maxLength: number) => textsAround.every((around) => around(longestCount).length <= maxLength);

/** Gives a different value for each request, in the same order in every run (design 09b §2.3). */
export class WorldValues {
  private last: number;
  private readonly isLongest: boolean;

  /** `isLongest`: texts outside of keys are as long as their columns allow. */
  constructor(last = 0, isLongest = false) {
    this.last = last;
    this.isLongest = isLongest;
  }

  /** The position of rows below a root, which differs between worlds. */
  get position(): string {
    return this.isLongest ? '1' : '0';
  }

  /** A value for a column that is in no key. */
  nextFree(type: ScalarType): string {
    // without the rare letters: engines differ in how they count a character beyond 16 bits
    const value = this.next(type, textsAround.slice(-1));
    return this.isLongest && type.kind === 'String' ? value.padStart(type.maxLength ?? 0, '0') : value;
  }

  next(type: ScalarType, forms = textsAround): string {
    this.last += 1;
    const { tried } = valueKinds[type.kind];
    if (tried !== null) return tried.nth(this.last, type);
    const { maxLength } = type;
    const text = this.last.toString(36);
    const long = forms.map((around) => around(text));
    return long.find(({ length }) => maxLength === null || length <= maxLength) ?? text.slice(-(maxLength ?? 0));
  }
}

/*
 * Values that differ as little as values of a type can: a body that compares or copies only a part of a value confuses
 * one with the next.
 */

/** Columns of SQL Server ignore case and trailing blanks when they compare texts, so such texts are one value there. */
export const comparesWholeTexts = (dialect: SqlDialect): boolean => !dialectFacts[dialect].collationsDecideEquality;

const plainType = { maxLength: null, decimal: null } as const;

export const dateType: ScalarType = { ...plainType, kind: 'Date' };

export const textType = (maxLength: number): ScalarType => ({ ...plainType, kind: 'String', maxLength });

/** The type of versions and of ids. */
const numberType: ScalarType = { ...plainType, kind: 'Int64' };

/** Texts that differ only in the last letter, as long as the column allows. */
function longTexts(length: number): readonly string[] {
  const same = 'n'.repeat(length - 1);
  return [`${same}a`, `${same}b`];
}

/** The number of letters of a tried text whose column has no limit. */
const longLength = 200;

function textsOf(maxLength: number | null, dialect: SqlDialect): readonly string[] {
  const length = maxLength ?? longLength;
  const isWhole = comparesWholeTexts(dialect);
  const ofCase = isWhole ? ['X', 'x', 'x ', ' x', 'x', 'e\u0301'] : [];
  // blank and point alone, if the column is too short for a letter before them
  const alone = length > 2 ? [] : isWhole ? [' ', '', '.', ''] : ['.', ''];
  // one letter that is written in two ways, if the column is too short for a combining mark
  const ring = length === 1 && isWhole ? ['\u212b', '\u00c5'] : [];
  // with a combining mark, with an accent, and without; then a difference behind a point
  const values = ['', ...alone, 'x', ...ofCase, ...ring, 'é', 'e', 'e.1', 'e.2', ...longTexts(length)].filter(
    (value) => value.length <= length,
  );
  return values.filter((value, index) => value !== values[index - 1]);
}

const othersOf = (type: ScalarType, dialect: SqlDialect): readonly string[] =>
  valueKinds[type.kind].tried?.near(type) ?? textsOf(type.maxLength, dialect);

/** Texts that a hash could confuse with others; none if the texts of rows have room for such letters themselves. */
export const rareValues = ({ kind, maxLength }: ScalarType): readonly string[] =>
  kind === 'String' && maxLength !== null && !hasRoom(maxLength) ? rareTexts(maxLength) : [];

/** Infinite moments, before and after all others; none if the columns of the dialect cannot hold them. */
export function infiniteValues({ kind }: ScalarType, dialect: SqlDialect): readonly string[] {
  return infiniteEnds[dialect][kind] === undefined ? [] : ['-infinity', 'infinity'];
}

/**
 * Values of a type, each close to the one before: NULL and the empty value, letter case, sign, digits behind the
 * decimal point, the last of many letters, days of a month, seconds.
 */
export const nearValues = (type: ScalarType, isNullable: boolean, dialect: SqlDialect): readonly (string | null)[] => [
  ...(isNullable ? [null] : []),
  ...othersOf(type, dialect),
];

/** Versions, each near the one before. */
export const nearVersions = (dialect: SqlDialect): readonly string[] => othersOf(numberType, dialect);

/** Ids of rows, each near the one before and far from the ids of all existing rows. */
export const nearIds: readonly string[] = ['1000000000000000', '1000000000000001', '-1000000000000001'];

/** Positions in a list, each near the one before. */
export const nearPositions: readonly string[] = ['2', '1', '0', '1', '10', '11'];

const shownLength = 20;

const shown = (value: string | null | undefined) =>
  value == null ? 'NULL' : JSON.stringify(value.length > shownLength ? `…${value.slice(-shownLength)}` : value);

/** The expected effect of a step of `nearValues`, as text. */
export const nearText = (values: readonly (string | null)[], index: number) =>
  `a new version for ${shown(values[index])} after ${shown(values[index - 1])}`;
