import { counted } from '@dms/diagnostics';
import { type Column, qualified, type Table, type UniqueConstraint } from '@dms/model';
import type { Outcome, RowText } from '../verification-dialect.ts';
import { isNamed, refusalText } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, updateText } from './checked-world.ts';
import { type WorldTable, withAliases } from './world-tables.ts';

/** An update that is tried, and whether its outcome is right. */
interface Trial {
  readonly object: string;
  readonly statement: string;
  readonly expected: string;
  readonly isRight: (outcome: Outcome) => boolean;
}

type AllOrNone = Extract<Table['constraints'][number], { readonly kind: 'AllOrNoneNullability' }>;

/** An ordinal that no world uses. */
const otherPosition = '77';

/** NULL in each column that must have a value. */
function missingValues(world: CheckedWorld, table: WorldTable, documentId: number): Trial[] {
  const { notNull } = world.session.dialect.codes;
  return table.table.columns.flatMap(({ name, isNullable, storage }): Trial[] => {
    if (isNullable || storage.kind !== 'Stored') return [];
    return [
      {
        object: `${qualified(table.table.table)}.${name}`,
        statement: updateText(world, table, new Map([[name, null]]), ofDocument(world, table, documentId)),
        expected: `NULL refused with ${notNull}`,
        isRight: (outcome) => outcome?.code === notNull && outcome.message.includes(name),
      },
    ];
  });
}

/**
 * A text of exactly the length that a column and every copy of it allow, and one that is longer. Another constraint may
 * refuse the first. A second update lets triggers copy the old value too.
 */
function lengths(world: CheckedWorld, table: WorldTable, documentId: number): Trial[] {
  const { tooLong } = world.session.dialect.codes;
  const { rules } = world.session;
  const where = ofDocument(world, table, documentId);
  return table.table.columns.flatMap(({ name, storage, scalarType }): Trial[] => {
    const length = scalarType ? rules.declaredLength(scalarType) : null;
    if (storage.kind !== 'Stored' || length === null) return [];
    const update = (count: number) => updateText(world, table, new Map([[name, 'é'.repeat(count)]]), where);
    const back = updateText(world, table, new Map([[name, rowOf(world, table, documentId)?.[name] ?? null]]), where);
    const object = `${qualified(table.table.table)}.${name}`;
    return [
      {
        object,
        statement: `${update(length)}; ${back}`,
        expected: `${counted(length, 'character')} not refused with ${tooLong}`,
        isRight: (outcome) => outcome?.code !== tooLong,
      },
      {
        object,
        statement: update(length + 1),
        expected: `${counted(length + 1, 'character')} refused with ${tooLong}`,
        isRight: (outcome) => outcome?.code === tooLong,
      },
    ];
  });
}

/** Values near the maximum of their type. */
const largestNumbers = {
  Int32: '2000000000',
  Int64: '1000000000000000',
  key: '1000000000000000',
  position: '100000',
} as const;

/**
 * The largest numbers that fit columns of ids, positions, integers and decimals, and the default of generated ids.
 * Another constraint may refuse them.
 */
function ranges(world: CheckedWorld, table: WorldTable, documentId: number): Trial[] {
  const { outOfRange, notNull } = world.session.dialect.codes;
  const where = ofDocument(world, table, documentId);
  return table.table.columns.flatMap(({ name, kind, storage, scalarType }): Trial[] => {
    if (storage.kind !== 'Stored') return [];
    const object = `${qualified(table.table.table)}.${name}`;
    const value = largestOf(kind, scalarType);
    const trials: Trial[] = [];
    if (value !== null)
      trials.push({
        object,
        statement: updateText(world, table, new Map([[name, value]]), where),
        expected: `${value} not refused with ${outOfRange}`,
        isRight: (outcome) => outcome?.code !== outOfRange,
      });
    if (kind === 'CollectionKey')
      trials.push({
        object,
        statement: `UPDATE ${world.session.table(table.table.table)} SET ${world.session.quote(name)} = DEFAULT WHERE ${where}`,
        expected: `a default that is not refused with ${notNull}`,
        isRight: (outcome) => outcome?.code !== notNull,
      });
    return trials;
  });
}

function largestOf(kind: Column['kind'], type: Column['scalarType']): string | null {
  if (kind === 'Ordinal') return largestNumbers.position;
  if (type === null) return largestNumbers.key;
  if (type.kind === 'Int32' || type.kind === 'Int64') return largestNumbers[type.kind];
  return type.decimal === null ? null : '9'.repeat(type.decimal.precision - type.decimal.scale);
}

