import { type Catalog, type CatalogTable, serviceCatalog, type Trigger } from '@dms/catalog';
import { counted, fail } from '@dms/diagnostics';
import { qualified } from '@dms/model';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';

const triggerNames = (tables: readonly CatalogTable[]) =>
  new Map(tables.map((table) => [qualified(table), new Set(table.triggers.map(({ name }) => name))]));

/**
 * What of a live catalog an adoption replaces: triggers and functions that either maker has, or that call a function of
 * these.
 */
class Replaced {
  private readonly functions: ReadonlySet<string>;
  private readonly triggers: readonly ReadonlyMap<string, ReadonlySet<string>>[];

  constructor(...makers: readonly Catalog[]) {
    this.functions = new Set(makers.flatMap(({ functions }) => functions.map(qualified)));
    this.triggers = makers.map(({ tables }) => triggerNames(tables));
  }

  hasFunction(routine: { readonly schema: string; readonly name: string }): boolean {
    return this.functions.has(qualified(routine));
  }

  hasTrigger(table: CatalogTable, { name, function: called }: Trigger): boolean {
    return this.triggers.some((names) => names.get(qualified(table))?.has(name)) || this.functions.has(called ?? '');
  }
}

interface CodeOf {
  /** Our catalog with the triggers, functions and deferrals that the database has and that the adoption replaces. */
  readonly before: Catalog;
  /** The live catalog as the adoption leaves it. */
  readonly after: Catalog;
}

function codeOf(ours: Catalog, service: Catalog, live: Catalog): CodeOf {
  const replaced = new Replaced(ours, service);
  const [own, actual] = [ours, live].map(({ tables }) => new Map(tables.map((table) => [qualified(table), table])));
  const before = ours.tables.map((table) => {
    const found = actual?.get(qualified(table));
    if (!found) return table;
    const deferrals = new Map(found.foreignKeys.map(({ name, deferrable }) => [name, deferrable]));
    return {
      ...table,
      foreignKeys: table.foreignKeys.map((key) => ({ ...key, deferrable: deferrals.get(key.name) ?? key.deferrable })),
      triggers: found.triggers.filter((trigger) => replaced.hasTrigger(table, trigger)),
    };
  });
  const after = live.tables.map((table) => {
    const wanted = own?.get(qualified(table));
    if (!wanted) return table;
    const deferrals = new Map(wanted.foreignKeys.map(({ name, deferrable }) => [name, deferrable]));
    return {
      ...table,
      foreignKeys: table.foreignKeys.map((key) => ({ ...key, deferrable: deferrals.get(key.name) ?? key.deferrable })),
      triggers: [...wanted.triggers, ...table.triggers.filter((trigger) => !replaced.hasTrigger(table, trigger))],
    };
  });
  const others = live.functions.filter((routine) => !replaced.hasFunction(routine));
  return {
    before: { ...ours, tables: before, functions: live.functions.filter((routine) => replaced.hasFunction(routine)) },
    after: { ...live, tables: after, functions: [...ours.functions, ...others] },
  };
}

/** How a database of the service becomes one of ours. */
export interface Adoption {
  readonly plan: UpgradePlan;
  /** The live catalog as the plan leaves it; differences of this from ours must be mended otherwise. */
  readonly after: Catalog;
}

/**
 * Plans the replacement of the service's triggers and functions with ours (design 12 §13). Without a live catalog, the
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
  const { before, after } = codeOf(set.catalog, service, live ?? service);
  return { plan: planUpgrade({ ...set, catalog: before }, set, { purpose: 'adoption' }), after };
}

/** What an adoption removes and makes: statements by what they do. */
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

/** The same for people. */
export function adoptionLines(plan: UpgradePlan): string[] {
  const { droppedTriggers, droppedFunctions, madeTriggers, madeFunctions, keys } = adoptionCounts(plan);
  return [
    `Removed: ${counted(droppedTriggers, 'trigger')} and ${counted(droppedFunctions, 'function')} of the service; others are replaced in place`,
    `Added: ${counted(madeTriggers, 'trigger')} and ${counted(madeFunctions, 'function')} of dms-ddl`,
    ...(keys === 0 ? [] : [`Made deferrable: ${counted(keys, 'foreign key')}`]),
  ];
}
