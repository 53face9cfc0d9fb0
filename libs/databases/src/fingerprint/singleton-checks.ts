import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { seedFindings } from '@dms/ddl';
import { hashStarts, hexOf } from '@dms/files';
import { core, qualified } from '@dms/model';
import type { StoredSingleton } from './stored-fingerprint.ts';

/**
 * What is wrong with a stored row by itself, in the order of design 09 §2.6; NULL counts as a value that breaks the
 * rule.
 */
export function singletonFindings(row: StoredSingleton): readonly string[] {
  const own =
    row.id === 1
      ? []
      : [`${qualified(core.effectiveSchema)}.EffectiveSchemaSingletonId must be 1, but found ${row.id ?? 'NULL'}.`];
  return [
    ...own,
    ...seedFindings({
      apiSchemaFormatVersion: row.formatVersion ?? '',
      effectiveSchemaHash: row.hash ?? '',
      resourceKeyCount: row.count,
      resourceKeySeedHash: { length: (row.seedHash ?? '').length / 2 },
      resourceKeys: [],
    }),
  ];
}

export const seedHashText = (info: EffectiveSchemaManifest) => hexOf(info.resourceKeySeedHash);

/** A value of the stored row that is not the expected one. */
export interface SingletonDifference {
  readonly column: string;
  readonly stored: string;
  readonly expected: string;
}

/** In which values a stored row differs from the expected ones (design 09 §2.6). The format version is not compared. */
export function singletonDifferences(
  row: StoredSingleton,
  info: EffectiveSchemaManifest,
): readonly SingletonDifference[] {
  const values: readonly SingletonDifference[] = [
    { column: 'EffectiveSchemaHash', stored: row.hash ?? 'NULL', expected: info.effectiveSchemaHash },
    { column: 'ResourceKeyCount', stored: String(row.count ?? 'NULL'), expected: String(info.resourceKeyCount) },
    { column: 'ResourceKeySeedHash', stored: row.seedHash?.toLowerCase() ?? 'NULL', expected: seedHashText(info) },
  ];
  return values.filter(({ stored, expected }) => stored !== expected);
}

/** `ResourceKeyCount: stored=7, expected=1`: with the beginnings of hashes, or with whole hashes. */
export const differenceTexts = (
  differences: readonly SingletonDifference[],
  hashes: 'short' | 'whole' = 'short',
): string[] =>
  differences.map(({ column, ...values }) => {
    const isWhole = hashes === 'whole' || !column.endsWith('Hash') || values.stored === 'NULL';
    const [stored, expected] = isWhole ? [values.stored, values.expected] : hashStarts(values.stored, values.expected);
    return `${column}: stored=${stored}, expected=${expected}`;
  });
