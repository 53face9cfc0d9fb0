import { type EffectiveSchemaManifest, mappingVersions, resourceLabel } from '@dms/api-schema';
import { listText } from '@dms/files';
import type { SqlDialect } from '@dms/sql';
import * as z from 'zod/mini';
import { brokenInvariants } from '../invariants/validate-model.ts';
import { modelContent, type RelationalModelSet } from '../model.ts';
import { type ArtifactKind, invalidArtifact, readArtifact } from './artifact-file.ts';

/** The number of the file format; a change of the format changes it. */
const format = 3;

// the format number first: it identifies another format better than missing members do
const file = z.extend(
  z.object({ modelFormat: z.literal(format), mappingVersion: z.enum(mappingVersions) }),
  modelContent.shape,
);

const kind: ArtifactKind = { name: 'model file', member: 'modelFormat', formats: [format] };

const expectedOf = (dialect: SqlDialect) => `${kind.name} of format ${format} for ${dialect}`;

/**
 * The text of `relational-model.<dialect>.json`: everything except the fingerprint, so that the file does not change
 * when only that changes (design 02 §15.1).
 */
export const modelText = ({ effectiveSchema, ...content }: RelationalModelSet): string =>
  listText({ modelFormat: format, mappingVersion: effectiveSchema.relationalMappingVersion, ...content });

/**
 * Reads a model file; with the manifest of the same schema set the result equals the model that was written. Models
 * enter here: this function checks their shape and invariants, and every later step relies on them. Throws
 * `MODEL_FILE_INVALID` for another format, dialect or kind of file, and for a model that breaks an invariant (design 02
 * §18).
 */
export function readModel(
  text: string,
  name: string,
  dialect: SqlDialect,
  manifest: EffectiveSchemaManifest,
): RelationalModelSet {
  const { modelFormat: _, mappingVersion, ...content } = readArtifact(file, text, name, dialect, kind);
  const version = manifest.relationalMappingVersion;
  if (mappingVersion !== version)
    invalidArtifact(
      name,
      expectedOf(dialect),
      `its mapping version is ${mappingVersion}, the manifest says ${version}`,
    );
  const abstracts = new Set(content.abstractIdentityTables.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const resourceKeys = manifest.resourceKeys.map((key) => ({ ...key, isAbstract: abstracts.has(resourceLabel(key)) }));
  const model = { effectiveSchema: { ...manifest, resourceKeys }, ...content };
  const [broken] = brokenInvariants(model);
  if (broken !== undefined) invalidArtifact(name, expectedOf(dialect), `it breaks the invariant ${broken}`);
  return model;
}
