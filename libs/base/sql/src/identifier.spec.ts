import { createHash } from 'node:crypto';
import { failureOf, hasSharedData, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnList, dialectRules, dialects, limitIdentifier, qualifiedName, type SqlDialect } from './index.ts';

const { pgsql, mssql } = dialectRules;
const suffixOf = (hashInput: string) => `_${createHash('sha256').update(hashInput, 'utf8').digest('hex').slice(0, 10)}`;
const bytes = (text: string) => Buffer.byteLength(text, 'utf8');
const quoting: { identifier: string; pgsql: string; mssql: string }[] = [
  { identifier: 'School', pgsql: '"School"', mssql: '[School]' },
  { identifier: 'lower', pgsql: '"lower"', mssql: '[lower]' },
  { identifier: 'a"b', pgsql: '"a""b"', mssql: '[a"b]' },
  { identifier: '"', pgsql: '""""', mssql: '["]' },
  { identifier: '""', pgsql: '""""""', mssql: '[""]' },
  { identifier: 'a]b', pgsql: '"a]b"', mssql: '[a]]b]' },
  { identifier: ']]', pgsql: '"]]"', mssql: '[]]]]]' },
  { identifier: 'a[b', pgsql: '"a[b"', mssql: '[a[b]' },
  { identifier: "O'Brien", pgsql: '"O\'Brien"', mssql: "[O'Brien]" },
  { identifier: 'a\\b $& c', pgsql: '"a\\b $& c"', mssql: '[a\\b $& c]' },
  { identifier: 'Ähre 😀', pgsql: '"Ähre 😀"', mssql: '[Ähre 😀]' },
];

describe('the dialects', () => {
  it('are pgsql and mssql, each with its own rules', () => {
    expect(dialects).toEqual(['pgsql', 'mssql']);
    for (const dialect of dialects) expect(dialectRules[dialect].name).toBe(dialect);
  });

  it('limit identifiers to 63 bytes of UTF-8 and to 128 UTF-16 code units', () => {
    expect([pgsql.identifierLimit, mssql.identifierLimit]).toEqual([63, 128]);
    expect([pgsql.identifierLength('aé漢😀'), mssql.identifierLength('aé漢😀')]).toEqual([
      1 + 2 + 3 + 4,
      1 + 1 + 1 + 2,
    ]);
  });
});

describe('an identifier within the limit stays as it is', () => {
  it.each<[SqlDialect, string, string]>([
    ['pgsql', 'the empty one', ''],
    ['pgsql', '63 letters', 'a'.repeat(63)],
    ['pgsql', '31 letters of two bytes and one more', `${'é'.repeat(31)}a`],
    ['pgsql', '21 letters of three bytes', '漢'.repeat(21)],
    ['pgsql', '15 characters of four bytes and three letters', `${'😀'.repeat(15)}abc`],
    ['mssql', '128 letters', 'a'.repeat(128)],
    ['mssql', '128 letters of two bytes', 'é'.repeat(128)],
    ['mssql', '64 characters of two code units', '😀'.repeat(64)],
  ])('%s: %s', (dialect, _name, identifier) => {
    expect(limitIdentifier(dialectRules[dialect], identifier)).toBe(identifier);
    expect(limitIdentifier(dialectRules[dialect], identifier, () => 'another text to hash')).toBe(identifier);
  });
});

