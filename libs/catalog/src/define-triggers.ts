import type { DbTrigger } from '@dms/inventory';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import type { DialectObjects } from './catalog-rules.ts';
import type { LogicalTrigger } from './definition.ts';
import { dialectFacts } from './dialect-facts.ts';

/**
 * The triggers of an entry of the inventory. A long name is hashed twice: once in the inventory, once more with `TF_`.
 *
 * @param storedColumns the stored columns of the entry's table
 */
export function defineTrigger(
  dialect: SqlDialect,
  { triggersOf }: Pick<DialectObjects, 'triggersOf'>,
  entry: DbTrigger,
  storedColumns: readonly string[],
): LogicalTrigger {
  const name = limitIdentifier(dialectRules[dialect], `TF_${entry.name}`);
  return {
    name: entry.name,
    intent: entry,
    function: dialectFacts[dialect].hasTriggerFunctions ? { schema: entry.table.schema, name, owner: null } : null,
    triggers: triggersOf(entry, storedColumns),
  };
}
