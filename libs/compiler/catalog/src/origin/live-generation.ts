import { mappingVersions } from '@dms/api-schema';
import { coreSchema, type MappingVersion, qualified } from '@dms/model';
import type { CatalogTable } from '../catalog.ts';
import { generations } from '../generations.ts';

/** The generation whose core tables a database has; null if it has the core tables of no generation (design 16 §1). */
export function liveGeneration(tables: readonly Pick<CatalogTable, 'schema' | 'name'>[]): MappingVersion | null {
  const names = new Set(tables.map(qualified));
  const isComplete = (version: MappingVersion) =>
    generations[version].coreTables.every(({ name }) => names.has(qualified({ schema: coreSchema, name })));
  return mappingVersions.find(isComplete) ?? null;
}

/** The tables of schema `dms` that the service adds for its change feed, in any generation. */
export const serviceTableNames: readonly string[] = Object.values(generations).flatMap(
  ({ serviceTables }) => serviceTables,
);

/** The roles that own functions in any generation. */
export const ownerRoleNames: readonly string[] = Object.values(generations).flatMap(({ objects }) =>
  Object.values(objects).flatMap(({ ownerRole }) => (ownerRole === null ? [] : [ownerRole.name])),
);
