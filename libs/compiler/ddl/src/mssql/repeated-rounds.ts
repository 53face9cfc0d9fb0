import type { ColumnDefinition, TableDefinition } from '@dms/catalog';
import { enclosed, indented, listed } from '../statement-lines.ts';
import type { BodyScope } from '../trigger-source.ts';
import { anyOf, byKey, changed, flagged, literal, q, qualified, tableVariable } from './body-text.ts';

const id = q('DocumentId');

/**
 * Runs `statements` for the rows in `@documents`, and again for the rows of the table that they changed, until there
 * are none (design 07 §9.4, 11 §3.3): SQL Server does not start a trigger again for writes of its own body, whether
 * direct or by cascade. `written` are the conditions for rows `t` that may change. In a circle of contradictory values,
 * a column would change forever, so a second change of the same column of a row is refused.
 */
export function repeatedRounds(
  table: TableDefinition,
  columns: readonly ColumnDefinition[],
  written: readonly (readonly string[])[],
  statements: readonly string[],
): string[] {
  const names = [id, ...columns.map(({ name }) => q(name))];
  const again = flagged(columns).map(({ name }) => [`(c.${q(name)} = 1 AND m.${q(name)} = 1)`]);
  const message = `Identities in ${table.schema}.${table.name} copy each other in a circle and contradict each other.`;
  const flags = flagged(columns).map(({ name }) => `${q(name)} bit NOT NULL`);
  return [
    ...tableVariable('@before', [
      `${id} bigint NOT NULL PRIMARY KEY`,
      ...columns.map(({ name, type }) => `${q(name)} ${type} NULL`),
    ]),
    // a document may be updated more than once, each time in other columns
    ...tableVariable('@moved', [
      `${id} bigint NOT NULL`,
      `${q('Round')} int NOT NULL`,
      ...flags,
      `PRIMARY KEY (${id}, ${q('Round')})`,
    ]),
    'DECLARE @round int = 0;',
    'WHILE EXISTS (SELECT 1 FROM @documents)',
    'BEGIN',
    ...indented([
      'SET @round = @round + 1;',
      'DELETE FROM @before;',
      `INSERT INTO @before (${names.join(', ')})`,
      'SELECT',
      ...indented(listed(names.map((name) => `t.${name}`))),
      `FROM ${qualified(table)} AS t`,
      ...enclosed('WHERE ', anyOf(written), ';'),
      ...statements,
      'DELETE FROM @documents;',
      ...insertChanges('@documents', columns, 'b', 't'),
      'FROM @before AS b',
      byKey(qualified(table), 't', 'DocumentId', `b.${id}`),
      ...enclosed('WHERE ', changed(columns, 'b', 't'), ';'),
      'IF EXISTS (',
      ...indented([
        'SELECT 1',
        'FROM @documents AS c',
        `INNER JOIN @moved AS m ON m.${id} = c.${id}`,
        ...(again.length === 0 ? [] : enclosed('WHERE ', anyOf(again))),
      ]),
      ')',
      'BEGIN',
      `    THROW 50000, ${literal(message)}, 1;`,
      'END;',
      `INSERT INTO @moved (${setColumns(columns)}, ${q('Round')})`,
      `SELECT ${setColumns(columns)}, @round FROM @documents;`,
    ]),
    'END;',
  ];
}

const setColumns = (columns: readonly ColumnDefinition[]) =>
  [id, ...flagged(columns).map(({ name }) => q(name))].join(', ');

/**
 * The head of an INSERT into such a table variable, with its select list: 1 for each column that differs between the
 * aliases.
 */
export function insertChanges(name: string, columns: readonly ColumnDefinition[], old: string, now: string): string[] {
  const flags = flagged(columns);
  const head = `INSERT INTO ${name} (${setColumns(columns)})`;
  if (flags.length === 0) return [head, `SELECT ${now}.${id}`];
  return [
    head,
    'SELECT',
    ...indented([
      `${now}.${id},`,
      ...flags.flatMap((column, index) =>
        enclosed(
          'CASE WHEN ',
          changed([column], old, now),
          index < flags.length - 1 ? ' THEN 1 ELSE 0 END,' : ' THEN 1 ELSE 0 END',
        ),
      ),
    ]),
  ];
}

/** An UPDATE in a body, of the rows of `table` whose `documentColumn` names a document in `@documents`. */
interface BodyUpdate {
  readonly table: { readonly schema: string; readonly name: string };
  readonly documentColumn: string;
  readonly columns: readonly string[];
}

/**
 * The condition for rows `t` of the trigger table in which an update of its body may change watched columns, directly
 * or by cascades; undefined if it can change none.
 */
export function writtenRows(
  update: BodyUpdate,
  home: TableDefinition,
  watched: ReadonlySet<string>,
  cascades: BodyScope['cascades'],
): string[] | undefined {
  const steps = cascadesBack(update, home, watched, cascades);
  if (!steps) return undefined;
  const id = q('DocumentId');
  const joins = [`INNER JOIN ${qualified(update.table)} AS r ON r.${q(update.documentColumn)} = c.${id}`];
  let last = 'r';
  for (const [index, { receiver, fkColumn }] of steps.entries()) {
    const alias = `r${index + 1}`;
    joins.push(`INNER JOIN ${qualified(receiver)} AS ${alias} ON ${alias}.${q(fkColumn)} = ${last}.${id}`);
    last = alias;
  }
  return [`t.${id} IN (`, ...indented([`SELECT ${last}.${id}`, 'FROM @documents AS c', ...joins]), ')'];
}

/** A cascade from the previous table to `receiver`, whose rows refer to it by `fkColumn`. */
interface CascadeStep {
  readonly receiver: TableDefinition;
  readonly fkColumn: string;
}

/**
 * The cascades over which an update changes `watched` columns of `home`; there is at most one such path (design 11
 * §3.2).
 */
function cascadesBack(
  { table, columns }: BodyUpdate,
  home: TableDefinition,
  watched: ReadonlySet<string>,
  cascades: BodyScope['cascades'],
): readonly CascadeStep[] | undefined {
  const isHome = (schema: string, name: string) => schema === home.schema && name === home.name;
  const search = (schema: string, name: string, moved: ReadonlySet<string>): readonly CascadeStep[] | undefined => {
    if (isHome(schema, name)) return [...moved].some((column) => watched.has(column)) ? [] : undefined;
    for (const { receiver, key } of cascades.get(`${schema}.${name}`) ?? []) {
      const local = new Set(key.columns.filter((_, index) => moved.has(key.targetColumns[index] as string)));
      const rest = local.size > 0 ? search(receiver.schema, receiver.name, local) : undefined;
      if (rest) return [{ receiver, fkColumn: key.columns[0] as string }, ...rest];
    }
    return undefined;
  };
  // a table that refers to itself always repeats (design 11 §3.3)
  return isHome(table.schema, table.name) ? [] : search(table.schema, table.name, new Set(columns));
}
