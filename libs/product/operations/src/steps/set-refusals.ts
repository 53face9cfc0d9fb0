import { type ApiSchemaDocument, defaultMappingVersion, type MappingVersion } from '@dms/api-schema';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { memoryStore } from '../engine/stores.ts';
import { compile } from './emit-artifacts.ts';

/**
 * What the model of a new `dms.json` would be refused for, as warnings: the file can be written, and names what to change.
 * The usual generation takes every schema of the current format, so it is not asked.
 */
export async function setRefusals(
  documents: readonly ApiSchemaDocument[],
  mappingVersion: MappingVersion,
  dialects: readonly SqlDialect[],
): Promise<readonly Diagnostic[]> {
  if (mappingVersion === defaultMappingVersion) return [];
  try {
    await compile({ documents, mappingVersion }, new Set(), { dialects, store: memoryStore() });
    return [];
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return error.diagnostics.map((entry) => ({ ...entry, class: 'W' as const }));
  }
}
