import { resourceLabel } from '@dms/api-schema';
import { compareOrdinal } from '@dms/files';
import { authTable } from '@dms/inventory';
import { qualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import { coreOwner } from '../matching/table-pairs.ts';
import type { DerivedPlan, ScriptParts } from '../script/script-parts.ts';
import { effectOnLater, type StatementList } from '../script/statement-list.ts';
import { objectKey, type Place, type RulesOf, type Sink } from './change-rules.ts';

export interface HierarchyChanges extends Place {
  readonly kind: 'hierarchy';
}

export const hierarchyRules: RulesOf<HierarchyChanges> = {
  hierarchy: { object: 'hierarchy', class: 'rewritten', made: ['delete rows', 'insert rows'] },
};

/** An entity as a text that can be compared. */
const entityText = (table: string | null, id: string | null, parents: readonly (string | null)[]) =>
  JSON.stringify([table, id, [...new Set(parents)].sort()]);

/**
 * Whether the closure of the existing rows changes, because an entity or a parent with rows was added or removed.
 * Tables that are new in the later set have no rows yet; triggers extend the closure when rows are inserted.
 */
function changesHierarchy({ before, after, changesByBefore, changesByAfter, values }: Comparison): boolean {
  const earlier = (before.inventory.authEdOrgHierarchy?.entities ?? []).map(({ table, identityColumn, parentFks }) => {
    const change = changesByBefore.get(qualified(table));
    const later = (column: string) => change?.pair.later.get(column)?.[0] ?? null;
    const parents = parentFks.map(({ denormalizedParentIdColumn }) => later(denormalizedParentIdColumn));
    return entityText(change?.pair.after.key ?? null, later(identityColumn), parents);
  });
  const now = (after.inventory.authEdOrgHierarchy?.entities ?? []).flatMap(({ table, identityColumn, parentFks }) => {
    const key = qualified(table);
    if (!changesByAfter.has(key)) return [];
    const columns = parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn);
    return [
      entityText(
        key,
        identityColumn,
        columns.filter((column) => values.of(key, column).kind !== 'null'),
      ),
    ];
  });
  return JSON.stringify(earlier.sort(compareOrdinal)) !== JSON.stringify(now.sort(compareOrdinal));
}

/** The hierarchy whose closure is computed again; null if the existing rows keep theirs. */
export function planHierarchy(comparison: Comparison, found: Sink<HierarchyChanges>): Pick<DerivedPlan, 'hierarchy'> {
  const { after } = comparison;
  const hierarchy = after.inventory.authEdOrgHierarchy;
  const hasTable = hierarchy !== null && hierarchy.entities.length > 0;
  if (!hasTable || !changesHierarchy(comparison)) return { hierarchy: null };
  const view = after.model.abstractUnionViews.find(
    ({ resourceKey }) => resourceKey.resourceName === 'EducationOrganization',
  );
  const owner = view ? resourceLabel(view.resourceKey) : coreOwner;
  found.push({ kind: 'hierarchy', owner, path: [qualified(authTable)] });
  return { hierarchy };
}

/** Computes the closure of the hierarchy again (design 12 §3.5). */
export function computeHierarchy({ comparison, rows, derived }: ScriptParts, out: StatementList): void {
  if (!derived.hierarchy) return;
  const closure = qualified(authTable);
  const effects = (['delete rows', 'insert rows'] as const).map((kind) =>
    effectOnLater(comparison, kind, closure, [objectKey('hierarchy', closure)]),
  );
  out.add('derived rows', 'auth', effects, rows.hierarchy(derived.hierarchy));
}
