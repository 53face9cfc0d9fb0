import type { SqlDialect } from '@dms/sql';
import type { DocumentStatements } from './document-statements.ts';
import { mssqlStatements } from './mssql-statements.ts';
import { pgsqlStatements } from './pgsql-statements.ts';

export const documentStatements: Readonly<Record<SqlDialect, DocumentStatements>> = {
  pgsql: pgsqlStatements,
  mssql: mssqlStatements,
};
