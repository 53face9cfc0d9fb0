import { type Connection, type Limits, pgsqlSavepoint, rowsOf, run } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { dialectOf, join, type PlainSql, textOf } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { type OdsForeignKey, type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import { pgsqlReporting, usualOptions } from '../views/reporting-dialect.ts';
import { copiedColumns, copiedNames } from './copied-tables.ts';

const { sql, id, ids, literal } = dialectOf.pgsql;

/** A table of the mapping, and the temporary table with its columns that gets the rows of its view. */
interface TemporaryCopy {
  readonly table: OdsTable;
  readonly place: PlainSql;
}

/**
 * Copies the rows of all views of a database on PostgreSQL into temporary tables with the columns of an ODS, and checks
 * the keys and foreign keys of an ODS by queries. Creating these keys, or dropping the tables, would take the engine
 * much longer; everything is rolled back instead. Returns findings: whatever an ODS would refuse. Throws `DB_*` for
 * anything else.
 */
export async function checkCopies(
  connection: Connection,
  { tables }: OdsMapping,
  limits: Limits = {},
): Promise<readonly string[]> {
  const copies = tables.map(
    (table, index): TemporaryCopy => ({ table, place: sql`pg_temp.${id(`dms_copy_${index}`)}` }),
  );
  const byLabel = new Map(copies.map((copy) => [tableLabel(copy.table), copy]));
  const keys = copies.flatMap((copy) =>
    copy.table.foreignKeys.flatMap((key) => {
      const target = byLabel.get(tableLabel(key.targetTable));
      return target === undefined ? [] : [{ copy, key, target }];
    }),
  );
  const questions = [
    ...copies.flatMap(keyQuestion),
    ...keys.map(({ copy, key, target }) => foreignKeyQuestion(copy, key, target)),
  ];
  await connection.begin();
  try {
    await run(connection, join(copies.map(createText), ';\n'), limits);
    return [
      ...(await refusedStatements(connection, copies.map(copyText), limits)),
      ...(await brokenRules(connection, questions, limits)),
      ...keys.flatMap(({ copy, key, target }) => withoutTargetKey(copy, key, target)),
    ];
  } finally {
    await connection.rollback();
  }
}

/** A query that returns a row if the copies break a rule, and the finding in that case. */
interface CopyQuestion {
  readonly condition: PlainSql;
  readonly finding: string;
}

function keyQuestion({ table, place }: TemporaryCopy): CopyQuestion[] {
  if (table.key.length === 0) return [];
  const key = ids(copiedNames(table, table.key));
  return [
    {
      condition: sql`SELECT FROM ${place} GROUP BY ${key} HAVING count(*) > 1`,
      finding: `${tableLabel(table)}: several rows have the same key (${table.key.join(', ')})`,
    },
  ];
}

function foreignKeyQuestion({ table, place }: TemporaryCopy, key: OdsForeignKey, target: TemporaryCopy): CopyQuestion {
  const own = copiedNames(table, key.columns);
  const others = copiedNames(target.table, key.targetColumns);
  const isThere = own.map((name) => sql`s.${id(name)} IS NOT NULL`);
  const isSame = own.map((name, index) => sql`t.${id(others[index] ?? '')} = s.${id(name)}`);
  return {
    condition: sql`SELECT FROM ${place} s WHERE ${join(isThere, ' AND ')} AND NOT EXISTS (SELECT FROM ${target.place} t WHERE ${join(isSame, ' AND ')})`,
    finding: `${tableLabel(table)} (${key.columns.join(', ')}): a row has no row of ${tableLabel(target.table)} (${key.targetColumns.join(', ')})`,
  };
}

const createText = ({ table, place }: TemporaryCopy) =>
  sql`CREATE TEMPORARY TABLE ${place} (${join(copiedColumns(table))})`;

/** Runs all statements at once, or each by itself if one fails. Returns the errors of the statements that fail. */
async function refusedStatements(
  connection: Connection,
  statements: readonly PlainSql[],
  limits: Limits,
): Promise<readonly string[]> {
  const attempt = (text: PlainSql) => reasonOfEngine(connection, () => run(connection, text, limits), limits);
  if ((await attempt(join(statements, ';\n'))) === null) return [];
  const refused: string[] = [];
  for (const statement of statements) {
    const reason = await attempt(statement);
    if (reason !== null) refused.push(`${textOf(statement)}: ${reason}`);
  }
  return refused;
}

const ofCopies = pgsqlSavepoint('copies');

/** Runs `work` in a savepoint. Returns null, or the message of the engine, after a rollback, if it refuses. */
async function reasonOfEngine(
  connection: Connection,
  work: () => Promise<void>,
  limits: Limits,
): Promise<string | null> {
  await run(connection, ofCopies.set, limits);
  try {
    await work();
    await run(connection, ofCopies.release, limits);
    return null;
  } catch (error) {
    if (!(error instanceof DmsError) || error.code !== 'DB_SQL') throw error;
    await run(connection, ofCopies.forget, limits);
    return error.diagnostics[0].message;
  }
}

const copyText = ({ table, place }: TemporaryCopy) =>
  sql`INSERT INTO ${place} SELECT * FROM ${pgsqlReporting.viewName(table, usualOptions)}`;

/** Number of questions per query. */
const together = 60;

/** Findings of the rules that are broken, or that the engine cannot check because types differ. */
async function brokenRules(
  connection: Connection,
  questions: readonly CopyQuestion[],
  limits: Limits,
): Promise<readonly string[]> {
  const broken: string[] = [];
  const ask = async (some: readonly CopyQuestion[]) => {
    const arms = some.map(({ condition }, index) => sql`SELECT ${literal(index)} AS n WHERE EXISTS (${condition})`);
    const rows = await rowsOf<{ n: number }>(connection, join(arms, '\nUNION ALL\n'), limits);
    const found = new Set(rows.map(({ n }) => Number(n)));
    broken.push(...some.filter((_, index) => found.has(index)).map(({ finding }) => finding));
  };
  for (const some of chunk(questions, together)) {
    if ((await reasonOfEngine(connection, () => ask(some), limits)) === null) continue;
    for (const question of some) {
      const reason = await reasonOfEngine(connection, () => ask([question]), limits);
      if (reason !== null) broken.push(`${textOf(question.condition)}: ${reason}`);
    }
  }
  return broken;
}

/** The finding if the target of a foreign key has another key: an ODS cannot have it. */
function withoutTargetKey(
  { table }: TemporaryCopy,
  { columns, targetColumns }: OdsForeignKey,
  target: TemporaryCopy,
): string[] {
  const isKey = [...targetColumns].sort().join() === [...target.table.key].sort().join();
  if (isKey) return [];
  return [
    `${tableLabel(table)} (${columns.join(', ')}): ${targetColumns.join(', ')} is not the key of ${tableLabel(target.table)}`,
  ];
}
