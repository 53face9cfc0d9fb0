import { groupBy } from '@dms/files';
import type { Inventory } from '@dms/inventory';
import {
  type Column,
  type ForeignKeyConstraint,
  mustExist,
  qualified,
  type RelationalModelSet,
  type Table,
} from '@dms/model';
import type { QualifiedName, SqlDialect } from '@dms/sql';
import type { RowText } from '../verification-dialect.ts';
import {
  isRefusedWith,
  type ObservedChange,
  outcomeText,
  type RowsOf,
  type SelectedRows,
} from './behaviour-session.ts';
import {
  type CheckedWorld,
  checkStamps,
  fullestDocuments,
  ofDocument,
  rowOf,
  sameTable,
  updateText,
  watched,
} from './checked-world.ts';
import type { Stamped } from './document-rows.ts';
import { noKeyLeft, type WorldKeys } from './keys.ts';
import type { WorldDocument } from './world.ts';
import { foreignKeysOf, storedColumn, wrongAliases } from './world-tables.ts';

/** The stored identity columns of a resource that are its own values: no reference and no descriptor fills them. */
export const identityColumns = (document: WorldDocument): readonly Column[] =>
  ownIdentityColumns(document, (name) => name);

/** The same with the canonical columns of aliases: a change of one of them may change several identity columns. */
export const canonicalIdentityColumns = (document: WorldDocument): readonly Column[] =>
  ownIdentityColumns(document, (name) => storedColumn(document.root.table, name));

function ownIdentityColumns({ root, resource }: WorldDocument, placeOf: (name: string) => string): readonly Column[] {
  const columns = new Map<string, Column>(root.table.columns.map((column) => [column.name, column]));
  const bound = new Set<string>(
    resource.documentReferenceBindings
      .filter(({ table }) => sameTable(table, root.table.table))
      .flatMap(({ identityBindings }) => identityBindings.map(({ column }) => placeOf(column))),
  );
  // a canonical column that is also in the key of a reference is not the resource's own
  for (const key of root.table.constraints)
    if (key.kind === 'ForeignKey' && key.onDelete !== 'Cascade') for (const name of key.columns) bound.add(name);
  const own = resource.identityElements
    .filter(({ isDescriptor }) => !isDescriptor)
    .map(({ column }) => placeOf(column))
    .filter((name) => !bound.has(name));
  return [...new Set(own)]
    .flatMap((name) => columns.get(name) ?? [])
    .filter(({ storage, scalarType }) => storage.kind === 'Stored' && scalarType !== null);
}

/**
 * The columns in which a copy of a root row differs to have its own identity, with literals; the first keeps rows apart
 * best. Null if the keys have no more values, or if the identity has no value of its own. The values are taken in
 * `keys`.
 */
export function otherIdentity(
  { session, full, rowsOf }: Pick<CheckedWorld, 'session' | 'full' | 'rowsOf'>,
  entry: WorldDocument,
  keys: WorldKeys,
): ReadonlyMap<string, string> | null {
  const { table } = entry.root.table;
  const row = rowOf({ rowsOf }, entry.root, entry.documentId);
  const own = identityColumns(entry).map(({ name }) => name);
  if (own.length === 0 || !row) return null;
  const names = keys.bestFirst(table, own);
  const before = new Map(Object.entries(row));
  const other = keys.free(table, before, names, keys.valuesOf(table, full.values));
  if (other === null) return null;
  keys.add(table, other);
  const changed = names.filter((name) => other.get(name) !== before.get(name));
  return new Map(changed.map((name) => [name, session.literal(other.get(name) ?? null)]));
}

/** The first own identity column that is an integer or a string. */
export function ownIdentityColumn(document: WorldDocument): Column | undefined {
  const kinds = ['Int32', 'Int64', 'String'];
  return identityColumns(document).find(({ scalarType }) => scalarType !== null && kinds.includes(scalarType.kind));
}

/** The required outcome of an update of an identity; `open` if the model does not decide it. */
type Verdict = 'accepted' | 'refused' | 'open';

/** A value that changes in the rows of a document. */
interface ChangedValue {
  readonly table: QualifiedName;
  readonly column: string;
  readonly documentId: string;
}

