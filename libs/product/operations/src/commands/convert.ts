import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  convertLegacySchema,
  coreFirst,
  loadApiSchemaFile,
  normalizedSchemaText,
  type ShippedFacts,
  withShippedFacts,
} from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { counted, forEachReported } from '@dms/diagnostics';
import { fileName, replaceFiles } from '@dms/files';
import { indentedText, isJsonObject } from '@dms/values';
import { fileOperation, writtenLines } from '../declaring/operation.ts';
import { inputFile, output, required, text } from '../declaring/option.ts';
import { namingFiles, projectFiles } from '../incremental-build/name-files.ts';
import { checkOutputFolder } from '../incremental-build/output-folder.ts';

function isCore({ root }: ApiSchemaDocument): boolean {
  const project = isJsonObject(root) ? root.get('projectSchema') : undefined;
  return isJsonObject(project) && project.get('isExtensionProject') === false;
}

/** Checks a converted file before it is written: its shape in any case, its resources if the set has a core. */
function checkConverted(documents: readonly ApiSchemaDocument[]): void {
  for (const document of documents) normalizedSchemaText(document);
  const set = buildEffectiveSchema(coreFirst(documents), { requireSingleCore: false });
  if (documents.some(isCore)) namingFiles(projectFiles(documents), () => deriveModel(set, 'pgsql'));
}

/** Describes the facts that the product adds to the file of a published project. */
function knownText({ project, numbers, durations }: ShippedFacts): string {
  const facts = [
    ...(numbers === 0 ? [] : [`the digits of ${counted(numbers, 'number')}`]),
    ...(durations === 0 ? [] : [`${counted(durations, 'duration')} that the file calls numbers`]),
  ];
  return `Known of ${project}: ${facts.join(', ')}, from the published ODS scripts`;
}

/** Writes one `ApiSchema-<endpoint>.json` per project of the older format, with a report (design 01 §12.2). */
export const convert = fileOperation({
  name: 'convert',
  group: 'compile',
  summary: 'convert a file of the wrapped older format',
  description:
    'Converts an ApiSchema file of the older format (projects under "projectSchemas") into one file of the current format ' +
    'per project, and reports what it had to guess and what was lost. A supplement can provide what the old format lacks. The digits of decimals and the durations of Ed-Fi 5.1.0 are known without one.',
  examples: ['convert old/ApiSchema.json --output converted'],
  worksOn: { source: 'none' },
  arguments: { file: required(inputFile('<file>', 'the file to convert')) },
  options: {
    output: required(output('<dir>', 'folder for ApiSchema-<endpoint>.json; it must hold nothing else')),
    supplement: text(
      '<file>',
      'members to add: { "<endpoint>": { "decimalPropertyValidationInfos": […], "integerFormats": {…}, "durations": […] } }',
      { group: 'source' },
    ),
  },
  async run({ options: { file: source, output: outputDirectory, supplement } }) {
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
    return { artifacts, report, shipped, diagnostics: report.warnings };
  },
  lines: ({ artifacts, report, shipped }) => [
    ...writtenLines(artifacts),
    ...shipped.map(knownText),
    ...Object.entries(report.counts).map(([member, count]) => `Derived ${member}: ${count}`),
    ...report.notes.map((note) => `  ${note}`),
  ],
  value: ({ artifacts, report: { counts, notes }, shipped }) => ({
    files: artifacts.map(({ file }) => file),
    counts,
    notes,
    shipped,
  }),
});
