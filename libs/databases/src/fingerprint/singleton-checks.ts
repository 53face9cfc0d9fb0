import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { seedIssues } from '@dms/ddl';
import { core, qualified } from '@dms/model';
import type { StoredSingleton } from './stored-fingerprint.ts';

/** What is wrong with a stored row by itself, in the order of design 09 §2.6; NULL counts as a value that breaks the rule. */
export function singletonIssues(row: StoredSingleton): readonly string[] {
  const own =
    row.id === 1
      ? []
      : [`${qualified(core.effectiveSchema)}.EffectiveSchemaSingletonId must be 1, but found ${row.id ?? 'NULL'}.`];
  return [
    ...own,
    ...seedIssues({
      apiSchemaFormatVersion: row.formatVersion ?? '',
      effectiveSchemaHash: row.hash ?? '',
      resourceKeyCount: row.count,
      resourceKeySeedHash: { length: (row.seedHash ?? '').length / 2 },
      resourceKeys: [],
    }),
  ];
}

export const seedHashText = (info: EffectiveSchemaManifest) => Buffer.from(info.resourceKeySeedHash).toString('hex');

/** In which values a stored row differs from the expected ones (design 09 §2.6). The format version is not compared. */
export function singletonDifferences(row: StoredSingleton, info: EffectiveSchemaManifest): readonly string[] {
  const values: readonly (readonly [string, string, string])[] = [
    ['EffectiveSchemaHash', row.hash ?? 'NULL', info.effectiveSchemaHash],
    ['ResourceKeyCount', String(row.count ?? 'NULL'), String(info.resourceKeyCount)],
    ['ResourceKeySeedHash', (row.seedHash ?? 'NULL').toUpperCase(), seedHashText(info).toUpperCase()],
  ];
  return values
    .filter(([, stored, expected]) => stored !== expected)
    .map(([column, stored, expected]) => `${column}: stored=${stored}, expected=${expected}`);
}
