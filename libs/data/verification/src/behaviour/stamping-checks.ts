import { core, isMirroredKind, mustExist, qualified, type ScalarType } from '@dms/model';
import type { PlainSql, QualifiedName } from '@dms/sql';
import { type ObservedChange, outcomeText } from './behaviour-session.ts';
import {
  type CheckedWorld,
  checkStamps,
  documentsOf,
  fullestDocuments,
  ofDocument,
  restarting,
  rootOf,
  rowOf,
  type StampState,
  sameTable,
  type TriedTables,
  triedTablesOf,
  updateText,
  watched,
} from './checked-world.ts';
import type { WorldValues } from './column-values.ts';
import { Failures } from './failures.ts';
import { otherValue } from './value-domains.ts';
import type { BehaviourContext, World, WorldDocument } from './world.ts';
import { storedColumns, valueColumns, type WorldTable } from './world-tables.ts';

/** R6, R8: a statement on rows of several documents stamps each once, and no others (design 07 §9.1, 16 §6.2). */
export async function checkStamping(world: CheckedWorld): Promise<void> {
  const { session, failures } = world;
  const documents = fullestDocuments(world);
  const trials = documents.flatMap((entry) =>
    triedTablesOf(world, entry, 'triggers').flatMap((table) => trialsOf(world, entry, table)),
  );
  const tables = documents.flatMap(({ root, filled }) => [root, ...filled]);
  await checkIdle(world, tables, 'no row', world.session.rules.sql`1 = 0`);
  await checkUnchanged(world, tables);
  const outcomes = await session.trials(trials.map(({ change }) => change));
  for (const [index, { check, object, stamped, isOne }] of trials.entries()) {
    const outcome = outcomes[index] ?? [];
    if ('code' in outcome) failures.add(check, object, 'accepted', outcomeText(outcome));
    else checkStamps(world, { check, object, isOne }, outcome, new Map(stamped.map((id) => [id, 'content'])));
  }
}

/** A change to try, and its expected effect. */
interface Trial {
  readonly check: string;
  readonly object: string;
  readonly change: ObservedChange;
  readonly stamped: readonly number[];
  /** Whether the change causes no other statement. */
  readonly isOne: boolean;
}

/** An update of all rows, or of the rows of one document below a root if only a real change stamps. */
function trialsOf(world: CheckedWorld, entry: WorldDocument, table: WorldTable): Trial[] {
  const { rules } = world;
  const roots: readonly QualifiedName[] = [rootOf(entry)];
  const isRoot = sameTable(table.table.table, entry.root.table.table);
  const check = isRoot ? 'R6' : 'R8';
  const name = isRoot ? entry.label : table.name;
  const stamped = documentsOf(world, table);
  const trial = (object: string, statement: PlainSql, documents = stamped): Trial => ({
    isOne: true,
    check,
    object,
    change: watched(world, [statement], roots),
    stamped: documents,
  });
  const trials: Trial[] = [];
  // a body that stamps without a change also stamps with one, because it does not compare values
  const column = rules.stampsUnchangedRows ? undefined : valueColumns(world.input, table, true)[0];
  if (rules.stampsUnchangedRows) trials.push(trial(`${name}, no value changed`, toItself(world, table)));
  else if (column?.scalarType) {
    const values = new Set(stamped.map((id) => rowOf(world, table, id)?.[column.name] ?? null));
    const value = otherValue(column.scalarType, world.full.values, values);
    const object = `${name}.${column.name}`;
    const change = new Map([[column.name, value]]);
    // R17 changes rows of several documents
    if (isRoot) trials.push(trial(object, updateText(world, table, change)));
    else {
      const statement = updateText(world, table, change, ofDocument(world, table, entry.documentId));
      trials.push(trial(object, statement, [entry.documentId]));
    }
  }
  return trials;
}

/**
 * An update that sets a column to itself; a mirror column would not do, because a trigger that watches the values would
 * not see it.
 */
function toItself({ session }: BehaviourContext, { table }: WorldTable, condition?: PlainSql): PlainSql {
  const keys = new Set<string>(table.key.columns.map(({ name }) => name));
  const mirrors = new Set<string>(table.columns.filter(({ kind }) => isMirroredKind(kind)).map(({ name }) => name));
  const stored = storedColumns(table).filter((name) => !mirrors.has(name));
  const written = mustExist(
    stored.find((name) => !keys.has(name)) ?? stored.at(-1),
    `a column of ${qualified(table.table)}`,
  );
  return session.updateText(table.table, [session.unchanged(written)], condition);
}

