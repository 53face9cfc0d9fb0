import { type Connection, type Limits, pgsqlSavepoint } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { columnList, dialectRules, qualifiedName } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { type OdsForeignKey, type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import { pgsqlReporting, usualOptions } from '../views/reporting-dialect.ts';
import { copiedColumns, copiedNames } from './copied-tables.ts';

const { pgsql: rules } = dialectRules;

/** A table of the mapping, and the temporary table with its columns that gets the rows of its view. */
interface Copy {
  readonly table: OdsTable;
  readonly place: string;
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
  const copies = tables.map((table, index): Copy => ({ table, place: `pg_temp.${rules.quote(`dms_copy_${index}`)}` }));
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
    await connection.execute(copies.map(createText).join(';\n'), limits);
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
interface Question {
  readonly condition: string;
  readonly finding: string;
}

function keyQuestion({ table, place }: Copy): Question[] {
  if (table.key.length === 0) return [];
  const key = columnList(rules, copiedNames(table, table.key));
  return [
    {
      condition: `SELECT FROM ${place} GROUP BY ${key} HAVING count(*) > 1`,
      finding: `${tableLabel(table)}: several rows have the same key (${table.key.join(', ')})`,
    },
  ];
}

function foreignKeyQuestion({ table, place }: Copy, key: OdsForeignKey, target: Copy): Question {
  const own = copiedNames(table, key.columns);
  const others = copiedNames(target.table, key.targetColumns);
  const isThere = own.map((name) => `s.${rules.quote(name)} IS NOT NULL`).join(' AND ');
  const isSame = own
    .map((name, index) => `t.${rules.quote(others[index] ?? '')} = s.${rules.quote(name)}`)
    .join(' AND ');
  return {
    condition: `SELECT FROM ${place} s WHERE ${isThere} AND NOT EXISTS (SELECT FROM ${target.place} t WHERE ${isSame})`,
    finding: `${tableLabel(table)} (${key.columns.join(', ')}): a row has no row of ${tableLabel(target.table)} (${key.targetColumns.join(', ')})`,
  };
}

const createText = ({ table, place }: Copy) => `CREATE TEMPORARY TABLE ${place} (${copiedColumns(table).join(', ')})`;

/** Runs all statements at once, or each by itself if one fails. Returns the errors of the statements that fail. */
async function refusedStatements(
  connection: Connection,
  statements: readonly string[],
  limits: Limits,
): Promise<readonly string[]> {
  const attempt = (text: string) => reasonOfEngine(connection, () => connection.execute(text, limits), limits);
  if ((await attempt(statements.join(';\n'))) === null) return [];
  const refused: string[] = [];
  for (const statement of statements) {
    const reason = await attempt(statement);
    if (reason !== null) refused.push(`${statement}: ${reason}`);
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
  await connection.execute(ofCopies.set, limits);
  try {
    await work();
    await connection.execute(ofCopies.release, limits);
    return null;
  } catch (error) {
    if (!(error instanceof DmsError) || error.code !== 'DB_SQL') throw error;
    await connection.execute(`${ofCopies.undo}; ${ofCopies.release}`, limits);
    return error.diagnostics[0].message;
  }
}

const copyText = ({ table, place }: Copy) =>
  `INSERT INTO ${place} SELECT * FROM ${qualifiedName(rules, pgsqlReporting.viewName(table, usualOptions))}`;

/** Number of questions per query. */
const together = 60;

/** Findings of the rules that are broken, or that the engine cannot check because types differ. */
async function brokenRules(
  connection: Connection,
  questions: readonly Question[],
  limits: Limits,
): Promise<readonly string[]> {
  const broken: string[] = [];
  const ask = async (some: readonly Question[]) => {
    const arms = some.map(({ condition }, index) => `SELECT ${index} AS n WHERE EXISTS (${condition})`);
    const rows = await connection.query<{ n: number }>(arms.join('\nUNION ALL\n'), [], limits);
    const found = new Set(rows.map(({ n }) => Number(n)));
    broken.push(...some.filter((_, index) => found.has(index)).map(({ finding }) => finding));
  };
  for (const some of chunk(questions, together)) {
    if ((await reasonOfEngine(connection, () => ask(some), limits)) === null) continue;
    for (const question of some) {
      const reason = await reasonOfEngine(connection, () => ask([question]), limits);
      if (reason !== null) broken.push(`${question.condition}: ${reason}`);
    }
  }
  return broken;
}

/** The finding if the target of a foreign key has another key: an ODS cannot have it. */
function withoutTargetKey({ table }: Copy, { columns, targetColumns }: OdsForeignKey, target: Copy): string[] {
  const isKey = [...targetColumns].sort().join() === [...target.table.key].sort().join();
  if (isKey) return [];
  return [
    `${tableLabel(table)} (${columns.join(', ')}): ${targetColumns.join(', ')} is not the key of ${tableLabel(target.table)}`,
  ];
}
