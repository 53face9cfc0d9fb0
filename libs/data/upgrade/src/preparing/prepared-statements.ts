import {
  type Connection,
  type Limits,
  type PreparedObject,
  preparedFor,
  preparedPartName,
  preparedSet,
  preparedSetText,
  preparedTableName,
  preparedText,
  type RecordedStep,
  recordStatements,
  rowsOf,
} from '@dms/databases';
import { fail } from '@dms/diagnostics';
import { dialectOf, empty, join, type PlainSql, type SqlDialect, textOf } from '@dms/sql';
import { chunk, uniqBy } from 'es-toolkit/array';
import type { PreparationStep, StatementPart, UpgradeStatement } from '../ops/statement.ts';
import { preparableStatements, preparationSteps, type UpgradePlan } from '../plan/upgrade-plan.ts';
import { preparingEngines } from './preparing-engine.ts';

/** The statements that an upgrade finds done, and the removals before its first statement. */
export interface PreparedStatements {
  /** What is left of a statement: the statement itself, the rest of it, or null if it is done. */
  leftOf(statement: UpgradeStatement): StatementPart | null;
  /** Removes the record, and objects of statements that were begun and not ended. */
  readonly removals: readonly PlainSql[];
  /** How many statements are done. */
  readonly count: number;
}

/**
 * Reads which statements of a plan `upgrade prepare` has made in a database. A statement with a missing part is made
 * anew by the upgrade.
 */
export async function preparedStatements(
  connection: Connection,
  plan: UpgradePlan,
  record: readonly RecordedStep[] | null,
  limits: Limits = {},
): Promise<PreparedStatements> {
  if (record === null) return { leftOf: (statement) => statement, removals: [], count: 0 };
  expectSamePreparation(connection, plan, record);
  const recordOf = recordedSteps(record);
  const stateOf = await objectStates(
    connection,
    record.flatMap(({ objects }) => objects),
    limits,
  );
  const gone = record.flatMap(({ isDone, objects }) =>
    isDone ? objects.filter((each) => stateOf(each) !== 'present') : [],
  );
  if (gone.length > 0) {
    const names = [...new Set(gone.map(preparedText))];
    const text = `${connection.label}: ${names.join(', ')}: prepared for this upgrade, and no longer there or no longer valid. Run dms-ddl upgrade prepare again. Nothing was changed.`;
    fail('UPGRADE_PREPARED_GONE', text, {}, { objects: names });
  }
  const done = new Set<UpgradeStatement>();
  const halves: PreparedObject[] = [];
  for (const statement of preparableStatements(plan)) {
    const { steps } = statement.preparation;
    const known = steps.flatMap((step) => recordOf(step) ?? []);
    if (known.length === steps.length && known.every(({ isDone }) => isDone)) done.add(statement);
    else halves.push(...known.flatMap(({ objects }) => objects.filter((each) => stateOf(each) !== 'missing')));
  }
  // the last made first
  const removals = uniqBy(halves.toReversed(), preparedText).map((object) =>
    removal(connection.dialect, object, { isAlone: false }),
  );
  return {
    leftOf: (statement) => (done.has(statement) ? (statement.preparation?.rest ?? null) : statement),
    removals: [...removals, recordStatements[connection.dialect].drop],
    count: done.size,
  };
}

/** The record of a step; undefined if it was not begun. A database knows a step by the text of its statement. */
export function recordedSteps(
  record: readonly RecordedStep[],
): (step: Pick<PreparationStep, 'sql'>) => RecordedStep | undefined {
  const recorded = new Map(record.map((step) => [step.statement, step]));
  return ({ sql }) => recorded.get(textOf(sql));
}

/** The state of an object of a preparation. PostgreSQL leaves an invalid index where its build was broken off. */
type ObjectState = 'missing' | 'present' | 'invalid';

/** The query of the states of `o`, which has the numbers, kinds and names of objects in a VALUES constructor. */
const stateQueries: Readonly<Record<SqlDialect, (rows: PlainSql) => PlainSql>> = {
  pgsql: (rows) => dialectOf.pgsql.sql`SELECT o.number, coalesce(CASE o.kind
  WHEN 'schema' THEN (SELECT 'present' FROM pg_namespace AS s WHERE s.nspname = o.schema)
  WHEN 'table' THEN (SELECT 'present' WHERE r.oid IS NOT NULL)
  WHEN 'column' THEN (SELECT 'present' FROM pg_attribute AS a WHERE a.attrelid = r.oid AND a.attname = o.name AND NOT a.attisdropped)
  WHEN 'constraint' THEN (SELECT 'present' FROM pg_constraint AS k WHERE k.conrelid = r.oid AND k.conname = o.name)
  WHEN 'index' THEN (SELECT CASE WHEN x.indisvalid AND x.indisready THEN 'present' ELSE 'invalid' END
    FROM pg_index AS x INNER JOIN pg_class AS i ON i.oid = x.indexrelid WHERE x.indrelid = r.oid AND i.relname = o.name)
END, 'missing') AS state
FROM (VALUES ${rows}) AS o (number, kind, schema, tbl, name)
LEFT JOIN pg_namespace AS n ON n.nspname = o.schema
LEFT JOIN pg_class AS r ON r.relnamespace = n.oid AND r.relname = o.tbl AND r.relkind IN ('r', 'p')`,
  mssql: (rows) => dialectOf.mssql.sql`SELECT o."number", COALESCE(CASE o."kind"
  WHEN N'schema' THEN (SELECT N'present' FROM sys.schemas AS s WHERE s."name" = o."schema")
  WHEN N'table' THEN CASE WHEN r."object_id" IS NOT NULL THEN N'present' END
  WHEN N'column' THEN (SELECT N'present' FROM sys.columns AS c WHERE c."object_id" = r."object_id" AND c."name" = o."name")
  WHEN N'constraint' THEN (SELECT N'present' FROM sys.objects AS k WHERE k."parent_object_id" = r."object_id" AND k."name" = o."name")
  WHEN N'index' THEN (SELECT CASE WHEN i."is_disabled" = 0 THEN N'present' ELSE N'invalid' END
    FROM sys.indexes AS i WHERE i."object_id" = r."object_id" AND i."name" = o."name")
END, N'missing') AS "state"
FROM (VALUES ${rows}) AS o ("number", "kind", "schema", "tbl", "name")
LEFT JOIN sys.schemas AS n ON n."name" = o."schema"
LEFT JOIN sys.tables AS r ON r."schema_id" = n."schema_id" AND r."name" = o."tbl"`,
};

