import type { RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  build,
  diagnosticsOf,
  edFi,
  expectFault,
  fields,
  modelOf,
  numbered,
  path,
  subclassOf,
  withColumn,
  withCopiedColumn,
  withResource,
  withTable,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { elementsOf, triggerOf } from '../test/inventory-lookup.ts';
import { registry } from '../test/registry.ts';
import { deriveInventory } from './index.ts';

const { integer, object, resource, string } = build;

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

  it('is TRG_IDENTITY_REF_NOT_COMPONENT for an identity path of a reference that is no part of the identity', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', { isIdentityComponent: false });
    expectFault(() => deriveInventory(model), 'TRG_IDENTITY_REF_NOT_COMPONENT', 'Ed-Fi:Term', '$.personReference.personId');
  });

  it('is TRG_IDENTITY_TYPE_MISSING for an identity column without a type', () => {
    const model = withColumn(registryModel(), 'edfi.Term', 'Year', { scalarType: null });
    expectFault(() => deriveInventory(model), 'TRG_IDENTITY_TYPE_MISSING', 'Ed-Fi:Term', '$.year', 'Year');
  });

  it('is TRG_IDENTITY_TYPE_MISSING or KU_STORAGE_UNRESOLVED for an identity binding whose column is not in the root table', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', {
      identityBindings: [
        {
          identityJsonPath: path('$.personId'),
          referenceJsonPath: path('$.personReference.personId'),
          column: 'Gone',
        },
      ],
    });
    // the reference has a binding for the path, so it is not TRG_IDENTITY_REF_EMPTY; §4 looks up the type before the storage
    const [found] = diagnosticsOf(() => deriveInventory(model));
    expect(['TRG_IDENTITY_TYPE_MISSING', 'KU_STORAGE_UNRESOLVED'], found?.message).toContain(found?.code);
    expect(found?.message).toContain('Gone');
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

  it.each<[string, string, string]>([
    ['another kind', 'DocumentId', 'Ordinal'],
    ['another name', 'Id', 'ParentKeyPart'],
    ['a name that merely ends alike', 'TheDocumentId', 'ParentKeyPart'],
  ])('is TRG_NO_DOCUMENT_ID_KEY for a table whose key has %s', (_, name, kind) => {
    const model = withTable(registryModel(), 'edfi.Term', ({ key }) => ({
      key: { ...key, columns: [{ name, kind: kind as 'ParentKeyPart' }] },
    }));
    expectFault(() => deriveInventory(model), 'TRG_NO_DOCUMENT_ID_KEY', 'edfi.Term');
  });

  it('takes the first key column that fits as the document id', () => {
    const model = withTable(registryModel(), 'edfi.PersonAddress', ({ key }) => ({
      key: {
        ...key,
        columns: [
          { name: 'Ordinal', kind: 'Ordinal' },
          { name: 'Person_DocumentId', kind: 'ParentKeyPart' },
          { name: 'Other_DocumentId', kind: 'ParentKeyPart' },
        ],
      },
    }));
    expect(triggerOf(deriveInventory(model), 'edfi.PersonAddress', 'DocumentStamping').keyColumns).toEqual([
      'Person_DocumentId',
    ]);
  });

  it('is TRG_RESOURCE_MODEL_MISSING for a resource with tables that has none', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Term', () => ({ tablesInDependencyOrder: [] }));
    expectFault(() => deriveInventory(model), 'TRG_RESOURCE_MODEL_MISSING', 'Ed-Fi:Term');
  });

  it('is TRG_RESOURCE_MODEL_MISSING for a numbered concrete resource without a model', () => {
    const model = registryModel();
    const resources = model.resources.filter(({ resourceKey }) => resourceKey.resourceName !== 'Enrolment');
    expect(resources).toHaveLength(model.resources.length - 1);
    expectFault(() => deriveInventory({ ...model, resources }), 'TRG_RESOURCE_MODEL_MISSING', 'Ed-Fi:Enrolment');
  });

  it('is ABSTRACT_SUPERCLASS_UNKNOWN for a superclass without a resource key', () => {
    const model = registryModel();
    const resourceKeys = model.effectiveSchema.resourceKeys.filter(({ resourceName }) => resourceName !== 'Party');
    const changed = { ...model, effectiveSchema: { ...model.effectiveSchema, resourceKeys } };
    expectFault(() => deriveInventory(changed), 'ABSTRACT_SUPERCLASS_UNKNOWN', 'Ed-Fi:Firm', 'Ed-Fi:Party');
  });

  it('is ABSTRACT_RENAME_ARITY for a renamed path and two identity paths, with their number (case 21)', () => {
    const documents = edFi(
      [
        resource('Person', {
          ...subclassOf('Ed-Fi:Party'),
          identityJsonPaths: ['$.partyId', '$.partId'],
          jsonSchemaForInsert: fields({ partyId: integer(), partId: integer() }),
        }),
      ],
      { abstractResources: { Party: { identityJsonPaths: ['$.partyId'] } } },
    );
    const model = withResource(modelOf([documents], 'pgsql'), 'Ed-Fi:Person', ({ superclass }) => ({
      superclass: superclass && { ...superclass, identityJsonPath: path('$.partyId') },
    }));
    expectFault(() => deriveInventory(model), 'ABSTRACT_RENAME_ARITY', 'Ed-Fi:Person', '2');
  });

  it('is ABSTRACT_COLUMN_MISSING for an abstract column whose path has no root column', () => {
    const model = withColumn(registryModel(), 'edfi.PartyIdentity', 'PartyId', { sourcePath: path('$.gone') });
    expectFault(() => deriveInventory(model), 'ABSTRACT_COLUMN_MISSING', 'Ed-Fi:Firm', '$.gone');
  });

  it('is ABSTRACT_COLUMN_AMBIGUOUS for an abstract column whose path has several stored columns', () => {
    const model = withCopiedColumn(registryModel(), 'edfi.Firm', 'PartyId', { name: 'PartyId2' });
    expectFault(() => deriveInventory(model), 'ABSTRACT_COLUMN_AMBIGUOUS', 'Ed-Fi:Firm', '$.partyId', 'PartyId', 'PartyId2');
  });
});
