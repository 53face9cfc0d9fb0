import { resourceLabel } from '@dms/api-schema';
import type { CatalogColumn } from '@dms/catalog';
import { qualified } from '@dms/model';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { Comparison } from '../comparing/comparison.ts';
import type { ColumnTransition, TableChange } from '../matching/table-change.ts';
import { catalogColumn, modelColumn, type SideTable } from '../matching/table-pairs.ts';
import { columnValue, sameValue, type Value } from '../matching/value.ts';
import { present } from '../ops/effect.ts';
import type { UpgradeOperation } from '../ops/operation.ts';
import type { MemberRows } from '../script/row-queries.ts';
import type { ScriptParts } from '../script/script-parts.ts';
import {
  checks,
  type Impossible,
  impossible,
  losses,
  noQueries,
  type Place,
  type RulesOf,
  type Shown,
} from './change-rules.ts';
import { type ColumnPlaced, compareRetyped, compareTypes, type TypeChanges, typeRules } from './column-type.ts';

interface ColumnFree extends Place, Shown {
  readonly kind: 'column added' | 'column renamed' | 'column optional' | 'default changed' | 'collation changed';
}

interface ColumnRequired extends ColumnPlaced {
  readonly kind: 'column required';
  readonly value: Value;
}

interface RequiredColumnAdded extends ColumnPlaced {
  readonly kind: 'required column added';
}

interface ColumnFilled extends ColumnPlaced {
  readonly kind: 'column filled';
  readonly value: Value;
  readonly isRequired: boolean;
}

/** The resource key of a row of an abstract resource, from its document; `members` are the resources that have such rows. */
interface ResourceKeyFilled extends ColumnPlaced {
  readonly kind: 'resource key filled';
  readonly value: Value;
  readonly members: readonly MemberRows[];
}

/** A generated column, with the value that its role held before and the value that it will show. */
interface ColumnUnified extends ColumnPlaced {
  readonly kind: 'column unified';
  readonly held: Value;
  readonly shown: Value;
}

interface ColumnRemoved extends ColumnPlaced {
  readonly kind: 'column removed';
  readonly value: Value;
}

/** The resource key of a row of an abstract resource, which must be that of its document. */
interface ResourceKeyRemoved extends Place {
  readonly kind: 'resource key removed';
  readonly table: SideTable;
}

/** A column whose values follow from others. */
interface DerivedColumnRemoved extends Place {
  readonly kind: 'derived column removed';
}

interface ColumnImpossible extends Place, Shown, Impossible {
  readonly kind: 'column kind changed' | 'target changed' | 'identity changed';
}

/** A value of the identity that only the later set tracks; earlier deletes and key changes do not have it. */
interface TrackedValueAdded extends ColumnPlaced {
  readonly kind: 'tracked value added' | 'tracked changes dropped';
}

export type ColumnChanges =
  | ColumnFree
  | TypeChanges
  | ColumnRequired
  | RequiredColumnAdded
  | TrackedValueAdded
  | ColumnFilled
  | ResourceKeyFilled
  | ColumnUnified
  | ColumnRemoved
  | ResourceKeyRemoved
  | DerivedColumnRemoved
  | ColumnImpossible;

export const columnRules: RulesOf<ColumnChanges> = {
  'column added': { object: 'column', class: 'free' },
  // SQL Server makes a computed column again under its new name
  'column renamed': {
    object: 'column',
    class: 'free',
  },
  'column optional': { object: 'column', class: 'free' },
  'default changed': { object: 'column', class: 'free' },
  'collation changed': { object: 'column', class: 'free' },
  ...typeRules,
  'column required': {
    object: 'column',
    class: 'checked',
    queries: ({ table, value }, queries) => checks(queries.withoutValue(table, value)),
  },
  'required column added': {
    object: 'column',
    class: 'checked',
    queries: ({ table }, queries) => checks(queries.anyRow(table)),
  },
  'tracked value added': {
    object: 'column',
    words: 'required column added',
    class: 'checked',
    queries: ({ table }, queries) => checks(queries.anyRow(table)),
    fixedRows: () => 'recorded deletes and key changes of documents, which do not have this value',
    reason: ({ path }) =>
      `permit their loss with --allow-loss ${path[0]}; clients of the change feed that have not read them must then read the resource anew`,
  },
  // the rows are deleted, so that the column can be added
  'tracked changes dropped': {
    object: 'column',
    class: 'loss',
    queries: ({ table }, queries) => losses(queries.lossOfRows(table)),
  },
  'column filled': {
    object: 'column',
    class: 'rewritten',
    queries: ({ table, value, isRequired }, queries) =>
      isRequired ? checks(queries.withoutValue(table, value)) : noQueries,
  },
  'resource key filled': {
    object: 'column',
    words: 'column filled',
    class: 'checked',
    queries: ({ table, value, members }, queries) =>
      checks(queries.withoutValue(table, value), queries.ofOtherResource(table, members)),
  },
  'column unified': {
    object: 'column',
    class: 'rewritten',
    queries: ({ table, held, shown }, queries) =>
      sameValue(held, shown) ? noQueries : checks(queries.unequal(table, held, shown)),
  },
  'column removed': {
    object: 'column',
    class: 'loss',
    queries: ({ table, value }, queries) => losses(queries.lossOfValues(table, value)),
  },
  'resource key removed': {
    object: 'column',
    words: 'column removed',
    class: 'checked',
    queries: ({ table }, queries) => checks(queries.ofDocumentWithOtherKey(table)),
  },
  'derived column removed': { object: 'column', words: 'column removed', class: 'free' },
  'column kind changed': impossible('column'),
  'target changed': impossible('column'),
  'identity changed': impossible('column'),
};