/** A value that repeats another one through a foreign key. */
interface RepeatedValue extends ChangedValue {
  readonly place: string;
  readonly rowPlace: string;
  readonly row: RowText;
  readonly key: ForeignKeyConstraint;
}

/** Whether triggers carry changed identities, in an order that the model does not define (design 11 §3, 16 §8.2). */
export const isPropagatedByTriggers = ({ dialect, propagationFallbacks }: RelationalModelSet): boolean =>
  isAlwaysPropagatedByTriggers[dialect] || propagationFallbacks.length > 0;

const isAlwaysPropagatedByTriggers: Readonly<Record<SqlDialect, boolean>> = { pgsql: false, mssql: true };

/** Adds all columns that a new identity may change. */
export function selectFollowers(
  { resources }: RelationalModelSet,
  { triggers }: Inventory,
  selected: SelectedRows,
): void {
  for (const { table, keyColumns, identityProjectionColumns } of triggers)
    if (identityProjectionColumns.length > 0) selected.add(table, [...keyColumns, ...identityProjectionColumns]);
  for (const { tablesInDependencyOrder } of resources)
    for (const [index, table] of tablesInDependencyOrder.entries()) {
      const reached = reachedColumns(table, index === 0);
      if (reached.size === 0) continue;
      const { key, identity } = table;
      selected.add(table.table, [...key.columns.map(({ name }) => name), ...identity.rootLocator, ...reached]);
    }
}

/**
 * The columns that a new identity may change: columns of keys that cascade, of the table's own identity, and their
 * aliases.
 */
function reachedColumns({ columns, constraints }: Table, isRoot: boolean): ReadonlySet<string> {
  const reached = new Set<string>(
    constraints.flatMap((constraint): readonly string[] => {
      if (constraint.kind === 'ForeignKey') return constraint.onUpdate === 'Cascade' ? constraint.columns : [];
      return constraint.kind === 'Unique' && isRoot ? constraint.columns : [];
    }),
  );
  for (const { name, storage } of columns) {
    if (storage.kind !== 'UnifiedAlias' || !reached.has(storage.canonicalColumn)) continue;
    reached.add(name);
    if (storage.presenceColumn !== null) reached.add(storage.presenceColumn);
  }
  return reached;
}

/** The row of a document with another value in one column, and with keys that no other row has. */
export function withOther(world: CheckedWorld, { root, documentId }: WorldDocument, column: string, keys: WorldKeys) {
  const { table } = root.table;
  const row = new Map(Object.entries(rowOf(world, root, documentId) ?? {}));
  return keys.changed(table, row, [column], keys.valuesOf(table, world.full.values));
}

/** R7: a new identity arrives everywhere at once if the foreign keys carry it; otherwise the change is refused. */
export async function checkNewIdentities(
  world: CheckedWorld,
  further: (object: string, after: RowsOf) => void,
): Promise<void> {
  const { session, failures, followers, rowsOf } = world;
  const verdictOf = renameVerdicts(world.input.model, world.input.inventory);
  const { foreignKey, unique } = session.dialect.codes;
  for (const document of fullestDocuments(world)) {
    const column = ownIdentityColumn(document);
    if (!column || column.scalarType === null) continue;
    const { label, root, documentId } = document;
    const renamed = withOther(world, document, column.name, world.keys);
    if (renamed === null) {
      failures.leaveOut(`${root.name}, a new ${column.name}`, noKeyLeft);
      continue;
    }
    const value = renamed.get(column.name) ?? null;
    const update = updateText(world, root, new Map([[column.name, value]]), ofDocument(world, root, documentId));
    const change = watched(world, [update], null);
    const [outcome = []] = await session.trials([change], followers.selections);
    const changed = { table: root.table.table, column: column.name, documentId: String(documentId) };
    const { verdict, followers: carried } = verdictOf(rowsOf, changed);
    if ('code' in outcome) {
      if (isRefusedWith(outcome, unique) && meetsAnother(world, carried, value)) {
        failures.leaveOut(`${root.name}, a new ${column.name}`, noKeyLeft);
        continue;
      }
      const open = verdict === 'open' ? 'accepted, or ' : '';
      const expected = verdict === 'accepted' ? 'accepted' : `${open}refused with ${foreignKey}`;
      if (verdict === 'accepted' || !isRefusedWith(outcome, foreignKey))
        failures.add('R7', label, expected, outcomeText(outcome));
      continue;
    }
    if (verdict === 'refused') {
      failures.add('R7', label, `refused with ${foreignKey}`, 'accepted');
      continue;
    }
    compare(world, `a new ${column.name} of ${label}`, split(change, outcome), further);
  }
  await checkNewIdentitiesOfSpares(world, further);
}

