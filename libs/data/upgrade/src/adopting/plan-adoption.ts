import { type Catalog, type CatalogTable, serviceCatalog, type Trigger } from '@dms/catalog';
import { counted, fail } from '@dms/diagnostics';
import { qualified } from '@dms/model';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';

const byName = ({ tables }: Catalog): ReadonlyMap<string, CatalogTable> =>
  new Map(tables.map((table) => [qualified(table), table]));

/** Returns the table with foreign keys that are deferrable like those of the other table. */
function withDeferrals(table: CatalogTable, other: CatalogTable): CatalogTable {
  const deferrals = new Map(other.foreignKeys.map(({ name, deferrable }) => [name, deferrable]));
  const foreignKeys = table.foreignKeys.map((key) => ({
    ...key,
    deferrable: deferrals.get(key.name) ?? key.deferrable,
  }));
  return { ...table, foreignKeys };
}

interface CodeOf {
  /** Our catalog, but with the database's triggers, functions and deferrals that the adoption replaces. */
  readonly before: Catalog;
  /** The live catalog after the adoption. */
  readonly after: Catalog;
}

/**
 * An adoption replaces the triggers and functions of both makers, and all triggers that call one of these functions.
 */
function adoptedCode(ours: Catalog, service: Catalog, live: Catalog): CodeOf {
  const functions = new Set([...ours.functions, ...service.functions].map(qualified));
  const isReplaced = (routine: Catalog['functions'][number]) => functions.has(qualified(routine));
  const [own, others, actual] = [byName(ours), byName(service), byName(live)];
  const triggerIsReplaced = (table: CatalogTable, { name, function: called }: Trigger) =>
    functions.has(called ?? '') ||
    [own, others].some((tables) => tables.get(qualified(table))?.triggers.some((trigger) => trigger.name === name));
  const before = ours.tables.map((table) => {
    const found = actual.get(qualified(table));
    if (!found) return table;
    const triggers = found.triggers.filter((trigger) => triggerIsReplaced(table, trigger));
    return { ...withDeferrals(table, found), triggers };
  });
  const after = live.tables.map((table) => {
    const wanted = own.get(qualified(table));
    if (!wanted) return table;
    const kept = table.triggers.filter((trigger) => !triggerIsReplaced(table, trigger));
    return { ...withDeferrals(table, wanted), triggers: [...wanted.triggers, ...kept] };
  });
  return {
    before: { ...ours, tables: before, functions: live.functions.filter(isReplaced) },
    after: {
      ...live,
      tables: after,
      functions: [...ours.functions, ...live.functions.filter((routine) => !isReplaced(routine))],
    },
  };
}

/** The plan for the adoption of a database of the service, and its result. */
export interface Adoption {
  readonly plan: UpgradePlan;
  /** The live catalog after the plan; the plan does not mend its remaining differences from ours. */
  readonly after: Catalog;
}

/**
 * Plans the replacement of the service's triggers and functions with ours (design 12a §4). Without a live catalog, the
 * plan is for a database that has exactly the service's set. Throws `ADOPT_OTHER_GENERATION` and the codes of
 * `planUpgrade`.
 */
export function planAdoption(set: ComparedSet, live?: Catalog): Adoption {
  const service = serviceCatalog(set.catalog, set.inventory);
  if (service === null) {
    const { relationalMappingVersion: version } = set.model.effectiveSchema;
    const text = `The artifacts have the mapping version ${version}, of which the service has no databases. There is nothing to adopt.`;
    return fail('ADOPT_OTHER_GENERATION', text, {}, { mappingVersion: version });
  }
  const { before, after } = adoptedCode(set.catalog, service, live ?? service);
  return { plan: planUpgrade({ ...set, catalog: before }, set, { purpose: 'adoption' }), after };
}

/** The statements of an adoption, counted by effect. */
export function adoptionCounts({ statements }: UpgradePlan) {
  const count = (...kinds: readonly string[]) =>
    statements.filter(({ effects }) => effects.some(({ kind }) => kinds.includes(kind))).length;
  return {
    droppedTriggers: count('drop trigger'),
    droppedFunctions: count('drop function'),
    madeTriggers: count('create trigger'),
    madeFunctions: count('create function'),
    keys: count('add foreign key'),
  };
}

/** The counts of an adoption as text. */
export function adoptionLines(plan: UpgradePlan): string[] {
  const { droppedTriggers, droppedFunctions, madeTriggers, madeFunctions, keys } = adoptionCounts(plan);
  return [
    `Removed: ${counted(droppedTriggers, 'trigger')} and ${counted(droppedFunctions, 'function')} of the service; others are replaced in place`,
    `Added: ${counted(madeTriggers, 'trigger')} and ${counted(madeFunctions, 'function')} of dms-ddl`,
    ...(keys === 0 ? [] : [`Made deferrable: ${counted(keys, 'foreign key')}`]),
  ];
}
