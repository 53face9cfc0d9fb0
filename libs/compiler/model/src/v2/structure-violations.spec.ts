import { deriveModel } from '@dms/derivation';
import { everything, schemaSetOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { structureFindings } from '../invariants/table-shape.ts';
import { brokenInvariants } from '../invariants/validate-model.ts';
import type { Column, RelationalModelSet, Table } from '../model.ts';

const sound = deriveModel(schemaSetOf('v2', everything), 'pgsql', { strict: false }).model;

function changedTable(name: string, change: (table: Table) => Partial<Table>): RelationalModelSet {
  return {
    ...sound,
    resources: sound.resources.map((resource) => ({
      ...resource,
      tablesInDependencyOrder: resource.tablesInDependencyOrder.map((table) =>
        table.table.name === name ? { ...table, ...change(table) } : table,
      ),
    })),
  };
}

const withIdentity = (name: string, changes: Partial<Table['identity']>) =>
  changedTable(name, ({ identity }) => ({ identity: { ...identity, ...changes } }));

const withColumn = (name: string, column: string, changes: Partial<Column>) =>
  changedTable(name, ({ columns }) => ({
    columns: columns.map((each) => (each.name === column ? { ...each, ...changes } : each)),
  }));

const withCopy = (name: string, column: string, changes: Partial<Column>) =>
  changedTable(name, ({ columns }) => ({
    columns: [...columns, ...columns.filter((each) => each.name === column).map((each) => ({ ...each, ...changes }))],
  }));

const address = 'SchoolAddress';
const period = 'SchoolAddressPeriod';
const alias = { kind: 'UnifiedAlias', canonicalColumn: 'City', presenceColumn: null } as const;

// The structure on which the plans of the second generation rely (design 17 §3.1, §3.5, §4.2); each rule is an
// invariant of the model.
describe('a model of the second generation whose rows are not identified, placed and ordered is found out:', () => {
  it('but a sound one is not', () => expect(brokenInvariants(sound)).toEqual([]));

  it.each<[string, RelationalModelSet, string]>([
    [
      'a locator that is not a column',
      withIdentity(address, { rootLocator: ['Lost'] }),
      'Lost is not a plain ParentKeyPart',
    ],
    [
      'a locator that is an alias',
      withColumn(period, 'ParentCollectionItemId', { storage: alias }),
      'ParentCollectionItemId is not a plain ParentKeyPart',
    ],
    ['no root locator', withIdentity(address, { rootLocator: [] }), 'no single root locator'],
    [
      'two root locators',
      withIdentity(period, { rootLocator: ['School_DocumentId', 'ParentCollectionItemId'] }),
      'no single root locator',
    ],
    ['no parent locator', withIdentity(period, { parentLocator: [] }), 'no single parent locator'],
    [
      'a parent locator of a root',
      withIdentity('School', { parentLocator: ['DocumentId'] }),
      'no single parent locator',
    ],
    [
      'two row identities',
      withIdentity(address, { rowIdentity: ['CollectionItemId', 'City'] }),
      'row identity is not its key',
    ],
    ['no row identity', withIdentity(address, { rowIdentity: [] }), 'row identity is not its key'],
    ['a second id of rows', withCopy(address, 'CollectionItemId', { name: 'OtherId' }), 'OtherId has no place'],
    [
      'an id of rows with a path',
      withColumn(address, 'CollectionItemId', {
        sourcePath: sound.resources.flatMap(({ identityElements }) => identityElements)[0]?.identityJsonPath ?? null,
      }),
      'CollectionItemId is not a plain CollectionKey',
    ],
    ['no position', withColumn(address, 'Ordinal', { kind: 'Scalar' }), '0 columns of the kind Ordinal'],
    ['two positions', withCopy(address, 'Ordinal', { name: 'OtherOrdinal' }), '2 columns of the kind Ordinal'],
    ['a nullable position', withColumn(address, 'Ordinal', { isNullable: true }), 'Ordinal is not a plain Ordinal'],
  ])('%s', (_, model, text) => {
    expect(
      brokenInvariants(model)
        .filter((violation) => violation.startsWith('02 §18 5 '))
        .join('\n'),
    ).toContain(text);
  });

  it('tables are checked one by one, too', () => {
    const tableOf = ({ resources }: RelationalModelSet, name: string) => {
      const found = resources
        .flatMap((resource) => resource.tablesInDependencyOrder)
        .find(({ table }) => table.name === name);
      if (!found) throw new Error(`there is no table ${name}`);
      return found;
    };
    expect(structureFindings(tableOf(sound, address), 'v2')).toEqual([]);
    expect(structureFindings(tableOf(withIdentity(address, { rootLocator: [] }), address), 'v2').join()).toContain(
      'no single root locator',
    );
  });
});

describe('copies of references in a model of the second generation:', () => {
  const session = (change: (column: string) => string) => ({
    ...sound,
    resources: sound.resources.map((resource) => ({
      ...resource,
      documentReferenceBindings: resource.documentReferenceBindings.map((binding) => ({
        ...binding,
        identityBindings: binding.identityBindings.map((part) => ({ ...part, column: change(part.column) })),
      })),
    })),
  });

  it('have the path of their part', () => {
    expect(brokenInvariants(withColumn('Session', 'School_SchoolId', { sourcePath: null })).join('\n')).toContain(
      'from School_SchoolId, which has the path undefined',
    );
  });

  it('have a column for each part', () => {
    const twice = session((column) =>
      column === 'Session_TermDescriptor_DescriptorId' ? 'Session_SessionName' : column,
    );
    expect(brokenInvariants(twice).join('\n')).toContain(
      '20 Ed-Fi:CourseOffering: edfi.CourseOffering.Session_SessionName is the column of several parts of references',
    );
  });
});
