import { dialects } from '@dms/sql';
import { modelOf, ownSchema, workedExamples } from '@dms/testing';
import { describe, expect, it } from 'vitest';

import type { Column, ColumnKind, RelationalModelSet } from './model.ts';

interface Place {
  readonly column: Column;
  readonly root: string;
  readonly isCanonicalOrFlag: boolean;
  readonly isAligned: boolean;
}

function placesOf(model: RelationalModelSet): Place[] {
  return model.resources.flatMap(({ tablesInDependencyOrder: tables }) =>
    tables.flatMap(({ columns, keyUnificationClasses, jsonScope }) => {
      const canonical = new Set(keyUnificationClasses.map((found) => found.canonicalColumn));
      const flags = new Set(
        columns.flatMap(({ storage }) => (storage.kind === 'UnifiedAlias' ? (storage.presenceColumn ?? []) : [])),
      );
      return columns.map((column) => ({
        column,
        root: tables[0]?.table.name ?? '',
        isCanonicalOrFlag: canonical.has(column.name) || (flags.has(column.name) && column.kind === 'Scalar'),
        isAligned: jsonScope.canonical.includes('[*]'),
      }));
    }),
  );
}

/** The rules of design 02 §15.2 for each kind: name, type, whether it has a source path, whether it has a target. */
const rules: Record<ColumnKind, (place: Place) => boolean> = {
  // kinds of the second generation
  CollectionKey: () => false,
  MirroredContentVersion: () => false,
  MirroredContentLastModifiedAt: () => false,
  ResourceKeyId: () => false,
  ParentKeyPart: ({ column, root }) =>
    (column.name === 'DocumentId' || column.name === `${root}_DocumentId`
      ? column.scalarType?.kind === 'Int64'
      : column.name.endsWith('Ordinal') && column.name !== 'Ordinal' && column.scalarType?.kind === 'Int32') &&
    column.sourcePath === null &&
    column.targetResource === null,
  Ordinal: ({ column, isAligned }) =>
    isAligned &&
    column.name === 'Ordinal' &&
    column.scalarType?.kind === 'Int32' &&
    column.sourcePath === null &&
    column.targetResource === null,
  DocumentFk: ({ column }) =>
    column.name.endsWith('_DocumentId') &&
    column.scalarType?.kind === 'Int64' &&
    column.sourcePath !== null &&
    column.targetResource !== null,
  DescriptorFk: ({ column, isCanonicalOrFlag }) =>
    column.name.endsWith('_DescriptorId') &&
    column.scalarType?.kind === 'Int64' &&
    (column.sourcePath === null) === isCanonicalOrFlag &&
    column.targetResource?.resourceName.endsWith('Descriptor') === true,
  Scalar: ({ column, isCanonicalOrFlag }) =>
    (column.sourcePath === null) === isCanonicalOrFlag && column.targetResource === null,
};

const models = (['the campus and athletics schemas', 'the worked examples of key unification'] as const).flatMap(
  (name) =>
    dialects.map((dialect) => {
      const documents = name.startsWith('the campus') ? [ownSchema('campus'), ownSchema('athletics')] : workedExamples;
      return [name, dialect, modelOf(documents, dialect)] as const;
    }),
);

describe('every column', () => {
  // pgsql shortens a few of these names and thereby removes the endings that distinguish the kinds; mssql shortens none
  it.each(models.filter(([, dialect]) => dialect === 'mssql'))('is what its kind says in %s in %s', (_, __, model) => {
    const wrong = placesOf(model).filter((place) => !rules[place.column.kind](place));
    expect(wrong.map(({ column }) => column)).toEqual([]);
  });

  it.each(models)('has facts of a type only where the type has them in %s in %s', (_, __, model) => {
    for (const { column } of placesOf(model)) {
      const { kind, maxLength, decimal } = column.scalarType ?? {};
      expect([maxLength === null, decimal === null], column.name).toEqual([kind !== 'String', kind !== 'Decimal']);
    }
  });

  it('of every kind is in these models', () => {
    const found = new Set(models.flatMap(([, , model]) => placesOf(model).map(({ column }) => column.kind)));
    const others = ['CollectionKey', 'MirroredContentLastModifiedAt', 'MirroredContentVersion', 'ResourceKeyId'];
    expect([...found, ...others].sort()).toEqual(Object.keys(rules).sort());
  });
});
