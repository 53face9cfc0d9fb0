import {
  type ApiSchemaDocument,
  coreFirst,
  defaultMappingVersion,
  documentSchemas,
  documentSchemasText,
  type EffectiveSchemaSet,
  type ExaminedSchemaSet,
  effectiveSchemaManifestText,
  examineSchemaSet,
  readApiSchemaFiles,
  setOfGeneration,
  storedEffectiveSchema,
} from '@dms/api-schema';
import { type DerivedModel, deriveModels, furtherDiagnostics } from '@dms/derivation';
import { type Diagnostic, failIfAny } from '@dms/diagnostics';
import { type MappingVersion, modelText } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { namingFiles, type ProjectFiles, projectFiles, withFiles } from '../incremental-build/name-files.ts';
import type { Step } from '../incremental-build/step.ts';
import { type FolderStepOptions, type StepResult, stepInFolder } from '../incremental-build/stores.ts';

/** Diagnostics about the schema itself are the same for every dialect, so each is reported once. */
function distinctNotes(notes: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(notes.map((note) => [`${note.code} ${note.message}`, note])).values()];
}

/** The ApiSchemas of a set, in any order, and the generation of the mapping. */
export interface SchemasOfSet {
  readonly documents: readonly ApiSchemaDocument[];
  readonly mappingVersion: MappingVersion;
  /** The errors of files that could not be read. */
  readonly unread?: readonly Diagnostic[];
}

/**
 * Throws all errors of a set, if there are any: of its files, and of everything that can be derived from the readable
 * ones.
 */
function checkSet(
  { found, set, isWhole }: ExaminedSchemaSet,
  { unread = [] }: SchemasOfSet,
  dialects: readonly SqlDialect[],
  files: ProjectFiles,
): void {
  const known = [...unread, ...found];
  if (known.length === 0) return;
  failIfAny([...known, ...withFiles(files, furtherDiagnostics(set, dialects, { known, isWhole }))]);
}

const examinedSets = new WeakMap<readonly ApiSchemaDocument[], Map<MappingVersion, ExaminedSchemaSet>>();

/** The checked set of documents, kept because several steps of one run need it; generations share the work. */
function examined({ documents, mappingVersion, unread = [] }: SchemasOfSet): ExaminedSchemaSet {
  const known = examinedSets.get(documents) ?? new Map<MappingVersion, ExaminedSchemaSet>();
  examinedSets.set(documents, known);
  const [other] = known.values();
  const result =
    known.get(mappingVersion) ??
    (other === undefined
      ? examineSchemaSet(coreFirst(documents), { mappingVersion, isWhole: unread.length === 0 })
      : { ...other, set: setOfGeneration(other.set, mappingVersion) });
  known.set(mappingVersion, result);
  return result;
}

/** The effective schema of a set. */
export function effectiveSetOf(schemas: SchemasOfSet): EffectiveSchemaSet {
  const { found, set } = examined(schemas);
  failIfAny(found);
  return set;
}

/** Fingerprints a set of documents and derives its model for each dialect. */
export const deriveModelStep: Step<'derive-model', SchemasOfSet> = {
  name: 'derive-model',
  async run({ dialects, perDialect }, schemasOfSet) {
    const { documents, unread = [] } = schemasOfSet;
    // there are only unreadable files
    if (documents.length === 0) failIfAny(unread);
    const result = examined(schemasOfSet);
    const { set, notes } = result;
    const files = projectFiles(documents);
    checkSet(result, schemasOfSet, dialects, files);
    // the dialects share most of the work, which is done with the first
    let models: ReadonlyMap<SqlDialect, DerivedModel> | undefined;
    const derived = await perDialect((dialect) => {
      models ??= new Map(
        namingFiles(files, () => deriveModels(set, dialects)).map((each) => [each.model.dialect, each]),
      );
      return models.get(dialect) as DerivedModel;
    });
    return {
      made: [
        {
          artifact: 'effectiveSchemaManifest',
          content: effectiveSchemaManifestText(set.info),
          value: storedEffectiveSchema(set.info),
        },
        {
          artifact: 'documentSchemas',
          content: () => documentSchemasText(set, set.info.effectiveSchemaHash),
          get value() {
            return documentSchemas(set);
          },
        },
        ...derived.map(({ model }) => {
          return { artifact: 'model', dialect: model.dialect, content: () => modelText(model), value: model } as const;
        }),
      ],
      diagnostics: distinctNotes([...notes, ...derived.flatMap((each) => each.notes)]),
    };
  },
};

interface DeriveModelOptions extends FolderStepOptions {
  /** The normalized schemas of a set, in any order; `name` is the file's name in messages. */
  readonly schemas: readonly { readonly file: string; readonly name?: string }[];
  /** `v1` by default. */
  readonly mappingVersion?: MappingVersion | undefined;
}

/** The ApiSchemas of a set that was compiled, and the number of its resources and descriptors. */
export interface CompiledSchemas {
  readonly documents: readonly ApiSchemaDocument[];
  readonly resourceKeyCount: number;
}

/** Runs the step `derive-model` in the folder of a mapping set, on the normalized schemas of other projects. */
export async function deriveModelInFolder({
  schemas,
  mappingVersion = defaultMappingVersion,
  ...folder
}: DeriveModelOptions): Promise<StepResult & { readonly compiled: CompiledSchemas }> {
  let documents: readonly ApiSchemaDocument[] = [];
  const result = await stepInFolder(deriveModelStep, folder, async () => {
    const read = await readApiSchemaFiles(schemas);
    documents = read.documents;
    return { ...read, mappingVersion };
  });
  const { resourceKeyCount } = effectiveSetOf({ documents, mappingVersion }).info;
  return { ...result, compiled: { documents, resourceKeyCount } };
}
