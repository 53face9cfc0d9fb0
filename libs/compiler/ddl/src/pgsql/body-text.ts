import { core } from '@dms/model';
import { chained, dialectOf, group, listed, type PlainLines, type PlainSql } from '@dms/sql';

const { sql, lines, id, literal, nameLiteral } = dialectOf.pgsql;

export const nextVersion = sql`pg_catalog.nextval(${nameLiteral(core.changeVersionSequence)})`;

/** The tables of the old and new rows of a statement, under the names that the triggers use. */
const transitionTables = {
  new_rows: { rows: sql`new_rows AS n`, alias: sql`n` },
  old_rows: { rows: sql`old_rows AS o`, alias: sql`o` },
  newtab: { rows: sql`newtab AS n`, alias: sql`n` },
  oldtab: { rows: sql`oldtab AS o`, alias: sql`o` },
} as const;

type TransitionTable = keyof typeof transitionTables;

/** Selects columns of a transition table. */
export function selectFrom(table: TransitionTable, columns: readonly string[], select = sql`SELECT`): PlainLines {
  const { rows, alias } = transitionTables[table];
  const items = columns.map((column) => sql`${alias}.${id(column)}`);
  const [only, ...others] = items;
  if (only && others.length === 0) return group(sql`${select} ${only} FROM ${rows}`);
  return lines`
    ${select}
        ${listed(items)}
    FROM ${rows}`;
}

export const selectDistinct = sql`SELECT DISTINCT`;

/**
 * A FROM clause with the rows of one image that the other lacks, as a source named `c`. The images are compared as
 * multisets, never joined: a join would keep the plan of the first statement of the session, even for another size
 * (design 07 §8.2 rules 3, 13).
 */
export const changedRows = (columns: readonly string[], [one, other]: readonly [TransitionTable, TransitionTable]) =>
  lines`
    FROM (
        ${selectFrom(one, columns)}
        EXCEPT ALL
        ${selectFrom(other, columns)}
    ) AS c`;

/** A branch for each event, in the order INSERT, UPDATE, DELETE; without IF if there is only one. */
export function perEvent(branches: readonly (readonly [event: string, statements: PlainLines])[]): PlainLines {
  const [only, ...others] = branches;
  if (only && others.length === 0) return only[1];
  const branch = ([event, statements]: (typeof branches)[number], index: number) => {
    const isEvent = sql`${index === 0 ? sql`IF` : sql`ELSIF`} TG_OP = ${literal(event)} THEN`;
    return lines`
      ${index === branches.length - 1 ? sql`ELSE` : isEvent}
          ${statements}`;
  };
  return group(...branches.map(branch), sql`END IF;`);
}

export const leaveWhen = (condition: PlainSql) => lines`
  IF ${condition} THEN
      RETURN NULL;
  END IF;`;

/** The condition that none of the columns differs between the old and the new row; NULL equals NULL. */
export const isUnchanged = (columns: readonly string[]): PlainLines =>
  chained(
    columns.map((column) => sql`OLD.${id(column)} IS NOT DISTINCT FROM NEW.${id(column)}`),
    'AND',
  );

/** For a trigger on INSERT and UPDATE: returns if an update changed none of the columns of the row. */
export const leaveUnchanged = (columns: readonly string[]) => lines`
  IF TG_OP = 'UPDATE' THEN
      IF ${isUnchanged(columns)} THEN
          RETURN NULL;
      END IF;
  END IF;`;
