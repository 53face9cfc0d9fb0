import { counted } from '@dms/diagnostics';
import { valueKinds } from '@dms/documents';
import { type Column, storedColumn, type Table, type UniqueConstraint } from '@dms/model';
import { isInteger, join, type PlainSql } from '@dms/sql';
import type { RowText } from '../verification-dialect.ts';
import { isNamed, namesObject } from './behaviour-session.ts';
import {
  type CheckedWorld,
  lengthsOf,
  ofDocument,
  rowOf,
  triedTablesOf,
  updateText,
  withoutFullRow,
} from './checked-world.ts';
import { checkTrials, refusedTrial, type Trial, unrefusedTrial } from './failures.ts';
import { noKeyLeft } from './keys.ts';
import { uncopied } from './optional-values.ts';
import { noDocument } from './reference-checks.ts';
import {
  type AllOrNone,
  allOrNones,
  membersOf,
  nullableColumns,
  storedColumns,
  valueColumns,
  type WorldTable,
  withAliases,
} from './world-tables.ts';

/* R12: required columns, lengths, checks and unique constraints refuse exactly the invalid rows. */

/** The rows of a resource in a table of both worlds. */
interface RowPair {
  readonly world: CheckedWorld;
  readonly table: WorldTable;
  readonly sparseId: number;
  readonly fullId: number;
}

/**
 * R12: required columns, lengths, checks and unique constraints refuse exactly the invalid rows. If the world with all
 * optional values has no row of a resource, the row without them is tried alone.
 */
export async function checkConstraints(world: CheckedWorld): Promise<void> {
  const { sparse, full } = world;
  const others = new Map(sparse.documents.map(({ label, documentId }) => [label, documentId]));
  const pairs = full.documents.flatMap((entry) => {
    const { label, documentId: fullId } = entry;
    const sparseId = others.get(label);
    if (sparseId === undefined) return [];
    return triedTablesOf(world, entry, 'columns').map((table): RowPair => ({ world, table, sparseId, fullId }));
  });
  const alone = withoutFullRow(world).flatMap((entry) => {
    const { documentId: id } = entry;
    return triedTablesOf(world, entry, 'columns').map((table): RowPair => ({ world, table, sparseId: id, fullId: id }));
  });
  const ofOneRow = [missingValues, lengths, ranges, checks];
  const ofTwoRows = [...ofOneRow, uniques];
  await checkTrials(world, 'R12', [
    ...pairs.flatMap((pair) => ofTwoRows.flatMap((trials) => trials(pair))),
    ...alone.flatMap((pair) => ofOneRow.flatMap((trials) => trials(pair))),
  ]);
}

/** NULL in each column that must have a value. */
function missingValues(pair: RowPair): Trial[] {
  const { notNull } = pair.world.session.dialect.codes;
  const { columns } = pair.table.table;
  return columns.flatMap(({ name, isNullable, storage }): Trial[] => {
    if (isNullable || storage.kind !== 'Stored') return [];
    const tried = { object: `${pair.table.name}.${name}`, statement: update(pair, new Map([[name, null]])) };
    const isNull = refusedTrial(tried, 'NULL', notNull);
    return [
      {
        ...isNull,
        isRight: (outcome) => isNull.isRight(outcome) && outcome !== null && namesObject(outcome.message, name),
      },
    ];
  });
}

/** Updates a row; by default that of the full world. */
const update = ({ world, table, fullId }: RowPair, values: ReadonlyMap<string, string | null>, id = fullId): PlainSql =>
  updateText(world, table, values, ofDocument(world, table, id));

/**
 * A text of exactly the length that a column and every copy of it allow, and a longer one. Another constraint may
 * refuse the first. A second update lets triggers copy the old value too. The longer text is also tried without
 * optional values: an alias that is absent then does not refuse it.
 */
