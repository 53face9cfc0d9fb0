import { danglingNames, type RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  build,
  edFi,
  expectFault,
  expectFaults,
  modelOf,
  numbered,
  path,
  withColumn,
  withCopiedColumn,
  withResource,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { elementsOf } from '../test/inventory-lookup.ts';
import { registry } from '../test/registry.ts';
import { deriveInventory } from './index.ts';

const { object, resource, string } = build;

describe('a model that breaks a rule of triggers', () => {
  const registryModel = (dialect: SqlDialect = 'pgsql') => modelOf(registry, dialect);

  const withBinding = (
    model: RelationalModelSet,
    label: string,
    fkColumn: string,
    change: Partial<RelationalModelSet['resources'][number]['documentReferenceBindings'][number]>,
  ) =>
    withResource(model, label, ({ documentReferenceBindings }) => ({
      documentReferenceBindings: documentReferenceBindings.map((binding) =>
        binding.fkColumn === fkColumn ? { ...binding, ...change } : binding,
      ),
    }));

  it.each(dialects)('is found out in %s as in the other', (dialect) => {
    const model = withResource(registryModel(dialect), 'Ed-Fi:Term', () => ({ identityJsonPaths: [path('$.gone')] }));
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Term', '$.gone');
  });

  it('is TRG_NO_IDENTITY for a resource without identity paths (case 24)', () => {
    const documents = edFi([resource('Log', { jsonSchemaForInsert: object({ line: string() }) })]);
    for (const dialect of dialects)
      expectFault(() => deriveInventory(modelOf([documents], dialect)), 'TRG_NO_IDENTITY', 'Ed-Fi:Log');
  });

  it('is found in every resource at once', () => {
    const insert = { jsonSchemaForInsert: object({ line: string() }) };
    const model = modelOf([edFi([resource('Log', insert), resource('Note', insert)])], 'pgsql');
    expectFaults(
      () => deriveInventory(model),
      { code: 'TRG_NO_IDENTITY', resource: 'Ed-Fi:Log' },
      { code: 'TRG_NO_IDENTITY', resource: 'Ed-Fi:Note' },
    );
  });

  it('is IDENTITY_NOT_ON_ROOT for an identity path without a column (case 23)', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Term', ({ identityJsonPaths }) => ({
      identityJsonPaths: [...identityJsonPaths, path('$.gone')],
    }));
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Term', '$.gone');
  });

  it('is IDENTITY_NOT_ON_ROOT for an identity path whose column is in a child table', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Person', () => ({ identityJsonPaths: [path('$.addresses[*].city')] }));
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Person', '$.addresses[*].city');
  });

  it('is IDENTITY_NOT_ON_ROOT for an identity path whose reference is bound on another table', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', {
      table: { schema: 'edfi', name: 'TermPart' },
    });
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Term', '$.personReference.personId');
  });

  it('is IDENTITY_NOT_ON_ROOT also when the other table only has the name of the root', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', {
      table: { schema: 'sample', name: 'Term' },
    });
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Term', '$.personReference.personId');
  });

  it('is IDENTITY_PATH_AMBIGUOUS for an identity path that two references bind', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Term', ({ documentReferenceBindings }) => ({
      documentReferenceBindings: [
        ...documentReferenceBindings,
        ...documentReferenceBindings.map((binding) => ({ ...binding, referenceObjectPath: path('$.otherReference') })),
      ],
    }));
    expectFault(() => deriveInventory(model), 'IDENTITY_PATH_AMBIGUOUS', 'Ed-Fi:Term', '$.personReference.personId');
  });

  it('is none for two identity bindings of one path in one reference', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Term', ({ documentReferenceBindings }) => ({
      documentReferenceBindings: documentReferenceBindings.map((binding) => ({
        ...binding,
        identityBindings: [...binding.identityBindings, ...binding.identityBindings],
      })),
    }));
    expect(elementsOf(deriveInventory(model), 'edfi.Term')).toEqual(elementsOf(deriveInventory(registryModel()), 'edfi.Term'));
  });

  it('is SOURCE_PATH_KINDS for an identity path of columns of different kinds, all named', () => {
    const model = withCopiedColumn(registryModel(), 'edfi.Term', 'Year', { name: 'AYear', kind: 'DescriptorFk' });
    expectFault(
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
    const model = withCopiedColumn(modelOf([documents], 'pgsql'), 'edfi.A', 'Note', { name: 'Note2', kind: 'DescriptorFk' });
    expectFault(() => deriveInventory(model), 'SOURCE_PATH_KINDS', 'Ed-Fi:A', '$.note', 'Note', 'Note2');
  });

  it('is TRG_IDENTITY_REF_NOT_COMPONENT for an identity path of a reference that is not part of the identity', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', { isIdentityComponent: false });
    expectFault(() => deriveInventory(model), 'TRG_IDENTITY_REF_NOT_COMPONENT', 'Ed-Fi:Term', '$.personReference.personId');
  });

  it('is TRG_IDENTITY_REF_EMPTY for an identity binding whose column is not in the root table', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', {
      identityBindings: [
        {
          identityJsonPath: path('$.personId'),
          referenceJsonPath: path('$.personReference.personId'),
          column: 'Gone',
        },
      ],
    });
    expectFault(() => deriveInventory(model), 'TRG_IDENTITY_REF_EMPTY', 'Ed-Fi:Term', '$.personReference.personId');
    // the checks of a model name the column
    expect(danglingNames(model)).toEqual(['Ed-Fi:Term binding: no column edfi.Term.Gone']);
  });

  it.each<[string, string]>([
    ['missing', 'Gone'],
    ['itself an alias', 'Person_PersonId'],
  ])('is KU_STORAGE_UNRESOLVED for an identity alias whose canonical column is %s', (_, canonicalColumn) => {
    const model = withColumn(registryModel(), 'edfi.Enrolment', 'Term_PersonId', {
      storage: { kind: 'UnifiedAlias', canonicalColumn, presenceColumn: 'Term_DocumentId' },
    });
    expectFault(() => deriveInventory(model), 'KU_STORAGE_UNRESOLVED', 'Term_PersonId');
  });

  it('is KU_STORAGE_UNRESOLVED for an abstract column of several columns with a missing canonical one', () => {
    const alias = { kind: 'UnifiedAlias', canonicalColumn: 'Gone', presenceColumn: null } as const;
    const model = withColumn(
      withCopiedColumn(registryModel(), 'edfi.Firm', 'PartyId', { name: 'PartyId2', storage: alias, isWritable: false }),
      'edfi.Firm',
      'PartyId',
      { storage: alias, isWritable: false },
    );
    expectFault(() => deriveInventory(model), 'KU_STORAGE_UNRESOLVED', 'Gone');
  });

  it('is ABSTRACT_COLUMN_MISSING for an abstract column whose path has no root column', () => {
    const model = withColumn(registryModel(), 'edfi.PartyIdentity', 'PartyId', { sourcePath: path('$.gone') });
    expectFaults(
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
    expectFault(() => deriveInventory(model), 'ABSTRACT_COLUMN_AMBIGUOUS', 'Ed-Fi:Firm', '$.partyId', 'PartyId', 'PartyId2');
  });
});