/** How many objects to look up together: a VALUES constructor of SQL Server has 1,000 rows at most. */
const lookedUpTogether = 900;

/** Looks the objects of a preparation up in the database. */
export async function objectStates(
  connection: Connection,
  objects: readonly PreparedObject[],
  limits: Limits = {},
): Promise<(object: PreparedObject) => ObjectState> {
  const { sql, literal } = dialectOf[connection.dialect];
  // the first row gives the columns of the constructor their types
  const text = (name: string | null) => (name === null ? sql`CAST(NULL AS varchar(1))` : literal(name));
  const states = new Map<string, ObjectState>();
  for (const piece of chunk(objects, lookedUpTogether)) {
    const rows = piece.map(
      ({ kind, schema, table, name }, number) =>
        sql`(${literal(number)}, ${text(kind)}, ${text(schema)}, ${text(table)}, ${text(name)})`,
    );
    const query = stateQueries[connection.dialect](join(rows));
    for (const { number, state } of await rowsOf<{ number: number; state: ObjectState }>(connection, query, limits)) {
      const object = piece[number];
      if (object) states.set(preparedText(object), state);
    }
  }
  return (object) => states.get(preparedText(object)) ?? 'missing';
}

/** The statement that removes an object of a preparation. */
export function removal(
  dialect: SqlDialect,
  object: PreparedObject,
  { isAlone }: { readonly isAlone: boolean },
): PlainSql {
  const { sql, id } = dialectOf[dialect];
  switch (object.kind) {
    case 'schema':
      return sql`DROP SCHEMA ${id(object.schema)}`;
    case 'table':
      return sql`DROP TABLE ${preparedTableName(object)}`;
    case 'column':
      return sql`ALTER TABLE ${preparedTableName(object)} DROP COLUMN ${id(preparedPartName(object))}`;
    case 'constraint':
      return sql`ALTER TABLE ${preparedTableName(object)} DROP CONSTRAINT ${id(preparedPartName(object))}`;
    case 'index':
      return preparingEngines[dialect].dropIndex(object, isAlone);
  }
}

/** Checks that a prepared table or column holds no values. */
export async function expectUnused(connection: Connection, object: PreparedObject, limits: Limits): Promise<void> {
  const { kind } = object;
  if (kind !== 'table' && kind !== 'column') return;
  const { sql, id } = dialectOf[connection.dialect];
  const condition = kind === 'column' ? sql` WHERE ${id(preparedPartName(object))} IS NOT NULL` : empty;
  const rows = sql`SELECT 1 FROM ${preparedTableName(object)}${condition}`;
  const query = sql`SELECT CASE WHEN EXISTS (${rows}) THEN 1 ELSE 0 END AS used`;
  const [row] = await rowsOf<{ used: number }>(connection, query, limits);
  if (row?.used !== 1) return;
  const text = `${connection.label}: the ${preparedText(object)} was prepared for an upgrade, and somebody has put values into it. It was not removed. Remove the values first.`;
  fail('UPGRADE_PREPARED_USED', text, {}, { object: preparedText(object) });
}

/**
 * Throws `UPGRADE_PREPARED_OTHER` if a database is prepared for another upgrade than a plan, or by another version of
 * the tool.
 */
export function expectSamePreparation({ label }: Connection, plan: UpgradePlan, record: readonly RecordedStep[]): void {
  const recordOf = recordedSteps(record);
  const same = new Set(preparationSteps(plan).map(recordOf));
  const others = record.filter((step) => !same.has(step));
  const [first] = others;
  if (first === undefined) return;
  const later = preparedFor(plan.after);
  const [prepared, after] = [preparedSet(first.later), preparedSet(later)];
  const reason =
    first.later === later
      ? 'is prepared for this upgrade with other options or by another version of dms-ddl'
      : `is prepared for an upgrade to ${preparedSetText(prepared)}, not to ${preparedSetText(after)}`;
  const text = `${label}: the database ${reason}. Run dms-ddl upgrade prepare --undo first, or upgrade as it is prepared. Nothing was changed.`;
  fail('UPGRADE_PREPARED_OTHER', text, {}, { prepared, after, steps: others.length });
}
