import type { SqlDialect } from '@dms/sql';
import type { VerificationInput } from '../verification-input.ts';
import type { Finding } from './finding.ts';
import { pgsqlFindings } from './pgsql-checks.ts';
import { textFindings } from './text-form.ts';

const checks: Readonly<Record<SqlDialect, (input: VerificationInput) => Finding[]>> = {
  pgsql: ({ script, catalog }) => pgsqlFindings(script, catalog),
  mssql: () => [],
};

/** What can be said of a script without a database (design 09 §7.4); empty when nothing is wrong. */
export function staticFindings(input: VerificationInput): Finding[] {
  return [...textFindings(input.script, input.scriptSha256), ...checks[input.dialect](input)];
}