/** Half-filled references, and a false flag. */
function checks(world: CheckedWorld, table: WorldTable, sparseId: number, fullId: number): Trial[] {
  const { check } = world.session.dialect.codes;
  const columns = new Map<string, Table['columns'][number]>(table.table.columns.map((column) => [column.name, column]));
  const sparse = rowOf(world, table, sparseId);
  const full = rowOf(world, table, fullId);
  const trial = (
    name: string,
    column: string,
    value: string | null,
    documentId: number,
    others: readonly string[] = [],
  ): Trial => ({
    object: `${qualified(table.table.table)} ${name}`,
    statement: updateText(
      world,
      table,
      new Map([[column, value], ...others.map((other) => [other, null] as const)]),
      ofDocument(world, table, documentId),
    ),
    expected: `${column} = ${value ?? 'NULL'} refused with ${check}`,
    isRight: (outcome) => outcome?.code === check && isNamed(outcome, name),
  });
  return table.table.constraints.flatMap((constraint): Trial[] => {
    if (constraint.kind === 'NullOrTrue') {
      const { name, column } = constraint;
      return full?.[column] == null ? [] : [trial(name, column, world.session.dialect.falseText, fullId)];
    }
    if (constraint.kind !== 'AllOrNoneNullability') return [];
    const { name } = constraint;
    const members = [constraint.fkColumn, ...constraint.dependentColumns];
    // a column that another reference shares proves nothing about this reference
    const own = members.filter((member) => {
      const column = columns.get(member);
      return column?.isNullable && column.storage.kind === 'Stored' && !isShared(table.table, member, name);
    });
    const changed = (row: RowText | undefined, member: string, value: string | null, documentId: number): Trial[] => {
      if (!row) return [];
      const after = withAliases(table.table, { ...row, [member]: value });
      const filled = members.filter((each) => (after[each] ?? null) !== null).length;
      return filled === 0 || filled === members.length ? [] : [trial(name, member, value, documentId)];
    };
    const alone = own.flatMap((member) => {
      const value = full?.[member] ?? null;
      if (value === null) return [];
      return [...changed(full, member, null, fullId), ...changed(sparse, member, value, sparseId)];
    });
    if (!full) return alone;
    const shared = members.flatMap((member) => {
      const others = othersThatShare(table.table, constraint, member, full);
      return others === null ? [] : [trial(name, storedColumn(table.table, member), null, fullId, others)];
    });
    return [...alone, ...shared];
  });
}

const membersOf = ({ fkColumn, dependentColumns }: AllOrNone): readonly string[] => [fkColumn, ...dependentColumns];

/** The column that has the value of a column. */
function storedColumn({ columns }: Table, name: string): string {
  const storage = columns.find((column) => column.name === name)?.storage;
  return storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : name;
}

/**
 * The columns that must be NULL together with the stored column of a member, so that this reference alone is
 * incomplete: the columns of other references that share it. Null if no other column has its value, or if the row
 * cannot be like that.
 */
function othersThatShare(table: Table, reference: AllOrNone, member: string, full: RowText): readonly string[] | null {
  const column = storedColumn(table, member);
  const nullable = new Set<string>(table.columns.flatMap(({ name, isNullable }) => (isNullable ? [name] : [])));
  const others = table.constraints.filter(
    (other): other is AllOrNone => other.kind === 'AllOrNoneNullability' && other.name !== reference.name,
  );
  const sharing = others.filter((other) => membersOf(other).some((name) => storedColumn(table, name) === column));
  const cleared = [...new Set(sharing.flatMap(membersOf))].filter(
    (name) => storedColumn(table, name) === name && name !== column,
  );
  if (sharing.length === 0 && column === member) return null;
  if ([column, ...cleared].some((name) => !nullable.has(name))) return null;
  const after = withAliases(table, {
    ...full,
    ...Object.fromEntries([column, ...cleared].map((name) => [name, null])),
  });
  const filled = (each: AllOrNone) => membersOf(each).filter((name) => (after[name] ?? null) !== null).length;
  const isWhole = (each: AllOrNone) => filled(each) === 0 || filled(each) === membersOf(each).length;
  return isWhole(reference) || !others.every(isWhole) ? null : cleared;
}

const isShared = (table: Table, column: string, except: string): boolean =>
  table.constraints.some(
    (constraint) =>
      constraint.kind === 'AllOrNoneNullability' &&
      constraint.name !== except &&
      [constraint.fkColumn, ...constraint.dependentColumns].some((name) => name === column),
  );