interface Rename {
  readonly verdict: Verdict;
  /** The values of other rows that change with the identity. */
  readonly followers: readonly RepeatedValue[];
}

/** A column of a changed row, and the key that carries its new value. */
interface Arrival {
  readonly key: string;
  readonly column: string;
  /** The number of changes on the way to it. */
  readonly depth: number;
}

/** The outcome that the model allows for an update of one column in the row of a document (design 11 §5, 16 §8). */
function renameVerdicts(
  model: RelationalModelSet,
  { triggers }: Inventory,
): (rowsOf: RowsOf, update: ChangedValue) => Rename {
  if (isPropagatedByTriggers(model)) return () => ({ verdict: 'open', followers: [] });
  const { resources, abstractIdentityTables } = model;
  const tables = [
    ...resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
    ...abstractIdentityTables.map(({ table }) => table),
  ];
  const byName = new Map(tables.map((table) => [qualified(table.table), table]));
  const keys = tables.flatMap((table) => foreignKeysOf(table).map((key) => ({ key, table })));
  const referrers = groupBy(keys, ({ key }) => qualified(key.targetTable));
  const mappings = triggers.flatMap((trigger) =>
    trigger.kind === 'AbstractIdentityMaintenance'
      ? trigger.targetColumnMappings.map((mapping) => ({ ...mapping, ...trigger }))
      : [],
  );
  const copies = groupBy(mappings, ({ table }) => qualified(table));
  const stampings = new Map(
    triggers.flatMap((trigger) =>
      trigger.kind === 'DocumentStamping' && trigger.mirrorStampTargetTable
        ? [
            [
              qualified(trigger.table),
              { root: trigger.mirrorStampTargetTable, keyColumns: trigger.keyColumns },
            ] as const,
          ]
        : [],
    ),
  );
  /** The root row that a change of a row below it stamps; undefined for other rows. */
  const stampedRoot = ({ table, row }: RepeatedValue): string | undefined => {
    const stamping = stampings.get(qualified(table));
    if (!stamping || sameTable(stamping.root, table)) return undefined;
    return `${qualified(stamping.root)} ${row[stamping.keyColumns[0] ?? ''] ?? ''}`;
  };

  /** The columns of other tables that repeat a changed value, and whether they take over the new one. */
  const repeating = (rowsOf: RowsOf, changed: ChangedValue): readonly RepeatedValue[] =>
    (referrers.get(qualified(changed.table)) ?? []).flatMap(({ key, table }) => {
      const targetColumns: readonly string[] = key.targetColumns;
      const column = key.columns[targetColumns.indexOf(changed.column)];
      const reference = key.columns[targetColumns.indexOf('DocumentId')];
      if (column === undefined || reference === undefined) return [];
      const rows = rowsOf(table.table).filter((entry) => entry[reference] === changed.documentId);
      return rows.map((row) => ({
        table: table.table,
        column,
        documentId: row.DocumentId ?? '',
        place: place(table.table, column, rowKey(table, row)),
        rowPlace: `${qualified(table.table)} ${rowKey(table, row)}`,
        row,
        key,
      }));
    });

  /** Whether another key of a row requires the old value of a changed column, because its target keeps it. */
  const isHeld = ({ table, column, row }: RepeatedValue, reached: ReadonlySet<string>): boolean =>
    foreignKeysOf(mustExist(byName.get(qualified(table)), `the table ${qualified(table)}`)).some((key) => {
      const target = key.targetColumns[(key.columns as readonly string[]).indexOf(column)];
      const reference = key.columns[(key.targetColumns as readonly string[]).indexOf('DocumentId')];
      if (target === undefined || reference === undefined) return false;
      if (key.columns.some((name) => (row[name] ?? null) === null)) return false;
      return !reached.has(place(key.targetTable, target, row[reference] ?? ''));
    });

  return (rowsOf, update) => {
    const reached = new Set<string>();
    const followers: RepeatedValue[] = [];
    const blocked: string[] = [];
    /** The changes by row; the row that the statement changes has that change too. */
    const arrivals = new Map<string, Arrival[]>([
      [`${qualified(update.table)} ${update.documentId}`, [{ key: '', column: update.column, depth: 0 }]],
    ]);
    /** The depth at which a row below a root row changes first, by the root row. */
    const stampedAt = new Map<string, number>();
    const repeated = new Set<string>();
    const waiting: (readonly [ChangedValue, depth: number])[] = [[update, 1]];
    for (const [next, depth] of waiting) {
      const name = qualified(next.table);
      const table = byName.get(name);
      reached.add(place(next.table, next.column, next.documentId));
      const arrive = (at: string, arrival: Arrival) => arrivals.set(at, [...(arrivals.get(at) ?? []), arrival]);
      for (const { sourceColumn, targetTable, targetColumn } of copies.get(name) ?? [])
        if ((table ? storedColumn(table, sourceColumn) : sourceColumn) === next.column) {
          waiting.push([{ table: targetTable, column: targetColumn, documentId: next.documentId }, depth + 1]);
          arrive(`${qualified(targetTable)} ${next.documentId}`, { key: name, column: targetColumn, depth });
        }
      for (const value of repeating(rowsOf, next)) {
        repeated.add(`${name} ${next.documentId}`);
        if (value.key.onUpdate !== 'Cascade') {
          blocked.push(value.place);
          continue;
        }
        arrive(value.rowPlace, { key: value.key.name, column: value.column, depth });
        const root = stampedRoot(value);
        if (root !== undefined) stampedAt.set(root, Math.min(depth, stampedAt.get(root) ?? depth));
        followers.push(value);
        if (!reached.has(value.place)) {
          reached.add(value.place);
          waiting.push([value, depth + 1]);
        }
      }
    }
    const verdict = (): Verdict => {
      if (followers.some((value) => isHeld(value, reached))) return 'refused';
      // the values that another key carries may be right in the end
      if (blocked.length > 0) return blocked.some((own) => !reached.has(own)) ? 'refused' : 'open';
      const isOpen = [...arrivals].some(
        ([row, some]) => isInSteps(some, repeated.has(row)) || isStampedBefore(some, stampedAt.get(row)),
      );
      return isOpen ? 'open' : 'accepted';
    };
    return { verdict: verdict(), followers };
  };
}

