import type { ColumnDefinition } from '@dms/catalog';
import { core, type ScalarType } from '@dms/model';
import { chained, dialectOf, exactParts, listed, type PlainLines, type PlainSql } from '@dms/sql';

const { sql, lines, id } = dialectOf.mssql;

/*
 * Bodies join a table to the rows of a table variable with INNER LOOP JOIN and FORCESEEK, by key and in the order of
 * these rows: a set that the optimizer estimates as one row must not lead to a scan, and rows are always locked in the
 * same order. The variable is a table, because a CTE would exist for one statement only (design 07 §8.2 rule 5).
 */

export const nextVersion = dialectOf.mssql.next(core.changeVersionSequence);

/** Two expressions of the same type; the type is absent for document ids. */
interface ComparedRows {
  readonly old: PlainSql;
  readonly now: PlainSql;
  readonly type: ScalarType | null;
}

/**
 * The expressions with which two values of a type are compared. Strings are compared binary and by length: a change of
 * case or of a trailing blank counts, independent of the collation of the database (design 07 §8.2 rule 4).
 */
export const comparedColumn = (value: PlainSql, type: ScalarType | null) =>
  type?.kind === 'String' ? exactParts(value) : [value];

/** The null-safe condition that at least one of the pairs differs, one column per line. */
export function differs(pairs: readonly ComparedRows[]): PlainLines {
  const old = pairs.flatMap((pair) => comparedColumn(pair.old, pair.type));
  const now = pairs.flatMap((pair) => comparedColumn(pair.now, pair.type));
  if (old.length === 1) return lines`EXISTS (SELECT ${listed(old)} EXCEPT SELECT ${listed(now)})`;
  return lines`
    EXISTS (
        SELECT
            ${listed(old)}
        EXCEPT
        SELECT
            ${listed(now)}
    )`;
}

/** The condition that at least one of the columns differs between the aliases `old` and `now`. */
export const changed = (columns: readonly ColumnDefinition[], old: PlainSql, now: PlainSql): PlainLines =>
  differs(
    columns.map(({ name, scalarType: type }) => ({ old: sql`${old}.${id(name)}`, now: sql`${now}.${id(name)}`, type })),
  );

/** The condition that at least one of the columns differs between the old and the new image of a row. */
export const changedImage = (columns: readonly ColumnDefinition[]) => changed(columns, sql`d`, sql`i`);

/**
 * The columns that need a flag in a table variable of documents. A single column needs no flag: its document is listed
 * only if it changed.
 */
export const flagged = (columns: readonly ColumnDefinition[]) => (columns.length === 1 ? [] : columns);

/** The table variable of document ids, with a flag per column that may have changed. */
export function documentSet(columns: readonly ColumnDefinition[] = []): PlainLines {
  const flags = flagged(columns).map(({ name }) => sql`${id(name)} bit NOT NULL DEFAULT 0`);
  if (flags.length === 0) return lines`DECLARE @documents TABLE ("DocumentId" bigint NOT NULL PRIMARY KEY);`;
  return lines`
    DECLARE @documents TABLE (
        ${listed([sql`"DocumentId" bigint NOT NULL PRIMARY KEY`, ...flags])}
    );`;
}

/**
 * Returns from an update that does not write any of the columns; a cascade counts as writing its columns (design 16
 * §6.2). The columns must be stored: UPDATE() refuses others.
 */
export function leaveUnwritten(columns: readonly string[]): PlainLines {
  const isWritten = columns.map((name) => sql`UPDATE(${id(name)})`);
  return lines`
    IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (${chained(isWritten, 'OR')})
        RETURN;`;
}

/** Joins the old and new images of the trigger's rows; a row that moved to another document is left out. */
export const images = lines`
  FROM inserted AS i
  INNER JOIN deleted AS d ON d."DocumentId" = i."DocumentId"`;

/** Like `images`, with the new images of rows that moved to another document: their old images are NULL. */
export const imagesWithMoved = lines`
  FROM inserted AS i
  LEFT JOIN deleted AS d ON d."DocumentId" = i."DocumentId"`;

/**
 * Fills `@documents` with the ids of inserted rows, or of updated rows whose projection really changed or that moved to
 * another document, and returns if there are none. The flags of `columns` stay 0.
 */
export const collectChangedDocuments = (
  projection: readonly ColumnDefinition[],
  columns: readonly ColumnDefinition[] = [],
) => lines`
  ${documentSet(columns)}
  IF NOT EXISTS (SELECT 1 FROM deleted)
      INSERT INTO @documents ("DocumentId")
      SELECT i."DocumentId"
      FROM inserted AS i;
  ELSE
      INSERT INTO @documents ("DocumentId")
      SELECT i."DocumentId"
      ${imagesWithMoved}
      WHERE ${changedImage(projection)};
  IF @@ROWCOUNT = 0 RETURN;`;
