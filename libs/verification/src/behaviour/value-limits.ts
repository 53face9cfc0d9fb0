import { counted } from '@dms/diagnostics';
import { qualified, type ScalarType } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import { refusalText } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, updateText } from './checked-world.ts';
import { storedColumns, type WorldDocument } from './world.ts';
import { foreignKeysOf } from './world-tables.ts';

/* R12: what a column keeps of a value, and how long a value may be that other columns copy. */

/** The digits of a decimal behind its point, all of them filled. */
const fraction = (scale: number) => (scale === 0 ? '' : `.${'1'.padStart(scale, '0')}`);

/** A value with a part that a narrower type loses, and how its text ends; null for other types. */
function preciseValue({ kind, decimal }: ScalarType): { readonly value: string; readonly shown: string } | null {
  if (kind === 'DateTime') return { value: '2024-01-02T03:04:05.678Z', shown: ':05.678' };
  if (kind === 'Time') return { value: '03:04:05.678', shown: ':05.678' };
  if (decimal === null) return null;
  const value = `${'9'.repeat(decimal.precision - decimal.scale) || '0'}${fraction(decimal.scale)}`;
  return { value, shown: value };
}

/** Every number with a fraction and every time is kept whole. Another constraint may refuse the value. */
async function checkKeptValues(world: CheckedWorld): Promise<void> {
  const { session, failures, full } = world;
  const trials = full.documents.flatMap(({ root, filled, documentId }) =>
    [root, ...filled].flatMap((table) =>
      table.table.columns.flatMap(({ name, storage, scalarType }) => {
        const precise = scalarType && preciseValue(scalarType);
        if (!precise || storage.kind !== 'Stored') return [];
        const where = ofDocument(world, table, documentId);
        const statements = [updateText(world, table, new Map([[name, precise.value]]), where)];
        const selections = [{ table: table.table.table, columns: [name], where }];
        return [
          { object: `${qualified(table.table.table)}.${name}`, name, precise, change: { statements, selections } },
        ];
      }),
    ),
  );
  const outcomes = await session.trials(trials.map(({ change }) => change));
  const { tooLong, outOfRange } = session.dialect.codes;
  for (const [index, { object, name, precise }] of trials.entries()) {
    const outcome = outcomes[index] ?? [];
    if ('code' in outcome) {
      if (outcome.code === tooLong || outcome.code === outOfRange)
        failures.add('R12', object, `${precise.value} accepted`, refusalText(outcome));
      continue;
    }
    const found = outcome[0]?.[0]?.[name] ?? 'NULL';
    if (!found.includes(precise.shown)) failures.add('R12', object, `${precise.value} kept`, found);
  }
}

/** By root table, the columns whose values reach other tables: by keys that cascade, and by triggers. */
function copiedColumns({ input, full }: CheckedWorld): ReadonlyMap<string, ReadonlySet<string>> {
  const copied = new Map(full.documents.map(({ root }) => [qualified(root.table.table), new Set<string>()]));
  const add = (table: QualifiedName, columns: readonly string[]) => {
    for (const name of columns) copied.get(qualified(table))?.add(name);
  };
  for (const { root, filled } of full.documents)
    for (const { table } of [root, ...filled]) {
      const cascading = foreignKeysOf(table).filter(({ onUpdate }) => onUpdate === 'Cascade');
      for (const { targetTable, targetColumns } of cascading) add(targetTable, targetColumns);
    }
  for (const { table, identityProjectionColumns } of input.inventory.triggers) add(table, identityProjectionColumns);
  return copied;
}

