import { qualified } from '@dms/model';
import { aliasFaults } from './aliases.ts';
import { type ObservedChange, refusalText } from './behaviour-session.ts';
import { type CheckedWorld, checkStamps, ofDocument, rootOf, rowOf, updateText, watched } from './checked-world.ts';
import type { WorldDocument } from './world.ts';
import type { WorldTable } from './world-tables.ts';

/** The removal of an optional reference or value from a row. */
interface Removal {
  readonly table: WorldTable;
  readonly documentId: number;
  readonly column: string;
  readonly change: ObservedChange;
}

/**
 * The columns that show whether something is present: the document columns of optional references, and presence flags.
 */
function presenceColumns({ columns, constraints }: WorldTable['table']): ReadonlySet<string> {
  return new Set([
    ...columns.flatMap(({ storage }) => (storage.kind === 'UnifiedAlias' ? (storage.presenceColumn ?? []) : [])),
    ...constraints.flatMap((constraint) => (constraint.kind === 'AllOrNoneNullability' ? constraint.fkColumn : [])),
  ]);
}

function removalsOf(world: CheckedWorld, entry: WorldDocument, table: WorldTable): Removal[] {
  const { documentId } = entry;
  const row = rowOf(world, table, documentId);
  const { columns, constraints, table: name } = table.table;
  const nullable = new Set<string>(
    columns.flatMap((column) => (column.isNullable && column.storage.kind === 'Stored' ? column.name : [])),
  );
  return [...presenceColumns(table.table)].flatMap((column): Removal[] => {
    if (!nullable.has(column) || (row?.[column] ?? null) === null) return [];
    const together = constraints.flatMap((constraint): readonly string[] =>
      constraint.kind === 'AllOrNoneNullability' && constraint.fkColumn === column ? constraint.dependentColumns : [],
    );
    const removed = new Map([column, ...together.filter((each) => nullable.has(each))].map((each) => [each, null]));
    const where = ofDocument(world, table, documentId);
    const { statements, selections } = watched(world, [updateText(world, table, removed, where)], [rootOf(entry)]);
    const selection = { table: name, columns: columns.map((each) => each.name), where };
    return [{ table, documentId, column, change: { statements, selections: [selection, ...selections] } }];
  });
}

/**
 * R11: removing a single reference or value empties its aliases, leaves other aliases unchanged, and stamps the
 * document.
 */
export async function checkAbsence(world: CheckedWorld): Promise<void> {
  const { session, failures, full } = world;
  const removals = full.documents.flatMap((entry) =>
    [entry.root, ...entry.filled].flatMap((table) => removalsOf(world, entry, table)),
  );
  const outcomes = await session.trials(removals.map(({ change }) => change));
  for (const [index, { table, documentId, column }] of removals.entries()) {
    const outcome = outcomes[index] ?? [];
    const name = qualified(table.table.table);
    const object = `${name} without ${column}`;
    if ('code' in outcome) {
      failures.add('R11', object, 'accepted', refusalText(outcome));
      continue;
    }
    const [[row = {}] = [], ...noted] = outcome;
    for (const { column: alias, expected, found } of aliasFaults(table.table, row))
      failures.add('R11', `${name}.${alias} without ${column}`, expected, found);
    checkStamps(world, 'R11', object, noted, new Map([[documentId, 'content']]));
  }
}
