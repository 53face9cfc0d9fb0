import { dialectOf, join, type PlainLines, textOf } from '@dms/sql';

const { lines, id, literal } = dialectOf.mssql;

/**
 * `sp_rename` takes the old name quoted inside a literal, and the new name bare. If it refuses, the transaction does
 * not end.
 */
export const mssqlRenamed = (
  parts: readonly string[],
  to: string,
  kind: 'OBJECT' | 'COLUMN' | 'INDEX',
): PlainLines => lines`
  DECLARE @refused int;
  EXEC @refused = sys.sp_rename ${literal(textOf(join(parts.map(id), '.')))}, ${literal(to)}, ${literal(kind)};
  IF @refused <> 0
      THROW 50000, ${literal(`sp_rename refused the new name of ${parts.join('.')}.`)}, 1;`;
