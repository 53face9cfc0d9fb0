import type { Inventory } from '@dms/inventory';
import { coreSchema, qualified } from '@dms/model';
import { byName, bySchemaAndName, groupBy } from '@dms/values';
import type { Catalog, CatalogTable, Trigger } from './catalog.ts';
import type { ServiceTrigger } from './catalog-rules.ts';
import { triggerRoutine } from './definition/routines.ts';
import { generations } from './generations.ts';

const unknownBody = '';

const serviceTrigger = ({ schema }: CatalogTable, { function: routine, ...trigger }: ServiceTrigger): Trigger => ({
  ...trigger,
  when: null,
  enabled: true,
  function: routine && `${schema}.${routine}`,
  body: null,
});

type Designed = Pick<Catalog, 'dialect' | 'mappingVersion'>;

const rulesOf = ({ dialect, mappingVersion }: Designed) =>
  mappingVersion && generations[mappingVersion].objects[dialect];

/** Whether the service's own tool makes databases of this generation. */
export const hasServiceSet = (ours: Designed): boolean => (rulesOf(ours)?.serviceTriggersOf ?? null) !== null;

/**
 * The catalog of a schema set in a database that the tool of the Ed-Fi service made (design 16 §6.3): `ours`, with the
 * triggers and functions of the service, and without deferrable keys. The bodies of the service are unknown: bodies of
 * triggers are null, bodies of functions empty. Null for a generation that the service does not use.
 *
 * @param inventory the inventory of the same schema set and dialect
 */
export function serviceCatalog(ours: Catalog, { triggers: entries }: Pick<Inventory, 'triggers'>): Catalog | null {
  const rules = rulesOf(ours);
  const triggersOf = rules?.serviceTriggersOf;
  if (!triggersOf) return null;
  const entriesOf = groupBy(entries, ({ table }) => qualified(table));
  const sharedTriggers = new Set(rules.coreTriggers.flatMap(({ trigger }) => trigger.triggers.map(({ name }) => name)));
  const tables = ours.tables.map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.map((key) => ({ ...key, deferrable: false as const })),
    triggers: [
      ...(table.schema === coreSchema ? table.triggers : [])
        .filter(({ name }) => sharedTriggers.has(name))
        .map((trigger) => ({ ...trigger, body: null })),
      ...(entriesOf.get(qualified(table)) ?? []).flatMap(triggersOf).map((trigger) => serviceTrigger(table, trigger)),
    ].sort(byName),
  }));
  const ourRoutines = new Map(ours.functions.map((routine) => [qualified(routine), routine]));
  const routines = ours.functions.filter(({ result }) => result !== triggerRoutine.result);
  for (const { schema, triggers } of tables)
    for (const { function: called } of triggers) {
      if (called === null) continue;
      const name = called.slice(schema.length + 1);
      routines.push(ourRoutines.get(called) ?? { schema, name, ...triggerRoutine, body: unknownBody });
    }
  const functions = routines.map((routine) => ({ ...routine, body: unknownBody })).sort(bySchemaAndName);
  return { ...ours, tables, functions };
}
