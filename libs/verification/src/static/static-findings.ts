import { normalizeSql } from '@dms/ddl';
import { sha256Hex } from '@dms/files';
import { authTable, type Inventory } from '@dms/inventory';
import { dialectRules, pgsqlTokens, qualifiedName, type SqlDialect } from '@dms/sql';
import type { VerificationInput } from '../verification-input.ts';
import { unlikeComparisons } from './compared-rows.ts';
import type { Finding } from './finding.ts';
import { functionRights } from './function-rights.ts';
import { catalogLimits } from './limit-checks.ts';
import { mssqlFindings } from './mssql/static-checks.ts';
import { pgsqlFindings } from './pgsql-checks.ts';
import { type PgsqlUnits, pgsqlNames, pgsqlUnits } from './pgsql-names.ts';
import { type ScriptFunction, scriptFunctions } from './script-functions.ts';

/**
 * S15: every writer of the hierarchy locks it first (design 07 §9.6). Behaviour checks cannot see this: without the
 * lock, two concurrent sessions lose a row, but an embedded engine has only one session.
 */
function unlockedHierarchy(functions: readonly ScriptFunction[], { triggers }: Inventory): Finding[] {
  const bodies = new Map(functions.map(({ name, body }) => [name, body]));
  const table = qualifiedName(dialectRules.pgsql, authTable);
  return triggers.flatMap(({ kind, name, table: owner }): Finding[] => {
    if (kind !== 'AuthHierarchyMaintenance') return [];
    const body = bodies.get(qualifiedName(dialectRules.pgsql, { schema: owner.schema, name: `TF_${name}` }));
    if (body === undefined) return [{ id: 'S15', text: `the trigger ${name} has no function` }];
    const lock = body.indexOf(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE;`);
    const writes = ['INSERT INTO', 'DELETE FROM']
      .map((words) => body.indexOf(`${words} ${table}`))
      .filter((at) => at >= 0);
    const isFirst = lock >= 0 && writes.every((at) => lock < at);
    return isFirst ? [] : [{ id: 'S15', text: `the trigger ${name} writes ${table} without its lock` }];
  });
}

/** S16 in the bodies of functions. */
const unlikeRows = ({ units }: PgsqlUnits): Finding[] =>
  units.flatMap(({ of, line, tokens }) =>
    of === null
      ? []
      : unlikeComparisons(tokens, ['n', 'o']).map((at) => ({
          id: 'S16',
          text: `line ${line + at}: ${of} compares unlike columns`,
        })),
  );

const checks: Readonly<Record<SqlDialect, (input: VerificationInput) => Finding[]>> = {
  pgsql: ({ script, catalog, inventory }) => {
    const tokens = pgsqlTokens(script);
    const units = pgsqlUnits(tokens);
    const functions = scriptFunctions(script);
    return [
      ...pgsqlFindings(script, tokens, catalog),
      ...pgsqlNames(units),
      ...unlockedHierarchy(functions, inventory),
      ...unlikeRows(units),
      ...functionRights(script, functions),
    ];
  },
  mssql: ({ script, catalog }) => mssqlFindings(script, catalog),
};

/** S13: the script is the one that its manifest was written with. */
function staleScript({ script, scriptSha256 }: VerificationInput): Finding[] {
  const found = sha256Hex(normalizeSql(script));
  if (scriptSha256 === null || found === scriptSha256) return [];
  return [{ id: 'S13', text: `the script is not that of ddl.manifest.json (SHA-256 ${found}, not ${scriptSha256})` }];
}

/** The findings in the text of a script (design 09 §7.4); empty if nothing is wrong. */
export function staticFindings(input: VerificationInput): Finding[] {
  return [...staleScript(input), ...checks[input.dialect](input), ...catalogLimits(input.catalog)];
}
