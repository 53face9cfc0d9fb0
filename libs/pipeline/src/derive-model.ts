import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  coreFirst,
  type EffectiveSchemaSet,
  effectiveSchemaManifestText,
  loadApiSchemaFiles,
} from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import type { Diagnostic } from '@dms/diagnostics';
import { modelText, type RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { artifactNames } from './artifacts.ts';
import { namingFiles, projectFiles } from './name-files.ts';
import { type NamedText, removeOutputs, type StepResult, writeArtifacts } from './step-files.ts';

export interface DeriveModelOptions {
  /** The normalized schemas of a set, in any order; `name` is how messages call a file. */
  readonly schemas: readonly { readonly file: string; readonly name?: string }[];
  readonly dialects: readonly SqlDialect[];
  readonly outputDirectory: string;
}

export interface DerivedModels {
  readonly set: EffectiveSchemaSet;
  readonly models: readonly RelationalModelSet[];
  readonly notes: readonly Diagnostic[];
}

/** What is said of the schema itself is the same for every dialect, and said once. */
function distinctNotes(notes: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(notes.map((note) => [`${note.code} ${note.message}`, note])).values()];
}

/** Fingerprints a set of documents and derives its model for each dialect. */
export function deriveModels(documents: readonly ApiSchemaDocument[], dialects: readonly SqlDialect[]): DerivedModels {
  const set = buildEffectiveSchema(coreFirst(documents));
  const derived = namingFiles(projectFiles(documents), () => dialects.map((dialect) => deriveModel(set, dialect)));
  return { set, models: derived.map(({ model }) => model), notes: distinctNotes(derived.flatMap(({ notes }) => notes)) };
}

export function modelTexts({ set, models }: DerivedModels): NamedText[] {
  return [
    { name: artifactNames.effectiveSchemaManifest, text: effectiveSchemaManifestText(set.info) },
    ...models.map((model) => ({ name: artifactNames.model(model.dialect), text: modelText(model) })),
  ];
}

/** Step `derive-model`: from normalized schemas to the effective-schema manifest and a model file per dialect. */
export async function deriveModelStep({ schemas, dialects, outputDirectory }: DeriveModelOptions): Promise<StepResult> {
  await removeOutputs('derive-model', outputDirectory);
  const documents = await loadApiSchemaFiles(schemas.map(({ file, name = file }) => ({ file, name })));
  const derived = deriveModels(documents, dialects);
  return { artifacts: await writeArtifacts(outputDirectory, modelTexts(derived)), diagnostics: derived.notes };
}
