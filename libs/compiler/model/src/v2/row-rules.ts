import { arrayDepth, resourceLabel } from '@dms/api-schema';
import { counted } from '@dms/diagnostics';
import { qualified } from '../full-names.ts';
import type { Column, ColumnKind, ResourceModel, ScalarType, Table, TableKind } from '../model.ts';
import type { RowRules } from '../row-rules.ts';
import { isStructuralKind, tableKindOf } from '../table-facts.ts';

/** The structural columns of a kind of table, by their parts (design 15 §4.1). */
interface Structure {
  readonly row: 'DocumentId' | 'CollectionItemId' | 'BaseCollectionItemId';
  readonly hasOwnRoot: boolean;
  readonly hasOrdinal: boolean;
}

const structures: Readonly<Record<TableKind, Structure>> = {
  Unspecified: { row: 'DocumentId', hasOwnRoot: false, hasOrdinal: false },
  Root: { row: 'DocumentId', hasOwnRoot: false, hasOrdinal: false },
  RootExtension: { row: 'DocumentId', hasOwnRoot: false, hasOrdinal: false },
  Collection: { row: 'CollectionItemId', hasOwnRoot: true, hasOrdinal: true },
  ExtensionCollection: { row: 'CollectionItemId', hasOwnRoot: true, hasOrdinal: true },
  CollectionExtensionScope: { row: 'BaseCollectionItemId', hasOwnRoot: true, hasOrdinal: false },
};

type TypeKind = ScalarType['kind'];

/** The columns of root tables that mirror versions of the document, with their types (design 15 §4.5). */
const mirrors: readonly (readonly [ColumnKind, TypeKind])[] = [
  ['MirroredContentVersion', 'Int64'],
  ['MirroredContentLastModifiedAt', 'DateTime'],
];

const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

/** Whether the database fills a column: NOT NULL, stored, without a path. */
const isPlain = ({ isNullable, storage, sourcePath, scalarType }: Column, type: TypeKind) =>
  !isNullable && storage.kind === 'Stored' && sourcePath === null && scalarType?.kind === type;

/**
 * 5: one key column, which comes first; the locators and the ordinal of a row are plain columns of the right kind and
 * type.
 */
function structuralColumns(table: Table, isAbstract: boolean): string[] {
  const { identity, key, columns } = table;
  const name = qualified(table.table);
  const faults: string[] = [];
  const check = (holds: boolean, text: string) => {
    if (!holds) faults.push(`5 ${name}: ${text}`);
  };
  const { row, hasOwnRoot, hasOrdinal } = structures[identity.tableKind];
  const kindByScope = isAbstract ? 'Unspecified' : tableKindOf(table.jsonScope);
  check(identity.tableKind === kindByScope, `is of the kind ${identity.tableKind}, not ${kindByScope}`);
  const [only, ...others] = key.columns;
  check(only !== undefined && others.length === 0, `${key.columns.length} key columns instead of one`);
  check(columns[0]?.name === only?.name, 'the key column does not come first');
  check(
    only?.role === (row === 'DocumentId' ? 'DocumentId' : 'CollectionItemId'),
    `the role of its key is ${only?.role}`,
  );
  const byName = new Map(columns.map((column) => [column.name as string, column]));
  const expect = (columnName: string | undefined, kind: ColumnKind, type: TypeKind) => {
    const column = columnName === undefined ? undefined : byName.get(columnName);
    const isRight = column?.kind === kind && isPlain(column, type);
    check(isRight, `${columnName ?? 'a structural column'} is not a plain ${kind} of type ${type}`);
  };
  expect(only?.name, row === 'CollectionItemId' ? 'CollectionKey' : 'ParentKeyPart', 'Int64');
  if (isAbstract) {
    check(
      [identity.rowIdentity, identity.rootLocator, identity.parentLocator].every((list) => list.length === 0),
      'is located',
    );
  } else {
    check(sameList(identity.rowIdentity, only ? [only.name] : []), 'its row identity is not its key');
    check(identity.rootLocator.length === 1, 'has no single root locator');
    check(hasOwnRoot || sameList(identity.rootLocator, identity.rowIdentity), 'its root locator is not its key');
    check(identity.parentLocator.length === (identity.tableKind === 'Root' ? 0 : 1), 'has no single parent locator');
    for (const locator of [...identity.rootLocator, ...identity.parentLocator])
      expect(locator, 'ParentKeyPart', 'Int64');
  }
  const ordinals = columns.filter(({ kind }) => kind === 'Ordinal');
  check(ordinals.length === (hasOrdinal ? 1 : 0), `${counted(ordinals.length, 'column')} of the kind Ordinal`);
  for (const ordinal of ordinals) expect(ordinal.name, 'Ordinal', 'Int32');
  const structural = new Set<string>([
    ...key.columns.map((column) => column.name),
    ...identity.rootLocator,
    ...identity.parentLocator,
    ...ordinals.map((column) => column.name),
  ]);
  for (const column of columns)
    check(
      !isStructuralKind(column.kind) || structural.has(column.name),
      `${column.name} has no place in its structure`,
    );
  for (const [kind, type] of mirrors) {
    const found = columns.filter((column) => column.kind === kind);
    check(
      found.length === (identity.tableKind === 'Root' ? 1 : 0),
      `${counted(found.length, 'column')} of the kind ${kind}`,
    );
    for (const { name: mirror } of found) expect(mirror, kind, type);
  }
  return faults;
}

