import { mustExist, type RelationalModelSet } from '@dms/model';
import {
  earlierMappingText,
  earlierScript,
  mappingText,
  type NotGivenBack,
  type ReportingOptions,
  reportingScript,
} from '@dms/ods';
import { earlierViewOptions } from '../build-steps/emit-earlier-reporting.ts';
import { reportingOptions } from '../build-steps/emit-reporting.ts';
import { fileOperation, type Input, type OptionsOf, writtenLines } from '../declaring/operation.ts';
import { flag } from '../declaring/option.ts';
import {
  earlierSuffixOption,
  folderOfSource,
  folderOption,
  missingFolder,
  viewOptions,
} from '../declaring/shared-options.ts';
import { scriptsOfSet } from '../declaring/subject.ts';
import { writeAmongArtifacts } from '../incremental-build/output-folder.ts';
import { artifactFile, earlierSteps, reportingSteps, type StepName } from '../incremental-build/step-table.ts';
import type { EarlierDesigns } from '../sources/earlier-source.ts';
import { chosenDialects, type ReportingDesigns, reportingDesigns } from '../sources/source.ts';
import { chosenViews, designsOfEarlier, earlierSuffixOf, notGivenBackLines } from './reporting-options.ts';

/** The files of the views of one layer. */
interface FilesOfViews extends Pick<ReportingDesigns, 'mapping' | 'models' | 'diagnostics'> {
  /** The step that writes the same files. */
  readonly step: 'emit-reporting' | 'emit-earlier-reporting';
  /** The steps whose files are replaced. */
  readonly replaces: readonly StepName[];
  readonly views: number;
  readonly mappingFile: string;
  readonly mappingText: string;
  /** What views of an earlier version cannot give back; null for own views. */
  readonly notGivenBack: readonly NotGivenBack[] | null;
  readonly script: 'reportingScript' | 'earlierScript';
  scriptText(model: RelationalModelSet): string;
}

/** The files of the own views of a set. */
const filesOfSet = ({ notes, ...designs }: ReportingDesigns, options: ReportingOptions): FilesOfViews => ({
  ...designs,
  step: 'emit-reporting',
  replaces: reportingSteps,
  views: designs.mapping.tables.length,
  mappingFile: artifactFile('odsMapping'),
  mappingText: mappingText({ mapping: designs.mapping, notes }),
  notGivenBack: null,
  script: 'reportingScript',
  scriptText: (model) => reportingScript(designs.mapping, model, options).text,
});

/** The files of the views of the earlier version, which read the own views that `options` describe. */
const filesOfEarlierSet = (
  { earlier, ...designs }: EarlierDesigns,
  options: ReportingOptions,
  suffix: string | null,
): FilesOfViews => ({
  ...designs,
  step: 'emit-earlier-reporting',
  replaces: earlierSteps,
  views: earlier.tables.length,
  mappingFile: artifactFile('earlierMapping'),
  mappingText: earlierMappingText(earlier),
  notGivenBack: earlier.notGivenBack,
  script: 'earlierScript',
  scriptText: (model) =>
    earlierScript(earlier, { mapping: designs.mapping, model, options }, earlierViewOptions(options, suffix)).text,
});

/**
 * Writes the mapping and the scripts of the views, and leaves the other artifacts of the folder alone (design 19 §8).
 * Throws `ODS_*`, `INPUT_*`, the codes of `derive-model`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export const emitReporting = fileOperation({
  name: 'reporting emit',
  group: 'ods',
  summary: 'write the scripts of the views, and the mapping of an ODS',
  description:
    'Writes reporting.<dialect>.sql, which gives a database the views, and ods-mapping.json, which says which document paths each ' +
    'table and column of an ODS holds. With --earlier it writes the views of the earlier version that emit --earlier named. No database is ' +
    'needed. Other artifacts in the folder stay.',
  examples: [
    'reporting emit --schema core/ApiSchema.json --dialect pgsql --output out',
    'reporting emit --artifacts out --dialect pgsql --earlier --notes',
  ],
  worksOn: scriptsOfSet,
  options: {
    ...viewOptions,
    earlier: flag(
      'write reporting-earlier.<dialect>.sql instead: the views of the earlier version, which read those that the other options describe',
    ),
    earlierSuffix: earlierSuffixOption(),
    output: folderOption(),
  },
  missing: missingFolder,
  async run(input, { onProgress }) {
    const { source, dialects: named } = input;
    const { odsOverrides, ...choices } = chosenViews(input as Input<OptionsOf<typeof viewOptions>>);
    const reading = { source, odsOverrides, dialects: await chosenDialects(source, named), onProgress };
    const options = reportingOptions(choices);
    const written = input.options.earlier
      ? filesOfEarlierSet(await designsOfEarlier(reading, input.set?.earlier), options, earlierSuffixOf(input))
      : filesOfSet(await reportingDesigns(reading), options);
    const { step, mapping, views, notGivenBack, diagnostics } = written;
    const scripts = written.models.map((model) => {
      onProgress?.(`${step} ${model.dialect}`);
      return { name: artifactFile(written.script, model.dialect), content: written.scriptText(model) };
    });
    const folder = mustExist(folderOfSource(input), 'a folder');
    const files = [{ name: written.mappingFile, content: written.mappingText }, ...scripts];
    const artifacts = await writeAmongArtifacts(folder, step, files, written.replaces);
    return { effectiveSchemaHash: mapping.effectiveSchemaHash, views, notGivenBack, artifacts, diagnostics };
  },
  lines: ({ views, notGivenBack, effectiveSchemaHash, artifacts }, { showsNotes }) => [
    `Views${notGivenBack === null ? '' : ' of the earlier version'}: ${views}`,
    ...(notGivenBack === null ? [] : notGivenBackLines(notGivenBack, showsNotes)),
    `Effective schema hash: ${effectiveSchemaHash}`,
    ...writtenLines(artifacts),
  ],
  value: ({ effectiveSchemaHash, views, notGivenBack, artifacts }) => ({
    effectiveSchemaHash,
    views,
    ...(notGivenBack === null ? {} : { notGivenBack }),
    files: artifacts.map(({ file }) => file),
  }),
});
