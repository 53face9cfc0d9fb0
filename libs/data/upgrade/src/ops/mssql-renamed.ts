import { dialectRules } from '@dms/sql';

const { quote, stringLiteral: literal } = dialectRules.mssql;

/**
 * `sp_rename` takes the old name quoted inside a literal, and the new name bare. If it refuses, the transaction does
 * not end.
 */
export const mssqlRenamed = (parts: readonly string[], to: string, kind: 'OBJECT' | 'COLUMN' | 'INDEX'): string =>
  [
    'DECLARE @refused int;',
    `EXEC @refused = sys.sp_rename ${literal(parts.map(quote).join('.'))}, ${literal(to)}, ${literal(kind)};`,
    'IF @refused <> 0',
    `    THROW 50000, ${literal(`sp_rename refused the new name of ${parts.join('.')}.`)}, 1;`,
  ].join('\n');
