import { isDeepStrictEqual } from 'node:util';
import { constraintColumns, type DbTableName, qualified, type ResourceModel, type Table } from '@dms/model';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import { existingColumn, type LoadedTable, type PackRules } from '../pack-rules.ts';
import type * as format from '../wire/pack-format.ts';

function loadedTable(model: Table, resource: PackPlace): LoadedTable {
  const at = { ...resource, table: qualified(model.table) };
  const columns = new Map(model.columns.map((column) => [column.name, column]));
  if (columns.size !== model.columns.length) {
    const repeated = model.columns.find((column) => columns.get(column.name) !== column);
    failInvariant(at, 'columns', 'distinct names', `${repeated?.name} twice`);
  }
  return { model, at, columns };
}

function checkStorage(table: LoadedTable): void {
  const expectStored = (name: string, what: string) => {
    if (existingColumn(table, name, what).storage.kind !== 'Stored')
      failInvariant(table.at, what, 'a stored column', name);
  };
  for (const { name, storage } of table.model.columns) {
    if (storage.kind === 'Stored') continue;
    expectStored(storage.canonicalColumn, `canonical column of ${name}`);
    if (storage.presenceColumn !== null) expectStored(storage.presenceColumn, `presence column of ${name}`);
  }
}

function checkClasses(table: LoadedTable): void {
  for (const { canonicalColumn, memberPathColumns } of table.model.keyUnificationClasses) {
    const what = `key unification class ${canonicalColumn}`;
    existingColumn(table, canonicalColumn, what);
    if (new Set(memberPathColumns).size !== memberPathColumns.length) {
      failInvariant(table.at, what, 'distinct members', memberPathColumns.join(', '));
    }
    for (const member of memberPathColumns) {
      const { storage } = existingColumn(table, member, what);
      if (storage.kind !== 'UnifiedAlias' || storage.canonicalColumn !== canonicalColumn) {
        failInvariant(table.at, what, `aliases of ${canonicalColumn} as members`, member);
      }
    }
  }
}

function checkConstraints(table: LoadedTable): void {
  for (const constraint of table.model.constraints) {
    for (const name of constraintColumns(constraint)) existingColumn(table, name, `column of ${constraint.name}`);
    if (constraint.kind === 'ForeignKey' && constraint.columns.length !== constraint.targetColumns.length) {
      const { name, columns, targetColumns } = constraint;
      failInvariant(table.at, `target columns of ${name}`, columns.length, targetColumns.length);
    }
  }
}

/** The checked model of a resource, with the tables to compare with its plans. */
export interface LoadedModel {
  readonly model: ResourceModel;
  readonly at: PackPlace;
  /** In the order of the model. */
  readonly tables: readonly LoadedTable[];
  readonly tablesByName: ReadonlyMap<string, LoadedTable>;
}

function checkRoot({ model, at, tables }: LoadedModel, message: format.RelationalResourceModel): void {
  const roots = tables.filter(({ model: { jsonScope } }) => jsonScope.canonical === '$').length;
  if (roots !== 1) failInvariant(at, 'tables with the scope $', 1, roots);
  if (model.tablesInDependencyOrder[0]?.jsonScope.canonical !== '$')
    failInvariant(at, 'scope of the first table', '$', 'another');
  const root = required(message.root, at, 'root');
  const first = message.tablesInDependencyOrder[0];
  if (root !== first && !isDeepStrictEqual(root, first)) {
    failInvariant(at, 'root', 'the table with the scope $ as tables_in_dependency_order has it', 'another');
  }
}

function checkSources({ model, at, tablesByName }: LoadedModel): void {
  const owner = (table: DbTableName, what: string) =>
    tablesByName.get(qualified(table)) ??
    failInvariant(at, `table of ${what}`, 'a table of the resource', qualified(table));
  const distinct = (what: string, values: readonly string[]) => {
    const seen = new Set<string>();
    for (const value of values) {
      if (seen.has(value)) failInvariant(at, what, 'distinct values', `${value} twice`);
      seen.add(value);
    }
  };
  const { documentReferenceBindings: references, descriptorEdgeSources: edges } = model;
  distinct(
    'reference_object_path',
    references.map(({ referenceObjectPath }) => referenceObjectPath.canonical),
  );
  // a path may lead to several columns of a reference, if its identity holds the same value under several names
  distinct(
    'fk_column of descriptor_edge_sources',
    edges.map(({ table, fkColumn }) => `${qualified(table)}.${fkColumn}`),
  );
  for (const { referenceObjectPath, table, fkColumn, identityBindings } of references) {
    const what = referenceObjectPath.canonical;
    const loaded = owner(table, what);
    if (existingColumn(loaded, fkColumn, `fk_column of ${what}`).kind !== 'DocumentFk') {
      failInvariant(loaded.at, `fk_column of ${what}`, 'a column of the kind DOCUMENT_FK', fkColumn);
    }
    for (const { column } of identityBindings) existingColumn(loaded, column, `identity_bindings of ${what}`);
  }
  for (const { descriptorValuePath, table, fkColumn } of edges) {
    const what = descriptorValuePath.canonical;
    const loaded = owner(table, what);
    if (existingColumn(loaded, fkColumn, `fk_column of ${what}`).kind !== 'DescriptorFk') {
      failInvariant(loaded.at, `fk_column of ${what}`, 'a column of the kind DESCRIPTOR_FK', fkColumn);
    }
  }
}

/**
 * Checks the model of a resource (design 08 §12.5, step 6): its tables, their keys, aliases and classes, and the places
 * of references and descriptors.
 */
export function checkModel(
  model: ResourceModel,
  message: format.RelationalResourceModel,
  at: PackPlace,
  { checkStructure }: PackRules,
): LoadedModel {
  const tables = model.tablesInDependencyOrder.map((table) => loadedTable(table, at));
  const tablesByName = new Map(tables.map((table) => [qualified(table.model.table), table]));
  if (tablesByName.size !== tables.length)
    failInvariant(at, 'tables_in_dependency_order', 'distinct tables', 'one twice');
  const loaded = { model, at, tables, tablesByName };
  checkRoot(loaded, message);
  for (const table of tables) {
    checkStructure(table);
    checkStorage(table);
    checkClasses(table);
    checkConstraints(table);
  }
  checkSources(loaded);
  return loaded;
}
