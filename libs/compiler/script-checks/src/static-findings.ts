import { normalizeSql } from '@dms/ddl';
import type { SqlDialect } from '@dms/sql';
import { sha256Hex } from '@dms/values';
import type { CheckedScript } from './checked-script.ts';
import { catalogLimits } from './limit-checks.ts';
import { unlikeModel } from './model-keys.ts';
import { mssqlFindings } from './mssql/static-checks.ts';
import { wrongFacts } from './object-facts.ts';
import { pgsqlFindings } from './pgsql-checks.ts';
import type { ScriptFinding } from './text-form.ts';

const checks: Readonly<Record<SqlDialect, (input: CheckedScript) => ScriptFinding[]>> = {
  pgsql: pgsqlFindings,
  mssql: ({ script, catalog }) => mssqlFindings(script, catalog),
};

/** S13: the hash of the script must be the one in its manifest. */
function staleScript({ script, scriptSha256 }: CheckedScript): ScriptFinding[] {
  const found = sha256Hex(normalizeSql(script));
  if (scriptSha256 === null || found === scriptSha256) return [];
  return [{ id: 'S13', text: `the script is not that of ddl.manifest.json (SHA-256 ${found}, not ${scriptSha256})` }];
}

/** The findings in the text of a script (design 09b §2.4); empty if nothing is wrong. */
export function staticFindings(input: CheckedScript): ScriptFinding[] {
  const { dialect, catalog } = input;
  return [
    ...staleScript(input),
    ...checks[dialect](input),
    ...catalogLimits(catalog),
    ...unlikeModel(input, catalog),
    ...wrongFacts(input, catalog),
  ];
}
