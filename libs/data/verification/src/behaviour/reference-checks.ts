import { core, type DbTableName, type ForeignKeyConstraint, qualified, storedColumn, type Table } from '@dms/model';
import { join } from '@dms/sql';
import { cachedByObject, groupBy } from '@dms/values';
import type { KeysAside, KeysOfChange, RowText, TrialOutcome } from '../verification-dialect.ts';
import { isNamed } from './behaviour-session.ts';
import {
  allDocuments,
  type CheckedWorld,
  ofDocument,
  rowOf,
  sameTable,
  triedTablesOf,
  updateText,
} from './checked-world.ts';
import { checkTrials, type Trial } from './failures.ts';
import { withOther } from './identity-checks.ts';
import { noKeyLeft } from './keys.ts';
import { uncopied } from './optional-values.ts';
import { isPropagatedByTriggers } from './rename-verdicts.ts';
import type { SpareDocument, WorldDocument } from './world.ts';
import { foreignKeysOf, type RowReference, referenceTargets, type WorldTable } from './world-tables.ts';

/** A row whose foreign keys are tested. */
export interface ReferringRow {
  readonly table: WorldTable;
  readonly row: RowText;
  readonly documentId: number;
  /** Whether other rows may refer to the row. */
  readonly isReferredTo: boolean;
}

/** A key of a row, and its document column. */
export interface TestedKey {
  readonly referrer: ReferringRow;
  readonly key: ForeignKeyConstraint;
  readonly documentColumn: string;
  readonly aside: KeysAside;
}

/** An id that no document has: greater than every id of a run, and within the range of every id type. */
export const noDocument = '2000000000';

const keysOf = (table: Table): readonly ForeignKeyConstraint[] =>
  foreignKeysOf(table).filter(({ onDelete }) => onDelete !== 'Cascade');

/** The column of a key that refers to a column of its target. */
export const columnFor = ({ columns, targetColumns }: ForeignKeyConstraint, target: string): string | undefined =>
  columns[(targetColumns as readonly string[]).indexOf(target)];

/** The other foreign keys that also contain a column. */
const sharingKeys = ({ referrer: { table }, key }: TestedKey, column: string): readonly ForeignKeyConstraint[] =>
  keysOf(table.table).filter((other) => other !== key && other.columns.some((name) => name === column));

/** The keys that refer to each table from the rows of the full world. */
export const keysByTarget = cachedByObject(({ full }: CheckedWorld) =>
  groupBy(
    full.documents.flatMap(({ root, filled }) =>
      [root, ...filled].flatMap((owner) => foreignKeysOf(owner.table).map((key) => ({ key, owner }))),
    ),
    ({ key }) => qualified(key.targetTable),
  ),
);

/** The triggers of each root table that maintain abstract identities. */
const identityTriggers = cachedByObject(({ input }: CheckedWorld) =>
  groupBy(
    input.inventory.triggers.flatMap((trigger) => (trigger.kind === 'AbstractIdentityMaintenance' ? [trigger] : [])),
    ({ table }) => qualified(table),
  ),
);

/**
 * The keys that refer to columns of a table, or to their copies in abstract identities, except the tested one. They
 * would refuse a change of these columns before a key of the row itself is checked, or propagate it to rows whose own
 * keys do not allow it.
 */
export function keysToColumns(
  world: CheckedWorld,
  { table, name }: Pick<WorldTable, 'table' | 'name'>,
  columns: readonly string[],
  tested?: ForeignKeyConstraint,
): readonly KeysOfChange[] {
  const keysTo = (changed: DbTableName, names: readonly string[]): KeysOfChange => ({
    changed,
    keys: (keysByTarget(world).get(qualified(changed)) ?? []).flatMap(({ key, owner }) =>
      key !== tested && key.targetColumns.some((column) => names.includes(column))
        ? [{ table: owner.table.table, name: key.name }]
        : [],
    ),
  });
  const copies = (identityTriggers(world).get(name) ?? []).map(({ targetTable, targetColumnMappings }) => {
    // an abstract identity may copy an alias
    const changed = targetColumnMappings.filter(({ sourceColumn }) =>
      columns.includes(storedColumn(table, sourceColumn)),
    );
    return keysTo(
      targetTable,
      changed.map(({ targetColumn }) => targetColumn),
    );
  });
  return [keysTo(table.table, columns), ...copies].filter(({ keys }) => keys.length > 0);
}

export const objectOf = ({ referrer, key }: TestedKey) => `${referrer.table.name} ${key.name}`;

