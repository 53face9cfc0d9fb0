import { type EffectiveSchemaManifest, resourceLabel } from '@dms/api-schema';
import { listText } from '@dms/canonical-json';
import type { SqlDialect } from '@dms/sql';
import type { RelationalModelSet } from '../model.ts';
import { readArtifact } from './artifact-file.ts';
import { modelFile } from './model-format.ts';

/**
 * The text of `relational-model.<dialect>.json`: everything but the fingerprint, so that the file does not change when only
 * that does (design 02 §15.1).
 */
export function modelText({ effectiveSchema: _, ...model }: RelationalModelSet): string {
  return listText({ modelFormat: 1, ...model });
}

/**
 * Reads a model file back; with the manifest of the same schema set the result equals the model that was written. Throws
 * `MODEL_FILE_INVALID` for another format or dialect, or anything that is no such file.
 */
export function readModel(
  text: string,
  file: string,
  dialect: SqlDialect,
  manifest: EffectiveSchemaManifest,
): RelationalModelSet {
  const { modelFormat: _, ...model } = readArtifact(modelFile, text, file, dialect, 'model file of format 1');
  const abstracts = new Set(model.abstractIdentityTables.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const resourceKeys = manifest.resourceKeys.map((key) => ({ ...key, isAbstract: abstracts.has(resourceLabel(key)) }));
  return { effectiveSchema: { ...manifest, resourceKeys }, ...model };
}
