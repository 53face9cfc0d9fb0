import { isSyntheticFlag, presenceColumnsOf, resolveStorage, type StorageColumn } from '@dms/model';
import { codesOf, expectNamed, failureOf, path } from '@dms/testing';
import { describe, expect, it } from 'vitest';

const boolean = { kind: 'Boolean', maxLength: null, decimal: null } as const;
const int64 = { kind: 'Int64', maxLength: null, decimal: null } as const;

const stored = (name: string, sourcePath: string | null, more: Partial<StorageColumn> = {}): StorageColumn => ({
  name,
  kind: 'Scalar',
  scalarType: int64,
  isNullable: true,
  sourcePath: sourcePath === null ? null : path(sourcePath),
  storage: { kind: 'Stored' },
  ...more,
});

const alias = (name: string, canonicalColumn: string, presenceColumn: string | null) =>
  stored(name, `$.${name}`, { storage: { kind: 'UnifiedAlias', canonicalColumn, presenceColumn } });

const table = (...columns: readonly StorageColumn[]) => ({
  qualified: 'edfi.Thing',
  columns: new Map(columns.map((column) => [column.name, column])),
});

const flag = stored('Year_Present', null, { scalarType: boolean });
const reference = stored('School_DocumentId', '$.schoolReference', { kind: 'DocumentFk' });

const thing = table(
  stored('DocumentId', null, { kind: 'ParentKeyPart', isNullable: false }),
  stored('Year_Unified', null),
  flag,
  reference,
  alias('Year', 'Year_Unified', 'Year_Present'),
  alias('School_Year', 'Year_Unified', 'School_DocumentId'),
  alias('Plain', 'Year_Unified', null),
  alias('Dangling', 'Gone', null),
  alias('Chained', 'Year', null),
  alias('OfFlag', 'Year_Present', null),
  alias('OfReference', 'School_DocumentId', null),
  stored('Flagged', '$.flagged', { scalarType: boolean }),
);

describe('the storage column of a column', () => {
  it.each([
    ['Year_Unified', 'Year_Unified'],
    ['Flagged', 'Flagged'],
    ['DocumentId', 'DocumentId'],
    ['Year', 'Year_Unified'],
    ['School_Year', 'Year_Unified'],
    ['Plain', 'Year_Unified'],
  ])('of %s is %s', (name, expected) => {
    expect(resolveStorage(thing, name, 'flags', 'a test')).toBe(expected);
    expect(resolveStorage(thing, name, 'all', 'a test')).toBe(expected);
  });

  it.each([
    ['a missing column', 'Gone', 'flags'],
    ['a synthetic flag', 'Year_Present', 'flags'],
    ['a synthetic flag among all gates', 'Year_Present', 'all'],
    ['a reference column that gates an alias, when all gates are rejected', 'School_DocumentId', 'all'],
    ['an alias whose canonical column is missing', 'Dangling', 'flags'],
    ['an alias whose canonical column is an alias', 'Chained', 'flags'],
    ['an alias whose canonical column is a flag', 'OfFlag', 'flags'],
    ['an alias whose canonical column gates others, when all gates are rejected', 'OfReference', 'all'],
  ] as const)('cannot be resolved for %s: KU_STORAGE_UNRESOLVED with column, table and usage', (_, name, reject) => {
    const error = failureOf(() => resolveStorage(thing, name, reject, 'local side of FK_X'));
    expect(codesOf(error)).toEqual(['KU_STORAGE_UNRESOLVED']);
    expectNamed(error.diagnostics[0], ['edfi.Thing', name, 'local side of FK_X']);
  });

  it('may be a reference column that gates an alias when only flags are rejected', () => {
    expect(resolveStorage(thing, 'School_DocumentId', 'flags', 'a test')).toBe('School_DocumentId');
    expect(resolveStorage(thing, 'OfReference', 'flags', 'a test')).toBe('School_DocumentId');
  });
});

describe('presence columns', () => {
  it('are the columns that gate some alias', () => {
    expect([...presenceColumnsOf(thing.columns.values())].sort()).toEqual(['School_DocumentId', 'Year_Present']);
  });

  it('are flags by their shape, whatever they are called', () => {
    const shortened = { ...flag, name: 'ShortenedNameThatSaysNothing_0123456789' };
    expect(isSyntheticFlag(shortened, new Set([shortened.name]))).toBe(true);
    expect(isSyntheticFlag(flag, new Set([flag.name]))).toBe(true);
    expect(isSyntheticFlag(reference, new Set([reference.name]))).toBe(false);
    expect(isSyntheticFlag({ ...flag, sourcePath: path('$.flag') }, new Set([flag.name]))).toBe(false);
    expect(isSyntheticFlag({ ...flag, scalarType: int64 }, new Set([flag.name]))).toBe(false);
    expect(isSyntheticFlag({ ...flag, isNullable: false }, new Set([flag.name]))).toBe(false);
  });

  it('are not flags when no alias names them: a boolean canonical column is a value', () => {
    expect(isSyntheticFlag({ ...flag, name: 'Active_Unified' }, new Set())).toBe(false);
  });
});
