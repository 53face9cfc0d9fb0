import { type CatalogColumn, type ChangeClass, worstClass } from '@dms/catalog';
import { qualified } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { compareBy, groupBy } from '@dms/values';
import { type Change, describeChange, rulesOf } from '../comparing/change.ts';
import { compareSets } from '../comparing/compare-sets.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { adviceBetween, wayBetween } from '../comparing/way-between.ts';
import type { ChangedObject } from '../kinds/change-rules.ts';
import { declaredOwners } from '../plan/plan-items.ts';
import type { UpgradeOptions } from '../plan/plan-upgrade.ts';
import { renameCandidates } from '../renaming/rename-candidates.ts';
import type { Rename } from '../renaming/renaming.ts';

/** The impact of a schema change on the databases of one dialect (design 09a §2.4). */
export interface SchemaImpact {
  readonly dialect: SqlDialect;
  readonly before: ImpactSide;
  readonly after: ImpactSide;
  /** The worst class of all changes: the verdict of the upgrade. */
  readonly verdict: ChangeClass;
  /** Why no database can be upgraded at all, and what to do instead; null if one can. */
  readonly refusal: { readonly reason: string; readonly advice: string } | null;
  /** By label; only owners that change. */
  readonly owners: readonly OwnerImpact[];
  /** Removed and new objects that may be renames. */
  readonly candidates: readonly Rename[];
}

export interface ImpactSide {
  readonly effectiveSchemaHash: string;
  /** In the order of the model. */
  readonly projects: readonly { readonly projectName: string; readonly projectVersion: string }[];
}

/** The changes of one owner: a resource, the part that an extension adds to a resource, or `(core)`. */
export interface OwnerImpact {
  /** `Project:Resource`, with the project of the extension for its tables; or `(core)`. */
  readonly owner: string;
  readonly project: string;
  readonly verdict: ChangeClass;
  /** Ordered by path and change, as in an upgrade plan. */
  readonly changes: readonly ImpactChange[];
}

/** A change in the words of an upgrade plan. */
export interface ImpactChange {
  readonly class: ChangeClass;
  /** `column added`. */
  readonly change: string;
  readonly mark: 'added' | 'removed' | 'changed';
  readonly object: ChangedObject;
  /** `schema.table` and the name inside it; for resources `Project:Resource`. */
  readonly path: readonly string[];
  readonly before?: string | number | undefined;
  readonly after?: string | number | undefined;
  /** The definition of an added or removed column. */
  readonly definition?: string | undefined;
  /** Why the change cannot be made as it is. */
  readonly reason?: string | undefined;
}

/**
 * The impact of a schema change on a database of one dialect (design 09a §2.4): the changes of the upgrade from one set
 * to the other, by owner. Both sides must have the same dialect; each side must come from a single schema set. Throws
 * the `UPGRADE_RENAME_*` codes.
 */
export function schemaImpact(
  before: ComparedSet,
  after: ComparedSet,
  options: Pick<UpgradeOptions, 'renames' | 'translation'> = {},
): SchemaImpact {
  const sides = { dialect: after.catalog.dialect, before: sideOf(before), after: sideOf(after) };
  const [from, to] = [before.model.effectiveSchema, after.model.effectiveSchema];
  if (wayBetween(from, to) === null) {
    const reason = `the mapping version changes from ${from.relationalMappingVersion} to ${to.relationalMappingVersion}`;
    const refusal = { reason, advice: adviceBetween(from, to) };
    return { ...sides, verdict: 'impossible', refusal, owners: [], candidates: [] };
  }
  const { comparison, changes } = compareSets(before, after, options);
  const earlier = columnsOf(before);
  const later = columnsOf(after);
  const ownerOf = declaredOwners(before, after);

  function impactOf(change: Change): ImpactChange {
    const described = describeChange(change);
    const { kind } = change;
    const mark = kind.endsWith(' added') ? 'added' : kind.endsWith(' removed') ? 'removed' : 'changed';
    const { object } = rulesOf(change);
    const column = (mark === 'removed' ? earlier : later).get(columnKey(described.path));
    const definition = object === 'column' && mark !== 'changed' && column ? columnText(column) : undefined;
    return { ...described, mark, object, definition };
  }

  const owned = groupBy(changes, ownerOf);
  const owners = [...owned].map(([owner, list]): OwnerImpact => {
    const found = list.map(impactOf).sort(
      compareBy(
        ({ path }) => path.join('\n'),
        ({ change }) => change,
      ),
    );
    const [project = owner] = owner.split(':');
    return { owner, project, verdict: worstClass(found.map((each) => each.class)), changes: found };
  });
  return {
    ...sides,
    verdict: worstClass(owners.map(({ verdict }) => verdict)),
    refusal: null,
    owners: owners.sort(compareBy(({ owner }) => owner)),
    candidates: renameCandidates(before, after, comparison.renaming),
  };
}

function sideOf({ model }: ComparedSet): ImpactSide {
  return {
    effectiveSchemaHash: model.effectiveSchema.effectiveSchemaHash,
    projects: model.projects.map(({ projectName, projectVersion }) => ({ projectName, projectVersion })),
  };
}

type CatalogColumns = ReadonlyMap<string, CatalogColumn>;

const columnsOf = ({ catalog }: ComparedSet): CatalogColumns =>
  new Map(
    catalog.tables.flatMap((table) =>
      table.columns.map((column) => [columnKey([qualified(table), column.name]), column] as const),
    ),
  );

const columnKey = (path: readonly string[]) => path.join('\n');

const columnText = ({ type, nullable, generated }: CatalogColumn) =>
  `${type}, ${nullable ? 'nullable' : 'not null'}${generated ? ', computed' : ''}`;
