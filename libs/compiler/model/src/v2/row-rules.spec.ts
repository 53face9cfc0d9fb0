import {
  compileJsonPath,
  effectiveSchemaManifestText,
  type JsonPath,
  readEffectiveSchemaManifest,
} from '@dms/api-schema';
import { everything, expectNamed, failureOf, modelV2 } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { brokenInvariants } from '../invariants/validate-model.ts';
import type { ForeignKeyConstraint, RelationalModelSet, Table, UniqueConstraint } from '../model.ts';
import { modelText, readModel } from '../model-file/model-file.ts';

type WritableRows<T> = T extends readonly (infer Item)[]
  ? WritableRows<Item>[]
  : T extends string
    ? T
    : T extends object
      ? { -readonly [Name in keyof T]: WritableRows<T[Name]> }
      : T;
type WritableRowModel = WritableRows<Omit<RelationalModelSet, 'effectiveSchema'>>;
type WritableRowTable = WritableRows<Table>;

const sound = modelV2(everything);

/** A deep copy that shares paths, because nothing changes them. */
function copied<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(copied) as Value;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || 'segments' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)])) as Value;
}

const readBack = (model: RelationalModelSet) => {
  const manifest = effectiveSchemaManifestText(sound.effectiveSchema);
  const read = readEffectiveSchemaManifest(Buffer.from(manifest), 'effective-schema.manifest.json');
  return readModel(modelText(model), 'model.json', 'pgsql', read);
};

const resourceOf = (model: WritableRowModel, name: string) =>
  model.resources.find(({ resourceKey }) => resourceKey.resourceName === name)!;
const tableOf = (model: WritableRowModel, name: string): WritableRowTable =>
  [
    ...model.resources.flatMap((resource) => resource.tablesInDependencyOrder),
    ...model.abstractIdentityTables.map(({ table }) => table),
  ].find(({ table }) => table.name === name)!;
const identityOf = (model: WritableRowModel, name: string) => tableOf(model, name).identity;
const columnOf = (model: WritableRowModel, table: string, name: string) =>
  tableOf(model, table).columns.find((column) => column.name === name)!;
const keyOf = (model: WritableRowModel, table: string, name: string) =>
  tableOf(model, table).constraints.find(
    (constraint) => constraint.name === name,
  ) as WritableRows<ForeignKeyConstraint>;
const drop = (list: { name: string }[], name: string) => {
  const index = list.findIndex((item) => item.name === name);
  if (index < 0) throw new Error(`no ${name}`);
  list.splice(index, 1);
};
const swap = <Item>(list: Item[], index: number) => list.splice(index, 2, list[index + 1] as Item, list[index] as Item);
const int64 = { kind: 'Int64', maxLength: null, decimal: null } as const;
const arrayPath = compileJsonPath('$.some[*].name', {}, 'a test') as unknown as WritableRows<JsonPath>;

const address = 'SchoolAddress';
const period = 'SchoolAddressPeriod';

