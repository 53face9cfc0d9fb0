import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  type ConversionReport,
  convertLegacySchema,
  coreFirst,
  loadApiSchemaFile,
  normalizedSchemaText,
  type ShippedFacts,
  withShippedFacts,
} from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { forEachReported } from '@dms/diagnostics';
import { fileName, indentedText, isJsonObject, replaceFiles } from '@dms/files';
import { namingFiles, projectFiles } from '../engine/name-files.ts';
import { checkOutputFolder } from '../engine/output-folder.ts';
import type { Artifact } from '../engine/stores.ts';

export interface ConvertOptions {
  /** A file of the wrapped older format. */
  readonly source: string;
  readonly outputDirectory: string;
  /** A file with the members that the old format lost. */
  readonly supplement?: string;
}

export interface ConvertResult {
  readonly artifacts: readonly Artifact[];
  readonly report: ConversionReport;
  /** What the product knows of published projects, and their files do not say. */
  readonly shipped: readonly ShippedFacts[];
}

function isCore({ root }: ApiSchemaDocument): boolean {
  const project = isJsonObject(root) ? root.get('projectSchema') : undefined;
  return isJsonObject(project) && project.get('isExtensionProject') === false;
}

/** Checks a converted file before it is written: its shape always, its resources if the set has a core. */
function checkConverted(documents: readonly ApiSchemaDocument[]): void {
  for (const document of documents) normalizedSchemaText(document);
  const set = buildEffectiveSchema(coreFirst(documents), { requireSingleCore: false });
  if (documents.some(isCore)) namingFiles(projectFiles(documents), () => deriveModel(set, 'pgsql'));
}

/** `dms-ddl convert`: one `ApiSchema-<endpoint>.json` per project of the older format, with a report (design 01 §12.2). */
export async function convert({ source, outputDirectory, supplement }: ConvertOptions): Promise<ConvertResult> {
  const document = await loadApiSchemaFile(source);
  const own = supplement === undefined ? undefined : await loadApiSchemaFile(supplement);
  const { supplement: known, shipped } = withShippedFacts(document, own);
  const { schemas, report } = convertLegacySchema(document, known);
  const files: ApiSchemaDocument[] = [];
  forEachReported(schemas, ({ projectEndpointName, root }) => {
    const name = fileName(projectEndpointName, `The endpoint of a project in ${source}`, {
      file: source,
      path: 'projectSchemas',
    });
    files.push({ file: `ApiSchema-${name}.json`, root });
  });
  checkConverted(files);
  const all = files.map(({ file }) => file);
  await checkOutputFolder(outputDirectory, new Set(all));
  const artifacts = await replaceFiles(outputDirectory, {
    writer: 'convert',
    files: files.map(({ file, root }) => ({ name: file, content: indentedText(root) })),
    earlier: all,
    markers: [],
  });
  return { artifacts, report, shipped };
}
