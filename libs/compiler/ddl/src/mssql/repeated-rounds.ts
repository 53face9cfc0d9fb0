import type { ColumnDefinition, TableDefinition } from '@dms/catalog';
import type { DbTableName } from '@dms/model';
import { chained, dialectOf, empty, group, join, listed, type PlainLines, type PlainSql, trusted } from '@dms/sql';
import type { BodyScope } from '../trigger-source.ts';
import { changed, flagged } from './body-text.ts';

const { sql, lines, id, ids, literal } = dialectOf.mssql;

/**
 * Runs `statements` for the rows in `@documents`, and again for the rows of the table that they changed, until there
 * are none (design 07 §9.4, 11 §3.3): SQL Server does not start a trigger again for writes of its own body, whether
 * direct or by cascade. `written` are the conditions for rows `t` that may change. In a circle of contradictory values,
 * a column would change forever, so a second change of the same column of a row is refused.
 */
export function repeatedRounds(
  table: TableDefinition,
  columns: readonly ColumnDefinition[],
  written: readonly PlainLines[],
  statements: PlainLines,
): PlainLines {
  const names = [sql`"DocumentId"`, ...columns.map(({ name }) => id(name))];
  const flags = flagged(columns).map(({ name }) => id(name));
  const again = flags.map((flag) => sql`(c.${flag} = 1 AND m.${flag} = 1)`);
  const circle = literal(
    `Identities in ${table.schema}.${table.name} copy each other in a circle and contradict each other.`,
  );
  // a document may be updated more than once, each time in other columns
  return lines`
    DECLARE @before TABLE (
        ${listed([sql`"DocumentId" bigint NOT NULL PRIMARY KEY`, ...columns.map(({ name, type }) => sql`${id(name)} ${trusted(type)} NULL`)])}
    );
    DECLARE @moved TABLE (
        "DocumentId" bigint NOT NULL,
        "Round" int NOT NULL,
        ${group(...flags.map((flag) => sql`${flag} bit NOT NULL,`))}
        PRIMARY KEY ("DocumentId", "Round")
    );
    DECLARE @round int = 0;
    WHILE EXISTS (SELECT 1 FROM @documents)
    BEGIN
        SET @round = @round + 1;
        DELETE FROM @before;
        INSERT INTO @before (${join(names)})
        SELECT
            ${listed(names.map((name) => sql`t.${name}`))}
        FROM ${table} AS t
        WHERE ${chained(written, 'OR')};
        ${statements}
        DELETE FROM @documents;
        ${insertChanges(columns, sql`b`, sql`t`)}
        FROM @before AS b
        INNER LOOP JOIN ${table} AS t WITH (FORCESEEK) ON t."DocumentId" = b."DocumentId"
        WHERE ${changed(columns, sql`b`, sql`t`)};
        IF EXISTS (
            SELECT 1
            FROM @documents AS c
            INNER JOIN @moved AS m ON m."DocumentId" = c."DocumentId"
            ${again.length === 0 ? empty : lines`WHERE ${chained(again, 'OR')}`}
        )
        BEGIN
            THROW 50000, ${circle}, 1;
        END;
        INSERT INTO @moved (${flaggedColumns(columns)}, "Round")
        SELECT ${flaggedColumns(columns)}, @round FROM @documents;
    END;`;
}

const flaggedColumns = (columns: readonly ColumnDefinition[]) =>
  ids(['DocumentId', ...flagged(columns).map(({ name }) => name)]);

/**
 * The head of an INSERT into `@documents`, with its select list: 1 for each column that differs between the aliases.
 */
export function insertChanges(columns: readonly ColumnDefinition[], old: PlainSql, now: PlainSql): PlainLines {
  const flags = flagged(columns).map((column) => lines`CASE WHEN ${changed([column], old, now)} THEN 1 ELSE 0 END`);
  const head = sql`INSERT INTO @documents (${flaggedColumns(columns)})`;
  if (flags.length === 0) return group(head, sql`SELECT ${now}."DocumentId"`);
  return lines`
    ${head}
    SELECT
        ${listed([sql`${now}."DocumentId"`, ...flags])}`;
}

/** An UPDATE in a body, of the rows of `table` whose `documentColumn` names a document in `@documents`. */
interface BodyUpdate {
  readonly table: DbTableName;
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
): PlainLines | undefined {
  const steps = cascadesBack(update, home, watched, cascades);
  if (!steps) return undefined;
  const joins: PlainSql[] = [];
  let last = sql`r`;
  for (const [index, { receiver, fkColumn }] of steps.entries()) {
    const alias = trusted(`r${index + 1}`);
    joins.push(sql`INNER JOIN ${receiver} AS ${alias} ON ${alias}.${id(fkColumn)} = ${last}."DocumentId"`);
    last = alias;
  }
  return lines`
    t."DocumentId" IN (
        SELECT ${last}."DocumentId"
        FROM @documents AS c
        INNER JOIN ${update.table} AS r ON r.${id(update.documentColumn)} = c."DocumentId"
        ${group(...joins)}
    )`;
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