describe('a model of the second generation is sound', () => {
  it('as derivation makes it, and as it is read back from its file', () => {
    expect(brokenInvariants(sound)).toEqual([]);
    expect(readBack(sound)).toEqual(sound);
  });

  it.each<[string, string, (model: WritableRowModel) => unknown]>([
    // design 15 §4.1
    [
      '5',
      'a collection is of the kind of those of extensions',
      (model) => (identityOf(model, address).tableKind = 'ExtensionCollection'),
    ],
    [
      '5',
      'an extension of a root is of the kind of a root',
      (model) => (identityOf(model, 'SchoolExtension').tableKind = 'Root'),
    ],
    ['5', 'a root is of no kind', (model) => (identityOf(model, 'Club').tableKind = 'Unspecified')],
    ['5', 'an identity table is of a kind', (model) => (identityOf(model, 'OrganizationIdentity').tableKind = 'Root')],
    [
      '5',
      'an identity table is located',
      (model) => identityOf(model, 'OrganizationIdentity').rootLocator.push('DocumentId'),
    ],
    [
      '5',
      'a key has two columns',
      (model) => tableOf(model, address).key.columns.push({ name: 'Ordinal', kind: 'Ordinal', role: 'Ordinal' }),
    ],
    ['5', 'a key has no column', (model) => tableOf(model, address).key.columns.pop()],
    ['5', 'the key does not come first', (model) => swap(tableOf(model, address).columns, 0)],
    ['5', 'the key column has another role', (model) => (tableOf(model, address).key.columns[0]!.role = 'DocumentId')],
    ['5', 'the key column is nullable', (model) => (columnOf(model, address, 'CollectionItemId').isNullable = true)],
    [
      '5',
      'the key column is of another kind',
      (model) => (columnOf(model, address, 'CollectionItemId').kind = 'ParentKeyPart'),
    ],
    [
      '5',
      'the key of a root is a collection key',
      (model) => (columnOf(model, 'Club', 'DocumentId').kind = 'CollectionKey'),
    ],
    ['5', 'the row identity is not the key', (model) => (identityOf(model, address).rowIdentity = ['Ordinal'])],
    ['5', 'a row has no root locator', (model) => (identityOf(model, address).rootLocator = [])],
    [
      '5',
      'a root is located by another column',
      (model) => (identityOf(model, 'Club').rootLocator = ['ContentVersion']),
    ],
    ['5', 'a collection has no parent locator', (model) => (identityOf(model, address).parentLocator = [])],
    ['5', 'a root has a parent locator', (model) => (identityOf(model, 'Club').parentLocator = ['DocumentId'])],
    ['5', 'a locator names no column', (model) => (identityOf(model, period).parentLocator = ['Lost'])],
    ['5', 'a locator is a value', (model) => (identityOf(model, period).parentLocator = ['Begin'])],
    ['5', 'a locator may be NULL', (model) => (columnOf(model, period, 'ParentCollectionItemId').isNullable = true)],
    [
      '5',
      'a locator is too narrow',
      (model) => (columnOf(model, period, 'ParentCollectionItemId').scalarType = { ...int64, kind: 'Int32' }),
    ],
    [
      '5',
      'a locator has a path',
      (model) =>
        (columnOf(model, period, 'School_DocumentId').sourcePath = columnOf(model, period, 'Begin').sourcePath),
    ],
    ['5', 'a collection has no position', (model) => drop(tableOf(model, address).columns, 'Ordinal')],
    ['5', 'a position is too wide', (model) => (columnOf(model, address, 'Ordinal').scalarType = int64)],
    ['5', 'a position may be NULL', (model) => (columnOf(model, address, 'Ordinal').isNullable = true)],
    ['5', 'a root has a position', (model) => (columnOf(model, 'Club', 'Name').kind = 'Ordinal')],
    ['5', 'a value is a parent key part', (model) => (columnOf(model, address, 'City').kind = 'ParentKeyPart')],
    // design 15 §4.5
    ['5', 'a root has no content version', (model) => drop(tableOf(model, 'Club').columns, 'ContentVersion')],
    [
      '5',
      'a collection has a content version',
      (model) => (columnOf(model, address, 'City').kind = 'MirroredContentVersion'),
    ],
    ['5', 'a content version may be NULL', (model) => (columnOf(model, 'Club', 'ContentVersion').isNullable = true)],
    [
      '5',
      'a content version is of another type',
      (model) => (columnOf(model, 'Club', 'ContentVersion').scalarType = { ...int64, kind: 'Int32' }),
    ],
    [
      '5',
      'the date of a content version is a number',
      (model) => (columnOf(model, 'Club', 'ContentLastModifiedAt').scalarType = int64),
    ],
    [
      '§15',
      'a plan writes a content version',
      (model) => (columnOf(model, 'Club', 'ContentVersion').isWritable = true),
    ],
    // design 15 §4.3
    [
      '15',
      'a nested collection refers to its parent alone',
      (model) => keyOf(model, period, 'FK_SchoolAddressPeriod_SchoolAddress').columns.pop(),
    ],
    [
      '15',
      'a nested collection finds its parent by the document first',
      (model) => keyOf(model, period, 'FK_SchoolAddressPeriod_SchoolAddress').columns.reverse(),
    ],
    [
      '15',
      'a collection refers to another column of its root',
      (model) => (keyOf(model, address, 'FK_SchoolAddress_School').targetColumns = ['ContentVersion']),
    ],
    // design 15 §5, §6
    [
      '9',
      'a reference key begins with the document',
      (model) => keyOf(model, 'Club', 'FK_Club_Home_RefKey').columns.reverse(),
    ],
    [
      '11',
      'a reference key begins with the document of its target',
      (model) => keyOf(model, 'Club', 'FK_Club_Home_RefKey').targetColumns.reverse(),
    ],
    [
      '20',
      'an optional reference says that it is required',
      (model) => (resourceOf(model, 'Club').documentReferenceBindings[0]!.isRequired = true),
    ],
    [
      '21',
      'a required descriptor says that it is optional',
      (model) => (resourceOf(model, 'School').descriptorEdgeSources[0]!.isRequired = false),
    ],
    [
      '22',
      'a view calls a value a descriptor',
      (model) => (model.abstractUnionViews[0]!.outputColumns[0]!.isDescriptorReference = true),
    ],
    // design 15 §7
    [
      '23',
      'positions are not unique',
      (model) => drop(tableOf(model, address).constraints, 'UX_SchoolAddress_Ordinal_School_DocumentId'),
    ],
    [
      '23',
      'an identity is not unique',
      (model) => drop(tableOf(model, address).constraints, 'UX_SchoolAddress_City_School_DocumentId'),
    ],
    [
      '23',
      'an identity is unique with a column more',
      (model) =>
        (
          tableOf(model, address).constraints.find(
            ({ name }) => name === 'UX_SchoolAddress_City_School_DocumentId',
          ) as WritableRows<UniqueConstraint>
        ).columns.push('Ordinal'),
    ],
    [
      '23',
      'what tables below refer to is not unique',
      (model) => drop(tableOf(model, address).constraints, 'UX_SchoolAddress_CollectionItemId_School_DocumentId'),
    ],
    ['23', 'an identity names no column', (model) => (identityOf(model, address).semanticIdentity[0]!.column = 'Lost')],
    [
      '23',
      'an identity crosses an array',
      (model) => (identityOf(model, address).semanticIdentity[0]!.relativePath = arrayPath),
    ],
    [
      '23',
      'a root has an identity of its elements',
      (model) => (identityOf(model, 'Club').semanticIdentity = [{ relativePath: arrayPath, column: 'Name' }]),
    ],
    [
      '23',
      'an identity comes from nowhere',
      (model) => (identityOf(model, address).semanticIdentitySource = 'Unspecified'),
    ],
    [
      '23',
      'no identity comes from a rule',
      (model) => (identityOf(model, 'SchoolRoom').semanticIdentitySource = 'ArrayUniquenessConstraint'),
    ],
  ])('unless, by %s, %s', (invariant, _, breakIt) => {
    const model = copied(sound);
    breakIt(model as unknown as WritableRowModel);
    const violations = brokenInvariants(model);
    expect(violations).toContainEqual(expect.stringMatching(new RegExp(`^02 §18 ${invariant} `)));
    // the file of such a model is refused too
    const [found, ...others] = failureOf(() => readBack(model)).diagnostics;
    expect([found?.code, others]).toEqual(['MODEL_FILE_INVALID', []]);
    expectNamed(found, ['model.json', 'model file of format 3', 'breaks the invariant']);
    expect(found?.message).toContain(violations[0]);
  });
});
