import {
  build,
  columnNames,
  expectDiagnostics,
  expectRejected,
  extension,
  modelOf,
  resourceOf,
  schemaSet,
  tableNames,
  tableOf,
  withSchool,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintsOf, tableLines } from '../../test/model-text.ts';
import { person } from '../../test/overridden-inputs.ts';
import { deriveModel } from '../derive-model.ts';

describe('the relational block', () => {
  it.each([undefined, null, {}, { nameOverrides: {} }, { nameOverrides: null }])(
    'means nothing when it is %j',
    (relational) => {
      const { relational: _, ...absent } = person({}).schema;
      const plain = modelOf([withSchool({ endpoint: 'persons', schema: absent })]).resources;
      if (relational !== undefined) expect(modelOf([withSchool(person(relational))]).resources).toEqual(plain);
      expect(
        plain.find(({ resourceKey }) => resourceKey.resourceName === 'Person')?.tablesInDependencyOrder[0]?.table.name,
      ).toBe('Person');
    },
  );

  const invalid = (relational: build.Json, ...names: string[]) =>
    expectRejected([withSchool(person(relational))], { code: 'OVERRIDE_INVALID', resource: 'Ed-Fi:Person', names });

  it.each([5, 'text', [], true])('must be an object, not %j', (value) => invalid(value, 'relational'));

  it.each([5, 'text', [], true])('has nameOverrides that are an object, not %j', (value) =>
    invalid({ nameOverrides: value }, 'relational.nameOverrides'),
  );

  it.each([null, 5, '', '  ', '--_', {}])('has override texts with a letter or digit, unlike %j', (value) => {
    const key = '$.home.streetNumberName';
    const found = () => deriveModel(schemaSet(withSchool(person({ nameOverrides: { [key]: value } }))), 'pgsql');
    expectDiagnostics(found, { code: 'OVERRIDE_INVALID', resource: 'Ed-Fi:Person' });
    expect(found).toThrow(key);
    invalid({ rootTableNameOverride: value }, 'relational.rootTableNameOverride');
  });

  it('may use reserved words of SQL', () => {
    const model = modelOf([
      withSchool(person({ rootTableNameOverride: 'table', nameOverrides: { '$.home.streetNumberName': 'select' } })),
    ]);
    expect(columnNames(tableOf(model, 'edfi.Table'))).toContain('Select');
  });
});

describe('rootTableNameOverride', () => {
  const renamed = modelOf([withSchool(person({ rootTableNameOverride: 'human_being' }))]);

  it('names the root table, in PascalCase, and all its child tables', () => {
    expect(tableNames(resourceOf(renamed, 'Ed-Fi:Person'))).toEqual([
      'edfi.HumanBeing',
      'edfi.HumanBeingAddress',
      'edfi.HumanBeingKind',
      'edfi.HumanBeingAddressPeriod',
      'edfi.HumanBeingAddressPeriodDay',
    ]);
  });

  it('names the document id column of the child tables', () => {
    expect(columnNames(tableOf(renamed, 'edfi.HumanBeingAddressPeriod'))).toEqual([
      'HumanBeing_DocumentId',
      'AddressOrdinal',
      'Ordinal',
      'Begin',
    ]);
  });

  it('names the keys and constraints', () => {
    expect(tableLines(tableOf(renamed, 'edfi.HumanBeing'))[0]).toBe('edfi.HumanBeing $ PK_HumanBeing (DocumentId)');
    expect(constraintsOf(tableOf(renamed, 'edfi.HumanBeing'), 'AllOrNone')).toEqual([
      'AllOrNone CK_HumanBeing_School_AllNone School_DocumentId: School_SchoolId',
    ]);
  });

  it('is accepted on a resource extension only as {Resource}Extension, and then changes nothing', () => {
    const own = (relational: build.Json) =>
      build.extensionOf('School', {
        relational,
        jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ a: build.string() })) }),
      });
    const plain = modelOf([withSchool(), extension([own(null)])]).resources;
    expect(modelOf([withSchool(), extension([own({ rootTableNameOverride: 'schoolExtension' })])]).resources).toEqual(
      plain,
    );
    expectRejected([withSchool(), extension([own({ rootTableNameOverride: 'SchoolExt' })])], {
      code: 'OVERRIDE_ROOT_ON_EXTENSION',
      resource: 'Sample:School',
      names: ['SchoolExt'],
    });
  });
});
