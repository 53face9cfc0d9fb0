import { resourceLabel } from '@dms/api-schema';
import { compareBy, groupBy } from '@dms/canonical-json';
import type { Catalog, Fingerprint } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import { core, qualified, type RelationalModelSet } from '@dms/model';
import { diffCatalogs } from '../drift/diff-catalogs.ts';
import type { Difference } from '../drift/difference.ts';
import { classifier } from './change-classes.ts';
import type { ImpactChange, ImpactSide, ResourceImpact, ResourceKeyMoves, SchemaImpact } from './impact.ts';
import { unitedClasses } from './impact-class.ts';
import { type Owner, type OwnersOfSet, ownerOfDifference, ownersOfSet } from './owners.ts';
import { differInKeysOnly, type TriggerFacts, type TriggersOfSet, triggerKey, triggersOfSet } from './trigger-facts.ts';

/** The artifacts of a schema set for one dialect, all of the same set. */
export interface CompiledSet {
  readonly catalog: Catalog;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
}

/** The table whose rows assign ids to resources. */
const keyTable = qualified(core.resourceKey);

const changeNames = { missing: 'added', extra: 'removed', changed: 'changed' } as const;

/** The row that identifies a schema set always differs; the head of the report covers it. */
const isFingerprint = ({ object, path: [table] }: Difference) => object === 'seed' && table === qualified(core.effectiveSchema);

function keyMoves(before: Fingerprint | null, after: Fingerprint | null): ResourceKeyMoves {
  const keysOf = (side: Fingerprint | null) =>
    new Map((side?.resourceKeys ?? []).map((entry) => [resourceLabel(entry), entry] as const));
  const [then, now] = [keysOf(before), keysOf(after)];
  const sorted = (labels: Iterable<string>) => [...labels].sort(compareBy((label) => label));
  const both = sorted(now.keys()).filter((label) => then.has(label));
  const isMoved = (label: string) => then.get(label)?.id !== now.get(label)?.id;
  return {
    added: sorted(now.keys()).filter((label) => !then.has(label)),
    removed: sorted(then.keys()).filter((label) => !now.has(label)),
    moved: both.filter(isMoved),
    reversioned: both.filter(
      (label) => !isMoved(label) && then.get(label)?.resourceVersion !== now.get(label)?.resourceVersion,
    ),
  };
}

/** The trigger that differs, or whose body is in the function that differs; undefined for anything else. */
function triggerFacts({ object, path }: Difference, { triggers, functions }: TriggersOfSet): TriggerFacts | undefined {
  if (object === 'trigger') return triggers.get(triggerKey(path));
  return object === 'function' ? functions.get((path[0] ?? '').replace(/\(.*\)$/s, '')) : undefined;
}

/** Whether a body differs only because it names its resource by another id. */
function followsKey(difference: Difference, before: TriggersOfSet, after: TriggersOfSet): boolean {
  if (difference.change !== 'changed') return false;
  const [then, now] = [triggerFacts(difference, before), triggerFacts(difference, after)];
  return then !== undefined && now !== undefined && differInKeysOnly(then.intent, now.intent);
}

/**
 * The impact of a schema change on a database of one dialect (design 09 §4.4): the differences of the two desired catalogs,
 * each with its classes, by the resource that owns the changed object. Both sides must have the same dialect; each side must
 * come from a single schema set.
 */
export function schemaImpact(before: CompiledSet, after: CompiledSet): SchemaImpact {
  // both catalogs are desired ones: neither has facts that only an engine knows, so everything can be compared
  const { differences, renames } = diffCatalogs(after.catalog, before.catalog, 'reference');
  const [earlier, later] = [before, after].map((side) => ({
    ...side,
    triggers: triggersOfSet(side.model, side.inventory),
  })) as [CompiledSet & { readonly triggers: TriggersOfSet }, CompiledSet & { readonly triggers: TriggersOfSet }];
  const classesOf = classifier({ before: earlier, after: later, renames });
  const [ownersBefore, ownersAfter] = [earlier, later].map(({ model, inventory, triggers }) =>
    ownersOfSet(model, inventory, triggers),
  ) as [OwnersOfSet, OwnersOfSet];

  function changeOf(difference: Difference): ImpactChange {
    const { object, path, change, field, expected, actual } = difference;
    const because = followsKey(difference, earlier.triggers, later.triggers) ? keyTable : difference.because;
    const facts = triggerFacts(difference, later.triggers) ?? triggerFacts(difference, earlier.triggers);
    return {
      classes: unitedClasses([classesOf(difference)]),
      object,
      path,
      change: changeNames[change],
      ...(field === undefined ? {} : { field }),
      ...(actual === undefined ? {} : { before: actual }),
      ...(expected === undefined ? {} : { after: expected }),
      ...(because === undefined ? {} : { because }),
      ...(facts === undefined ? {} : { trigger: { table: facts.table, name: facts.intent.name } }),
    };
  }

  const owned = differences
    .filter((difference) => !isFingerprint(difference))
    .map((difference) => ({ owner: ownerOfDifference(difference, ownersBefore, ownersAfter), change: changeOf(difference) }));
  const resources = [...groupBy(owned, ({ owner }) => owner.label)].map(([label, entries]) =>
    resourceImpact(
      label,
      entries[0]?.owner,
      entries.map(({ change }) => change),
    ),
  );
  return {
    dialect: after.catalog.dialect,
    before: impactSide(before),
    after: impactSide(after),
    classes: unitedClasses(resources.map(({ classes }) => classes)),
    resources: resources.sort(compareBy(({ resource }) => resource)),
    renames: renames.map(({ object, expected, actual, score }) => ({ object, before: actual, after: expected, score })),
    resourceKeys: keyMoves(before.catalog.fingerprint, after.catalog.fingerprint),
  };
}

function impactSide({ model: { effectiveSchema, projects } }: CompiledSet): ImpactSide {
  return {
    effectiveSchemaHash: effectiveSchema.effectiveSchemaHash,
    projects: projects.map(({ projectName, projectVersion }) => ({ projectName, projectVersion })),
  };
}

function resourceImpact(resource: string, owner: Owner | undefined, changes: readonly ImpactChange[]): ResourceImpact {
  return {
    resource,
    project: owner?.project ?? resource,
    classes: unitedClasses(changes.map(({ classes }) => classes)),
    changes,
  };
}
