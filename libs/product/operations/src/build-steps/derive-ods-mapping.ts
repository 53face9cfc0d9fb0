import { defaultMappingVersion, loadApiSchemaFiles } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { readInput } from '@dms/files';
import type { MappingVersion } from '@dms/model';
import { deriveMapping, type LeafOverrides, mappingText, readOverrides } from '@dms/ods';
import { manifestFormat } from '../incremental-build/artifact-formats.ts';
import { namingFiles, projectFiles, withFiles } from '../incremental-build/name-files.ts';
import type { Step } from '../incremental-build/step.ts';
import { artifactFile } from '../incremental-build/step-table.ts';
import { type FolderStepOptions, type StepResult, stepInFolder } from '../incremental-build/stores.ts';
import { effectiveSetOf, type SchemasOfSet } from './derive-model.ts';

/** The schemas of a set, with overrides for facts that they lack. */
export interface OdsMappingInputs extends SchemasOfSet {
  readonly overrides?: LeafOverrides | undefined;
}

/** Reads a file of ODS overrides (design 19 §5.8). */
export async function readOdsOverrides(file: string | undefined): Promise<LeafOverrides | undefined> {
  return file === undefined ? undefined : readOverrides(await readInput(file), file);
}

/** Derives the tables and columns of an ODS for a set, and the paths that they hold (design 19 §1–§5). */
export const deriveOdsMappingStep: Step<'derive-ods-mapping', OdsMappingInputs> = {
  name: 'derive-ods-mapping',
  async run({ read }, { overrides, ...schemas }) {
    const set = effectiveSetOf(schemas);
    const { effectiveSchemaHash } = await read(manifestFormat);
    if (set.info.effectiveSchemaHash !== effectiveSchemaHash) {
      const file = artifactFile('effectiveSchemaManifest');
      const text = `${file} belongs to another schema set than the schemas; emit the artifacts again.`;
      fail(
        'MODEL_FILE_INVALID',
        text,
        { file },
        { expected: set.info.effectiveSchemaHash, found: effectiveSchemaHash },
      );
    }
    const files = projectFiles(schemas.documents);
    const derived = namingFiles(files, () => deriveMapping(set, overrides));
    return {
      made: [{ artifact: 'odsMapping', content: () => mappingText(derived), value: derived }],
      diagnostics: withFiles(files, derived.notes),
    };
  },
};

interface DeriveOdsMappingOptions extends FolderStepOptions {
  /** The normalized schemas of a set, in any order; `name` is the file's name in messages. */
  readonly schemas: readonly { readonly file: string; readonly name?: string }[];
  /** `v1` by default. */
  readonly mappingVersion?: MappingVersion | undefined;
  /** A file of overrides. */
  readonly odsOverrides?: string | undefined;
}

/** Runs the step `derive-ods-mapping` in the folder of a mapping set, on the normalized schemas of other projects. */
export function deriveOdsMappingInFolder(options: DeriveOdsMappingOptions): Promise<StepResult> {
  const { schemas, mappingVersion = defaultMappingVersion, odsOverrides, ...folder } = options;
  return stepInFolder(deriveOdsMappingStep, folder, async () => ({
    documents: await loadApiSchemaFiles(schemas),
    mappingVersion,
    overrides: await readOdsOverrides(odsOverrides),
  }));
}
