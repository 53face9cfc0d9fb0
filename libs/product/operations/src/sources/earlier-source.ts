import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { type Diagnostic, fail } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import type { EarlierMapping, OdsMapping } from '@dms/ods';
import { deriveEarlierMappingStep, type EarlierSetOptions } from '../build-steps/derive-earlier-mapping.ts';
import { earlierMappingFormat, odsMappingFormat } from '../incremental-build/artifact-formats.ts';
import { type ArtifactReader, runStep } from '../incremental-build/step.ts';
import { compileMapping, modelsIn, type ReportingDesignOptions, readSource } from './source.ts';

/** The sources of the views of an earlier version (design 21). */
export interface EarlierDesigns {
  readonly info: EffectiveSchemaManifest;
  readonly mapping: OdsMapping;
  readonly earlier: EarlierMapping;
  /** One for each dialect of the run. */
  readonly models: readonly RelationalModelSet[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the mappings of a set and of its earlier version from a folder, or derives them from schemas and the earlier
 * version in `dms.json`. Throws `INPUT_*`, `MODEL_FILE_INVALID`, `REPORTING_EARLIER_NEEDS` and the codes of the steps.
 */
export async function earlierDesigns(
  options: Omit<ReportingDesignOptions, 'withSchemas'>,
  earlierSet: EarlierSetOptions | null | undefined,
): Promise<EarlierDesigns> {
  const { source, dialects, onProgress } = options;
  const reading = { ...options, depth: 'inventories' } as const;
  const read = async (store: ArtifactReader, diagnostics: readonly Diagnostic[]): Promise<EarlierDesigns> => {
    const { info, models } = await modelsIn(store, dialects);
    const { mapping } = await store.read(odsMappingFormat);
    const earlier = await store.read(earlierMappingFormat);
    return { info, mapping, earlier, models, diagnostics };
  };
  if (source.kind === 'artifacts') return readSource(reading, (store) => read(store, []));
  if (!earlierSet) {
    const text =
      'The schemas say nothing of an earlier version; name with --artifacts what dms-ddl emit --earlier has written, or give dms.json the member "earlier".';
    return fail('REPORTING_EARLIER_NEEDS', text, {}, {});
  }
  const { store } = await compileMapping(source, reading);
  onProgress?.('derive-earlier-mapping');
  const notes = await runStep(deriveEarlierMappingStep, { dialects, store, onProgress }, () => earlierSet);
  return read(store, notes);
}
