import { compileJsonPath, type JsonPath } from '@dms/api-schema';
import { derive, everything } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { DbTableName, ForeignKeyConstraint, RelationalModelSet, Table } from '../model.ts';
import { brokenInvariants } from './validate-model.ts';

type Writable<T> = T extends readonly (infer Item)[]
  ? Writable<Item>[]
  : T extends string
    ? T
    : T extends object
      ? { -readonly [Name in keyof T]: Writable<T[Name]> }
      : T;
type WritableModel = Writable<Omit<RelationalModelSet, 'effectiveSchema'>>;
type WritableTable = Writable<Table>;

describe('a violated invariant is found:', () => {
  const sound = derive('pgsql', everything);

  const resourceOf = (model: WritableModel, name: string) =>
    model.resources.find(({ resourceKey }) => resourceKey.resourceName === name)!;
  const tableOf = (model: WritableModel, name: string): WritableTable =>
    [
      ...model.resources.flatMap((resource) => resource.tablesInDependencyOrder),
      ...model.abstractIdentityTables.map(({ table }) => table),
    ].find(({ table }) => table.name === name)!;
  const columnOf = (model: WritableModel, table: string, name: string) =>
    tableOf(model, table).columns.find((column) => column.name === name)!;
  const keyOf = (model: WritableModel, table: string, name: string) =>
    tableOf(model, table).constraints.find((constraint) => constraint.name === name) as Writable<ForeignKeyConstraint>;
  const drop = (list: { name: string }[], name: string) =>
    list.splice(
      list.findIndex((item) => item.name === name),
      1,
    );
  /** Changes the target table of a key; the target object is copied, because it is shared with the table itself. */
  const pointAt = (model: WritableModel, table: string, name: string, target: Partial<DbTableName>) => {
    const key = keyOf(model, table, name);
    key.targetTable = { ...key.targetTable, ...target };
  };
  const club = 'FK_Club_Home_RefKey';
  const address = 'FK_SchoolAddress_School';
  const swap = <Item>(list: Item[], index = 0) => list.splice(index, 2, list[index + 1] as Item, list[index] as Item);

  const bindingOf = (model: WritableModel, name: string) => resourceOf(model, name).documentReferenceBindings[0]!;
  const edgeOf = (model: WritableModel, name: string) => resourceOf(model, name).descriptorEdgeSources[0]!;
  const sectionTable = { schema: 'edfi', name: 'Section' };
  const other = { projectName: 'Ed-Fi', resourceName: 'Gone' };
  const somePath = structuredClone(compileJsonPath('$.someOther', {}, 'a test')) as Writable<JsonPath>;
  const arrayPath = structuredClone(compileJsonPath('$.some[*].name', {}, 'a test')) as Writable<JsonPath>;

  it.each<[string, string, (model: WritableModel) => unknown]>([
    ['3', 'the root is not first', (model) => resourceOf(model, 'School').tablesInDependencyOrder.reverse()],
    ['3', 'there is no root', (model) => resourceOf(model, 'Session').tablesInDependencyOrder.pop()],
    [
      '3',
      'a descriptor has a table',
      (model) => resourceOf(model, 'KindDescriptor').tablesInDependencyOrder.push(tableOf(model, 'Session')),
    ],
    [
      '5',
      'a key column has the role of another',
      (model) => (tableOf(model, 'SchoolAddress').key.columns[0]!.role = 'ParentOrdinal'),
    ],
    ['5', 'a key column is nullable', (model) => (columnOf(model, 'SchoolAddress', 'Ordinal').isNullable = true)],
    ['5', 'a key column is not among the first', (model) => swap(tableOf(model, 'SchoolAddress').columns, 1)],
    ['5', 'a key has a column too few', (model) => tableOf(model, 'SchoolAddressPeriod').key.columns.pop()],
    [
      '5',
      'a key of an extension table has a column too many',
      (model) =>
        tableOf(model, 'SchoolExtension').key.columns.push({ name: 'NickName', kind: 'Ordinal', role: 'Ordinal' }),
    ],
    ['5', 'an identity table has another key', (model) => tableOf(model, 'OrganizationIdentity').key.columns.pop()],
    ['6', 'two columns have one name', (model) => (columnOf(model, 'Session', 'SessionName').name = 'School_SchoolId')],
    [
      '6',
      'two constraints have one name',
      (model) => (keyOf(model, 'Session', 'FK_Session_Document').name = 'UX_Session_NK'),
    ],
    ['6', 'two tables have one name', (model) => (tableOf(model, 'Session').table.name = 'Section')],
    [
      '6',
      'two tables have one scope',
      (model) => (tableOf(model, 'SchoolAddress').jsonScope = tableOf(model, 'SchoolRoom').jsonScope),
    ],
    [
      '7',
      'a column is not under the scope of its table',
      (model) => (columnOf(model, 'SchoolAddress', 'City').sourcePath = columnOf(model, 'School', 'Name').sourcePath),
    ],
    [
      '7',
      'a column belongs to a deeper table',
      (model) => (columnOf(model, 'School', 'Name').sourcePath = columnOf(model, 'SchoolAddress', 'City').sourcePath),
    ],
    ['9', 'a reference has no binding', (model) => resourceOf(model, 'Club').documentReferenceBindings.pop()],
    ['9', 'a reference has no key', (model) => drop(tableOf(model, 'Club').constraints, 'FK_Club_Home_RefKey')],
    [
      '10',
      'the columns of a reference differ in nullability',
      (model) => (columnOf(model, 'Club', 'Home_SchoolId').isNullable = false),
    ],
    ['10', 'a reference has no check', (model) => drop(tableOf(model, 'Club').constraints, 'CK_Club_Home_AllNone')],
    [
      '10',
      'a check is not in the order of the target',
      (model) =>
        tableOf(model, 'Section').constraints.forEach((constraint) => {
          if (constraint.kind === 'AllOrNoneNullability') constraint.dependentColumns.reverse();
        }),
    ],
    [
      '11',
      'a referenced key is not unique',
      (model) => drop(tableOf(model, 'Session').constraints, 'UX_Session_RefKey'),
    ],
    [
      '11',
      'a key names the target columns in another order',
      (model) => swap(keyOf(model, 'CourseOffering', 'FK_CourseOffering_Session_RefKey').targetColumns, 1),
    ],
    [
      '12',
      'the sides of a key have different types',
      (model) => (columnOf(model, 'Club', 'Home_SchoolId').scalarType = columnOf(model, 'Club', 'Name').scalarType),
    ],
    [
      '12',
      'the integers of a key to a concrete table differ in width',
      (model) =>
        (columnOf(model, 'Club', 'Home_SchoolId').scalarType = columnOf(model, 'Club', 'Home_DocumentId').scalarType),
    ],
    ['12', 'the sides of a key differ in length', (model) => keyOf(model, 'Club', 'FK_Club_Home_RefKey').columns.pop()],
    [
      '13',
      'a key has an alias',
      (model) =>
        (keyOf(model, 'Section', 'FK_Section_Offering_RefKey').columns[2] = 'Offering_SchoolReferenceSchoolId'),
    ],
    [
      '13',
      'a key has a presence flag',
      (model) => (keyOf(model, 'School', 'FK_School_Document').columns[0] = 'One_Present'),
    ],
    [
      '13',
      'a key points at an alias',
      (model) => (keyOf(model, 'Section', 'FK_Section_Offering_RefKey').targetColumns[2] = 'School_SchoolId'),
    ],
    [
      '12',
      'a key has no columns',
      (model) => Object.assign(keyOf(model, 'Club', club), { columns: [], targetColumns: [] }),
    ],
    ['13', 'a key has a column that its table lacks', (model) => (keyOf(model, 'Club', club).columns[1] = 'Gone')],
    [
      '13',
      'a key points at a column that its target lacks',
      (model) => (keyOf(model, 'Club', club).targetColumns[1] = 'Gone'),
    ],
    ['13', 'a key points at no table of the model', (model) => pointAt(model, 'Club', club, { name: 'Nowhere' })],
    [
      '13',
      'a key points at a table of the same name in another schema',
      (model) => pointAt(model, 'Club', club, { schema: 'sample' }),
    ],
    [
      '13',
      'a key points at another column of dms.Document',
      (model) => (keyOf(model, 'School', 'FK_School_Document').targetColumns[0] = 'DocumentUuid'),
    ],
    [
      '13',
      'a key points at a core table that is neither dms.Document nor dms.Descriptor',
      (model) => pointAt(model, 'School', 'FK_School_Document', { name: 'ResourceKey' }),
    ],
    [
      '13',
      'a key of a child table has a lost column',
      (model) => (keyOf(model, 'SchoolAddress', address).columns[0] = 'Gone'),
    ],
    [
      '14',
      'a descriptor column has no key',
      (model) => drop(tableOf(model, 'SchoolKind').constraints, 'FK_SchoolKind_Kind'),
    ],
    [
      '14',
      'an alias of a descriptor has a key',
      (model) => (keyOf(model, 'School', 'FK_School_ADescriptor_Unified').columns[0] = 'BDescriptor_DescriptorId'),
    ],
    [
      '15',
      'a key to the parent does not cascade',
      (model) => (keyOf(model, 'SchoolAddress', 'FK_SchoolAddress_School').onDelete = 'NoAction'),
    ],
    ['15', 'a reference key cascades', (model) => (keyOf(model, 'Club', 'FK_Club_Home_RefKey').onDelete = 'Cascade')],
    [
      '15',
      'an extension table hangs on another table',
      (model) =>
        pointAt(model, 'SchoolExtensionAddress', 'FK_SchoolExtensionAddress_SchoolAddress', { name: 'SchoolRoom' }),
    ],
    ['16', 'columns are out of order', (model) => swap(tableOf(model, 'Section').columns, 1)],
    ['16', 'constraints are out of order', (model) => swap(tableOf(model, 'Section').constraints)],
    ['16', 'tables are out of order', (model) => swap(resourceOf(model, 'School').tablesInDependencyOrder, 2)],
    ['16', 'bindings are out of order', (model) => swap(resourceOf(model, 'Section').documentReferenceBindings)],
    ['16', 'edge sources are out of order', (model) => swap(resourceOf(model, 'School').descriptorEdgeSources, 1)],
    ['16', 'resources are out of order', (model) => swap(model.resources)],
    [
      '18',
      'an unreferenced root has a reference key',
      (model) =>
        tableOf(model, 'Section').constraints.push({
          kind: 'Unique',
          name: 'UX_Section_RefKey',
          columns: ['DocumentId', 'SectionId'],
        }),
    ],
    ['20', 'a binding is in a table of another resource', (model) => (bindingOf(model, 'Club').table = sectionTable)],
    ['20', 'a binding has another path', (model) => (bindingOf(model, 'Club').referenceObjectPath = somePath)],
    ['20', 'a binding has another target', (model) => (bindingOf(model, 'Club').targetResource = other)],
    ['20', 'a binding names a scalar', (model) => (columnOf(model, 'Club', 'Home_DocumentId').kind = 'Scalar')],
    ['20', 'a part has another path', (model) => (columnOf(model, 'Club', 'Home_SchoolId').sourcePath = somePath)],
    ['20', 'a reference has no parts', (model) => (bindingOf(model, 'Club').identityBindings = [])],
    ['20', 'a binding names no column', (model) => (bindingOf(model, 'Club').fkColumn = 'Lost')],
    ['21', 'a descriptor column has no edge', (model) => resourceOf(model, 'School').descriptorEdgeSources.pop()],
    [
      '21',
      'a descriptor column has two edges',
      (model) => resourceOf(model, 'School').descriptorEdgeSources.push(edgeOf(model, 'School')),
    ],
    ['21', 'an edge has another path', (model) => (edgeOf(model, 'School').descriptorValuePath = somePath)],
    ['21', 'an edge has another descriptor', (model) => (edgeOf(model, 'School').descriptorResource = other)],
    ['21', 'an edge names no column', (model) => (edgeOf(model, 'School').fkColumn = 'Lost')],
    ['22', 'a resource is listed twice', (model) => model.resources.push(resourceOf(model, 'Club'))],
    ['22', 'a resource key is used twice', (model) => (resourceOf(model, 'Club').resourceKey.id = 1)],
    ['22', 'a numbered resource has no model', (model) => model.resources.pop()],
    ['22', 'a view has no identity table', (model) => model.abstractIdentityTables.pop()],
    [
      '22',
      'an arm is of no resource',
      (model) =>
        (model.abstractUnionViews[0]!.unionArms[0]!.concreteMember = {
          ...resourceOf(model, 'School').resourceKey,
          ...other,
        }),
    ],
    ['22', 'an arm has a column too few', (model) => model.abstractUnionViews[0]!.unionArms[0]!.projections.pop()],
    [
      '22',
      'a superclass is not abstract',
      (model) => (resourceOf(model, 'School').superclass!.resource.resourceName = 'Club'),
    ],
    [
      '22',
      'a renamed identity has two paths',
      (model) => {
        const { identityElements } = resourceOf(model, 'School');
        identityElements.push({ ...identityElements[0]!, identityJsonPath: somePath });
      },
    ],
    [
      '§15',
      'an identity is not a descriptor',
      (model) => (resourceOf(model, 'School').identityElements[0]!.isDescriptor = true),
    ],
    [
      '§15',
      'an identity has another type',
      (model) =>
        (resourceOf(model, 'School').identityElements[0]!.scalarType = {
          kind: 'Date',
          maxLength: null,
          decimal: null,
        }),
    ],
    ['5', 'a parent key part is not in the key', (model) => (columnOf(model, 'Club', 'Name').kind = 'ParentKeyPart')],
    ['7', 'a path crosses an array', (model) => (columnOf(model, 'Club', 'Name').sourcePath = arrayPath)],
    ['§15', 'a reference has no target', (model) => (columnOf(model, 'Club', 'Home_DocumentId').targetResource = null)],
    ['§15', 'a stored column is not writable', (model) => (columnOf(model, 'Club', 'Name').isWritable = false)],
    ['§15', 'a column has no type', (model) => (columnOf(model, 'Club', 'Name').scalarType = null)],
    [
      '§15',
      'the natural key is not a unique constraint',
      (model) => resourceOf(model, 'Club').naturalKey.columns.push('Home_SchoolId'),
    ],
  ])('%s, when %s', (invariant, _, breakIt) => {
    const model = structuredClone(sound) as RelationalModelSet;
    expect(brokenInvariants(model)).toEqual([]);
    breakIt(model as unknown as WritableModel);
    expect(brokenInvariants(model)).toContainEqual(expect.stringMatching(new RegExp(`^02 §18 ${invariant} `)));
  });
});