/** R8: an update of all rows of a table that changes no value has no effect, unless every update stamps. */
export async function checkUnchanged(
  world: BehaviourContext & StampState,
  tables: readonly WorldTable[],
): Promise<void> {
  if (!world.rules.stampsUnchangedRows) await checkIdle(world, tables, 'no value changed');
}

/** Tries updates that must have no effect: all together first and, only if something happened, each by itself. */
async function checkIdle(
  world: BehaviourContext & StampState,
  tables: readonly WorldTable[],
  what: string,
  condition?: PlainSql,
): Promise<void> {
  const { session, failures } = world;
  const attempt = async (some: readonly WorldTable[]): Promise<Failures> => {
    const updates = some.map((table) => toItself(world, table, condition));
    const [outcome = []] = await restarting(world, () => session.trials([watched(world, updates, null)]));
    const found = new Failures();
    const [first] = some;
    const object = first ? `${first.name}, ${what}` : what;
    if ('code' in outcome) found.add('R8', object, 'accepted', outcomeText(outcome));
    else checkStamps({ ...world, failures: found }, { check: 'R8', object, isOne: false }, outcome, new Map());
    return found;
  };
  if (tables.length === 0 || (await attempt(tables)).list.length === 0) return;
  for (const table of tables)
    for (const { check, object, expected, found } of (await attempt([table])).list)
      failures.add(check, object, expected, found);
}

/** R8: changing any single value of the full world stamps its document (design 16 §6.2). The changes stay. */
export async function changeValues(
  context: BehaviourContext,
  full: World,
  isTried: TriedTables['triggers'],
): Promise<void> {
  const { session, failures } = context;
  for (const entry of full.documents) {
    const changes = changesOf(context, full, entry, isTried);
    if (changes.length === 0) continue;
    const [first] = changes;
    const look = { statements: [], selections: first?.change.selections ?? [] };
    const outcome = await session.attempt(look, ...changes.map(({ change }) => change));
    if ('code' in outcome) {
      failures.add('R8', entry.label, 'every value changed', outcomeText(outcome));
      continue;
    }
    const [before = 0, ...versions] = outcome.map((rows) => Number(rows[0]?.[0]?.ContentVersion));
    let last = before;
    for (const [index, version] of versions.entries()) {
      if (!(version > last))
        failures.add(
          'R8',
          mustExist(changes[index], 'the change of a value').object,
          `a version greater than ${last}`,
          String(version),
        );
      last = version;
    }
  }
}

/** A change of one value of a row, which reads the version of its document afterwards. */
interface ValueChange {
  readonly object: string;
  readonly change: ObservedChange;
}

function changesOf(
  { session, input }: BehaviourContext,
  full: World,
  entry: WorldDocument,
  isTried: TriedTables['triggers'],
): readonly ValueChange[] {
  const { documentId } = entry;
  const where = session.equal('DocumentId', documentId);
  const selections = [{ table: core.document, columns: ['ContentVersion'], where }];
  const tables = [entry.root, ...entry.filled].filter(({ name }) => isTried(name));
  return tables.flatMap((table) =>
    valueColumns(input, table).flatMap(({ name, scalarType }) => {
      if (scalarType === null) return [];
      const condition = ofDocument({ session }, table, documentId);
      const statements = newValues(scalarType, full.values).map((value) =>
        updateText({ session }, table, new Map([[name, value]]), condition),
      );
      return [{ object: `${table.name}.${name}`, change: { statements, selections } }];
    }),
  );
}

/** Shorter values may repeat. */
const unrepeatedLength = 8;

/** Values to write one after the other: a single value might be the current one. */
function newValues(type: ScalarType, values: WorldValues): readonly string[] {
  // a flag of the full world is true, and must be true afterwards
  if (type.kind === 'Boolean') return ['false', 'true'];
  const length = type.decimal ? type.decimal.precision - type.decimal.scale : (type.maxLength ?? unrepeatedLength);
  const first = values.next(type);
  return length < unrepeatedLength ? [first, otherValue(type, values, new Set([first]))] : [first];
}
