import type { CatalogColumn } from '@dms/catalog';
import type { Comparison } from './comparison.ts';
import type { ColumnFate, TableChange } from './table-change.ts';
import { typeConversion } from './type-conversion.ts';
import { columnValue, sameValue, sources, type Value } from './value.ts';

type StoredFate = Exclude<ColumnFate, { readonly kind: 'generated' | 'keptGenerated' }>;

/** Says what a change of type asks for; `value` is what becomes of the new type. */
function compareTypes(comparison: Comparison, { pair }: Pick<TableChange, 'pair'>, after: CatalogColumn, value: Value): void {
  const { findings, changesByBefore, queries } = comparison;
  const owner = pair.after.owner;
  const path = [pair.after.key, after.name];
  for (const { table, column } of sources(value, pair.before.key)) {
    const type = changesByBefore.get(table)?.pair.before.catalog.columns.find(({ name }) => name === column)?.type;
    if (type === undefined) continue;
    const conversion = typeConversion(type, after.type);
    if (conversion.kind === 'same') continue;
    const entry = { owner, path, before: type, after: after.type };
    if (conversion.kind === 'wider') findings.item({ class: 'free', change: 'type wider', ...entry });
    else if (conversion.kind === 'other') {
      const reason = `a value of type ${type} has no one form in the type ${after.type}`;
      findings.item({ class: 'impossible', change: 'type changed', ...entry, reason });
    } else {
      const item = findings.item({ class: 'checked', change: 'type narrower', ...entry });
      findings.check(item, queries.notFitting(pair.before, value, conversion.fits));
    }
    // one item per column says it
    return;
  }
}

function compareNullability(comparison: Comparison, { pair }: TableChange, fate: StoredFate, value: Value): void {
  const { findings, queries } = comparison;
  const path = [pair.after.key, fate.after.name];
  if (fate.kind === 'kept') {
    if (fate.before.nullable === fate.after.nullable) return;
    const entry = { owner: pair.after.owner, path };
    if (fate.after.nullable) findings.item({ class: 'free', change: 'column optional', ...entry });
    else {
      const item = findings.item({ class: 'checked', change: 'column required', ...entry });
      findings.check(item, queries.withoutValue(pair.before, value));
    }
  }
}

/** What a column of the earlier set was, when it is not one of the core. */
const modelColumn = (side: TableChange['pair']['before'], name: string) =>
  side.model?.table.columns.find((column) => column.name === name);

/** Kinds and targets of the columns that have one role on both sides must agree: another target is another value. */
function compareRoles({ findings }: Comparison, { pair }: TableChange): void {
  for (const [name, before] of pair.earlier) {
    const [then, now] = [modelColumn(pair.before, before), modelColumn(pair.after, name)];
    if (!then || !now) continue;
    const path = [pair.after.key, name];
    const owner = pair.after.owner;
    if (then.kind !== now.kind) {
      const reason = `what was a ${then.kind} is a ${now.kind}`;
      findings.item({
        class: 'impossible',
        change: 'column kind changed',
        owner,
        path,
        before: then.kind,
        after: now.kind,
        reason,
      });
      continue;
    }
    const label = (target: typeof then.targetResource) => (target ? `${target.projectName}:${target.resourceName}` : '');
    const [from, to] = [label(then.targetResource), label(now.targetResource)];
    if (from === to) continue;
    const reason = `its documents are of ${from}, and there is no way from them to documents of ${to}`;
    findings.item({ class: 'impossible', change: 'target changed', owner, path, before: from, after: to, reason });
  }
}

/**
 * Says what becomes of a value whose type is of another family: it is converted, or it is lost with permission; without, it must not
 * be there. False for other columns.
 */
function compareRetyped(
  { findings, queries, values, permits }: Comparison,
  { pair }: TableChange,
  after: CatalogColumn,
): boolean {
  const { owner, key } = pair.after;
  const retyped = values.retyped(key, after.name);
  if (retyped === null) return false;
  const path = [key, after.name];
  const before = pair.before.catalog.columns.find(({ name }) => name === retyped.before);
  const entry = { owner, path, before: before?.type, after: after.type };
  const value = columnValue(retyped.before);
  if (retyped.conversion === null) {
    const isPermitted = permits({ owner, path });
    const reason = isPermitted
      ? undefined
      : `its values are none of the type ${after.type}; permit their loss with --allow-loss ${path.join('.')}`;
    const item = findings.item({ class: isPermitted ? 'loss' : 'checked', change: 'type changed', ...entry, reason });
    if (isPermitted) findings.loss(item, queries.countOfValues(pair.before, value));
    else findings.check(item, queries.withValue(pair.before, value));
    return true;
  }
  const { fits } = retyped.conversion;
  const item = findings.item({ class: fits === null ? 'rewritten' : 'checked', change: 'type converted', ...entry });
  if (fits !== null) findings.check(item, queries.notFitting(pair.before, values.of(key, after.name), fits));
  if (!after.nullable && before?.nullable) findings.check(item, queries.withoutValue(pair.before, value));
  return true;
}

