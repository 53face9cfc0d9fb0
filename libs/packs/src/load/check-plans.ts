import { DmsError } from '@dms/diagnostics';
import { qualified } from '@dms/model';
import {
  bulkInsertBatching,
  checkProjectionContract,
  isParameterName,
  isSyntheticPresence,
  type ResourceReadPlan,
  type ResourceWritePlan,
  type TableWritePlan,
  type WriteColumnBinding,
} from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { type PackPlace, refuseInvariant } from '../refusal.ts';
import { existingColumn, type LoadedModel, type LoadedTable } from './check-model.ts';

function checkParameterNames(bindings: readonly WriteColumnBinding[], at: PackPlace): void {
  const names = new Set<string>();
  for (const { column, parameterName } of bindings) {
    if (!isParameterName(parameterName)) {
      refuseInvariant(at, `parameter_name of ${column.name}`, 'letters, digits and _', parameterName || 'none');
    }
    const folded = parameterName.toLowerCase();
    if (names.has(folded)) refuseInvariant(at, `parameter_name of ${column.name}`, 'a name of its own', parameterName);
    names.add(folded);
  }
}

/** What each value is bound to must be there: a reference of that column, a part of the key. */
function checkSource({ model }: LoadedModel, table: LoadedTable, { column, source }: WriteColumnBinding): void {
  const { at } = table;
  const { columns: key } = table.model.key;
  const expectColumn = (what: string, expected: string | undefined) => {
    if (expected !== column.name) refuseInvariant(at, what, expected ?? 'no such source', column.name);
  };
  switch (source.kind) {
    case 'document_id':
      return expectColumn('column of the source document_id', key[0]?.name);
    case 'parent_key_part': {
      const part = key[source.index];
      const name = part?.kind === 'ParentKeyPart' ? part.name : undefined;
      return expectColumn(`column of the source parent_key_part(${source.index})`, name);
    }
    case 'ordinal': {
      const last = key.at(-1);
      return expectColumn('column of the source ordinal', last?.kind === 'Ordinal' ? last.name : undefined);
    }
    case 'document_reference': {
      const reference = model.documentReferenceBindings[source.bindingIndex];
      const isOwn = reference && qualified(reference.table) === qualified(table.model.table);
      return expectColumn(`binding_index ${source.bindingIndex}`, isOwn ? reference.fkColumn : undefined);
    }
    default:
      return;
  }
}

function checkBindings(loaded: LoadedModel, table: LoadedTable, { columnBindings }: TableWritePlan): void {
  const { at } = table;
  const bound = new Set<string>();
  for (const binding of columnBindings) {
    const { name, storage } = binding.column;
    if (storage.kind !== 'Stored') refuseInvariant(at, `storage of the bound column ${name}`, 'stored', 'an alias');
    if (bound.has(name)) refuseInvariant(at, 'column_bindings', 'distinct columns', `${name} twice`);
    bound.add(name);
    checkSource(loaded, table, binding);
  }
  for (const { name } of table.model.key.columns) {
    if (!bound.has(name)) refuseInvariant(at, 'column_bindings', `the key column ${name}`, 'none');
  }
  checkParameterNames(columnBindings, at);
}

