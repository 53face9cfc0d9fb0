import { DmsError } from '@dms/diagnostics';
import { mustExist, qualified } from '@dms/model';
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
import { expectBound, failInvariant, type PackPlace } from '../fail-pack.ts';
import type { PayloadReader } from '../messages/payload-reader.ts';
import { existingColumn, type LoadedTable, type PackRules } from '../pack-rules.ts';
import type { LoadedModel } from './check-model.ts';

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

/** The source of each bound value must exist: a reference of that column, or a column with the place of the row. */
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
    expectBound(at, plan, 'canonical_binding_index', canonicalBindingIndex, canonicalColumn);
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
      expectBound(at, plan, 'presence_binding_index', presenceBindingIndex, presenceColumn);
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

/** Turns the rejection by a rule of the plans into a violated invariant of the pack. */
function withinInvariants<Result>(at: PackPlace, what: string, check: () => Result): Result {
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
