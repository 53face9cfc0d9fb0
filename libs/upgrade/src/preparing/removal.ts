import { type PreparedObject, preparedText } from '@dms/change';
import type { Connection, Limits } from '@dms/databases';
import { fail } from '@dms/diagnostics';
import { dialectRules, qualifiedName } from '@dms/sql';

const rules = dialectRules.pgsql;

const tableOf = ({ schema, table }: PreparedObject) => qualifiedName(rules, { schema, name: table ?? '' });

/** The statement that removes an object of a preparation; `isAlone` allows one that runs outside transactions only. */
export function removal(object: PreparedObject, { isAlone }: { readonly isAlone: boolean }): string {
  const { kind, schema, name } = object;
  switch (kind) {
    case 'schema':
      return `DROP SCHEMA ${rules.quote(schema)}`;
    case 'table':
      return `DROP TABLE ${tableOf(object)}`;
    case 'column':
      return `ALTER TABLE ${tableOf(object)} DROP COLUMN ${rules.quote(name ?? '')}`;
    case 'constraint':
      return `ALTER TABLE ${tableOf(object)} DROP CONSTRAINT ${rules.quote(name ?? '')}`;
    case 'index':
      return `DROP INDEX ${isAlone ? 'CONCURRENTLY ' : ''}${qualifiedName(rules, { schema, name: name ?? '' })}`;
  }
}

/** Whether nobody has put values into a prepared table or column. Throws `UPGRADE_PREPARED_USED`, `DB_*`. */
export async function expectUnused(connection: Connection, object: PreparedObject, limits: Limits): Promise<void> {
  const { kind, name } = object;
  if (kind !== 'table' && kind !== 'column') return;
  const condition = kind === 'column' ? ` WHERE ${rules.quote(name ?? '')} IS NOT NULL` : '';
  const query = `SELECT EXISTS (SELECT 1 FROM ${tableOf(object)}${condition}) AS used`;
  const [row] = await connection.query<{ used: boolean }>(query, [], limits);
  if (row?.used !== true) return;
  const text = `${connection.label}: the ${preparedText(object)} was prepared for an upgrade, and somebody has put values into it. It was not removed. Remove the values first.`;
  fail('UPGRADE_PREPARED_USED', text, {}, { object: preparedText(object) });
}
