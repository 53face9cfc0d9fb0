import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { DerivedRows } from './derived-row-statements.ts';
import { generations } from './generations.ts';
import { mssqlDerivedRows } from './mssql/derived-rows.ts';
import { pgsqlDerivedRows } from './pgsql/derived-rows.ts';

const dialects = { pgsql: pgsqlDerivedRows, mssql: mssqlDerivedRows };

/** The statements of a generation and dialect. */
export function derivedRows(version: MappingVersion, dialect: SqlDialect): DerivedRows {
  return dialects[dialect](generations[version].bodies[dialect].identityTexts);
}
