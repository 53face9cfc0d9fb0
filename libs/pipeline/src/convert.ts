import { readdir } from 'node:fs/promises';
import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  type ConversionReport,
  convertLegacySchema,
  coreFirst,
  loadApiSchemaFile,
  normalizedSchemaText,
} from '@dms/api-schema';
import { indentedText, isJsonObject } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import { deriveModel } from '@dms/relational-model';
import { namingFiles, projectFiles } from './name-files.ts';
import { type Artifact, writeArtifacts } from './step-files.ts';

export interface ConvertOptions {
  /** A file of the wrapped older format. */
  readonly source: string;
  readonly outputDirectory: string;
  /** A file with what the old format lost. */
  readonly supplement?: string;
}

export interface ConvertResult {
  readonly artifacts: readonly Artifact[];
  readonly report: ConversionReport;
}

function isCore({ root }: ApiSchemaDocument): boolean {
  const project = isJsonObject(root) ? root.get('projectSchema') : undefined;
  return isJsonObject(project) && project.get('isExtensionProject') === false;
}

/** A converted file that fails the checks is not written: its shape always, its resources where the set has a core. */
function checkConverted(documents: readonly ApiSchemaDocument[]): void {
  for (const document of documents) normalizedSchemaText(document);
  const set = buildEffectiveSchema(coreFirst(documents), { requireSingleCore: false });
  if (documents.some(isCore)) namingFiles(projectFiles(documents), () => deriveModel(set, 'pgsql'));
}

/** Refuses to overwrite what the user did not get from a conversion. */
async function checkTargets(outputDirectory: string, names: readonly string[]): Promise<void> {
  const present = new Set(await readdir(outputDirectory).catch(() => []));
  const foreign = [...present].filter((name) => !names.includes(name)).sort();
  if (foreign.length === 0) return;
  const text = `The output folder ${outputDirectory} holds other files: ${foreign.slice(0, 5).join(', ')}; choose another folder.`;
  fail('DDL_OUTPUT_NOT_EMPTY', text, { file: outputDirectory }, { folder: outputDirectory, found: foreign.slice(0, 20) });
}

/** `dms-ddl convert`: one `ApiSchema-<endpoint>.json` per project of the older format, with a report (design 01 §12.2). */
export async function convert({ source, outputDirectory, supplement }: ConvertOptions): Promise<ConvertResult> {
  const document = await loadApiSchemaFile(source);
  const { schemas, report } = convertLegacySchema(
    document,
    supplement === undefined ? undefined : await loadApiSchemaFile(supplement),
  );
  const files = schemas.map(({ projectEndpointName, root }) => ({ file: `ApiSchema-${projectEndpointName}.json`, root }));
  checkConverted(files);
  await checkTargets(
    outputDirectory,
    files.map(({ file }) => file),
  );
  const artifacts = await writeArtifacts(
    outputDirectory,
    files.map(({ file, root }) => ({ name: file, text: indentedText(root) })),
  );
  return { artifacts, report };
}
