import type { SqlDialect } from '@dms/sql';
import { mssqlProvisioning } from './mssql-provisioning.ts';
import { pgsqlProvisioning } from './pgsql-provisioning.ts';
import type { ProvisioningDialect } from './provisioning-dialect.ts';

export const provisioningDialects: Readonly<Record<SqlDialect, ProvisioningDialect>> = {
  pgsql: pgsqlProvisioning,
  mssql: mssqlProvisioning,
};