/** New rows like that of a document, with a text that is too long by a letter. */
function longRows(
  world: CheckedWorld,
  { root, resource, documentId }: WorldDocument,
  copied: ReadonlySet<string> | undefined,
) {
  const { session, documents } = world;
  const columns = storedColumns(root.table).filter((name) => name !== 'DocumentId');
  const table = session.table(root.table.table);
  const names = ['DocumentId', ...columns].map((name) => session.quote(name)).join(', ');
  return root.table.columns.flatMap(({ name, storage, scalarType }) => {
    const length = scalarType ? session.rules.declaredLength(scalarType) : null;
    if (storage.kind !== 'Stored' || length === null || !copied?.has(name)) return [];
    const uuid = documents.nextUuid();
    const values = columns.map((each) =>
      each === name ? session.literal('é'.repeat(length + 1)) : session.quote(each),
    );
    return [
      {
        object: `${qualified(root.table.table)}.${name}`,
        expected: `a new row with ${counted(length + 1, 'character')} refused with ${session.dialect.codes.tooLong}`,
        statement: [
          documents.insertText(uuid, resource.resourceKey.id),
          `INSERT INTO ${table} (${names}) SELECT ${[documents.idExpression(uuid), ...values].join(', ')} FROM ${table} WHERE ${ofDocument(world, root, documentId)}`,
        ].join('; '),
      },
    ];
  });
}

/**
 * A copy of a text may refuse a length that the column of the text accepts. A new row has no copies yet, so it shows
 * what that column accepts.
 */
async function checkCopiedLengths(world: CheckedWorld): Promise<void> {
  const { session, failures, full } = world;
  const copied = copiedColumns(world);
  const trials = full.documents.flatMap((entry) =>
    longRows(world, entry, copied.get(qualified(entry.root.table.table))),
  );
  const outcomes = await session.outcomes(trials.map(({ statement }) => statement));
  for (const [index, { object, expected }] of trials.entries()) {
    const outcome = outcomes[index] ?? null;
    if (outcome?.code !== session.dialect.codes.tooLong) failures.add('R12', object, expected, refusalText(outcome));
  }
}

/** The columns of abstract identities, which triggers fill, refuse NULL and texts that are too long. */
async function checkAbstractIdentities(world: CheckedWorld): Promise<void> {
  const { session, failures, input, rowsOf } = world;
  const { notNull, tooLong } = session.dialect.codes;
  const trials = input.model.abstractIdentityTables.flatMap(({ table: { table, columns } }) => {
    const [row] = rowsOf(table);
    if (row === undefined) return [];
    const where = `${session.quote('DocumentId')} = ${row.DocumentId}`;
    return columns.flatMap(({ name, isNullable, storage, scalarType }) => {
      if (storage.kind !== 'Stored') return [];
      const length = scalarType ? session.rules.declaredLength(scalarType) : null;
      const trial = (value: string | null, what: string, code: string, isRefused: boolean) => ({
        object: `${qualified(table)}.${name}`,
        expected: `${what} ${isRefused ? 'refused' : 'not refused'} with ${code}`,
        statement: `UPDATE ${session.table(table)} SET ${session.quote(name)} = ${session.literal(value)} WHERE ${where}`,
        code,
        isRefused,
      });
      const ofLength = (count: number, isRefused: boolean) =>
        trial('é'.repeat(count), counted(count, 'character'), tooLong, isRefused);
      return [
        ...(isNullable ? [] : [trial(null, 'NULL', notNull, true)]),
        ...(length === null ? [] : [ofLength(length, false), ofLength(length + 1, true)]),
      ];
    });
  });
  const outcomes = await session.outcomes(trials.map(({ statement }) => statement));
  for (const [index, { object, expected, code, isRefused }] of trials.entries()) {
    const outcome = outcomes[index] ?? null;
    if ((outcome?.code === code) !== isRefused) failures.add('R12', object, expected, refusalText(outcome));
  }
}

/** R12: numbers and times are kept whole; a text that others copy is not longer than its own column allows. */
export async function checkValueLimits(world: CheckedWorld): Promise<void> {
  await checkKeptValues(world);
  await checkAbstractIdentities(world);
  await checkCopiedLengths(world);
}