const place = (table: QualifiedName, column: string, row: string) => `${qualified(table)} ${column} ${row}`;

const rowKey = ({ key }: Table, row: RowText) => key.columns.map(({ name }) => row[name] ?? '').join(' ');

/**
 * Whether several keys write a row, so that a cascade may miss it or its referrers (11 §2): rows that repeat its values
 * change in steps, and a key finds a row only by all of its old values.
 */
function isInSteps(arrivals: readonly Arrival[], isRepeated: boolean): boolean {
  if (new Set(arrivals.map(({ key }) => key)).size < 2) return false;
  const columns = new Set(arrivals.map(({ column }) => column));
  return isRepeated || (columns.size > 1 && arrivals.length > columns.size);
}

/**
 * Whether a root row may be stamped after the row to which it refers has changed, and before the change arrives: a
 * shorter path leads to a row below the root. PostgreSQL then checks the keys of a row that this transaction wrote (11
 * §2).
 */
const isStampedBefore = (arrivals: readonly Arrival[], stampedAt = Number.POSITIVE_INFINITY): boolean =>
  arrivals.some(({ depth }) => depth > stampedAt);

/** Whether a row that follows a new value gets a key that another row has, or gets from the same change. */
function meetsAnother({ keys }: CheckedWorld, followers: readonly RepeatedValue[], value: string | null): boolean {
  const taken = keys.trial();
  return [...groupBy(followers, ({ rowPlace }) => rowPlace).values()].some((some) => {
    const [first] = some;
    if (first === undefined) return false;
    const before = new Map(Object.entries(first.row));
    const after = new Map([...before, ...some.map(({ column }) => [column, value] as const)]);
    if (!taken.isFree(first.table, after, before)) return true;
    taken.add(first.table, after);
    return false;
  });
}

