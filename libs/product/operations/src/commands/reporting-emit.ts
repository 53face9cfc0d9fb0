import { mustExist, type RelationalModelSet } from '@dms/model';
import {
  earlierMappingText,
  earlierScript,
  mappingText,
  type NotGivenBack,
  type ReportingOptions,
  reportingScript,
} from '@dms/ods';
import type { EarlierSetOptions } from '../build-steps/derive-earlier-mapping.ts';
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
import {
  chosenDialects,
  type ReportingDesignOptions,
  type ReportingDesigns,
  reportingDesigns,
} from '../sources/source.ts';
import { chosenViews, earlierSuffixOf, notGivenBackLines } from './reporting-options.ts';

/** A file of the views, in a folder of artifacts. */
interface ViewsFile {
  readonly name: string;
  readonly content: string;
}

/** The views of one layer: their mapping, and how their script is rendered. */
interface RenderedViews extends Pick<ReportingDesigns, 'mapping' | 'models' | 'diagnostics'> {
  /** The step that writes the same files. */
  readonly step: 'emit-reporting' | 'emit-earlier-reporting';
  /** The steps whose files are replaced. */
  readonly replaces: readonly StepName[];
  readonly views: number;
  readonly mappingFile: ViewsFile;
  /** What views of an earlier version cannot give back; null for own views. */
  readonly notGivenBack: readonly NotGivenBack[] | null;
  scriptFile(model: RelationalModelSet): ViewsFile;
}

/** The own views of a set. */
function viewsOfSet(
  { mapping, notes, models, diagnostics }: ReportingDesigns,
  options: ReportingOptions,
): RenderedViews {
  return {
    step: 'emit-reporting',
    replaces: reportingSteps,
    mapping,
    models,
    diagnostics,
    views: mapping.tables.length,
    mappingFile: { name: artifactFile('odsMapping'), content: mappingText({ mapping, notes }) },
    notGivenBack: null,
    scriptFile: (model) => ({
      name: artifactFile('reportingScript', model.dialect),
      content: reportingScript(mapping, model, options).text,
    }),
  };
}

/** The views of the earlier version, which read the own views that `options` describe. */
function viewsOfEarlierSet(
  { mapping, earlier, models, diagnostics }: EarlierDesigns,
  options: ReportingOptions,
  suffix: string | null,
): RenderedViews {
  return {
    step: 'emit-earlier-reporting',
    replaces: earlierSteps,
    mapping,
    models,
    diagnostics,
    views: earlier.tables.length,
    mappingFile: { name: artifactFile('earlierMapping'), content: earlierMappingText(earlier) },
    notGivenBack: earlier.notGivenBack,
    scriptFile: (model) => ({
      name: artifactFile('earlierScript', model.dialect),
      content: earlierScript(earlier, { mapping, model, options }, earlierViewOptions(options, suffix)).text,
    }),
  };
}

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
    const rendered = input.options.earlier
      ? viewsOfEarlierSet(await designsOfEarlier(reading, input.set?.earlier), options, earlierSuffixOf(input))
      : viewsOfSet(await reportingDesigns(reading), options);
    const scripts = rendered.models.map((model) => {
      onProgress?.(`${rendered.step} ${model.dialect}`);
      return rendered.scriptFile(model);
    });
    const folder = mustExist(folderOfSource(input), 'a folder');
    const files = [rendered.mappingFile, ...scripts];
    const artifacts = await writeAmongArtifacts(folder, rendered.step, files, rendered.replaces);
    const { views, notGivenBack, diagnostics, mapping } = rendered;
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

/** Loaded on demand: own views need no code for an earlier version. */
async function designsOfEarlier(
  reading: ReportingDesignOptions,
  earlierSet: EarlierSetOptions | null | undefined,
): Promise<EarlierDesigns> {
  const { earlierDesigns } = await import('../sources/earlier-source.ts');
  return earlierDesigns(reading, earlierSet);
}
