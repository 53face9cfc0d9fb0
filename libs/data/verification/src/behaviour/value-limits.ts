import { counted } from '@dms/diagnostics';
import { qualified, type ScalarType } from '@dms/model';
import { join, type QualifiedName } from '@dms/sql';
import { outcomeText } from './behaviour-session.ts';
import {
  type CheckedWorld,
  copyTexts,
  fullestDocuments,
  lengthsOf,
  ofDocument,
  triedTablesOf,
  updateText,
} from './checked-world.ts';
import { checkTrials, refusedTrial, unrefusedTrial } from './failures.ts';
import { foreignKeysOf } from './world-tables.ts';

/* R12: the precision that a column keeps, and the length of values that other columns copy. */

/**
 * R12: numbers and times are stored completely; a text that other columns copy cannot be longer than its own column
 * allows.
 */
export async function checkValueLimits(world: CheckedWorld): Promise<void> {
  await checkKeptValues(world);
  await checkAbstractIdentities(world);
  await checkCopiedLengths(world);
}

/** Every number with a fraction and every time is stored completely. Another constraint may refuse the value. */
async function checkKeptValues(world: CheckedWorld): Promise<void> {
  const { session, failures } = world;
  const trials = fullestDocuments(world).flatMap((entry) =>
    triedTablesOf(world, entry, 'columns').flatMap((table) =>
      table.table.columns.flatMap(({ name, storage, scalarType }) => {
        const precise = scalarType && preciseValue(scalarType);
        if (!precise || storage.kind !== 'Stored') return [];
        const where = ofDocument(world, table, entry.documentId);
        const statements = [updateText(world, table, new Map([[name, precise.value]]), where)];
        const selections = [{ table: table.table.table, columns: [name], where }];
        return [{ object: `${table.name}.${name}`, name, precise, change: { statements, selections } }];
      }),
    ),
  );
  const outcomes = await session.trials(trials.map(({ change }) => change));
  const { tooLong, outOfRange } = session.dialect.codes;
  for (const [index, { object, name, precise }] of trials.entries()) {
    const outcome = outcomes[index] ?? [];
    if ('code' in outcome) {
      if (outcome.code === tooLong || outcome.code === outOfRange)
        failures.add('R12', object, `${precise.value} accepted`, outcomeText(outcome));
      continue;
    }
    const found = outcome[0]?.[0]?.[name] ?? 'NULL';
    if (!found.includes(precise.shown)) failures.add('R12', object, `${precise.value} kept`, found);
  }
}

/** A value with a part that a narrower type would lose, and the end of its text; null for other types. */
function preciseValue({ kind, decimal }: ScalarType): { readonly value: string; readonly shown: string } | null {
  if (kind === 'DateTime') return { value: '2024-01-02T03:04:05.678Z', shown: ':05.678' };
  if (kind === 'Time') return { value: '03:04:05.678', shown: ':05.678' };
  if (decimal === null) return null;
  const value = `${'9'.repeat(decimal.precision - decimal.scale) || '0'}${fraction(decimal.scale)}`;
  return { value, shown: value };
}

/** The digits of a decimal behind its point, with a last digit other than 0. */
const fraction = (scale: number) => (scale === 0 ? '' : `.${'1'.padStart(scale, '0')}`);

/** The columns of abstract identities, which triggers fill, refuse NULL and texts that are too long. */
async function checkAbstractIdentities(world: CheckedWorld): Promise<void> {
  const { session, input, rowsOf } = world;
  const { notNull, tooLong } = session.dialect.codes;
  const trials = input.model.abstractIdentityTables.flatMap(({ table: { table, columns } }) => {
    const [row] = rowsOf(table);
    if (row === undefined) return [];
    const where = session.equal('DocumentId', Number(row.DocumentId));
    return columns.flatMap((column) => {
      const { name, isNullable, storage } = column;
      if (storage.kind !== 'Stored') return [];
      const lengths = lengthsOf(world, table, column);
      const tried = (value: string | null) => ({
        object: `${qualified(table)}.${name}`,
        statement: session.updateText(table, [session.equal(name, value)], where),
      });
      const ofLength = (count: number) => [tried('é'.repeat(count)), counted(count, 'character'), tooLong] as const;
      return [
        ...(isNullable ? [] : [refusedTrial(tried(null), 'NULL', notNull)]),
        ...(lengths === null
          ? []
          : [unrefusedTrial(...ofLength(lengths.allowed)), refusedTrial(...ofLength(lengths.declared + 1))]),
      ];
    });
  });
  await checkTrials(world, 'R12', trials);
}

/**
 * A copy of a text may refuse a text that its own column accepts, so the trials use new rows, which have no copies yet.
 */
async function checkCopiedLengths(world: CheckedWorld): Promise<void> {
  const { session, documents } = world;
  const { tooLong } = session.dialect.codes;
  const copied = copiedColumns(world);
  const entries = fullestDocuments(world).filter(({ root }) => world.tried.columns(root.name));
  const trials = entries.flatMap((entry) =>
    entry.root.table.columns.flatMap((column) => {
      const { name } = column;
      const lengths = lengthsOf(world, entry.root.table.table, column);
      if (lengths === null || !copied.get(entry.root.name)?.has(name)) return [];
      const count = lengths.declared + 1;
      const long = new Map([[name, session.rules.literal('é'.repeat(count))]]);
      const statement = join(copyTexts(world, entry, documents.nextUuid(), long), '; ');
      const what = `a new row with ${counted(count, 'character')}`;
      return [refusedTrial({ object: `${entry.root.name}.${name}`, statement }, what, tooLong)];
    }),
  );
  await checkTrials(world, 'R12', trials);
}

/** The columns of each root table whose values reach other tables: by keys that cascade, and by triggers. */
function copiedColumns(world: CheckedWorld): ReadonlyMap<string, ReadonlySet<string>> {
  const documents = fullestDocuments(world);
  const copied = new Map(documents.map(({ root }) => [root.name, new Set<string>()]));
  const add = (table: QualifiedName, columns: readonly string[]) => {
    for (const name of columns) copied.get(qualified(table))?.add(name);
  };
  for (const { root, filled } of documents)
    for (const { table } of [root, ...filled]) {
      const cascading = foreignKeysOf(table).filter(({ onUpdate }) => onUpdate === 'Cascade');
      for (const { targetTable, targetColumns } of cascading) add(targetTable, targetColumns);
    }
  for (const { table, identityProjectionColumns } of world.input.inventory.triggers)
    add(table, identityProjectionColumns);
  return copied;
}
