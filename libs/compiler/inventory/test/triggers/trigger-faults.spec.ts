import { dialects, type SqlDialect } from '@dms/sql';
import {
  build,
  edFi,
  expectDiagnostic,
  expectDiagnostics,
  modelOf,
  numbered,
  path,
  withColumn,
  withCopiedColumn,
} from '@dms/testing';
import { describe, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { registry } from '../registry.ts';

const { object, resource, string } = build;

describe('a model that breaks a rule of triggers', () => {
  const registryModel = (dialect: SqlDialect = 'pgsql') => modelOf(registry, dialect);

  it('is TRG_NO_IDENTITY for a resource without identity paths (case 24)', () => {
    const documents = edFi([resource('Log', { jsonSchemaForInsert: object({ line: string() }) })]);
    for (const dialect of dialects)
      expectDiagnostic(() => deriveInventory(modelOf([documents], dialect)), 'TRG_NO_IDENTITY', 'Ed-Fi:Log');
  });

  it('is found in every resource at once', () => {
    const insert = { jsonSchemaForInsert: object({ line: string() }) };
    const model = modelOf([edFi([resource('Log', insert), resource('Note', insert)])], 'pgsql');
    expectDiagnostics(
      () => deriveInventory(model),
      { code: 'TRG_NO_IDENTITY', resource: 'Ed-Fi:Log' },
      { code: 'TRG_NO_IDENTITY', resource: 'Ed-Fi:Note' },
    );
  });

  it('is SOURCE_PATH_KINDS for an identity path of columns of different kinds, all named', () => {
    const model = withCopiedColumn(registryModel(), 'edfi.Term', 'Year', { name: 'AYear', kind: 'DescriptorFk' });
    expectDiagnostic(
      () => deriveInventory(model),
      'SOURCE_PATH_KINDS',
      'Ed-Fi:Term',
      '$.year',
      'AYear (DescriptorFk)',
      'Year (Scalar)',
    );
  });

  it('is SOURCE_PATH_KINDS for any path that root columns of different kinds share, identity or not', () => {
    const documents = edFi([numbered('A', 'aId', {}, { note: string() })]);
    const model = withCopiedColumn(modelOf([documents], 'pgsql'), 'edfi.A', 'Note', {
      name: 'Note2',
      kind: 'DescriptorFk',
    });
    expectDiagnostic(() => deriveInventory(model), 'SOURCE_PATH_KINDS', 'Ed-Fi:A', '$.note', 'Note', 'Note2');
  });

  it.each<[string, string]>([
    ['missing', 'Gone'],
    ['itself an alias', 'Person_PersonId'],
  ])('is KU_STORAGE_UNRESOLVED for an identity alias whose canonical column is %s', (_, canonicalColumn) => {
    const model = withColumn(registryModel(), 'edfi.Enrolment', 'Term_PersonId', {
      storage: { kind: 'UnifiedAlias', canonicalColumn, presenceColumn: 'Term_DocumentId' },
    });
    expectDiagnostic(() => deriveInventory(model), 'KU_STORAGE_UNRESOLVED', 'Term_PersonId');
  });

  it('is KU_STORAGE_UNRESOLVED for an abstract column of several columns with a missing canonical one', () => {
    const alias = { kind: 'UnifiedAlias', canonicalColumn: 'Gone', presenceColumn: null } as const;
    const model = withColumn(
      withCopiedColumn(registryModel(), 'edfi.Firm', 'PartyId', {
        name: 'PartyId2',
        storage: alias,
        isWritable: false,
      }),
      'edfi.Firm',
      'PartyId',
      { storage: alias, isWritable: false },
    );
    expectDiagnostic(() => deriveInventory(model), 'KU_STORAGE_UNRESOLVED', 'Gone');
  });

  it('is ABSTRACT_COLUMN_MISSING for an abstract column whose path has no root column', () => {
    const model = withColumn(registryModel(), 'edfi.PartyIdentity', 'PartyId', { sourcePath: path('$.gone') });
    expectDiagnostics(
      () => deriveInventory(model),
      ...['Ed-Fi:Firm', 'Ed-Fi:Person', 'Sample:Club'].map((member) => ({
        code: 'ABSTRACT_COLUMN_MISSING' as const,
        resource: member,
        names: ['$.gone'],
      })),
    );
  });

  it('is ABSTRACT_COLUMN_AMBIGUOUS for an abstract column whose path has several stored columns', () => {
    const model = withCopiedColumn(registryModel(), 'edfi.Firm', 'PartyId', { name: 'PartyId2' });
    expectDiagnostic(
      () => deriveInventory(model),
      'ABSTRACT_COLUMN_AMBIGUOUS',
      'Ed-Fi:Firm',
      '$.partyId',
      'PartyId',
      'PartyId2',
    );
  });
});
