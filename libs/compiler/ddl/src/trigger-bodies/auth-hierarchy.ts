import type { AuthHierarchyTrigger } from '@dms/inventory';
import { dialectOf, group, join, type PlainLines, type PlainSql } from '@dms/sql';
import type { TriggerBodies } from '../ddl-generation.ts';
import { mssqlHierarchyBody } from '../mssql/auth-hierarchy.ts';
import { changedRows, leaveUnchanged, leaveWhen, perEvent } from '../pgsql/body-text.ts';
import { parentsOf, pgsqlHierarchyBody } from '../pgsql/hierarchy-closure.ts';
import type { TriggerSource } from '../trigger-source.ts';

const { sql, lines, id } = dialectOf.pgsql;

type HierarchySource = TriggerSource<AuthHierarchyTrigger>;

/** Keeps the closure of the education organizations (design 07 §9.6, 16 §6.7). */
export const authHierarchy: TriggerBodies<AuthHierarchyTrigger> = {
  pgsql: (source) => pgsqlHierarchyBody(source, source.runsForRows ? changedOfRow(source) : changedOfStatement(source)),
  mssql: mssqlHierarchyBody,
};

/** Collects the organizations whose id or parents the statement changed; returns if there are none. */
function changedOfStatement({ trigger: { entity }, events }: HierarchySource): PlainLines {
  const organization = id(entity.identityColumn);
  const columns = [entity.identityColumn, ...parentsOf(entity)];
  const queries: Readonly<Record<string, PlainLines>> = {
    INSERT: group(sql`SELECT n.${organization}::bigint FROM new_rows AS n`),
    UPDATE: lines`
      SELECT c.${organization}::bigint
      ${changedRows(columns, ['new_rows', 'old_rows'])}
      UNION ALL
      SELECT c.${organization}::bigint
      ${changedRows(columns, ['old_rows', 'new_rows'])}`,
    DELETE: group(sql`SELECT o.${organization}::bigint FROM old_rows AS o`),
  };
  const collect = (query: PlainLines) => lines`
    changed := ARRAY(
        ${query}
    );`;
  return lines`
    ${perEvent(events.map((event) => [event, collect(queries[event] ?? group())]))}
    ${leaveWhen(sql`pg_catalog.cardinality(changed) = 0`)}`;
}

/** Collects the organization whose id or parents a row trigger changed. */
function changedOfRow({ trigger: { entity }, events }: HierarchySource): PlainLines {
  const collect = (...rows: readonly PlainSql[]) => lines`
    changed := ARRAY[${join(rows.map((row) => sql`${row}.${id(entity.identityColumn)}`))}];`;
  const collected: Readonly<Record<string, PlainLines>> = {
    INSERT: collect(sql`NEW`),
    UPDATE: collect(sql`OLD`, sql`NEW`),
    DELETE: collect(sql`OLD`),
  };
  return lines`
    ${events.includes('UPDATE') ? leaveUnchanged([entity.identityColumn, ...parentsOf(entity)]) : group()}
    ${perEvent(events.map((event) => [event, collected[event] ?? group()]))}`;
}