export function updating(
  world: CheckedWorld,
  { table, documentId }: ReferringRow,
  values: ReadonlyMap<string, string | null>,
) {
  return updateText(world, table, values, ofDocument(world, table, documentId));
}

/**
 * Sets the document column to an id that no document has, and each other column of the key to another value. If another
 * key also contains that column, its failure would prove nothing about this key, so it is disabled.
 */
function unknownValues(world: CheckedWorld, tested: TestedKey): Trial[] {
  const { full, sparse, session, keys, failures } = world;
  const { key, documentColumn, referrer } = tested;
  const { table, row, isReferredTo } = referrer;
  const code = session.dialect.codes.foreignKey;
  const isByTriggers = isPropagatedByTriggers(world.input.model);
  const descriptorIds = [sparse, full].map(({ descriptorId }) => String(descriptorId));
  const place = table.table.table;
  const sharingBy = new Map(key.columns.map((name) => [name, sharingKeys(tested, name)]));
  const referring = isReferredTo ? keysToColumns(world, table, key.columns, key) : [];
  // the keys are disabled once for all columns, because that takes longer than all trials of the key
  const own = [...sharingBy.values()].flat().map(({ name }) => ({ table: place, name }));
  const first = join(tested.aside([{ changed: place, keys: own }, ...referring]), '; ');
  return key.columns.flatMap((name): Trial[] => {
    const column = table.table.columns.find((each) => each.name === name);
    if (column?.storage.kind !== 'Stored') return [];
    if (comesBack(world, tested, name)) {
      failures.leaveOut(`${table.name}, another ${name}`, 'its target repeats the value, so it changes with it');
      return [];
    }
    const sharing = sharingBy.get(name) ?? [];
    // rows that follow from an identity refer to its descriptor, which must exist
    const isDescriptor = sharing.some(({ targetTable }) => sameTable(targetTable, core.descriptor));
    const isValue = name !== documentColumn && column.scalarType !== null && !isDescriptor;
    const values = new Map(Object.entries(row));
    const other = isValue ? keys.changed(place, values, [name], keys.valuesOf(place, full.values)) : null;
    const ofDescriptor = descriptorIds.find((id) => id !== row[name]) ?? noDocument;
    const value = name === documentColumn ? noDocument : isValue ? other?.get(name) : ofDescriptor;
    // a row with the identity of another one is refused before its keys are checked
    const hasRoom = (changed: string) =>
      name === documentColumn || keys.isFree(place, new Map([...values, [name, changed]]), values);
    if (value == null || !hasRoom(value)) {
      failures.leaveOut(`${table.name}, another ${name}`, noKeyLeft);
      return [];
    }
    return [
      {
        object: objectOf(tested),
        first,
        statement: updating(world, referrer, new Map([[name, value]])),
        expected: `${name} = ${value} refused with ${code} ${key.name}`,
        // the value may first reach rows whose keys refuse it: by triggers, or by cascades to a row of a disabled key
        isRight: (outcome) =>
          outcome?.code === code &&
          (isNamed(outcome, key.name) ||
            (isReferredTo && isByTriggers) ||
            referring.some(({ keys }) => keys.some((other) => isNamed(outcome, other.name)))),
      },
    ];
  });
}

const documentsById = cachedByObject(
  (world: CheckedWorld): ReadonlyMap<number, WorldDocument> =>
    new Map(allDocuments(world).map((each) => [each.documentId, each])),
);

/**
 * Whether the target of a row repeats the value of a column of that row, directly or through other documents. Then a
 * new value reaches the target too, and the key accepts it.
 */
function comesBack(world: CheckedWorld, { referrer, key, documentColumn }: TestedKey, name: string): boolean {
  const { table, row, documentId } = referrer;
  const seen = new Set<string>();
  const repeats = (targetTable: DbTableName, targetColumn: string, id: string | null | undefined): boolean => {
    const document = documentsById(world).get(Number(id ?? Number.NaN));
    const copied = document && rootColumn(world, document, targetTable, targetColumn);
    if (document === undefined || copied === undefined) return false;
    // an abstract identity may copy an alias
    const column = storedColumn(document.root.table, copied);
    if (document.documentId === documentId && column === name) return true;
    const place = `${document.documentId} ${column}`;
    if (seen.has(place)) return false;
    seen.add(place);
    const { root } = document;
    const own = rowOf(world, root, document.documentId);
    return [...root.references, ...root.optionalReferences].some((reference) =>
      reference.copies.some(
        (copy) =>
          copy.targetColumn === column && repeats(reference.target, copy.sourceColumn, own?.[reference.documentColumn]),
      ),
    );
  };
  const targetColumn = key.targetColumns[(key.columns as readonly string[]).indexOf(name)];
  return (
    table.parent === null && targetColumn !== undefined && repeats(key.targetTable, targetColumn, row[documentColumn])
  );
}

