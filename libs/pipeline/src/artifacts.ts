import { dialects, type SqlDialect } from '@dms/sql';

/** The steps that write artifacts, in the order in which they run. */
export const steps = ['normalize-schema', 'derive-model', 'derive-inventory', 'compile-plans', 'emit-ddl'] as const;

export type Step = (typeof steps)[number];

/** File names of the artifacts; all of a mapping set lie in one folder. */
export const artifactNames = {
  normalizedSchema: 'schema.normalized.json',
  effectiveSchemaManifest: 'effective-schema.manifest.json',
  model: (dialect: SqlDialect) => `relational-model.${dialect}.json`,
  inventory: (dialect: SqlDialect) => `inventory.${dialect}.json`,
  modelManifest: (dialect: SqlDialect) => `relational-model.${dialect}.manifest.json`,
  plans: (dialect: SqlDialect) => `plans.${dialect}.json`,
  mappingSetManifest: 'mappingset.manifest.json',
  script: (dialect: SqlDialect) => `${dialect}.sql`,
  catalog: (dialect: SqlDialect) => `catalog.${dialect}.json`,
  ddlManifest: 'ddl.manifest.json',
} as const;

const writes: Readonly<Record<Step, (chosen: readonly SqlDialect[]) => string[]>> = {
  'normalize-schema': () => [artifactNames.normalizedSchema],
  'derive-model': (chosen) => [artifactNames.effectiveSchemaManifest, ...chosen.map(artifactNames.model)],
  'derive-inventory': (chosen) =>
    chosen.flatMap((dialect) => [artifactNames.inventory(dialect), artifactNames.modelManifest(dialect)]),
  'compile-plans': (chosen) => [...chosen.map(artifactNames.plans), artifactNames.mappingSetManifest],
  'emit-ddl': (chosen) => [
    ...chosen.flatMap((dialect) => [artifactNames.script(dialect), artifactNames.catalog(dialect)]),
    artifactNames.ddlManifest,
  ],
};

/** Names of the files that a step writes for the given dialects, `pgsql` before `mssql`. */
export function artifactsOf(step: Step, chosen: readonly SqlDialect[] = dialects): string[] {
  return writes[step](dialects.filter((dialect) => chosen.includes(dialect)));
}
