import { lockHolderQuery } from '../connection/mssql-lock-holders.ts';
import { fingerprintQueries } from '../fingerprint/fingerprint-queries.ts';
import { mssqlQueries } from './mssql-queries.ts';

/** The texts without parameters that a SQL Server is asked with, beside those of provisioning. */
export const mssqlTexts: readonly string[] = [
  ...Object.values(mssqlQueries),
  ...Object.values(fingerprintQueries.mssql),
  lockHolderQuery,
];
