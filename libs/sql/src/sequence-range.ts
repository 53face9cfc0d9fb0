import { type QualifiedName, qualifiedName } from './identifier.ts';
import { mssql } from './mssql.ts';

/**
 * The call of SQL Server that reserves numbers of a sequence, before and after the expression for their count. The
 * first number is then in the variable `@first`, a `sql_variant`.
 */
export const mssqlSequenceRange = (sequence: QualifiedName): readonly [before: string, after: string] => [
  `EXEC sys.sp_sequence_get_range @sequence_name = ${mssql.stringLiteral(qualifiedName(mssql, sequence))}, @range_size = `,
  ', @range_first_value = @first OUTPUT;',
];