describe('an identifier over the limit is its beginning, "_" and ten hex digits of the hash', () => {
  it.each<[SqlDialect, string, string, string]>([
    ['pgsql', '64 letters', 'a'.repeat(64), 'a'.repeat(52)],
    ['pgsql', '32 letters of two bytes', 'é'.repeat(32), 'é'.repeat(26)],
    ['pgsql', '22 letters of three bytes', '漢'.repeat(22), '漢'.repeat(17)],
    ['pgsql', '16 characters of four bytes', '😀'.repeat(16), '😀'.repeat(13)],
    [
      'pgsql',
      'a letter of two bytes that ends at byte 52',
      `${'a'.repeat(50)}é${'b'.repeat(20)}`,
      `${'a'.repeat(50)}é`,
    ],
    ['pgsql', 'a letter of two bytes across the cut', `${'a'.repeat(51)}é${'b'.repeat(20)}`, 'a'.repeat(51)],
    ['pgsql', 'a letter of three bytes across the cut', `${'a'.repeat(50)}漢${'b'.repeat(20)}`, 'a'.repeat(50)],
    ['pgsql', 'an emoji across the cut', `${'a'.repeat(49)}😀${'b'.repeat(20)}`, 'a'.repeat(49)],
    [
      'pgsql',
      'an emoji across the cut, after which a shorter letter would fit',
      `${'a'.repeat(51)}😀b${'c'.repeat(20)}`,
      'a'.repeat(51),
    ],
    ['pgsql', 'an emoji that ends at byte 52', `${'a'.repeat(48)}😀${'b'.repeat(20)}`, `${'a'.repeat(48)}😀`],
    ['pgsql', 'an underscore before the cut', `${'a'.repeat(51)}_${'b'.repeat(20)}`, `${'a'.repeat(51)}_`],
    ['mssql', '129 letters', 'a'.repeat(129), 'a'.repeat(117)],
    ['mssql', '129 letters of two bytes', 'é'.repeat(129), 'é'.repeat(117)],
    ['mssql', '65 characters of two code units, one of which is cut', '😀'.repeat(65), `${'😀'.repeat(58)}\ud83d`],
    ['mssql', 'an emoji that ends at unit 117', `${'a'.repeat(115)}😀${'b'.repeat(20)}`, `${'a'.repeat(115)}😀`],
    ['mssql', 'an underscore before the cut', `${'a'.repeat(116)}_${'b'.repeat(20)}`, `${'a'.repeat(116)}_`],
  ])('%s: %s', (dialect, _name, identifier, prefix) => {
    const rules = dialectRules[dialect];
    const limited = limitIdentifier(rules, identifier);
    expect(limited).toBe(prefix + suffixOf(identifier));
    expect(rules.identifierLength(limited)).toBeLessThanOrEqual(rules.identifierLimit);
  });

  it.each<[SqlDialect, string, string]>([
    [
      'pgsql',
      'ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgreSQLAtSixtyThree',
      'ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgre_026b941dbf',
    ],
    [
      'pgsql',
      'ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgreSQLAtSixtyThreeX',
      'ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgre_e2f35e760a',
    ],
    [
      'mssql',
      'ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgreSQLAtSixtyThreeX',
      'ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgreSQLAtSixtyThreeX',
    ],
  ])('as the rules show, %s: %s', (dialect, identifier, limited) => {
    expect(limitIdentifier(dialectRules[dialect], identifier)).toBe(limited);
  });

  it('hashes the text that the caller gives, as for a constraint its signature', () => {
    const name = 'CK_AssessmentAdministration_AssigningEducationOrganization_AllNone';
    const signature =
      'AllOrNone|edfi.AssessmentAdministration|AssigningEducationOrganization_DocumentId|AssigningEducationOrganization_EducationOrganizationId';
    expect(limitIdentifier(pgsql, name, () => signature)).toBe(
      'CK_AssessmentAdministration_AssigningEducationOrgani_1b1cc259b6',
    );
    expect(limitIdentifier(mssql, name, () => signature)).toBe(name);
  });

  it('keeps names apart that begin alike, and signatures of one name', () => {
    const start = 'a'.repeat(80);
    expect(limitIdentifier(pgsql, `${start}1`)).not.toBe(limitIdentifier(pgsql, `${start}2`));
    expect(limitIdentifier(pgsql, start, () => 'one')).not.toBe(limitIdentifier(pgsql, start, () => 'two'));
  });

  it('is left alone when it passes the rule again', () => {
    for (const rules of [pgsql, mssql]) {
      for (const identifier of ['a'.repeat(200), 'é'.repeat(200), `a${'😀'.repeat(100)}`, `${'_'.repeat(200)}`]) {
        const once = limitIdentifier(rules, identifier, () => 'signature');
        expect(limitIdentifier(rules, once)).toBe(once);
        expect(limitIdentifier(rules, once, () => 'signature')).toBe(once);
      }
    }
  });

  it('has in mssql always 128 code units, in pgsql at most 63 bytes', () => {
    for (let length = 1; length < 80; length += 1) {
      for (const character of ['a', 'é', '漢', '😀']) {
        const identifier = `x${character.repeat(length * 2)}`;
        if (identifier.length > 128) expect(limitIdentifier(mssql, identifier)).toHaveLength(128);
        expect(bytes(limitIdentifier(pgsql, identifier))).toBeLessThanOrEqual(63);
        expect(limitIdentifier(pgsql, identifier).isWellFormed()).toBe(true);
      }
    }
  });
});