function lengths(pair: RowPair): Trial[] {
  const { world, table, sparseId, fullId } = pair;
  const { tooLong } = world.session.dialect.codes;
  const canonical = new Set(
    table.table.columns.flatMap(({ storage }) => (storage.kind === 'Stored' ? [] : [storage.canonicalColumn])),
  );
  const hasSparseRow = sparseId !== fullId && rowOf(world, table, sparseId) !== undefined;
  return table.table.columns.flatMap((column): Trial[] => {
    const { name } = column;
    const own = lengthsOf(world, table.table.table, column);
    if (own === null) return [];
    const { declared, allowed } = own;
    const text = (count: number, id = fullId) => update(pair, new Map([[name, 'é'.repeat(count)]]), id);
    const isTooLong = (statement: PlainSql) =>
      refusedTrial({ object, statement }, counted(declared + 1, 'character'), tooLong);
    const back = update(pair, new Map([[name, rowOf(world, table, fullId)?.[name] ?? null]]));
    const object = `${table.name}.${name}`;
    return [
      unrefusedTrial({ object, statement: join([text(allowed), back], '; ') }, counted(allowed, 'character'), tooLong),
      isTooLong(text(declared + 1)),
      ...(canonical.has(name) && hasSparseRow ? [isTooLong(text(declared + 1, sparseId))] : []),
    ];
  });
}

/** The largest ids, positions and values, and the default of ids; another constraint may refuse them. */
function ranges(pair: RowPair): Trial[] {
  const { world, table, fullId } = pair;
  const { session } = world;
  const { outOfRange, notNull } = session.dialect.codes;
  return table.table.columns.flatMap((column): Trial[] => {
    const { name, kind, storage } = column;
    if (storage.kind !== 'Stored') return [];
    const object = `${table.name}.${name}`;
    const value = largestOf(column);
    const toDefault = session.equal(name, session.rules.sql`DEFAULT`);
    const withDefault = session.updateText(table.table.table, [toDefault], ofDocument(world, table, fullId));
    const isDefault = unrefusedTrial({ object, statement: withDefault }, '', notNull);
    return [
      ...(value === null
        ? []
        : [unrefusedTrial({ object, statement: update(pair, new Map([[name, value]])) }, value, outOfRange)]),
      ...(kind === 'CollectionKey'
        ? [{ ...isDefault, expected: `a default that is not refused with ${notNull}` }]
        : []),
    ];
  });
}

/** Values near the maximum of their type, for columns without a logical type, and for positions. */
const largestNumbers = { key: '1000000000000000', position: '100000' } as const;

function largestOf({ kind, scalarType: type }: Column): string | null {
  if (kind === 'Ordinal') return largestNumbers.position;
  if (type === null) return largestNumbers.key;
  // the last values of a kind are near its maximum, and leave room for one more
  if (isInteger(type.kind)) return valueKinds[type.kind].tried?.near(type).at(-2) ?? null;
  return type.decimal === null ? null : '9'.repeat(type.decimal.precision - type.decimal.scale);
}

/** Half-filled references, and a false flag. */
function checks(pair: RowPair): Trial[] {
  const { world, table, sparseId, fullId } = pair;
  const { check } = world.session.dialect.codes;
  const nullable = nullableColumns(table.table);
  const sparse = sparseId === fullId ? undefined : rowOf(world, table, sparseId);
  const full = rowOf(world, table, fullId);
  /** Sets a column to a value, and others to NULL. */
  const trial = (
    name: string,
    [column, value]: readonly [string, string | null],
    id: number,
    others: readonly string[],
  ) =>
    refusedTrial(
      {
        object: `${table.name} ${name}`,
        statement: update(pair, new Map([[column, value], ...others.map((other) => [other, null] as const)]), id),
      },
      `${column} = ${value ?? 'NULL'}`,
      check,
      name,
    );
  return table.table.constraints.flatMap((constraint): Trial[] => {
    if (constraint.kind === 'NullOrTrue') {
      const { name, column } = constraint;
      return full?.[column] == null ? [] : [trial(name, [column, world.session.dialect.falseText], fullId, [])];
    }
    if (constraint.kind !== 'AllOrNoneNullability') return [];
    const { name } = constraint;
    const members = membersOf(constraint);
    // a column that another reference shares proves nothing about this reference
    const shared = new Set(allOrNones(table.table).flatMap((each) => (each.name === name ? [] : membersOf(each))));
    const own = members.filter((member) => nullable.has(member) && !shared.has(member));
    const isHalf = (row: RowText) => {
      const after = withAliases(table.table, row);
      const filled = members.filter((each) => (after[each] ?? null) !== null).length;
      return filled > 0 && filled < members.length;
    };
    const changed = (row: RowText | undefined, member: string, value: string | null, id: number): Trial[] =>
      row && isHalf({ ...row, [member]: value }) ? [trial(name, [member, value], id, [])] : [];
    const { fkColumn } = constraint;
    /** The columns of the reference that the full row lacks, with values: the world may have no document for it. */
    const missing = new Map<string, string>([
      ...((full?.[fkColumn] ?? null) === null ? [[fkColumn, noDocument] as const] : []),
      ...uncopied(world.full, table, { documentColumn: fkColumn, copies: [] }, new Map(Object.entries(full ?? {}))),
    ]);
    const alone = own.flatMap((member) => {
      const other = missing.get(member) ?? null;
      const value = full?.[member] ?? other;
      return [...changed(full, member, other, fullId), ...changed(sparse, member, value, sparseId)];
    });
    if (!full) return alone;
    const together = members.flatMap((member) => {
      const others = othersThatShare(table.table, constraint, member, full);
      return others === null ? [] : [trial(name, [storedColumn(table.table, member), null], fullId, others)];
    });
    if (!missing.has(fkColumn) || [...missing.keys()].some((column) => !own.includes(column)))
      return [...alone, ...together];
    const object = `${table.name} ${name}`;
    const parts = [...missing.keys()].flatMap((column) => {
      const part = new Map([...missing].filter(([each]) => each !== column));
      if (!isHalf({ ...full, ...Object.fromEntries(part) })) return [];
      const statement = update(pair, part, fullId);
      return [refusedTrial({ object, statement }, `a reference without ${column}`, check, name)];
    });
    // only its key may refuse it
    const whole = { object, statement: update(pair, missing, fullId) };
    return [...alone, ...together, ...parts, unrefusedTrial(whole, 'a whole reference', check)];
  });
}

