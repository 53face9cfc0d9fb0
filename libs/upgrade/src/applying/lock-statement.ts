import { unqualified } from '@dms/model';
import { dialectRules, dollarTag, pgsqlName } from '@dms/sql';
import type { StartLock } from '../hazards/locks-at-start.ts';

function lockText({ name, kind, lock }: StartLock): string {
  const place = unqualified(name);
  // LOCK TABLE would lock the tables of a view too; this leaves the view where it is
  if (kind === 'view') return `ALTER VIEW ${pgsqlName(place)} SET SCHEMA ${dialectRules.pgsql.quote(place.schema)};`;
  return `LOCK TABLE ${pgsqlName(place)} IN ${lock} MODE;`;
}

/**
 * Takes locks on PostgreSQL in their order. It is one statement, so that one time limit holds for all of them together.
 */
export function lockStatement(locks: readonly StartLock[]): string {
  const body = ['BEGIN', ...locks.map(lockText), 'END'].join('\n');
  const tag = dollarTag(body);
  return `DO ${tag}\n${body}\n${tag}`;
}
