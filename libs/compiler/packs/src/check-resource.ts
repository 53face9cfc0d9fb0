import { isDeepStrictEqual } from 'node:util';
import { DmsError } from '@dms/diagnostics';
import { constraintColumns, type DbTableName, mustExist, qualified, type ResourceModel, type Table } from '@dms/model';
import {
  bulkInsertBatching,
  checkProjectionContract,
  isParameterName,
  isSyntheticPresence,
  type ReferenceSource,
  type ResourceReadPlan,
  type ResourceWritePlan,
  type TableWritePlan,
  type WriteColumnBinding,
} from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { expectBound, failInvariant, type PackPlace, required } from './fail-pack.ts';
import { tableNameOf } from './messages/message-codec.ts';
import { existingColumn, type LoadedTable, type PackRules, type PayloadReader } from './pack-rules.ts';
import type { PackMessage } from './wire/message.ts';

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
  /** Tables in the order of the model. */
  readonly tables: readonly LoadedTable[];
  readonly tablesByName: ReadonlyMap<string, LoadedTable>;
}

function checkRoot({ model, at, tables }: LoadedModel, message: PackMessage<'RelationalResourceModel'>): void {
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
  // a path may have several columns of a reference, if the identity of the target holds the same value under several
  // names
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
  message: PackMessage<'RelationalResourceModel'>,
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

function checkParameterNames(bindings: readonly WriteColumnBinding[], at: PackPlace): void {
  const names = new Set<string>();
  for (const { column, parameterName } of bindings) {
    if (!isParameterName(parameterName)) {
      failInvariant(at, `parameter_name of ${column.name}`, 'letters, digits and _', parameterName || 'none');
    }
    const folded = parameterName.toLowerCase();
    if (names.has(folded)) failInvariant(at, `parameter_name of ${column.name}`, 'a name of its own', parameterName);
    names.add(folded);
  }
}

/** The part of a reference that a column repeats must belong to that column. */
function checkReferenceSource(
  { model }: LoadedModel,
  { at, model: table }: LoadedTable,
  column: string,
  source: ReferenceSource,
) {
  const reference = model.documentReferenceBindings[source.bindingIndex];
  const isOwn = reference && qualified(reference.table) === qualified(table.table);
  const part = isOwn ? reference.identityBindings.find((each) => each.column === column) : undefined;
  const what = (member: string) => `reference_source of ${column}, ${member}`;
  if (!reference || !part) {
    return failInvariant(at, what('binding_index'), 'a reference that has the column', source.bindingIndex);
  }
  const object = reference.referenceObjectPath.canonical;
  const path = part.referenceJsonPath.canonical;
  const { referenceObjectPath, referenceJsonPath } = source;
  if (referenceObjectPath.canonical !== object)
    failInvariant(at, what('reference_object_path'), object, referenceObjectPath.canonical);
  if (referenceJsonPath.canonical !== path)
    failInvariant(at, what('reference_json_path'), path, referenceJsonPath.canonical);
}

/** The source of each bound value must exist: a reference of that column, or a structural column of the row. */
function checkSource(
  loaded: LoadedModel,
  table: LoadedTable,
  { column, source }: WriteColumnBinding,
  rules: PackRules,
): void {
  const { at } = table;
  const expectColumn = (what: string, expected: string | undefined) => {
    if (expected !== column.name) failInvariant(at, what, expected ?? 'no such source', column.name);
  };
  switch (source.kind) {
    case 'document_id':
    case 'ordinal':
      return expectColumn(`column of the source ${source.kind}`, rules.placeColumn(table.model, source));
    case 'parent_key_part':
      return expectColumn(
        `column of the source parent_key_part(${source.index})`,
        rules.placeColumn(table.model, source),
      );
    case 'document_reference': {
      const reference = loaded.model.documentReferenceBindings[source.bindingIndex];
      const isOwn = reference && qualified(reference.table) === qualified(table.model.table);
      return expectColumn(`binding_index ${source.bindingIndex}`, isOwn ? reference.fkColumn : undefined);
    }
    case 'reference_derived':
      return checkReferenceSource(loaded, table, column.name, source.referenceSource);
    default:
      return;
  }
}

function checkBindings(
  loaded: LoadedModel,
  table: LoadedTable,
  { columnBindings }: TableWritePlan,
  rules: PackRules,
): void {
  const { at } = table;
  const bound = new Set<string>();
  for (const binding of columnBindings) {
    const { name, storage } = binding.column;
    if (storage.kind !== 'Stored') failInvariant(at, `storage of the bound column ${name}`, 'stored', 'an alias');
    if (bound.has(name)) failInvariant(at, 'column_bindings', 'distinct columns', `${name} twice`);
    bound.add(name);
    checkSource(loaded, table, binding, rules);
  }
  for (const name of rules.requiredColumns(table.model)) {
    if (!bound.has(name)) failInvariant(at, 'column_bindings', `a binding of ${name}`, 'none');
  }
  checkParameterNames(columnBindings, at);
}

/**
 * Every precomputed binding is computed once: by its class, by the member whose presence it records, or as the id of a
 * row (design 08 §6.9, 17 §3.6).
 */
function checkUnification(loaded: LoadedModel, table: LoadedTable, plan: TableWritePlan): void {
  const { columnBindings, keyUnificationPlans, collectionKeyPreallocationPlan: preallocation } = plan;
  const { at, model } = table;
  const produced = new Map<number, number>();
  const produce = (index: number) => produced.set(index, (produced.get(index) ?? 0) + 1);
  if (preallocation) produce(preallocation.bindingIndex);
  const expected = model.keyUnificationClasses.map(({ canonicalColumn }) => canonicalColumn).join(', ');
  const found = keyUnificationPlans.map(({ canonicalColumn }) => canonicalColumn).join(', ');
  if (found !== expected) failInvariant(at, 'key_unification_plans', expected || 'none', found || 'none');
  for (const [index, { canonicalColumn, canonicalBindingIndex, membersInOrder }] of keyUnificationPlans.entries()) {
    const members = membersInOrder.map(({ memberPathColumn }) => memberPathColumn).join(', ');
    const { memberPathColumns } = mustExist(model.keyUnificationClasses[index], `the class of ${canonicalColumn}`);
    const ofClass = memberPathColumns.join(', ');
    if (members !== ofClass) failInvariant(at, `members_in_order of ${canonicalColumn}`, ofClass, members);
    expectBound(at, plan, 'canonical_binding_index', { index: canonicalBindingIndex, column: canonicalColumn });
    produce(canonicalBindingIndex);
    for (const member of membersInOrder) {
      const { memberPathColumn, presenceColumn, presenceBindingIndex, presenceIsSynthetic } = member;
      if (member.kind === 'reference_derived')
        checkReferenceSource(loaded, table, memberPathColumn, member.referenceSource);
      const { storage } = existingColumn(table, memberPathColumn, 'members_in_order.member_path_column');
      const gate = storage.kind === 'UnifiedAlias' ? storage.presenceColumn : null;
      if (presenceColumn !== gate) {
        failInvariant(at, `presence_column of ${memberPathColumn}`, gate ?? 'none', presenceColumn ?? 'none');
      }
      const isWhole = presenceColumn !== null && presenceBindingIndex !== null;
      const isAbsent = presenceColumn === null && presenceBindingIndex === null && !presenceIsSynthetic;
      if (!isWhole && !isAbsent)
        failInvariant(at, `presence of ${memberPathColumn}`, 'column and index, or neither', 'one of them');
      if (!isWhole) continue;
      expectBound(at, plan, 'presence_binding_index', { index: presenceBindingIndex, column: presenceColumn });
      const isSynthetic = isSyntheticPresence(existingColumn(table, presenceColumn, 'presence_column'));
      if (presenceIsSynthetic !== isSynthetic) {
        failInvariant(at, `presence_is_synthetic of ${memberPathColumn}`, isSynthetic, presenceIsSynthetic);
      }
      if (isSynthetic) produce(presenceBindingIndex);
    }
  }
  for (const [index, { column, source }] of columnBindings.entries()) {
    const times = produced.get(index) ?? 0;
    const due = source.kind === 'precomputed' ? 1 : 0;
    if (times !== due) failInvariant(at, `how often the value of ${column.name} is computed`, due, times);
  }
}

function checkBatching(dialect: SqlDialect, { at }: LoadedTable, plan: TableWritePlan): void {
  const expected = withinInvariants(at, 'bulk_insert_batching', () =>
    bulkInsertBatching(dialect, plan.columnBindings.length),
  );
  for (const member of ['maxRowsPerBatch', 'parametersPerRow', 'maxParametersPerCommand'] as const) {
    const due = expected[member];
    const found = plan.bulkInsertBatching[member];
    if (due !== found) failInvariant(at, `bulk_insert_batching, ${member}`, due, found);
  }
}

/** Turns an error of a plan rule into a violated invariant of the pack. */
export function withinInvariants<Result>(at: PackPlace, what: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [{ details, message }] = error.diagnostics;
    const detail = (name: string) =>
      typeof details[name] === 'string' || typeof details[name] === 'number' ? details[name] : '';
    return failInvariant(
      at,
      String(details.what ?? what),
      detail('expected') || 'what plans are',
      detail('found') || message,
    );
  }
}

