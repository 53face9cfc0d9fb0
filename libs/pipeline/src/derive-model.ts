import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  coreFirst,
  effectiveSchemaManifestText,
  loadApiSchemaFiles,
} from '@dms/api-schema';
import { type DerivedModel, deriveModels } from '@dms/derivation';
import type { Diagnostic } from '@dms/diagnostics';
import { modelText } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
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
  async run({ dialects, perDialect }, documents) {
    const set = buildEffectiveSchema(coreFirst(documents));
    // most of the work is the same for every dialect and done with the first
    let models: ReadonlyMap<SqlDialect, DerivedModel> | undefined;
    const derived = await perDialect((dialect) => {
      models ??= new Map(
        namingFiles(projectFiles(documents), () => deriveModels(set, dialects)).map((each) => [each.model.dialect, each]),
      );
      return models.get(dialect) as DerivedModel;
    });
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
