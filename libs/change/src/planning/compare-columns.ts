import type { CatalogColumn, TableDefinition } from '@dms/catalog';
import { addedColumnKind } from '../hazards/column-kinds.ts';
import type { Change } from './change.ts';
import type { Comparison } from './comparison.ts';
import type { ColumnFate, TableChange } from './table-change.ts';
import { typeConversion } from './type-conversion.ts';
import { columnValue, sameValue, sources, type Value } from './value.ts';

type StoredFate = Exclude<ColumnFate, { readonly kind: 'generated' | 'keptGenerated' }>;

/** What a change of type requires; `value` is what gets the new type. */
function* compareTypes(
  { changesByBefore }: Comparison,
  { pair }: Pick<TableChange, 'pair'>,
  after: CatalogColumn,
  value: Value,
): Generator<Change> {
  const owner = pair.after.owner;
  const path = [pair.after.key, after.name];
  for (const { table, column } of sources(value, pair.before.key)) {
    const type = changesByBefore.get(table)?.pair.before.catalog.columns.find(({ name }) => name === column)?.type;
    if (type === undefined) continue;
    const conversion = typeConversion(type, after.type);
    if (conversion.kind === 'same') continue;
    const entry = { owner, path, before: type, after: after.type };
    if (conversion.kind === 'wider') yield { kind: 'type wider', ...entry };
    else if (conversion.kind === 'other') {
      const reason = `a value of type ${type} has no one form in the type ${after.type}`;
      yield { kind: 'type changed', ...entry, reason };
    } else yield { kind: 'type narrower', ...entry, table: pair.before, value, fits: conversion.fits };
    // one item per column is enough
    return;
  }
}

function* compareNullability({ pair }: TableChange, before: CatalogColumn, after: CatalogColumn): Generator<Change> {
  if (before.nullable === after.nullable) return;
  const entry = { owner: pair.after.owner, path: [pair.after.key, after.name] };
  if (after.nullable) yield { kind: 'column optional', ...entry };
  else yield { kind: 'column required', ...entry, table: pair.before, value: columnValue(before.name) };
}

/** What a column of the earlier set was, unless it is a core column. */
const modelColumn = (side: TableChange['pair']['before'], name: string) =>
  side.model?.table.columns.find((column) => column.name === name);

/** Columns with the same role on both sides must have the same kind and target: another target means another value. */
function* compareRoles({ renaming }: Comparison, { pair }: TableChange): Generator<Change> {
  for (const [name, before] of pair.earlier) {
    const [then, now] = [modelColumn(pair.before, before), modelColumn(pair.after, name)];
    if (!then || !now) continue;
    const path = [pair.after.key, name];
    const owner = pair.after.owner;
    if (then.kind !== now.kind) {
      const reason = `what was a ${then.kind} is a ${now.kind}`;
      yield { kind: 'column kind changed', owner, path, before: then.kind, after: now.kind, reason };
      continue;
    }
    const label = (target: typeof then.targetResource) => (target ? `${target.projectName}:${target.resourceName}` : '');
    const [from, to] = [label(then.targetResource), label(now.targetResource)];
    if ((then.targetResource ? renaming.resource(from) : from) === to) continue;
    const reason = `its documents are of ${from}, and there is no way from them to documents of ${to}`;
    yield { kind: 'target changed', owner, path, before: from, after: to, reason };
  }
}

/** What happens to a value whose type changes to another family; null for other columns. */
function compareRetyped({ values, permits }: Comparison, { pair }: TableChange, after: CatalogColumn): Change | null {
  const { owner, key } = pair.after;
  const retyped = values.retyped(key, after.name);
  if (retyped === null) return null;
  const path = [key, after.name];
  const before = pair.before.catalog.columns.find(({ name }) => name === retyped.before);
  const entry = { owner, path, before: before?.type, after: after.type, table: pair.before };
  const { conversion } = retyped;
  if (conversion === null)
    return { kind: 'type replaced', ...entry, value: columnValue(retyped.before), isPermitted: permits({ owner, path }) };
  const becomesRequired = !after.nullable && before?.nullable === true;
  return {
    kind: 'type converted',
    ...entry,
    value: values.of(key, after.name),
    fits: conversion.fits,
    becomesRequired,
    isRequired: !after.nullable,
  };
}

