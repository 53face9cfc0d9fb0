import { type ApiSchemaDocument, defaultMappingVersion, type MappingVersion } from '@dms/api-schema';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { memoryStore } from '../incremental-build/stores.ts';
import { compile } from './emit-artifacts.ts';

/**
 * The errors of a model for a new `dms.json`, as warnings: the file can be written, and then corrected. The default
 * generation accepts every schema of the current format, so it is not checked.
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