/** A deferred key accepts an id that no document has if the next statement corrects it. */
function mendedValue(world: CheckedWorld, tested: TestedKey): Trial[] {
  const { key, documentColumn, referrer } = tested;
  if (!key.deferrable) return [];
  const updates = [noDocument, referrer.row[documentColumn] ?? null].map((value) =>
    updating(world, referrer, new Map([[documentColumn, value]])),
  );
  return [
    {
      object: objectOf(tested),
      statement: join(updates, '; '),
      expected: `${documentColumn} = ${noDocument} accepted until the end of the transaction`,
      isRight: (outcome) => outcome === null,
    },
  ];
}

/** The triggers that maintain the abstract identities of a document. */
export const abstractIdentities = (world: CheckedWorld, { root }: WorldDocument) =>
  identityTriggers(world).get(root.name) ?? [];

/** The columns of an abstract identity that copy columns of a document. */
const mappingsOf = (world: CheckedWorld, document: WorldDocument, targetTable: DbTableName) =>
  abstractIdentities(world, document).flatMap((trigger) =>
    sameTable(trigger.targetTable, targetTable) ? trigger.targetColumnMappings : [],
  );

/** The column of a root row with the value of a column of its table or abstract identity; undefined if there is none. */
function rootColumn(
  world: CheckedWorld,
  document: WorldDocument,
  table: DbTableName,
  column: string,
): string | undefined {
  if (sameTable(table, document.root.table.table)) return column;
  return mappingsOf(world, document, table).find(({ targetColumn }) => targetColumn === column)?.sourceColumn;
}

/** The value of a document in a column of the table that a key refers to. */
function valueIn(world: CheckedWorld, target: WorldDocument, key: ForeignKeyConstraint, column: string): string | null {
  if (column === 'DocumentId') return String(target.documentId);
  const source = rootColumn(world, target, key.targetTable, column);
  return source === undefined ? null : (rowOf(world, target.root, target.documentId)?.[source] ?? null);
}

/** The key column that copies the column in which a spare document differs. */
function copyOf(world: CheckedWorld, target: SpareDocument, key: ForeignKeyConstraint): string | undefined {
  const { own } = target;
  const mapped = sameTable(key.targetTable, target.root.table.table)
    ? own.name
    : mappingsOf(world, target, key.targetTable).find(({ sourceColumn }) => sourceColumn === own.name)?.targetColumn;
  return mapped === undefined ? undefined : columnFor(key, mapped);
}

/** The column values of a reference that refers to a document. */
function naming(
  world: CheckedWorld,
  { documentColumn, copies }: RowReference,
  key: ForeignKeyConstraint,
  target: WorldDocument,
): ReadonlyMap<string, string> | null {
  const found: [string, string][] = [[documentColumn, String(target.documentId)]];
  for (const { sourceColumn, targetColumn } of copies) {
    const value = valueIn(world, target, key, sourceColumn);
    if (value === null) return null;
    found.push([targetColumn, value]);
  }
  return new Map(found);
}

/**
 * The values with which the row refers to another document; null if its other keys or its own key do not allow them.
 */
export function referringTo(world: CheckedWorld, tested: TestedKey, target: WorldDocument) {
  const { key, documentColumn, referrer } = tested;
  const { table, row } = referrer;
  const references = [...table.references, ...table.optionalReferences];
  const reference = references.find((each) => each.documentColumn === documentColumn);
  const named = reference && naming(world, reference, key, target);
  if (!named) return null;
  const before = new Map(Object.entries(row));
  const values = new Map([...named, ...uncopied(world.full, table, reference, before)]);
  const isTaken = [...values].some(
    ([name, value]) => value !== (row[name] ?? null) && sharingKeys(tested, name).length > 0,
  );
  if (isTaken) return null;
  if (world.keys.isFree(table.table.table, new Map([...before, ...values]), before)) return values;
  world.failures.leaveOut(`${table.name}, another ${documentColumn}`, noKeyLeft);
  return null;
}

