import { type EffectiveSchemaManifest, resourceLabel } from '@dms/api-schema';
import { listText } from '@dms/canonical-json';
import type { SqlDialect } from '@dms/sql';
import { generations } from '../generations.ts';
import { brokenInvariants } from '../invariants/validate-model.ts';
import type { RelationalModelSet } from '../model.ts';
import { invalidArtifact } from './artifact-file.ts';

/**
 * The text of `relational-model.<dialect>.json`: everything except the fingerprint, so that the file does not change when only
 * that changes (design 02 §15.1).
 */
export function modelText({ effectiveSchema, ...content }: RelationalModelSet): string {
  const { format, write } = generations[effectiveSchema.relationalMappingVersion].file;
  return listText({ modelFormat: format, ...write(content) });
}

/**
 * Reads a model file; with the manifest of the same schema set the result equals the model that was written. Models enter here:
 * this function checks their shape and invariants, and every later step relies on them. Throws `MODEL_FILE_INVALID` for another
 * format, dialect or kind of file, and for a model that breaks an invariant (design 02 §18).
 */
export function readModel(
  text: string,
  file: string,
  dialect: SqlDialect,
  manifest: EffectiveSchemaManifest,
): RelationalModelSet {
  const { format, read } = generations[manifest.relationalMappingVersion].file;
  const kind = `model file of format ${format}`;
  const content = read(text, file, dialect, kind);
  const abstracts = new Set(content.abstractIdentityTables.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const resourceKeys = manifest.resourceKeys.map((key) => ({ ...key, isAbstract: abstracts.has(resourceLabel(key)) }));
  const model = { effectiveSchema: { ...manifest, resourceKeys }, ...content };
  const [broken] = brokenInvariants(model);
  if (broken !== undefined) invalidArtifact(file, `${kind} for ${dialect}`, `it breaks the invariant ${broken}`);
  return model;
}