function compareStored(comparison: Comparison, change: TableChange, fate: StoredFate): void {
  const { findings, queries } = comparison;
  const { pair } = change;
  const { after } = fate;
  const entry = { owner: pair.after.owner, path: [pair.after.key, after.name] };
  switch (fate.kind) {
    case 'kept': {
      const value = columnValue(fate.before.name);
      if (fate.before.name !== after.name)
        findings.item({ class: 'free', change: 'column renamed', ...entry, before: fate.before.name, after: after.name });
      if (fate.before.identity !== after.identity) {
        const reason = 'a column cannot begin or cease to number its rows';
        findings.item({ class: 'impossible', change: 'identity changed', ...entry, reason });
      }
      if (fate.before.default !== after.default) findings.item({ class: 'free', change: 'default changed', ...entry });
      compareTypes(comparison, change, after, value);
      compareNullability(comparison, change, fate, value);
      return;
    }
    case 'filled': {
      if (compareRetyped(comparison, change, after)) return;
      const item = findings.item({ class: 'rewritten', change: 'column filled', ...entry });
      compareTypes(comparison, change, after, fate.value);
      if (!after.nullable) findings.check(item, queries.withoutValue(pair.before, fate.value));
      return;
    }
    case 'added': {
      if (compareRetyped(comparison, change, after)) return;
      if (after.nullable || after.default !== null || after.identity !== null) {
        findings.item({ class: 'free', change: 'column added', ...entry });
        return;
      }
      const item = findings.item({ class: 'checked', change: 'required column added', ...entry });
      findings.check(item, queries.anyRow(pair.before));
    }
  }
}

/** A generated column must show in every row what its role showed before (design 12 §3.3). */
function compareGenerated(comparison: Comparison, { pair }: TableChange, after: CatalogColumn): void {
  const { name } = after;
  const { findings, queries, values } = comparison;
  const { owner, key } = pair.after;
  const [held, shown] = [values.held(key, name), values.of(key, name)];
  const path = [key, name];
  if (held.kind === 'null') {
    const required = pair.after.model?.table.columns.find((column) => column.name === name)?.isNullable === false;
    const item = findings.item({
      class: required ? 'checked' : 'free',
      change: required ? 'required column added' : 'column added',
      owner,
      path,
    });
    if (required) findings.check(item, queries.anyRow(pair.before));
    return;
  }
  const before = pair.before.catalog.columns.find((column) => column.name === pair.earlier.get(name));
  if (before?.generated && sameValue(held, shown)) {
    compareTypes(comparison, { pair }, after, held);
    if (before.name !== name)
      findings.item({ class: 'free', change: 'column renamed', owner, path, before: before.name, after: name });
    return;
  }
  const item = findings.item({ class: 'rewritten', change: 'column unified', owner, path });
  if (!sameValue(held, shown)) findings.check(item, queries.unequal(pair.before, held, shown));
}

/** The items of the columns of all tables that both sets have (design 12 §3.2). */
export function compareColumns(comparison: Comparison): void {
  const { changes, findings, queries, values } = comparison;
  for (const change of changes) {
    const { pair } = change;
    compareRoles(comparison, change);
    for (const fate of change.fates) {
      if (fate.kind === 'keptGenerated') {
        if (fate.before.name !== fate.after.name) {
          const names = { before: fate.before.name, after: fate.after.name };
          findings.item({
            class: 'free',
            change: 'column renamed',
            owner: pair.after.owner,
            path: [pair.after.key, fate.after.name],
            ...names,
          });
        }
      } else if (fate.kind === 'generated') compareGenerated(comparison, change, fate.after);
      else compareStored(comparison, change, fate);
    }
    for (const { column, isLost } of change.dropped) {
      if (!isLost) continue;
      const item = findings.item({
        class: 'loss',
        change: 'column removed',
        owner: pair.before.owner,
        path: [pair.before.key, column.name],
      });
      findings.loss(item, queries.countOfValues(pair.before, values.earlier(pair.before, column.name)));
    }
  }
}