/**
 * The columns that must be NULL together with the stored column of a member, so that this reference alone is
 * incomplete: the columns of other references that share it. Null if no other column has its value, or if no such row
 * is possible.
 */
function othersThatShare(table: Table, reference: AllOrNone, member: string, full: RowText): readonly string[] | null {
  const column = storedColumn(table, member);
  const nullable = new Set<string>(table.columns.flatMap(({ name, isNullable }) => (isNullable ? [name] : [])));
  const others = allOrNones(table).filter(({ name }) => name !== reference.name);
  const sharing = others.filter((other) => membersOf(other).some((name) => storedColumn(table, name) === column));
  const cleared = [...new Set(sharing.flatMap(membersOf))].filter(
    (name) => storedColumn(table, name) === name && name !== column,
  );
  if (sharing.length === 0 && column === member) return null;
  if ([column, ...cleared].some((name) => !nullable.has(name))) return null;
  const nothing = Object.fromEntries([column, ...cleared].map((name) => [name, null]));
  const after = withAliases(table, { ...full, ...nothing });
  const filled = (each: AllOrNone) => membersOf(each).filter((name) => (after[name] ?? null) !== null).length;
  const isWhole = (each: AllOrNone) => filled(each) === 0 || filled(each) === membersOf(each).length;
  return isWhole(reference) || !others.every(isWhole) ? null : cleared;
}

/** An ordinal that no world uses. */
const otherPosition = '77';