/** Pairs the plans of a resource with its tables, which they must cover exactly, in order. */
export function perTable<Plan extends { readonly table: PackMessage<'DbTableName'> | null }, Result>(
  { at, tables }: LoadedModel,
  plans: readonly Plan[],
  what: string,
  make: (plan: Plan, table: LoadedTable) => Result,
): Result[] {
  if (plans.length !== tables.length) failInvariant(at, `number of ${what}`, tables.length, plans.length);
  return tables.map((table, index) => {
    const plan = required(plans[index], at, what);
    const expected = qualified(table.model.table);
    const found = qualified(tableNameOf(plan.table, at, `${what}.table`));
    if (found !== expected) failInvariant(at, `table of ${what}[${index}]`, expected, found);
    return make(plan, table);
  });
}

/** Checks a write plan against its model (design 08 §12.5, step 6). */
export function checkWritePlan(
  dialect: SqlDialect,
  loaded: LoadedModel,
  plan: ResourceWritePlan,
  rules: PackRules,
): void {
  for (const [index, table] of loaded.tables.entries()) {
    const tablePlan = plan.tablePlansInDependencyOrder[index];
    if (!tablePlan) return failInvariant(table.at, 'write_plan', 'a plan', 'none');
    checkBindings(loaded, table, tablePlan, rules);
    rules.checkTablePlan(table, tablePlan);
    checkUnification(loaded, table, tablePlan);
    checkBatching(dialect, table, tablePlan);
  }
}

/** Checks the projections of a read plan against its model (design 08 §7.6, 17 §4.6). */
export function checkReadPlan({ at }: LoadedModel, plan: ResourceReadPlan, { version }: PayloadReader): void {
  withinInvariants(at, 'read_plan', () => checkProjectionContract(plan, version));
}
