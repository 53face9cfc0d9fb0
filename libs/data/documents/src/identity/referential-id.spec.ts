import { referentialIdNamespace, type ScalarType } from '@dms/model';
import { documentRulesOf } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import type { TextEquality } from '@dms/values';
import { v5 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { generations } from '../generations.ts';
import { type IdentityValue, referentialIdOfText, valueTexts } from './referential-id.ts';

describe('the referential id of a text', () => {
  it.each([
    ['no text', ''],
    ['ASCII', 'Ed-FiStudent$.studentUniqueId=604822'],
    ['other characters', 'Ed-FiSchool$.name=Zürich 学校 😀'],
    ['a longer text than those before', 'é€😀x'.repeat(2_000)],
    ['a short text after a long one', 'x'],
  ])('is the UUID version 5 of %s', (_, text) => {
    // the library takes only namespaces with a version as text
    const namespace = Buffer.from(referentialIdNamespace.replaceAll('-', ''), 'hex');
    expect(referentialIdOfText(text)).toBe(v5(Buffer.from(text), namespace));
  });

  it('has a variant of RFC 9562 whatever the hash', () => {
    const variants = new Set(Array.from({ length: 200 }, (_, index) => referentialIdOfText(String(index)).charAt(19)));
    expect(variants).toEqual(new Set(['8', '9', 'a', 'b']));
  });
});

describe('values that only the database can compare', () => {
  it.each<[IdentityValue['kind'], raw: string | boolean, pgsql: boolean, mssql: boolean]>([
    ['Descriptor', 'uri://x#A', false, true],
    ['Descriptor', 'uri://x#É', true, true],
    ['String', 'É', false, true],
    ['String', '1 ', false, true],
    ['Int32', '1', false, false],
    ['Date', '2030-01-01', false, false],
    ['Boolean', true, false, false],
  ])('are URIs beyond ASCII, and texts on SQL Server: %s %s', (kind, raw, pgsql, mssql) => {
    const value = { path: '$.code', value: String(raw), raw, kind };
    const { textEquality } = documentRulesOf('v2-natural');
    const isInDoubt = (dialect: SqlDialect) => valueTexts.isInDoubt?.(textEquality[dialect], value);
    expect([isInDoubt('pgsql'), isInDoubt('mssql')]).toEqual([pgsql, mssql]);
  });
});

describe('scalars that are compared in memory', () => {
  it.each<[ScalarType['kind'], one: string, other: string, exact: boolean, ignoreCase: boolean]>([
    ['String', 'Ann', 'Ann', true, true],
    ['String', 'Ann', 'ANN', false, true],
    ['String', 'Ann', 'ANN  ', false, false],
    ['String', 'Ann', 'Anna', false, false],
    ['DateTime', '2030-01-01T00:00:00Z', '2030-01-01t00:00:00z', false, false],
  ])(
    'are equal if they are the same text, or texts that differ only in case: %s %s and %s',
    (kind, one, other, exact, ignoreCase) => {
      const texts = generations['v2-natural'].textsInMemory;
      const isEqual = (equality: TextEquality) => {
        const textOf = (value: string) => texts?.[equality].scalar(value, { kind, maxLength: null, decimal: null });
        return textOf(one) === textOf(other);
      };
      expect([isEqual('exact'), isEqual('ignoreCase')]).toEqual([exact, ignoreCase]);
    },
  );
});
