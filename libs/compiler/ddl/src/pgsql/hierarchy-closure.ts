import {
  type AuthEdOrgEntity,
  type AuthEdOrgHierarchy,
  type AuthHierarchyTrigger,
  authColumns,
  authTable,
} from '@dms/inventory';
import { chained, dialectOf, listed, type PlainLines, separated } from '@dms/sql';
import type { TriggerSource } from '../trigger-source.ts';

const { sql, lines, id } = dialectOf.pgsql;

const source = id(authColumns.source);
const target = id(authColumns.target);

/** The columns with the ids of the parents. */
export const parentsOf = ({ parentFks }: AuthEdOrgEntity) =>
  parentFks.map((parent) => parent.denormalizedParentIdColumn);

/**
 * Keeps the closure "ancestor reaches descendant" of the education organizations exact (design 07 §9.6). `collect`
 * fills `changed` with the organizations whose id or parents changed, or returns if there are none; no other change
 * affects tuples. The ancestors of the changed organizations and of all organizations below them are recomputed from
 * the entity tables, each by key, so the order of the triggers of a statement does not matter. Without the lock, two
 * sessions that do not see each other's rows would lose tuples for good.
 */
export function pgsqlHierarchyBody(
  { trigger, hierarchy }: TriggerSource<AuthHierarchyTrigger>,
  collect: PlainLines,
): PlainLines {
  if (!hierarchy) throw new Error(`${trigger.name} has no hierarchy`);
  return lines`
    DECLARE
        changed bigint[];
        organization bigint;
    BEGIN
        ${collect}
        LOCK TABLE ${authTable} IN SHARE ROW EXCLUSIVE MODE;
        FOR organization IN
            SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)
            UNION
            SELECT t.${target} FROM ${authTable} AS t
            WHERE t.${source} = ANY (changed)
            ORDER BY 1
        LOOP
            WITH RECURSIVE ancestors (id) AS (
                ${ancestors(hierarchy)}
            ), removed AS (
                DELETE FROM ${authTable} AS t
                WHERE t.${target} = organization
                    AND t.${source} NOT IN (SELECT a.id FROM ancestors AS a)
            )
            INSERT INTO ${authTable} (${source}, ${target})
            SELECT a.id, organization
            FROM ancestors AS a
            ON CONFLICT DO NOTHING;
        END LOOP;
        RETURN NULL;
    END`;
}

/**
 * The organization itself, if it exists, and everything reachable from it over parents. UNION makes the query end even
 * in a circle.
 */
function ancestors({ entities }: AuthEdOrgHierarchy): PlainLines {
  const isThere = entities.map(
    ({ table, identityColumn }) =>
      sql`EXISTS (SELECT 1 FROM ${table} AS e WHERE e.${id(identityColumn)} = organization)`,
  );
  const organization = lines`
    SELECT organization
    WHERE ${chained(isThere, 'OR')}`;
  const withParents = entities.filter(({ parentFks }) => parentFks.length > 0);
  if (withParents.length === 0) return organization;
  return lines`
    ${organization}
    UNION
    SELECT r.id
    FROM ancestors AS a
    CROSS JOIN LATERAL (
        ${separated(withParents.map(parentRows), sql`UNION ALL`)}
    ) AS r
    WHERE r.id IS NOT NULL`;
}

/** A row for each parent of the organization `a.id` of a kind; NULL if it has no parent. */
const parentRows = (entity: AuthEdOrgEntity) => lines`
  SELECT p.id
  FROM ${entity.table} AS e
  CROSS JOIN LATERAL (VALUES
      ${listed(parentsOf(entity).map((column) => sql`(e.${id(column)}::bigint)`))}
  ) AS p (id)
  WHERE e.${id(entity.identityColumn)} = a.id`;
