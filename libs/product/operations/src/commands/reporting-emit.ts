import { mustExist } from '@dms/model';
import { earlierMappingText, earlierScript, mappingText, reportingScript } from '@dms/ods';
import { earlierViewOptions } from '../build-steps/emit-earlier-reporting.ts';
import { type ReportingChoices, reportingOptions } from '../build-steps/emit-reporting.ts';
import { type Context, fileOperation, type Input, type OptionsOf, writtenLines } from '../declaring/operation.ts';
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
import { artifactFile, earlierSteps, reportingSteps } from '../incremental-build/step-table.ts';
import type { EarlierDesigns } from '../sources/earlier-source.ts';
import { chosenDialects, reportingDesigns } from '../sources/source.ts';
import { chosenViews, earlierSuffixOf, notGivenBackLines } from './reporting-options.ts';

/** Writes the mapping and the scripts for the views of the earlier version into a folder of artifacts. */
async function writtenEarlierScripts(
  { mapping, earlier, models, diagnostics }: EarlierDesigns,
  folder: string,
  { choices, suffix, onProgress }: { choices: ReportingChoices; suffix: string | null } & Pick<Context, 'onProgress'>,
) {
  const own = reportingOptions(choices);
  const scripts = models.map((model) => {
    onProgress?.(`emit-earlier-reporting ${model.dialect}`);
    const { text: content } = earlierScript(earlier, { mapping, model, options: own }, earlierViewOptions(own, suffix));
    return { name: artifactFile('earlierScript', model.dialect), content };
  });
  const files = [{ name: artifactFile('earlierMapping'), content: earlierMappingText(earlier) }, ...scripts];
  const artifacts = await writeAmongArtifacts(folder, 'emit-earlier-reporting', files, earlierSteps);
  const { effectiveSchemaHash } = mapping;
  const { tables, notGivenBack } = earlier;
  return { effectiveSchemaHash, views: tables.length, notGivenBack, artifacts, diagnostics };
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
  async run({ source, dialects: named, ...input }, { onProgress }) {
    const { odsOverrides, ...choices } = chosenViews(input as Input<OptionsOf<typeof viewOptions>>);
    const dialects = await chosenDialects(source, named);
    if (input.options.earlier) {
      const suffix = earlierSuffixOf(input);
      const { earlierDesigns } = await import('../sources/earlier-source.ts');
      const found = await earlierDesigns({ source, odsOverrides, dialects, onProgress }, input.set?.earlier);
      return writtenEarlierScripts(found, mustExist(folderOfSource({ source, ...input }), 'a folder'), {
        choices,
        suffix,
        onProgress,
      });
    }
    const { mapping, notes, models, diagnostics } = await reportingDesigns({
      source,
      odsOverrides,
      dialects,
      onProgress,
    });
    const outputDirectory = mustExist(folderOfSource({ source, ...input }), 'a folder');
    const options = reportingOptions(choices);
    const scripts = models.map((model) => {
      onProgress?.(`emit-reporting ${model.dialect}`);
      const name = artifactFile('reportingScript', model.dialect);
      return { name, content: reportingScript(mapping, model, options).text };
    });
    const files = [{ name: artifactFile('odsMapping'), content: mappingText({ mapping, notes }) }, ...scripts];
    const artifacts = await writeAmongArtifacts(outputDirectory, 'emit-reporting', files, reportingSteps);
    const { effectiveSchemaHash, tables } = mapping;
    return { effectiveSchemaHash, views: tables.length, notGivenBack: null, artifacts, diagnostics };
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