/** The changes to the columns of all tables that both sets have (design 12 §3.2). */
export function* compareColumns(comparison: Comparison): Generator<ColumnChanges> {
  for (const change of comparison.changes) {
    const { pair } = change;
    yield* compareRoles(comparison, change);
    for (const fate of change.fates) yield* compareColumn(comparison, change, fate);
    for (const { column, isLost } of change.dropped) {
      if (!isLost) continue;
      const { owner, key } = pair.before;
      const path = [key, column.name];
      if (modelColumn(pair.before, column.name)?.kind === 'ResourceKeyId') {
        yield { kind: 'resource key removed', owner, path, table: pair.before };
        continue;
      }
      if (pair.before.model === null && column.generated !== null) {
        yield { kind: 'derived column removed', owner, path };
        continue;
      }
      const value = comparison.values.earlier(pair.before, column.name);
      yield { kind: 'column removed', owner, path, table: pair.before, value };
    }
  }
}

/** Columns with the same role on both sides must have the same kind and target: another target means another value. */
function* compareRoles(comparison: Comparison, { pair }: TableChange): Generator<ColumnChanges> {
  const { renaming } = comparison;
  for (const [name, before] of pair.earlier) {
    const then = modelColumn(pair.before, before);
    const now = modelColumn(pair.after, name);
    if (!then || !now) continue;
    const path = [pair.after.key, name];
    const owner = pair.after.owner;
    if (then.kind !== now.kind) {
      const reason = `what was a ${then.kind} is a ${now.kind}`;
      yield { kind: 'column kind changed', owner, path, before: then.kind, after: now.kind, reason };
      continue;
    }
    const label = (target: typeof then.targetResource) =>
      target ? `${target.projectName}:${target.resourceName}` : '';
    const from = label(then.targetResource);
    const to = label(now.targetResource);
    if ((then.targetResource ? renaming.resource(from) : from) === to) continue;
    const reason = `${targetReason(comparison, from, to)}. Add the reference under another name, and let clients write it`;
    yield { kind: 'target changed', owner, path, before: from, after: to, reason };
  }
}

/** Why documents of one target cannot become the targets of references to another. */
function targetReason({ before, after, renaming }: Comparison, from: string, to: string): string {
  if (membersOf(after, to).has(renaming.resource(from)))
    return `it refers to documents of ${from}; each of them is of ${to} too, but references to both have other values and keys, which the upgrade does not convert`;
  if ([...membersOf(before, from)].some((member) => renaming.resource(member) === to))
    return `it refers to documents of ${from}, which need not be of ${to}`;
  return `it refers to documents of ${from}, and none of them is of ${to}`;
}

/** The resources whose documents belong to an abstract resource, by `Project:Resource`. */
const membersOf = ({ model }: ComparedSet, resource: string): ReadonlySet<string> =>
  new Set(
    model.resources.flatMap(({ resourceKey, superclass }) =>
      superclass !== null && resourceLabel(superclass.resource) === resource ? [resourceLabel(resourceKey)] : [],
    ),
  );

/** The changes to a column that both sets have, or that the later one generates. */
function* compareColumn(
  comparison: Comparison,
  change: Comparison['changes'][number],
  fate: Comparison['changes'][number]['fates'][number],
): Generator<ColumnChanges> {
  if (fate.kind === 'generated') yield* compareGenerated(comparison, change, fate.after);
  else if (fate.kind !== 'keptGenerated') yield* compareStored(comparison, change, fate);
  else if (fate.before.name !== fate.after.name) {
    const { owner, key } = change.pair.after;
    const before = fate.before.name;
    const after = fate.after.name;
    yield { kind: 'column renamed', owner, path: [key, after], before, after };
  }
}