/**
 * 23: collections have an ordinal that is unique per parent, an identity over their own columns, and the required keys.
 */
function collections({ resourceKey, tablesInDependencyOrder: tables }: ResourceModel): string[] {
  const faults: string[] = [];
  const targets = new Set(
    tables.flatMap(({ constraints }) =>
      constraints.flatMap((constraint) =>
        constraint.kind === 'ForeignKey' && constraint.onDelete === 'Cascade' && constraint.columns.length === 2
          ? [qualified(constraint.targetTable)]
          : [],
      ),
    ),
  );
  for (const table of tables) {
    const { identity, columns, constraints } = table;
    const prefix = `23 ${resourceLabel(resourceKey)} ${qualified(table.table)}`;
    const isUnique = (names: readonly string[]) =>
      constraints.some((constraint) => constraint.kind === 'Unique' && sameList(constraint.columns, names));
    const ordinal = columns.find(({ kind }) => kind === 'Ordinal');
    if (ordinal && !isUnique([...identity.parentLocator, ordinal.name]))
      faults.push(`${prefix}: positions are not unique below one parent`);
    const known = new Set<string>(columns.map(({ name }) => name));
    for (const { relativePath, column } of identity.semanticIdentity) {
      if (!known.has(column)) faults.push(`${prefix}: its identity names the column ${column}, which it does not have`);
      if (arrayDepth(relativePath) > 0)
        faults.push(`${prefix}: its identity crosses an array at ${relativePath.canonical}`);
    }
    const values = identity.semanticIdentity.map(({ column }) => column);
    const identityColumns = [...new Set([...identity.parentLocator, ...values])];
    if (identityColumns.length > identity.parentLocator.length && !isUnique(identityColumns))
      faults.push(`${prefix}: its identity is not unique below one parent`);
    if (targets.has(qualified(table.table)) && !isUnique([...identity.rowIdentity, ...identity.rootLocator]))
      faults.push(`${prefix}: tables below refer to columns that are not unique`);
    const isCollection = identity.tableKind === 'Collection' || identity.tableKind === 'ExtensionCollection';
    if (!isCollection && values.length > 0) faults.push(`${prefix}: only a collection has an identity of its elements`);
    if ((identity.semanticIdentitySource === 'Unspecified') !== (values.length === 0))
      faults.push(`${prefix}: where its identity comes from is ${identity.semanticIdentitySource}`);
  }
  return faults;
}

/** Rows have ids; the columns with their parents and documents are plain columns (design 15 §4). */
export const rowRulesV2: RowRules = {
  documentKey: ['DocumentId'],
  referenceColumn: (columns) => columns.at(-1),
  structuralColumns,
  collections,
  parentKey({ identity }, parent) {
    const { tableKind, rowIdentity, rootLocator } = parent.identity;
    if (tableKind === 'Root' || tableKind === 'RootExtension')
      return { columns: identity.parentLocator, targetColumns: rowIdentity };
    return {
      columns: [...identity.parentLocator, ...identity.rootLocator],
      targetColumns: [...rowIdentity, ...rootLocator],
    };
  },
};