/** The row of one world with the unique values of the other: once with all of them, once with all but one. */
function uniques(pair: RowPair): Trial[] {
  const { world, table, sparseId, fullId } = pair;
  const { unique: code } = world.session.dialect.codes;
  const sparse = rowOf(world, table, sparseId);
  const full = rowOf(world, table, fullId);
  if (!sparse || !full) return [];
  const positions = table.table.columns.filter(({ kind }) => kind === 'Ordinal').map(({ name }): string => name);
  return table.table.constraints.flatMap((constraint): Trial[] => {
    if (constraint.kind !== 'Unique') return [];
    const columns = uniqueColumns(table.table, constraint);
    if (columns === null || [...columns, ...constraint.columns].some((name) => full[name] == null)) return [];
    const flags = missingFlags(table.table, constraint, sparse);
    const others = positions.filter((name) => !columns.includes(name));
    const tried = (except?: string) => {
      const some = [...columns, ...flags].filter((name) => name !== except);
      const values = wholeReferences(table.table, some, sparse).filter((name) => name !== except);
      const assignments = new Map([
        ...others.map((name) => [name, otherPosition] as const),
        ...values.map((name) => [name, full[name] ?? null] as const),
      ]);
      const all = new Map([...assignments, ...apart(pair, constraint, assignments, full)]);
      return { all, object: `${table.name} ${constraint.name}`, statement: update(pair, all, sparseId) };
    };
    const before = new Map(Object.entries(sparse));
    /** Whether a third row has the other values, which can happen if a column has few values. */
    const isOfThird = (all: ReadonlyMap<string, string | null>) =>
      world.keys.isShared(table.table.table, columns, new Map([...before, ...all]), before);
    // a constraint with fewer of these columns refuses such a row too, and may do so first
    const isAlone = table.table.constraints.every(
      (other) =>
        other.kind !== 'Unique' ||
        other.name === constraint.name ||
        uniqueColumns(table.table, other)?.every((name) => columns.includes(name)) !== true,
    );
    // only differing values show whether a column is part of the constraint
    const differing = columns.filter((name) => sparse[name] !== full[name]);
    if (differing.length === 0) return [];
    return [
      refusedTrial(tried(), 'the same values twice', code, isAlone ? constraint.name : undefined),
      ...(columns.length > 1 || others.length > 0 ? differing : []).flatMap((name): Trial[] => {
        const { all, ...trial } = tried(name);
        if (isOfThird(all)) {
          world.failures.leaveOut(`${table.name}, another ${name}`, noKeyLeft);
          return [];
        }
        return [
          {
            ...trial,
            expected: `other values of ${name} not refused by this key`,
            isRight: (outcome) => !(outcome?.code === code && isNamed(outcome, constraint.name)),
          },
        ];
      }),
    ];
  });
}

/**
 * The stored columns of a unique constraint; null if it includes the whole key of the table, which differs in every
 * row.
 */
function uniqueColumns(table: Table, unique: UniqueConstraint): readonly string[] | null {
  const own = new Set<string>(unique.columns);
  if (table.key.columns.every(({ name }) => own.has(name))) return null;
  return [...new Set(unique.columns.map((name) => storedColumn(table, name)))];
}

/** The presence flags that a row lacks: without them an alias in a unique constraint is NULL and so equals nothing. */
function missingFlags(table: Table, { columns }: UniqueConstraint, row: RowText): readonly string[] {
  return table.columns.flatMap(({ name, storage }) => {
    if (storage.kind !== 'UnifiedAlias' || !columns.includes(name)) return [];
    const { presenceColumn } = storage;
    return presenceColumn === null || (row[presenceColumn] ?? null) !== null ? [] : [presenceColumn];
  });
}

/** Adds the other columns of a reference that the row lacks: an incomplete reference is refused before any key. */
function wholeReferences(table: Table, some: readonly string[], row: RowText): readonly string[] {
  const stored = new Set<string>(storedColumns(table));
  const found = new Set(some);
  for (const reference of allOrNones(table)) {
    const members = membersOf(reference);
    if ((row[reference.fkColumn] ?? null) !== null || members.every((name) => !found.has(name))) continue;
    for (const name of members) {
      const own = storedColumn(table, name);
      // another reference may have filled the stored column of an alias
      if (stored.has(name) || (row[own] ?? null) === null) found.add(own);
    }
  }
  return [...found];
}

/**
 * Other values for columns of a row that gets `given`, so that it differs from the full row in all unique constraints
 * but the tried one: for each other constraint, the first column with a value of its own.
 */
function apart(
  { world, table, sparseId }: RowPair,
  tried: UniqueConstraint,
  given: ReadonlyMap<string, string | null>,
  full: RowText,
): ReadonlyMap<string, string | null> {
  const { keys, full: ofFull } = world;
  const place = table.table.table;
  const values = new Map([...Object.entries(rowOf(world, table, sparseId) ?? {}), ...given]);
  const own = new Set<string>(valueColumns(world.input, table).map(({ name }) => name));
  const found = new Map<string, string | null>();
  for (const other of table.table.constraints) {
    if (other.kind !== 'Unique' || other.name === tried.name) continue;
    const columns = uniqueColumns(table.table, other) ?? [];
    const isSame = (name: string, value: string | null) => keys.isSame(place, name, value, full[name] ?? null);
    if (columns.length === 0 || !columns.every((name) => isSame(name, found.get(name) ?? values.get(name) ?? null)))
      continue;
    const column = columns.find((name) => own.has(name) && !given.has(name));
    if (column === undefined) continue;
    const [value] = [...keys.valuesOf(place, ofFull.values)(column)].filter((each) => !isSame(column, each));
    if (value !== undefined) found.set(column, value);
  }
  return found;
}
