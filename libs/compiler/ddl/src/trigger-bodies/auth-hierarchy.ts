import type { AuthHierarchyTrigger } from '@dms/inventory';
import type { TriggerBodies } from '../ddl-generation.ts';
import { mssqlHierarchyBody } from '../mssql/auth-hierarchy.ts';
import { assignArray, changedRows, leaveUnchanged, leaveWhen, perEvent, q } from '../pgsql/body-text.ts';
import { parentsOf, pgsqlHierarchyBody } from '../pgsql/hierarchy-closure.ts';
import type { TriggerSource } from '../trigger-source.ts';

type Source = TriggerSource<AuthHierarchyTrigger>;

/** Keeps the closure of the education organizations (design 07 §9.6, 16 §6.7). */
export const authHierarchy: TriggerBodies<AuthHierarchyTrigger> = {
  pgsql: (source) => pgsqlHierarchyBody(source, source.runsForRows ? changedOfRow(source) : changedOfStatement(source)),
  mssql: mssqlHierarchyBody,
};

/** Collects the organizations whose id or parents the statement changed; returns if there are none. */
function changedOfStatement({ trigger: { entity }, events }: Source): string[] {
  const id = q(entity.identityColumn);
  const columns = [entity.identityColumn, ...parentsOf(entity)];
  const changed = (...images: Parameters<typeof changedRows>[1]) => [
    `SELECT c.${id}::bigint`,
    ...changedRows(columns, images),
  ];
  const queries: Readonly<Record<string, readonly string[]>> = {
    INSERT: [`SELECT n.${id}::bigint FROM new_rows AS n`],
    UPDATE: [...changed('new_rows', 'old_rows'), 'UNION ALL', ...changed('old_rows', 'new_rows')],
    DELETE: [`SELECT o.${id}::bigint FROM old_rows AS o`],
  };
  return [
    ...perEvent(events.map((event) => [event, assignArray('changed', queries[event] ?? [])])),
    ...leaveWhen('pg_catalog.cardinality(changed) = 0'),
  ];
}

/** Collects the organization whose id or parents a row trigger changed. */
function changedOfRow({ trigger: { entity }, events }: Source): string[] {
  const ids = (...rows: readonly string[]) => [
    `changed := ARRAY[${rows.map((row) => `${row}.${q(entity.identityColumn)}`).join(', ')}];`,
  ];
  const collect: Readonly<Record<string, readonly string[]>> = {
    INSERT: ids('NEW'),
    UPDATE: ids('OLD', 'NEW'),
    DELETE: ids('OLD'),
  };
  return [
    ...(events.includes('UPDATE') ? leaveUnchanged([entity.identityColumn, ...parentsOf(entity)]) : []),
    ...perEvent(events.map((event) => [event, collect[event] ?? []])),
  ];
}
