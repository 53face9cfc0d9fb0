import type { Inventory } from '@dms/inventory';
import { type Column, modelIndex, qualified, type RelationalModelSet, storedColumn, type Table } from '@dms/model';
import { isInteger, type PlainSql } from '@dms/sql';
import { groupBy } from '@dms/values';
import type { RowText, Selection } from '../verification-dialect.ts';
import {
  isRefusedWith,
  type ObservedChange,
  outcomeText,
  type RowsOf,
  type SelectedRows,
} from './behaviour-session.ts';
import {
  begun,
  type CheckedWorld,
  checkStamps,
  fullestDocuments,
  ofDocument,
  rowOf,
  sameTable,
  stampSelections,
  updateText,
  watched,
} from './checked-world.ts';
import type { Stamped } from './document-rows.ts';
import { noKeyLeft, type WorldKeys } from './keys.ts';
import { type RepeatedValue, renameVerdicts } from './rename-verdicts.ts';
import type { WorldDocument } from './world.ts';
import { wrongAliases } from './world-tables.ts';

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
): ReadonlyMap<string, PlainSql> | null {
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
  return new Map(changed.map((name) => [name, session.rules.literal(other.get(name) ?? null)]));
}

/** The first own identity column that is an integer or a string. */
export function ownIdentityColumn(document: WorldDocument): Column | undefined {
  return identityColumns(document).find(
    ({ scalarType }) => scalarType !== null && (isInteger(scalarType.kind) || scalarType.kind === 'String'),
  );
}

/** Adds all columns that a new identity may change. */
export function selectFollowers(model: RelationalModelSet, { triggers }: Inventory, selected: SelectedRows): void {
  for (const { table, keyColumns, identityProjectionColumns } of triggers)
    if (identityProjectionColumns.length > 0) selected.add(table, [...keyColumns, ...identityProjectionColumns]);
  for (const { table, isRoot } of modelIndex(model).tables) {
    const reached = reachedColumns(table, isRoot);
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

/** A check of the rows after a change of identities, which the object names. */
type CheckAfter = (object: string, after: RowsOf) => void;

/** R7: a new identity arrives everywhere at once if the foreign keys carry it; otherwise the change is refused. */
export async function checkNewIdentities(world: CheckedWorld, further: CheckAfter): Promise<void> {
  const { session, input } = world;
  const verdictOf = renameVerdicts(input.model, input.inventory);
  // this query reads all root tables, and planning it takes longer than running it
  const stamps = stampSelections(world, null);
  await session.reading(stamps, async () => {
    for (const document of fullestDocuments(world)) await checkNewIdentity(world, document, stamps, verdictOf, further);
  });
  await checkNewIdentitiesOfSpares(world, further);
}

/** R7: a new value in the identity of one document; `stamps` are the selections that `checkStamps` reads. */
async function checkNewIdentity(
  world: CheckedWorld,
  document: WorldDocument,
  stamps: readonly Selection[],
  verdictOf: ReturnType<typeof renameVerdicts>,
  further: CheckAfter,
): Promise<void> {
  const { session, failures, followers, rowsOf } = world;
  const { foreignKey, unique } = session.dialect.codes;
  const column = ownIdentityColumn(document);
  if (!column || column.scalarType === null) return;
  const { label, root, documentId } = document;
  const renamed = withOther(world, document, column.name, world.keys);
  if (renamed === null) {
    failures.leaveOut(`${root.name}, a new ${column.name}`, noKeyLeft);
    return;
  }
  const value = renamed.get(column.name) ?? null;
  const update = updateText(world, root, new Map([[column.name, value]]), ofDocument(world, root, documentId));
  const change = { statements: begun(world, [update]), selections: stamps };
  const [outcome = []] = await session.trials([change], followers.selections);
  const changed = { table: root.table.table, column: column.name, documentId: String(documentId) };
  const { verdict, followers: carried } = verdictOf(rowsOf, changed);
  if ('code' in outcome) {
    if (isRefusedWith(outcome, unique) && meetsAnother(world, carried, value)) {
      failures.leaveOut(`${root.name}, a new ${column.name}`, noKeyLeft);
      return;
    }
    const open = verdict === 'open' ? 'accepted, or ' : '';
    const expected = verdict === 'accepted' ? 'accepted' : `${open}refused with ${foreignKey}`;
    if (verdict === 'accepted' || !isRefusedWith(outcome, foreignKey))
      failures.add('R7', label, expected, outcomeText(outcome));
    return;
  }
  if (verdict === 'refused') failures.add('R7', label, `refused with ${foreignKey}`, 'accepted');
  else compare(world, `a new ${column.name} of ${label}`, split(change, outcome), further);
}

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
  further: CheckAfter,
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
async function checkNewIdentitiesOfSpares(world: CheckedWorld, further: CheckAfter): Promise<void> {
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
  for (const { table } of modelIndex(input.model).tables)
    for (const row of rowsOf(table.table))
      for (const { column, expected, found } of wrongAliases(table, row))
        failures.add(check, `${qualified(table.table)}.${column} after ${because}`, expected, found);
}