/** The tables of the members of an abstract resource, by `schema.name` of its identity table in the later set. */
const memberRows = ({ after, changesByAfter }: Comparison, target: string): readonly MemberRows[] =>
  after.inventory.triggers.flatMap((trigger) => {
    if (trigger.kind !== 'AbstractIdentityMaintenance' || qualified(trigger.targetTable) !== target) return [];
    const table = changesByAfter.get(qualified(trigger.table))?.pair.before.key;
    const { resourceKeyIdValue } = trigger;
    return table === undefined || resourceKeyIdValue == null ? [] : [{ table, resourceKeyId: resourceKeyIdValue }];
  });

/** A generated column must show in every row what its role showed before (design 12 §3.3). */
function* compareGenerated(
  comparison: Comparison,
  { pair }: TableChange,
  after: CatalogColumn,
): Generator<ColumnChanges> {
  const { name } = after;
  const { values } = comparison;
  const { owner, key } = pair.after;
  const held = values.held(key, name);
  const shown = values.of(key, name);
  const entry = { owner, path: [key, name] };
  if (held.kind === 'null') {
    const required = modelColumn(pair.after, name)?.isNullable === false;
    if (required) yield { kind: 'required column added', ...entry, table: pair.before };
    else yield { kind: 'column added', ...entry };
    return;
  }
  const before = catalogColumn(pair.before, pair.earlier.get(name));
  if (before?.generated && sameValue(held, shown)) {
    yield* compareTypes(comparison, { pair }, after, held);
    if (before.name !== name) yield { kind: 'column renamed', ...entry, before: before.name, after: name };
  } else yield { kind: 'column unified', ...entry, table: pair.before, held, shown };
}

type StoredFate = Exclude<ColumnTransition, { readonly kind: 'generated' | 'keptGenerated' }>;

function* compareStored(comparison: Comparison, change: TableChange, fate: StoredFate): Generator<ColumnChanges> {
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
    if (change.recollated.has(after.name)) {
      const shown = ({ collation }: CatalogColumn) => collation ?? comparison.collation ?? undefined;
      yield { kind: 'collation changed', ...entry, before: shown(before), after: shown(after) };
    }
    yield* compareNullability(change, before, after);
    return;
  }
  const retyped = compareRetyped(comparison, change, after);
  if (retyped) yield retyped;
  else if (fate.kind === 'filled' && modelColumn(pair.after, after.name)?.kind === 'ResourceKeyId')
    yield {
      kind: 'resource key filled',
      ...entry,
      table: pair.before,
      value: fate.value,
      members: memberRows(comparison, pair.after.key),
    };
  else if (fate.kind === 'filled') {
    yield { kind: 'column filled', ...entry, table: pair.before, value: fate.value, isRequired: !after.nullable };
    yield* compareTypes(comparison, change, after, fate.value);
  } else if (after.nullable || after.default !== null || after.identity !== null)
    yield { kind: 'column added', ...entry };
  else if (isTracked(pair.before))
    yield {
      kind: comparison.permits(entry) ? 'tracked changes dropped' : 'tracked value added',
      ...entry,
      table: pair.before,
    };
  else yield { kind: 'required column added', ...entry, table: pair.before };
}

function* compareNullability(
  { pair }: TableChange,
  before: CatalogColumn,
  after: CatalogColumn,
): Generator<ColumnChanges> {
  if (before.nullable === after.nullable) return;
  const entry = { owner: pair.after.owner, path: [pair.after.key, after.name] };
  if (after.nullable) yield { kind: 'column optional', ...entry };
  else yield { kind: 'column required', ...entry, table: pair.before, value: columnValue(before.name) };
}

/**
 * Whether a table has the deletes and key changes of a resource (second generation); only such rows name documents by
 * their uuid.
 */
const isTracked = ({ document }: SideTable): boolean => document?.by === 'uuid';

/**
 * The recorded deletes and key changes that lack a value which the later set requires; they are deleted where their loss
 * is permitted (design 12 §10).
 */
export const lostTrackedChanges = ({
  comparison: { changes, permits },
  found,
}: ScriptParts): readonly UpgradeOperation[] =>
  changes.flatMap(({ pair: { before, after }, fates }): UpgradeOperation[] => {
    if (!isTracked(before)) return [];
    const places = fates.flatMap(({ kind, after: column }) =>
      kind === 'added' && !column.nullable && column.default === null && column.identity === null
        ? [[after.key, column.name]]
        : [],
    );
    const permitted = places.filter((path) => permits({ owner: after.owner, path }));
    if (permitted.length === 0) return [];
    const made = permitted.flatMap((path) => found.at<ColumnChanges>(path, 'tracked changes dropped'));
    const { key: subject, catalog: table } = before;
    return [{ op: 'deleteTrackedChanges', subject, on: [present(subject)], for: made, table }];
  });
