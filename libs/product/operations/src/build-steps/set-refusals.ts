import {
  type ApiSchemaDocument,
  defaultMappingVersion,
  type MappingVersion,
  serviceMappingVersion,
} from '@dms/api-schema';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { memoryStore } from '../incremental-build/stores.ts';
import { unchosenVersionText } from '../sources/mapping-set/next-steps.ts';
import type { CompiledSchemas } from './derive-model.ts';
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

/**
 * The maximum number of resources and descriptors for which a note derives the set a second time: that takes a tenth of
 * `emit`.
 */
const mostAsked = 200;

/**
 * The line about the generation of a run if nobody chose one. For a small set it gives the codes with which the
 * generation of the service refuses it.
 *
 * @param set what was compiled for the default generation
 * @param way how to choose the generation of the service
 */
export async function unchosenVersionLine(
  { documents, resourceKeyCount }: CompiledSchemas,
  dialects: readonly SqlDialect[],
  way: string,
): Promise<string> {
  if (resourceKeyCount > mostAsked) return unchosenVersionText(way);
  // each dialect lacks the same for a generation, so one is enough
  const refusals = await setRefusals(documents, serviceMappingVersion, dialects.slice(0, 1));
  return unchosenVersionText(way, [...new Set(refusals.map(({ code }) => code))]);
}
