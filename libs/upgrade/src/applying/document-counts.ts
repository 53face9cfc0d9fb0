import { type EffectiveSchemaManifest, resourceLabel } from '@dms/api-schema';
import type { Renaming } from '@dms/change';
import type { Connection, Limits } from '@dms/databases';
import { core } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';

/** The number of documents of each resource, by `Project:Resource`. */
export async function countDocuments(connection: Connection, limits: Limits): Promise<ReadonlyMap<string, number>> {
  const rules = dialectRules[connection.dialect];
  const q = (name: string) => rules.quote(name);
  const key = q('ResourceKeyId');
  const rows = await connection.query<{ project: string; resource: string; n: unknown }>(
    `SELECT k.${q('ProjectName')} AS project, k.${q('ResourceName')} AS resource, c.n
FROM (SELECT d.${key}, COUNT(*) AS n FROM ${qualifiedName(rules, core.document)} AS d GROUP BY d.${key}) AS c
INNER JOIN ${qualifiedName(rules, core.resourceKey)} AS k ON k.${key} = c.${key}`,
    [],
    limits,
  );
  return new Map(
    rows.map(({ project, resource, n }) => [resourceLabel({ projectName: project, resourceName: resource }), Number(n)]),
  );
}

/** Resources of both sets whose number of documents changed, and resources of neither set that have documents; by their later names. */
export function countDifferences(
  then: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
  before: EffectiveSchemaManifest,
  after: EffectiveSchemaManifest,
  renaming: Renaming,
): { readonly resource: string; readonly earlier: number; readonly found: number }[] {
  const counts = new Map([...then].map(([label, count]) => [renaming.resource(label), count]));
  const earlier = before.resourceKeys.map((key) => renaming.resource(resourceLabel(key)));
  const later = new Set(after.resourceKeys.map((key) => resourceLabel(key)));
  return [...new Set([...earlier, ...later])].flatMap((resource) => {
    const expected = later.has(resource) ? (counts.get(resource) ?? 0) : 0;
    const found = now.get(resource) ?? 0;
    return found === expected ? [] : [{ resource, earlier: counts.get(resource) ?? 0, found }];
  });
}