/** Every precomputed binding is produced once: by its class, or by the member whose presence it says (design 08 §6.9). */
function checkUnification(table: LoadedTable, { columnBindings, keyUnificationPlans }: TableWritePlan): void {
  const { at, model } = table;
  const expectBound = (what: string, index: number, column: string) => {
    const found = columnBindings[index]?.column.name ?? 'no binding';
    if (found !== column) refuseInvariant(at, `${what} ${index}`, column, found);
  };
  const produced = new Map<number, number>();
  const produce = (index: number) => produced.set(index, (produced.get(index) ?? 0) + 1);
  const expected = model.keyUnificationClasses.map(({ canonicalColumn }) => canonicalColumn).join(', ');
  const found = keyUnificationPlans.map(({ canonicalColumn }) => canonicalColumn).join(', ');
  if (found !== expected) refuseInvariant(at, 'key_unification_plans', expected || 'none', found || 'none');
  for (const [index, plan] of keyUnificationPlans.entries()) {
    const members = plan.membersInOrder.map(({ memberPathColumn }) => memberPathColumn).join(', ');
    const ofClass = model.keyUnificationClasses[index]?.memberPathColumns.join(', ') ?? '';
    if (members !== ofClass) refuseInvariant(at, `members_in_order of ${plan.canonicalColumn}`, ofClass, members);
    expectBound('canonical_binding_index', plan.canonicalBindingIndex, plan.canonicalColumn);
    produce(plan.canonicalBindingIndex);
    for (const { memberPathColumn, presenceColumn, presenceBindingIndex, presenceIsSynthetic } of plan.membersInOrder) {
      const { storage } = existingColumn(table, memberPathColumn, 'members_in_order.member_path_column');
      const gate = storage.kind === 'UnifiedAlias' ? storage.presenceColumn : null;
      if (presenceColumn !== gate) {
        refuseInvariant(at, `presence_column of ${memberPathColumn}`, gate ?? 'none', presenceColumn ?? 'none');
      }
      if (presenceColumn === null || presenceBindingIndex === null) {
        if (presenceColumn !== null || presenceBindingIndex !== null || presenceIsSynthetic) {
          refuseInvariant(at, `presence of ${memberPathColumn}`, 'column and index, or neither', 'one of them');
        }
        continue;
      }
      expectBound('presence_binding_index', presenceBindingIndex, presenceColumn);
      const isSynthetic = isSyntheticPresence(existingColumn(table, presenceColumn, 'presence_column'));
      if (presenceIsSynthetic !== isSynthetic) {
        refuseInvariant(at, `presence_is_synthetic of ${memberPathColumn}`, isSynthetic, presenceIsSynthetic);
      }
      if (isSynthetic) produce(presenceBindingIndex);
    }
  }
  for (const [index, { column, source }] of columnBindings.entries()) {
    const [times, due] = [produced.get(index) ?? 0, source.kind === 'precomputed' ? 1 : 0];
    if (times !== due) refuseInvariant(at, `how often the value of ${column.name} is computed`, due, times);
  }
}

function checkBatching(dialect: SqlDialect, { at }: LoadedTable, plan: TableWritePlan): void {
  const expected = withinInvariants(at, 'bulk_insert_batching', () => bulkInsertBatching(dialect, plan.columnBindings.length));
  for (const member of ['maxRowsPerBatch', 'parametersPerRow', 'maxParametersPerCommand'] as const) {
    const [due, found] = [expected[member], plan.bulkInsertBatching[member]];
    if (due !== found) refuseInvariant(at, `bulk_insert_batching, ${member}`, due, found);
  }
}

/** What a rule of the plans rejects is no invariant of a pack either. */
function withinInvariants<Result>(at: PackPlace, what: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [{ details, message }] = error.diagnostics;
    const detail = (name: string) =>
      typeof details[name] === 'string' || typeof details[name] === 'number' ? details[name] : '';
    return refuseInvariant(
      at,
      String(details.what ?? what),
      detail('expected') || 'what plans are',
      detail('found') || message,
    );
  }
}

/** Checks a write plan against its model (design 08 §12.5, step 6). Throws `PACK_INVARIANT`. */
export function checkWritePlan(dialect: SqlDialect, loaded: LoadedModel, plan: ResourceWritePlan): void {
  for (const [index, table] of loaded.tables.entries()) {
    const tablePlan = plan.tablePlansInDependencyOrder[index];
    if (!tablePlan) return refuseInvariant(table.at, 'write_plan', 'a plan', 'none');
    checkBindings(loaded, table, tablePlan);
    checkUnification(table, tablePlan);
    checkBatching(dialect, table, tablePlan);
  }
}

/** Checks the projections of a read plan against its model (design 08 §7.6). Throws `PACK_INVARIANT`. */
export function checkReadPlan({ at }: LoadedModel, plan: ResourceReadPlan): void {
  withinInvariants(at, 'read_plan', () => checkProjectionContract(plan));
}