describe('an identifier in SQL is always quoted', () => {
  it.each(quoting)('$identifier is $pgsql and $mssql', (expected) => {
    expect(pgsql.quote(expected.identifier)).toBe(expected.pgsql);
    expect(mssql.quote(expected.identifier)).toBe(expected.mssql);
  });

  it('and so is each part of a qualified name', () => {
    expect(qualifiedName(pgsql, { schema: 'edfi', name: 'School' })).toBe('"edfi"."School"');
    expect(qualifiedName(mssql, { schema: 'edfi', name: 'School' })).toBe('[edfi].[School]');
    expect(qualifiedName(pgsql, { schema: 'a.b', name: 'c"d' })).toBe('"a.b"."c""d"');
    expect(qualifiedName(mssql, { schema: 'a.b', name: 'c]d' })).toBe('[a.b].[c]]d]');
  });

  it('and so is each column of a list, in the given order, joined by comma and blank', () => {
    expect(columnList(pgsql, ['B', 'A', 'c"d'])).toBe('"B", "A", "c""d"');
    expect(columnList(mssql, ['B', 'A', 'c]d'])).toBe('[B], [A], [c]]d]');
    expect(columnList(pgsql, ['A'])).toBe('"A"');
    expect(columnList(pgsql, [])).toBe('');
  });
});

describe('an identifier that no engine would take as it is', () => {
  it.each<[SqlDialect, string, string, string]>([
    ['pgsql', 'NUL', 'a\0b', 'NUL'],
    ['mssql', 'NUL', 'a\0b', 'NUL'],
    ['pgsql', 'a high surrogate alone', 'a\ud83d', 'surrogate'],
    ['mssql', 'a high surrogate alone', 'a\ud83d', 'surrogate'],
    ['pgsql', 'a low surrogate alone', '\ude00b', 'surrogate'],
    ['mssql', 'surrogates in the wrong order', '\ude00\ud83d', 'surrogate'],
    ['pgsql', '64 letters, which the server would cut', 'a'.repeat(64), '64 units long, at most 63'],
    ['pgsql', '32 letters of two bytes', 'é'.repeat(32), '64 units long, at most 63'],
    ['mssql', '129 letters', 'a'.repeat(129), '129 units long, at most 128'],
    ['mssql', '65 characters of two code units', '😀'.repeat(65), '130 units long, at most 128'],
  ])('is SQL_NOT_QUOTABLE in %s: %s', (dialect, _name, identifier, reason) => {
    const rules = dialectRules[dialect];
    for (const quote of [
      () => rules.quote(identifier),
      () => qualifiedName(rules, { schema: 'a', name: identifier }),
      () => qualifiedName(rules, { schema: identifier, name: 'a' }),
      () => columnList(rules, ['a', identifier]),
    ]) {
      const error = failureOf(quote);
      expect(error.code).toBe('SQL_NOT_QUOTABLE');
      expect(error.message).toContain(`${dialect}: the identifier`);
      expect(error.message).toContain(reason);
      expect(error.diagnostics[0].details).toEqual({ dialect, what: 'identifier', text: identifier });
    }
  });

  it.each<[SqlDialect, string]>([
    ['pgsql', 'a'.repeat(63)],
    ['pgsql', `${'é'.repeat(31)}a`],
    ['mssql', 'a'.repeat(128)],
    ['mssql', '😀'.repeat(64)],
    ['pgsql', 'a\nb\tc\u0001'],
    ['mssql', 'a\nb\tc\u0001'],
  ])('is none of those at the limit or with other characters: %s %j', (dialect, identifier) => {
    expect(dialectRules[dialect].quote(identifier).slice(1, -1)).toBe(identifier);
  });
});

const names = hasSharedData ? readSharedJson('design', 'vectors', 'names.json') : { shortening: [], quoting: [] };

describe.runIf(hasSharedData)('test vectors of names (needs the shared conformance data)', () => {
  it('are there for shortening and quoting', () => {
    expect(names.shortening.length).toBeGreaterThan(0);
    expect(names.quoting.length).toBeGreaterThan(0);
  });

  it.each<{ dialect: SqlDialect; identifier: string; hashInput: string; final: string }>(names.shortening)(
    'shortening in $dialect: $identifier',
    ({ dialect, identifier, hashInput, final }) => {
      expect(limitIdentifier(dialectRules[dialect], identifier, () => hashInput)).toBe(final);
      expect(limitIdentifier(dialectRules[dialect], final, () => hashInput)).toBe(final);
    },
  );

  it.each<{ identifier: string; pgsql: string; mssql: string }>(names.quoting)(
    'quoting of "$identifier"',
    (expected) => {
      expect(pgsql.quote(expected.identifier)).toBe(expected.pgsql);
      expect(mssql.quote(expected.identifier)).toBe(expected.mssql);
    },
  );
});
