import { core, type ForeignKeyConstraint, qualified } from '@dms/model';
import { isEqual, uniqWith } from 'es-toolkit';
import type { KeyOfTable } from '../verification-dialect.ts';
import { isNamed } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import { checkTrials, type Trial } from './failures.ts';
import { keysToColumns } from './reference-checks.ts';
import type { WorldDocument } from './world.ts';
import { foreignKeysOf, uniqueColumnsOf, type WorldTable } from './world-tables.ts';

/*
 * R16: what a key refers to. A value that no row has is refused by a key to any table; a value that a row of another
 * table or of another parent has is refused by the right key alone. So each column of each key gets such a value, alone.
 */

/** A row of the full world, with a key. */
interface Tested {
  readonly world: CheckedWorld;
  readonly entry: WorldDocument;
  readonly table: WorldTable;
  readonly key: ForeignKeyConstraint;
}

/** R16: each column of each key, with a value that another table or another parent has. */
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
        const first = aside(table.table.table, others).join('; ');
        return values.map((value) => trialOf(tested, value, first));
      });
    }),
  );
  await checkTrials(world, 'R16', trials);
}

/** What a column gets. */
interface StrangeValue {
  readonly name: string;
  readonly value: string;
  /** The document whose row has the value in the same column, which no two rows share: that row has to go first. */
  readonly owner?: number | undefined;
}

/** The columns beside the id of a document differ from those of any row of another table, so they need no such value. */
function valuesFor(tested: Tested): readonly StrangeValue[] {
  const { columns, onDelete } = tested.key;
  if (columns.length === 1) return ofOtherTable(tested);
  return onDelete === 'Cascade' ? ofOtherParent(tested) : [];
}

/** The values of a key whose target is another table than the one that has them. */
function ofOtherTable({ world, entry, key }: Tested): readonly StrangeValue[] {
  const index = key.targetColumns.findIndex((name) => isDocumentId(name));
  const name = key.columns[index];
  if (name === undefined || sameTable(key.targetTable, core.document)) return [];
  // a document is no descriptor, and a descriptor has no row of a resource
  const isDescriptor = sameTable(key.targetTable, core.descriptor);
  const value = String(isDescriptor ? entry.documentId : world.sparse.descriptorId);
  return [{ name, value }];
}

const isDocumentId = (name: string | undefined): boolean => name === 'DocumentId';

/** A position that no item of a world has. */
const unusedPosition = '77';

/** The values of the key of a part to the row around it: those of other rows, and of none. */
function ofOtherParent(tested: Tested): readonly StrangeValue[] {
  const { world, table, key } = tested;
  const { other, spare } = othersOf(tested);
  const own = table.table.columns;
  return key.columns.flatMap((name): StrangeValue[] => {
    const column = own.find((each) => each.name === name);
    if (column?.storage.kind !== 'Stored') return [];
    if (name === table.documentColumn) {
      // a document without such a part; its root row is there
      return spare === undefined ? [] : [{ name, value: String(spare.documentId) }];
    }
    if (column.scalarType?.kind === 'Int32') return [{ name, value: unusedPosition }];
    const value = other && rowOf(world, table, other.documentId)?.[name];
    if (value == null) return [];
    return [{ name, value, ...(uniqueColumnsOf(table.table).has(name) ? { owner: other?.documentId } : {}) }];
  });
}

/** The document of the other world with the same resource, and a spare one, which has a root row alone. */
function othersOf({ world, entry }: Tested) {
  const other = world.sparse.documents.find(({ label }) => label === entry.label);
  const spare = world.spares.find(({ label }) => label === entry.label);
  return { other, spare };
}

function trialOf(tested: Tested, { name, value, owner }: StrangeValue, first: string): Trial {
  const { world, entry, table, key } = tested;
  const { session } = world;
  const { foreignKey } = session.dialect.codes;
  const remove =
    owner === undefined
      ? []
      : [`DELETE FROM ${session.table(table.table.table)} WHERE ${ofDocument(world, table, owner)}`];
  const where = ofDocument(world, table, entry.documentId);
  const update = updateText(world, table, new Map([[name, value]]), where);
  return {
    object: `${table.name} ${key.name}`,
    first,
    statement: [...remove, update].join('; '),
    expected: `${name} = ${value}, which ${qualified(key.targetTable)} does not have so, refused with ${foreignKey} ${key.name}`,
    isRight: (outcome) => outcome?.code === foreignKey && isNamed(outcome, key.name),
  };
}

/** The keys that may refuse or follow a change of columns of a row before the one in question. */
function otherKeys({ world, table, key }: Tested, names: readonly string[]): readonly KeyOfTable[] {
  const own = foreignKeysOf(table.table).filter(
    (other) => other !== key && other.columns.some((column) => names.includes(column)),
  );
  const ofTable = own.map((other) => ({ table: table.table.table, name: other.name }));
  return uniqWith([...ofTable, ...keysToColumns(world, table, names, key)], isEqual);
}
