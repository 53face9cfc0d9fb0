import { authTable, type Inventory } from '@dms/inventory';
import { dialectRules, qualifiedName } from '@dms/sql';
import type { Finding } from './finding.ts';

/** The body of the function that a trigger of PostgreSQL runs; null where the script has none. */
function bodyOf(script: string, schema: string, trigger: string): string | null {
  const name = qualifiedName(dialectRules.pgsql, { schema, name: `TF_${trigger}` });
  const start = script.indexOf(`CREATE OR REPLACE FUNCTION ${name}()`);
  if (start < 0) return null;
  const end = script.indexOf('$func$;', start);
  return script.slice(start, end < 0 ? undefined : end);
}

/**
 * S15: every writer of the hierarchy locks it first (design 07 §9.6). Behaviour checks cannot see this: without the lock, two concurrent
 * sessions lose a row, but an embedded engine has only one session.
 */
export function unlockedHierarchy(script: string, { triggers }: Inventory): Finding[] {
  const table = qualifiedName(dialectRules.pgsql, authTable);
  return triggers.flatMap(({ kind, name, table: owner }): Finding[] => {
    if (kind !== 'AuthHierarchyMaintenance') return [];
    const body = bodyOf(script, owner.schema, name);
    if (body === null) return [{ id: 'S15', text: `the trigger ${name} has no function` }];
    const lock = body.indexOf(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE;`);
    const writes = ['INSERT INTO', 'DELETE FROM'].map((words) => body.indexOf(`${words} ${table}`)).filter((at) => at >= 0);
    const isFirst = lock >= 0 && writes.every((at) => lock < at);
    return isFirst ? [] : [{ id: 'S15', text: `the trigger ${name} writes ${table} without its lock` }];
  });
}
