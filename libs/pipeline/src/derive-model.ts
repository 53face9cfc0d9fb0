import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  coreFirst,
  effectiveSchemaManifestText,
  loadApiSchemaFiles,
} from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import type { Diagnostic } from '@dms/diagnostics';
import { modelText } from '@dms/model';
import { namingFiles, projectFiles } from './name-files.ts';
import type { Step } from './step.ts';
import { type FolderStepOptions, type StepResult, stepInFolder } from './step-in-folder.ts';

/** What is said of the schema itself is the same for every dialect, and said once. */
function distinctNotes(notes: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(notes.map((note) => [`${note.code} ${note.message}`, note])).values()];
}

/** Fingerprints a set of documents, in any order, and derives its model for each dialect. */
export const deriveModelStep: Step<'derive-model', readonly ApiSchemaDocument[]> = {
  name: 'derive-model',
  async run({ perDialect }, documents) {
    const set = buildEffectiveSchema(coreFirst(documents));
    const files = projectFiles(documents);
    const derived = await perDialect((dialect) => namingFiles(files, () => deriveModel(set, dialect)));
    return {
      made: [
        { artifact: 'effectiveSchemaManifest', content: effectiveSchemaManifestText(set.info), value: set.info },
        ...derived.map(({ model }) => {
          return { artifact: 'model', dialect: model.dialect, content: modelText(model), value: model } as const;
        }),
      ],
      diagnostics: distinctNotes(derived.flatMap(({ notes }) => notes)),
    };
  },
};

export interface DeriveModelOptions extends FolderStepOptions {
  /** The normalized schemas of a set, in any order; `name` is how messages call a file. */
  readonly schemas: readonly { readonly file: string; readonly name?: string }[];
}

/** Runs the step `derive-model` in the folder of a mapping set, on the normalized schemas of others. */
export function deriveModelInFolder({ schemas, ...folder }: DeriveModelOptions): Promise<StepResult> {
  return stepInFolder(deriveModelStep, folder, () => loadApiSchemaFiles(schemas));
}