/** Whether the server computes a value for every existing row when it adds a column. */
function isComputedWhenAdded({ columns }: TableDefinition, name: string): boolean {
  const column = columns.find((each) => each.name === name);
  return column !== undefined && addedColumnKind(column) === 'add computed columns';
}

function* compareStored(comparison: Comparison, change: TableChange, fate: StoredFate): Generator<Change> {
  const { pair } = change;
  const { after } = fate;
  const entry = { owner: pair.after.owner, path: [pair.after.key, after.name] };
  if (fate.kind === 'kept') {
    const { before } = fate;
    if (before.name !== after.name) yield { kind: 'column renamed', ...entry, before: before.name, after: after.name };
    if (before.identity !== after.identity) {
      const reason = 'a column cannot begin or cease to number its rows';
      yield { kind: 'identity changed', ...entry, reason };
    }
    if (before.default !== after.default) yield { kind: 'default changed', ...entry };
    yield* compareTypes(comparison, change, after, columnValue(before.name));
    yield* compareNullability(change, before, after);
    return;
  }
  const retyped = compareRetyped(comparison, change, after);
  if (retyped) yield retyped;
  else if (fate.kind === 'filled') {
    yield { kind: 'column filled', ...entry, table: pair.before, value: fate.value, isRequired: !after.nullable };
    yield* compareTypes(comparison, change, after, fate.value);
  } else if (after.nullable || after.default !== null || after.identity !== null)
    yield { kind: 'column added', ...entry, isComputed: isComputedWhenAdded(pair.after.definition, after.name) };
  else yield { kind: 'required column added', ...entry, table: pair.before };
}

/** A generated column must show in every row what its role showed before (design 12 §3.3). */
function* compareGenerated(comparison: Comparison, { pair }: TableChange, after: CatalogColumn): Generator<Change> {
  const { name } = after;
  const { values } = comparison;
  const { owner, key } = pair.after;
  const [held, shown] = [values.held(key, name), values.of(key, name)];
  const entry = { owner, path: [key, name] };
  if (held.kind === 'null') {
    const required = pair.after.model?.table.columns.find((column) => column.name === name)?.isNullable === false;
    if (required) yield { kind: 'required column added', ...entry, table: pair.before };
    else yield { kind: 'column added', ...entry, isComputed: true };
    return;
  }
  const before = pair.before.catalog.columns.find((column) => column.name === pair.earlier.get(name));
  if (before?.generated && sameValue(held, shown)) {
    yield* compareTypes(comparison, { pair }, after, held);
    if (before.name !== name) yield { kind: 'column renamed', ...entry, before: before.name, after: name };
  } else yield { kind: 'column unified', ...entry, table: pair.before, held, shown };
}

/** The changes to the columns of all tables that both sets have (design 12 §3.2). */
export function* compareColumns(comparison: Comparison): Generator<Change> {
  for (const change of comparison.changes) {
    const { pair } = change;
    yield* compareRoles(comparison, change);
    for (const fate of change.fates) {
      if (fate.kind === 'keptGenerated') {
        const [before, after] = [fate.before.name, fate.after.name];
        const entry = { owner: pair.after.owner, path: [pair.after.key, after] };
        if (before !== after) yield { kind: 'column renamed', ...entry, before, after };
      } else if (fate.kind === 'generated') yield* compareGenerated(comparison, change, fate.after);
      else yield* compareStored(comparison, change, fate);
    }
    for (const { column, isLost } of change.dropped) {
      if (!isLost) continue;
      const { owner, key } = pair.before;
      const value = comparison.values.earlier(pair.before, column.name);
      yield { kind: 'column removed', owner, path: [key, column.name], table: pair.before, value };
    }
  }
}
