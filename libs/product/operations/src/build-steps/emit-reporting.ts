import { type ReportingOptions, reportingScript, usualOptions } from '@dms/ods';
import { modelFormat, odsMappingFormat } from '../incremental-build/artifact-formats.ts';
import type { Step } from '../incremental-build/step.ts';
import { type FolderStepOptions, type StepResult, stepInFolder } from '../incremental-build/stores.ts';

/** The choices of a run that makes views; missing ones have their defaults. */
export type ReportingChoices = { readonly [Name in keyof ReportingOptions]?: ReportingOptions[Name] | undefined };

export function reportingOptions({
  schemaSuffix,
  changeColumns,
  exactTypes,
  descriptorTable,
  grants,
}: ReportingChoices): ReportingOptions {
  return {
    schemaSuffix: schemaSuffix ?? usualOptions.schemaSuffix,
    changeColumns: changeColumns ?? usualOptions.changeColumns,
    exactTypes: exactTypes ?? usualOptions.exactTypes,
    descriptorTable: descriptorTable ?? usualOptions.descriptorTable,
    grants: grants ?? usualOptions.grants,
  };
}

/** Renders the views of an ODS as a script (design 19 §6–§8). */
const emitReportingStep: Step<'emit-reporting', ReportingOptions> = {
  name: 'emit-reporting',
  async run({ read, perDialect }, options) {
    const { mapping } = await read(odsMappingFormat);
    const made = await perDialect(async (dialect) => {
      const { text } = reportingScript(mapping, await read(modelFormat, dialect), options);
      return { artifact: 'reportingScript', dialect, content: text } as const;
    });
    return { made, diagnostics: [] };
  },
};

/** Runs the step `emit-reporting` in the folder of a mapping set. */
export function emitReportingInFolder({
  reporting,
  ...folder
}: FolderStepOptions & { readonly reporting: ReportingChoices }): Promise<StepResult> {
  return stepInFolder(emitReportingStep, folder, () => reportingOptions(reporting));
}
