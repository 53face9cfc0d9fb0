import {
  type Connection,
  type Limits,
  type PreparedObject,
  preparedPartName,
  preparedTableName,
  preparedText,
} from '@dms/databases';
import { fail } from '@dms/diagnostics';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import { preparingEngines } from './preparing-engine.ts';

/** The statement that removes an object of a preparation. */
export function removal(
  dialect: SqlDialect,
  object: PreparedObject,
  { isAlone }: { readonly isAlone: boolean },
): string {
  const rules = dialectRules[dialect];
  switch (object.kind) {
    case 'schema':
      return `DROP SCHEMA ${rules.quote(object.schema)}`;
    case 'table':
      return `DROP TABLE ${qualifiedName(rules, preparedTableName(object))}`;
    case 'column':
    case 'constraint':
      return `ALTER TABLE ${qualifiedName(rules, preparedTableName(object))} DROP ${object.kind === 'column' ? 'COLUMN' : 'CONSTRAINT'} ${rules.quote(preparedPartName(object))}`;
    case 'index':
      return preparingEngines[dialect].dropIndex(object, isAlone);
  }
}

/** Checks that a prepared table or column holds no values. */
export async function expectUnused(connection: Connection, object: PreparedObject, limits: Limits): Promise<void> {
  const { kind } = object;
  if (kind !== 'table' && kind !== 'column') return;
  const rules = dialectRules[connection.dialect];
  const condition = kind === 'column' ? ` WHERE ${rules.quote(preparedPartName(object))} IS NOT NULL` : '';
  const rows = `SELECT 1 FROM ${qualifiedName(rules, preparedTableName(object))}${condition}`;
  const query = `SELECT CASE WHEN EXISTS (${rows}) THEN 1 ELSE 0 END AS used`;
  const [row] = await connection.query<{ used: number }>(query, [], limits);
  if (row?.used !== 1) return;
  const text = `${connection.label}: the ${preparedText(object)} was prepared for an upgrade, and somebody has put values into it. It was not removed. Remove the values first.`;
  fail('UPGRADE_PREPARED_USED', text, {}, { object: preparedText(object) });
}
