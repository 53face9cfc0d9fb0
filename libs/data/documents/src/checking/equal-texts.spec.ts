import { documentRulesOf } from '@dms/plans';
import { build, edFi, hasSharedData, plain, readSharedJson, rows } from '@dms/testing';
import { comparedForm, type TextEquality } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { compiled, named } from '../../test/bench.ts';
import type { RowDraft } from './checked-document.ts';
import { duplicateElements } from './conflicting-values.ts';

/* Texts that only a database without case calls equal (design 22 §4.5). */

interface TextVerdict {
  readonly a: string;
  readonly b: string;
  readonly postgresql_key: boolean;
  readonly ordinal_ignore_case: boolean;
}

it.runIf(hasSharedData)('has the verdicts of the vectors (needs the shared conformance data)', () => {
  const { pairs }: { readonly pairs: readonly TextVerdict[] } = readSharedJson(
    'design',
    'vectors',
    'natural',
    'verdicts.json',
  );
  const isEqual = (equality: TextEquality, { a, b }: TextVerdict) =>
    comparedForm[equality](a) === comparedForm[equality](b);
  expect(pairs.map((pair) => [pair.a, pair.b, isEqual('exact', pair), isEqual('ignoreCase', pair)])).toEqual(
    pairs.map((pair) => [pair.a, pair.b, pair.postgresql_key, pair.ordinal_ignore_case]),
  );
});

describe('elements of an array', () => {
  const item = { label: build.string(20), size: build.integer() };
  const { plans } = compiled(
    [
      edFi([
        plain('Box', { boxId: build.integer(), items: rows(item, ['label', 'size']) }, ['boxId'], {
          documentPathsMapping: {
            Label: build.scalarPath('$.items[*].label'),
            Size: build.scalarPath('$.items[*].size'),
          },
          arrayUniquenessConstraints: [{ paths: ['$.items[*].label', '$.items[*].size'] }],
        }),
      ]),
    ],
    'mssql',
    'v2',
  );
  const { shape } = plans.of(named('Ed-Fi:Box'));
  const [, items] = shape.tables;

  const duplicates = (textEquality: TextEquality, ...elements: readonly (readonly [label: string, size: string])[]) => {
    const drafts = elements.map(([label, size], index): RowDraft => {
      const given = (path: string) => (path.endsWith('label') ? label : size);
      const values = items?.leaves.map(({ path }) => given(path)) ?? [];
      const place = `$.items[${index}]`;
      return { ordinals: [index], place, values, descriptors: [], references: [], present: [], wrong: null };
    });
    const places: string[] = [];
    const rules = { ...documentRulesOf('v2'), textEquality: { pgsql: textEquality, mssql: textEquality } };
    duplicateElements(shape, [[], drafts], rules, 'mssql', (place) => places.push(place));
    return places;
  };

  it.each([
    ['Top', 'TOP'],
    ['Éclair', 'éCLAIR'],
  ])('%s and %s are equal only where case does not count', (a, b) => {
    expect(duplicates('ignoreCase', [a, '1'], [b, '1'], [b, '2'])).toEqual(['$.items[1]']);
    expect(duplicates('exact', [a, '1'], [b, '1'], [b, '2'])).toEqual([]);
  });

  it('the same text is equal in both', () => {
    expect(duplicates('exact', ['a', '1'], ['a', '1'])).toEqual(['$.items[1]']);
    expect(duplicates('ignoreCase', ['ß', '1'], ['ss', '1'])).toEqual([]);
  });
});
