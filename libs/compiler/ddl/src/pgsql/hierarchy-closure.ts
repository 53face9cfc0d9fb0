import { type AuthEdOrgEntity, type AuthEdOrgHierarchy, type AuthHierarchyTrigger, authColumns } from '@dms/inventory';
import { indented } from '../statement-lines.ts';
import type { TriggerSource } from '../trigger-source.ts';
import { bodyLines, hierarchyTable, q, qualified } from './body-text.ts';

const source = q(authColumns.source);
const target = q(authColumns.target);

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
  collect: readonly string[],
): string[] {
  if (!hierarchy) throw new Error(`${trigger.name} has no hierarchy`);
  return bodyLines(['changed bigint[];', 'organization bigint;'], collect, [
    `LOCK TABLE ${hierarchyTable} IN SHARE ROW EXCLUSIVE MODE;`,
    'FOR organization IN',
    ...indented([
      'SELECT u.id FROM pg_catalog.unnest(changed) AS u (id)',
      'UNION',
      `SELECT t.${target} FROM ${hierarchyTable} AS t`,
      `WHERE t.${source} = ANY (changed)`,
      'ORDER BY 1',
    ]),
    'LOOP',
    ...indented([
      ...ancestors(hierarchy)
        .map((line, index) => (index === 0 ? `WITH RECURSIVE ${line}` : line))
        .slice(0, -1),
      '), removed AS (',
      ...indented([
        `DELETE FROM ${hierarchyTable} AS t`,
        `WHERE t.${target} = organization`,
        `    AND t.${source} NOT IN (SELECT a.id FROM ancestors AS a)`,
      ]),
      ')',
      `INSERT INTO ${hierarchyTable} (${source}, ${target})`,
      'SELECT a.id, organization',
      'FROM ancestors AS a',
      'ON CONFLICT DO NOTHING;',
    ]),
    'END LOOP;',
  ]);
}

/**
 * The organization itself, if it exists, and everything reachable from it over parents. UNION makes the query end even
 * in a circle.
 */
function ancestors(hierarchy: AuthEdOrgHierarchy): string[] {
  const isThere = hierarchy.entities.map(
    ({ table, identityColumn }, index) =>
      `${index === 0 ? 'WHERE' : '    OR'} EXISTS (SELECT 1 FROM ${qualified(table)} AS e WHERE e.${q(identityColumn)} = organization)`,
  );
  const parents = parentRows(hierarchy);
  const start = ['SELECT organization', ...isThere];
  if (parents.length === 0) return ['ancestors (id) AS (', ...indented(start), ')'];
  return [
    'ancestors (id) AS (',
    ...indented([
      ...start,
      'UNION',
      'SELECT r.id',
      'FROM ancestors AS a',
      'CROSS JOIN LATERAL (',
      ...indented(parents),
      ') AS r',
      'WHERE r.id IS NOT NULL',
    ]),
    ')',
  ];
}

/** A row for each parent of the organization `a.id` of any kind; NULL if it has no parent. */
function parentRows({ entities }: AuthEdOrgHierarchy): string[] {
  return entities
    .filter(({ parentFks }) => parentFks.length > 0)
    .flatMap((entity, index) => [
      ...(index > 0 ? ['UNION ALL'] : []),
      'SELECT p.id',
      `FROM ${qualified(entity.table)} AS e`,
      'CROSS JOIN LATERAL (VALUES',
      ...indented(
        parentsOf(entity).map((column, at, all) => `(e.${q(column)}::bigint)${at < all.length - 1 ? ',' : ''}`),
      ),
      ') AS p (id)',
      `WHERE e.${q(entity.identityColumn)} = a.id`,
    ]);
}
