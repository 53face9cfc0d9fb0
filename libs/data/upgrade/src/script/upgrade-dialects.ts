import type { SqlDialect } from '@dms/sql';
import { mssqlUpgrade } from './mssql.ts';
import { pgsqlUpgrade } from './pgsql.ts';
import type { UpgradeDialect } from './upgrade-dialect.ts';

export const upgradeDialects: Readonly<Record<SqlDialect, UpgradeDialect>> = {
  pgsql: pgsqlUpgrade,
  mssql: mssqlUpgrade,
};
