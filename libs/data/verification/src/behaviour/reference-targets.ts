import { core, type ForeignKeyConstraint, qualified } from '@dms/model';
import { join, type PlainSql } from '@dms/sql';
import type { KeysOfChange } from '../verification-dialect.ts';
import { isNamed } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import { checkTrials, type Trial } from './failures.ts';
import { keysToColumns } from './reference-checks.ts';
import type { WorldDocument } from './world.ts';
import { foreignKeysOf, uniqueColumnsOf, type WorldTable } from './world-tables.ts';

/*
 * R16: the target of a key. A key to any table refuses a value that no row has; only the right key refuses a value of a
 * row of another table or of another parent. So each column of each key gets such a value, by itself.
 */

/** A row of the full world, and one of its keys. */
interface Tested {
  readonly world: CheckedWorld;
  readonly entry: WorldDocument;
  readonly table: WorldTable;
  readonly key: ForeignKeyConstraint;
}

/** R16: tries each column of each key with a value from another table or another parent. */
export async function checkReferenceTargets(world: CheckedWorld): Promise<void> {
  const aside = await world.session.keysAside();
  const trials = world.full.documents.flatMap((entry) =>
    [entry.root, ...entry.filled].flatMap((table) => {
      const row = rowOf(world, table, entry.documentId);
      if (row === undefined) return [];
      return foreignKeysOf(table.table).flatMap((key) => {
        const tested: Tested = { world, entry, table, key };
        // an absent reference has no target
        if (key.columns.some((name) => (row[name] ?? null) === null)) return [];
        const values = valuesFor(tested);
        const others = otherKeys(
          tested,
          values.map(({ name }) => name),
        );
        const first = join(aside(others), '; ');
        return values.map((value) => trialOf(tested, value, first));
      });
    }),
  );
  await checkTrials(world, 'R16', trials);
}

/** A column, and the wrong value that it gets. */
interface StrangeValue {
  readonly name: string;
  readonly value: string;
  /** The document whose row has the value in the same unique column: that row must be deleted first. */
  readonly owner?: number | undefined;
}

/**
 * Values for the columns of a key. The columns other than the id of a document differ from those of any row of another
 * table, so they need no such value.
 */
function valuesFor(tested: Tested): readonly StrangeValue[] {
  const { columns, onDelete } = tested.key;
  if (columns.length === 1) return ofOtherTable(tested);
  return onDelete === 'Cascade' ? ofOtherParent(tested) : [];
}

/** Values from a table that is not the target of the key. */
function ofOtherTable({ world, entry, key }: Tested): readonly StrangeValue[] {
  const index = key.targetColumns.findIndex((name) => isDocumentId(name));
  const name = key.columns[index];
  if (name === undefined || sameTable(key.targetTable, core.document)) return [];
  // a document is not a descriptor, and a descriptor has no row of a resource
  const isDescriptor = sameTable(key.targetTable, core.descriptor);
  const value = String(isDescriptor ? entry.documentId : world.sparse.descriptorId);
  return [{ name, value }];
}

const isDocumentId = (name: string | undefined): boolean => name === 'DocumentId';

/** A position that no item of a world has. */
const unusedPosition = '77';

/** Values for the key of a row to the row that encloses it: from other rows, and one that no row has. */
function ofOtherParent(tested: Tested): readonly StrangeValue[] {
  const { world, table, key } = tested;
  const { other, spare } = othersOf(tested);
  const own = table.table.columns;
  return key.columns.flatMap((name): StrangeValue[] => {
    const column = own.find((each) => each.name === name);
    if (column?.storage.kind !== 'Stored') return [];
    if (name === table.documentColumn) {
      // a document without such a row; its root row exists
      return spare === undefined ? [] : [{ name, value: String(spare.documentId) }];
    }
    if (column.scalarType?.kind === 'Int32') return [{ name, value: unusedPosition }];
    const value = other && rowOf(world, table, other.documentId)?.[name];
    if (value == null) return [];
    return [{ name, value, ...(uniqueColumnsOf(table.table).has(name) ? { owner: other?.documentId } : {}) }];
  });
}

/** The document of the other world with the same resource, and a spare document, which has only a root row. */
function othersOf({ world, entry }: Tested) {
  const other = world.sparse.documents.find(({ label }) => label === entry.label);
  const spare = world.spares.find(({ label }) => label === entry.label);
  return { other, spare };
}

function trialOf(tested: Tested, { name, value, owner }: StrangeValue, first: PlainSql): Trial {
  const { world, entry, table, key } = tested;
  const { session } = world;
  const { foreignKey } = session.dialect.codes;
  const remove = owner === undefined ? [] : [session.deleteText(table.table.table, ofDocument(world, table, owner))];
  const where = ofDocument(world, table, entry.documentId);
  const update = updateText(world, table, new Map([[name, value]]), where);
  return {
    object: `${table.name} ${key.name}`,
    first,
    statement: join([...remove, update], '; '),
    expected: `${name} = ${value}, which ${qualified(key.targetTable)} does not have so, refused with ${foreignKey} ${key.name}`,
    isRight: (outcome) => outcome?.code === foreignKey && isNamed(outcome, key.name),
  };
}

/** The keys that may refuse or propagate a change of columns of a row before the tested key does. */
function otherKeys({ world, table, key }: Tested, names: readonly string[]): readonly KeysOfChange[] {
  const own = foreignKeysOf(table.table).filter(
    (other) => other !== key && other.columns.some((column) => names.includes(column)),
  );
  const place = table.table.table;
  const keys = own.map((other) => ({ table: place, name: other.name }));
  return [{ changed: place, keys }, ...keysToColumns(world, table, names, key)];
}
