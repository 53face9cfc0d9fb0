import { mappingVersions, resourceLabel, type StoredEffectiveSchema, withGeneration } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { listText } from '@dms/values';
import * as z from 'zod/mini';
import english from 'zod/v4/locales/en.js';
import { brokenInvariants } from '../invariants/validate-model.ts';
import { modelContent, modelFormat, type RelationalModelSet } from '../model.ts';

// the format number comes first: it identifies another format better than missing members do
const file = z.extend(
  z.object({ modelFormat: z.literal(modelFormat), mappingVersion: z.enum(mappingVersions) }),
  modelContent.shape,
);

const kind: ArtifactKind = { name: 'model file', member: 'modelFormat', formats: [modelFormat] };

/**
 * The text of `relational-model.<dialect>.json`: everything except the fingerprint, so that the file stays the same if
 * only the fingerprint changes (design 02 §15.1).
 */
export const modelText = ({ effectiveSchema, ...content }: RelationalModelSet): string =>
  listText({ modelFormat, mappingVersion: effectiveSchema.relationalMappingVersion, ...content });

/**
 * Reads a model file; with the manifest of the same schema set the result equals the model that was written. This is
 * the only entry point of models: it checks their shape and invariants, and every later step relies on them. Throws
 * `MODEL_FILE_INVALID` for another format, dialect or kind of file, and for a model that breaks an invariant (design 02
 * §18).
 */
export function readModel(
  text: string,
  name: string,
  dialect: SqlDialect,
  manifest: StoredEffectiveSchema,
): RelationalModelSet {
  const { modelFormat: _, mappingVersion, ...content } = readArtifact(file, text, name, dialect, kind);
  const facts =
    withGeneration(manifest, mappingVersion) ??
    invalidArtifact(
      name,
      expectedOf(dialect),
      `its mapping version is ${mappingVersion}, the manifest says ${manifest.fingerprintVersion}`,
    );
  const abstracts = new Set(content.abstractIdentityTables.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const resourceKeys = manifest.resourceKeys.map((key) => ({ ...key, isAbstract: abstracts.has(resourceLabel(key)) }));
  const model = { effectiveSchema: { ...facts, resourceKeys }, ...content };
  const [broken] = brokenInvariants(model);
  if (broken !== undefined) invalidArtifact(name, expectedOf(dialect), `it breaks the invariant ${broken}`);
  return model;
}

const expectedOf = (dialect: SqlDialect) => `${kind.name} of format ${modelFormat} for ${dialect}`;

const { localeError: inWords } = english();

/** Reads JSON by its shape; for another shape, returns the first place that differs and the reason. */
export function readShape<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): { readonly value: z.output<Schema> } | { readonly found: string } {
  // without the code that zod generates for each shape, which takes longer than it saves for one file
  const { success, data, error } = schema.safeParse(value, { jitless: true, error: inWords });
  if (success) return { value: data };
  const [issue] = error.issues;
  return { found: `${issue?.path.join('.') || 'the root'}: ${issue?.message}` };
}

/** A kind of artifact file, and the member that holds the version of its format. */
export interface ArtifactKind {
  /** Name in messages, such as `model file`. */
  readonly name: string;
  /** The member with the number of the format. */
  readonly member: string;
  /** The readable format numbers. */
  readonly formats: readonly number[];
}

/** Refuses an artifact file: `MODEL_FILE_INVALID`. */
export function invalidArtifact(file: string, expected: string, found: string): never {
  const text = `${file} is not a valid ${expected}: ${found}; emit the artifacts again.`;
  fail('MODEL_FILE_INVALID', text, { file }, { expected, found });
}

/** Reads an artifact file by its shape. Throws `MODEL_FILE_INVALID` for any other file. */
export function readJsonArtifact<Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string,
  file: string,
  expected: string,
): z.output<Schema> {
  const read = readShape(schema, artifactJson(text, file, expected));
  return 'found' in read ? invalidArtifact(file, expected, read.found) : read.value;
}

function artifactJson(text: string, file: string, expected: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return invalidArtifact(file, expected, 'it is not JSON');
  }
}

/**
 * Reads an artifact of one dialect by its shape. Throws `MODEL_FILE_INVALID` for another format or dialect, or any
 * other file; a file of another format must be emitted again.
 */
export function readArtifact<Schema extends z.ZodMiniType<{ dialect: SqlDialect }>>(
  schema: Schema,
  text: string,
  file: string,
  dialect: SqlDialect,
  { name, member, formats }: ArtifactKind,
): z.output<Schema> {
  const expected = `${name} of format ${formats.join(' or ')} for ${dialect}`;
  const json = artifactJson(text, file, expected);
  const found = (json as { readonly [name: string]: unknown } | null)?.[member];
  if (typeof found === 'number' && !formats.includes(found)) {
    const age = formats.every((format) => found < format) ? 'an earlier' : 'another';
    const text = `${file} has the format ${found} of ${age} version of dms; this version reads a ${expected}. Emit the artifacts again.`;
    fail('MODEL_FILE_INVALID', text, { file }, { expected, found: `${member} ${found}` });
  }
  const read = readShape(schema, json);
  if ('found' in read) return invalidArtifact(file, expected, read.found);
  if (read.value.dialect !== dialect) invalidArtifact(file, expected, `its dialect is ${read.value.dialect}`);
  return read.value;
}
