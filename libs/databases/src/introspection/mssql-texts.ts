import { lockHolderQuery } from '../connection/mssql-lock-holders.ts';
import { fingerprintQueries } from '../fingerprint/fingerprint-queries.ts';
import { mssqlQueries } from './mssql-queries.ts';

/** The queries without parameters that a SQL Server gets, besides the texts of provisioning. */
export const mssqlTexts: readonly string[] = [
  ...Object.values(mssqlQueries),
  ...Object.values(fingerprintQueries.mssql),
  lockHolderQuery,
];
