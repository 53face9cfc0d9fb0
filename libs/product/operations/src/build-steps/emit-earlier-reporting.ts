import { type EarlierViewOptions, earlierScript, type ReportingOptions } from '@dms/ods';
import { earlierMappingFormat, modelFormat, odsMappingFormat } from '../incremental-build/artifact-formats.ts';
import type { Step } from '../incremental-build/step.ts';
import { type FolderStepOptions, type StepResult, stepInFolder } from '../incremental-build/stores.ts';
import { type ReportingChoices, reportingOptions } from './emit-reporting.ts';

/** The options of the views of the set itself, and of the views of the earlier version. */
interface EarlierScriptOptions {
  readonly own: ReportingOptions;
  readonly earlier: EarlierViewOptions;
}

/**
 * The options of the views of the earlier version: those of the set, except for schema names, and for what a run chooses
 * for each layer.
 */
export function earlierViewOptions(
  own: ReportingOptions,
  suffix: string | null | undefined,
  { descriptorTable, grants }: Pick<ReportingOptions, 'descriptorTable' | 'grants'> = own,
): EarlierViewOptions {
  const { changeColumns, exactTypes } = own;
  return { suffix: suffix ?? null, changeColumns, exactTypes, descriptorTable, grants };
}

/** Renders the views of an earlier version as a script (design 21 §3). */
const emitEarlierReportingStep: Step<'emit-earlier-reporting', EarlierScriptOptions> = {
  name: 'emit-earlier-reporting',
  async run({ read, perDialect }, { own, earlier }) {
    const { mapping } = await read(odsMappingFormat);
    const found = await read(earlierMappingFormat);
    const made = await perDialect(async (dialect) => {
      const later = { mapping, model: await read(modelFormat, dialect), options: own };
      return { artifact: 'earlierScript', dialect, content: earlierScript(found, later, earlier).text } as const;
    });
    return { made, diagnostics: [] };
  },
};

/** Runs the step `emit-earlier-reporting` in the folder of a mapping set. */
export function emitEarlierReportingInFolder({
  reporting,
  earlierSuffix,
  ...folder
}: FolderStepOptions & {
  readonly reporting: ReportingChoices;
  readonly earlierSuffix: string | null;
}): Promise<StepResult> {
  const own = reportingOptions(reporting);
  return stepInFolder(emitEarlierReportingStep, folder, () => ({
    own,
    earlier: earlierViewOptions(own, earlierSuffix),
  }));
}