/** Checks the rows after a change of identities. */
function compare(
  world: CheckedWorld,
  because: string,
  { noted, following }: ReturnType<typeof split>,
  further: (object: string, after: RowsOf) => void,
): void {
  const { failures, followers, derived } = world;
  const after = followers.rowsOf(following);
  derived.check(after, failures, 'R7', because);
  const stamped = { check: 'R7', object: because, isOne: false };
  checkStamps(world, stamped, noted, changedDocuments(world, after));
  checkAliases(world, after, 'R7', because);
  further(because, after);
}

type RowLists = readonly (readonly RowText[])[];

/** Splits results into the rows of a watched change and the rows of the followers that are read after it. */
const split = ({ selections }: ObservedChange, rows: RowLists) =>
  ({ noted: rows.slice(0, selections.length), following: rows.slice(selections.length) }) as const;

/**
 * The documents whose rows differ between two readings; the identity is stamped too if its projection differs (design
 * 07 §9.1, 16 §6.2).
 */
function changedDocuments(world: CheckedWorld, after: RowsOf): Map<number, Stamped> {
  const { input, rowsOf } = world;
  const found = new Map<number, Stamped>();
  for (const trigger of input.inventory.triggers) {
    if (trigger.kind !== 'DocumentStamping') continue;
    const [document = ''] = trigger.keyColumns;
    const mirrors = new Set(trigger.mirrorStampTargetTable ? ['ContentVersion', 'ContentLastModifiedAt'] : []);
    const text = (row: RowText, columns: readonly string[]) => columns.map((name) => row[name] ?? 'NULL').join('\0');
    const before = rowsOf(trigger.table);
    const rowsAfter = after(trigger.table);
    const columns = Object.keys(rowsAfter[0] ?? {}).filter((name) => !mirrors.has(name));
    const was = new Set(before.map((row) => text(row, columns)));
    for (const [key, row] of new Map(rowsAfter.map((each) => [text(each, columns), each]))) {
      if (was.has(key)) continue;
      const id = Number(row[document]);
      const old = before.find((entry) => Number(entry[document]) === id);
      const projection = trigger.identityProjectionColumns;
      const isIdentity = projection.length > 0 && (!old || text(old, projection) !== text(row, projection));
      if (isIdentity || !found.has(id)) found.set(id, isIdentity ? 'identity' : 'content');
    }
  }
  return found;
}

/**
 * R7: changes the identities of all spare documents at once; other documents of the full world may hold an identity.
 */
async function checkNewIdentitiesOfSpares(
  world: CheckedWorld,
  further: (object: string, after: RowsOf) => void,
): Promise<void> {
  const { session, failures, followers, spares } = world;
  const keys = world.keys.trial();
  const updates = spares.flatMap((spare) => {
    const { root, own, documentId } = spare;
    const renamed = withOther(world, spare, own.name, keys);
    if (renamed === null) {
      failures.leaveOut(`${root.name}, a new ${own.name}`, noKeyLeft);
      return [];
    }
    keys.add(root.table.table, renamed);
    const value = renamed.get(own.name) ?? null;
    return [updateText(world, root, new Map([[own.name, value]]), ofDocument(world, root, documentId))];
  });
  if (updates.length === 0) return;
  const change = watched(world, updates, null);
  const [outcome = []] = await session.trials([change], followers.selections);
  const because = 'new identities of documents that nothing refers to';
  if ('code' in outcome) failures.add('R7', because, 'accepted', outcomeText(outcome));
  else compare(world, because, split(change, outcome), further);
}

/** Checks that every alias shows the value of its canonical column. */
export function checkAliases(
  { input, failures }: Pick<CheckedWorld, 'input' | 'failures'>,
  rowsOf: RowsOf,
  check: string,
  because: string,
): void {
  const tables = input.model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
  for (const table of tables)
    for (const row of rowsOf(table.table))
      for (const { column, expected, found } of wrongAliases(table, row))
        failures.add(check, `${qualified(table.table)}.${column} after ${because}`, expected, found);
}