/** Makes the row refer to a spare document, which is then deleted or gets a new identity. */
function changedTarget(world: CheckedWorld, tested: TestedKey, target: SpareDocument): Trial[] {
  const { session, documents } = world;
  const { key, referrer } = tested;
  const { table, row } = referrer;
  const code = session.dialect.codes.foreignKey;
  const values = referringTo(world, tested, target);
  if (values === null) return [];
  const before = new Map(Object.entries(row));
  const { root, own, label, documentId } = target;
  const referring = referrer.isReferredTo ? keysToColumns(world, table, [...values.keys()], key) : [];
  const first = join(tested.aside(referring), '; ');
  const name = updating(world, referrer, values);
  const where = ofDocument(world, root, documentId);
  const object = objectOf(tested);
  const isKept = (outcome: TrialOutcome) => outcome?.code === code;
  // a row of an abstract identity table is deleted with the document, not with the root row
  const remove = sameTable(key.targetTable, root.table.table)
    ? session.deleteText(root.table.table, where)
    : documents.deleteText(documentId);
  const deleted: Trial = {
    object,
    first,
    statement: join([name, remove], '; '),
    expected: `the deletion of ${label} refused with ${code}`,
    isRight: isKept,
  };
  const copy = copyOf(world, target, key);
  if (copy === undefined || !own.scalarType || isPropagatedByTriggers(world.input.model)) return [deleted];
  const changed = withOther(world, target, own.name, world.keys);
  if (changed === null) {
    world.failures.leaveOut(`${root.name}, a new ${own.name}`, noKeyLeft);
    return [deleted];
  }
  const value = changed.get(own.name) ?? null;
  const isCascade = key.onUpdate === 'Cascade';
  const carried = new Map([...before, ...values, [copy, value]]);
  if (isCascade && !world.keys.isFree(table.table.table, carried, before)) {
    world.failures.leaveOut(`${table.name}, a new ${copy}`, noKeyLeft);
    return [deleted];
  }
  const renamed: Trial = {
    object,
    first,
    statement: join([name, updateText(world, root, new Map([[own.name, value]]), where)], '; '),
    expected: `a new identity of ${label} ${isCascade ? 'accepted' : `refused with ${code}`}`,
    // another key of the row may refuse the new value
    isRight: (outcome) =>
      isCascade ? outcome === null || (isKept(outcome) && !isNamed(outcome, key.name)) : isKept(outcome),
  };
  return [deleted, renamed];
}

/** The trials of the keys of the rows of a document; `spareOf` finds a spare document of a target. */
function trialsOf(
  world: CheckedWorld,
  entry: WorldDocument,
  spares: ReadonlyMap<string, SpareDocument>,
  spareOf: (target: DbTableName) => SpareDocument | undefined,
  aside: KeysAside,
): readonly Trial[] {
  return triedTablesOf(world, entry, 'columns').flatMap((table) => {
    const isRoot = table === entry.root;
    const referrerOf = (documentId: number, isReferredTo: boolean): ReferringRow => {
      return { table, documentId, row: rowOf(world, table, documentId) ?? {}, isReferredTo };
    };
    const original = referrerOf(entry.documentId, isRoot);
    // foreign keys of rows that refer to the row of the full world may refuse first
    const spare = isRoot ? spares.get(entry.label) : undefined;
    const referrer = spare ? referrerOf(spare.documentId, false) : original;
    return keysOf(table.table).flatMap((key) => {
      const documentColumn = columnFor(key, 'DocumentId');
      if (documentColumn === undefined || (original.row[documentColumn] ?? null) === null) return [];
      const tested = { referrer, key, documentColumn, aside };
      const target = spareOf(key.targetTable);
      // no document refers to itself
      const referring = target?.label === entry.label ? original : referrer;
      return [
        ...unknownValues(world, tested),
        ...mendedValue(world, tested),
        ...(target ? changedTarget(world, { ...tested, referrer: referring }, target) : []),
      ];
    });
  });
}

/**
 * R16: each foreign key of a reference or descriptor refuses values that do not exist, prevents the deletion of its
 * target, and handles a new identity of the target as the model declares (design 11 §5, 16 §8).
 */
export async function checkReferences(world: CheckedWorld): Promise<void> {
  const { input, full } = world;
  const spares = new Map(world.spares.map((spare) => [spare.label, spare]));
  const targets = referenceTargets(input.model, full.documents);
  const spareOf = (target: DbTableName) =>
    (targets.get(qualified(target)) ?? []).flatMap(({ label }) => spares.get(label) ?? [])[0];
  const aside = await world.session.keysAside();
  const trials = full.documents.flatMap((entry) => trialsOf(world, entry, spares, spareOf, aside));
  await checkTrials(world, 'R16', trials);
}