/** The stored columns of a unique constraint; null if a part of it differs in every row. */
function uniqueColumns({ columns, key }: Table, unique: UniqueConstraint): readonly string[] | null {
  const byName = new Map<string, Table['columns'][number]>(columns.map((column) => [column.name, column]));
  const own = new Set<string>(unique.columns);
  if (key.columns.every(({ name }) => own.has(name))) return null;
  return [
    ...new Set(
      unique.columns.map((name): string => {
        const storage = byName.get(name)?.storage;
        return storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : name;
      }),
    ),
  ];
}

/**
 * Adds the other columns of a reference that the row lacks: half a reference is refused before any key is
 * checked.
 */
function wholeReferences({ columns, constraints }: Table, some: readonly string[], row: RowText): readonly string[] {
  const stored = new Set<string>(columns.flatMap(({ name, storage }) => (storage.kind === 'Stored' ? [name] : [])));
  const found = new Set(some);
  for (const constraint of constraints) {
    if (constraint.kind !== 'AllOrNoneNullability') continue;
    const members: readonly string[] = [constraint.fkColumn, ...constraint.dependentColumns];
    if ((row[constraint.fkColumn] ?? null) !== null || members.every((name) => !found.has(name))) continue;
    for (const name of members) if (stored.has(name)) found.add(name);
  }
  return [...found];
}

/**
 * The row of one world with values from the other world in the columns of a unique constraint: in all of them, and in
 * all but one.
 */
function uniques(world: CheckedWorld, table: WorldTable, sparseId: number, fullId: number): Trial[] {
  const { unique: code } = world.session.dialect.codes;
  const sparse = rowOf(world, table, sparseId);
  const full = rowOf(world, table, fullId);
  if (!sparse || !full) return [];
  const positions = table.table.columns.filter(({ kind }) => kind === 'Ordinal').map(({ name }): string => name);
  return table.table.constraints.flatMap((constraint): Trial[] => {
    if (constraint.kind !== 'Unique') return [];
    const columns = uniqueColumns(table.table, constraint);
    if (columns === null || columns.some((name) => full[name] == null)) return [];
    const assignments = (some: readonly string[], except?: string): ReadonlyMap<string, string | null> =>
      new Map([
        ...positions.filter((name) => !columns.includes(name)).map((name) => [name, otherPosition] as const),
        ...wholeReferences(table.table, some, sparse)
          .filter((name) => name !== except)
          .map((name) => [name, full[name] ?? null] as const),
      ]);
    const statement = (some: readonly string[], except?: string) =>
      updateText(world, table, assignments(some, except), ofDocument(world, table, sparseId));
    const object = `${qualified(table.table.table)} ${constraint.name}`;
    // only differing values show whether a column is part of the constraint
    const differing = columns.filter((name) => sparse[name] !== full[name]);
    if (differing.length === 0) return [];
    return [
      {
        object,
        statement: statement(columns),
        expected: `the same values twice refused with ${code}`,
        isRight: (outcome) => outcome?.code === code && isNamed(outcome, constraint.name),
      },
      ...differing
        .filter(() => columns.length > 1 || positions.some((name) => !columns.includes(name)))
        .map((name) => ({
          object,
          statement: statement(
            columns.filter((each) => each !== name),
            name,
          ),
          expected: `other values of ${name} not refused by this key`,
          isRight: (outcome: Outcome) => !(outcome?.code === code && isNamed(outcome, constraint.name)),
        })),
    ];
  });
}

/** R12: required columns, lengths, checks and unique constraints refuse exactly the invalid rows. */
export async function checkConstraints(world: CheckedWorld): Promise<void> {
  const { session, failures, sparse, full } = world;
  const others = new Map(sparse.documents.map(({ label, documentId }) => [label, documentId]));
  const trials = full.documents.flatMap(({ label, root, filled, documentId }) => {
    const sparseId = others.get(label);
    if (sparseId === undefined) return [];
    return [root, ...filled].flatMap((table) => [
      ...missingValues(world, table, documentId),
      ...lengths(world, table, documentId),
      ...ranges(world, table, documentId),
      ...checks(world, table, sparseId, documentId),
      ...uniques(world, table, sparseId, documentId),
    ]);
  });
  const outcomes = await session.outcomes(trials.map(({ statement }) => statement));
  for (const [index, { object, expected, isRight }] of trials.entries()) {
    const outcome = outcomes[index] ?? null;
    if (!isRight(outcome)) failures.add('R12', object, expected, refusalText(outcome));
  }
}
