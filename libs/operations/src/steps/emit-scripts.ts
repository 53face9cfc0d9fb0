import { catalogText } from '@dms/catalog';
import { commentsScript, ddlManifestText, emitDdl, readDdlManifest } from '@dms/ddl';
import { type ReportingOptions, reportingScript, usualOptions } from '@dms/ods';
import {
  documentSchemasFormat,
  inventoryFormat,
  manifestFormat,
  modelFormat,
  odsMappingFormat,
} from '../engine/artifact-formats.ts';
import type { Step } from '../engine/step.ts';
import { artifactFile } from '../engine/step-table.ts';
import { type FolderStepOptions, type StepResult, stepInFolder } from '../engine/stores.ts';

/** From models and inventories to scripts, desired catalogs and the DDL manifest (design 06, 07). */
export const emitDdlStep: Step<'emit-ddl'> = {
  name: 'emit-ddl',
  async run({ read, perDialect }) {
    const emitted = await perDialect(async (dialect) => {
      return emitDdl(await read(modelFormat, dialect), await read(inventoryFormat, dialect));
    });
    const files = emitted.flatMap(({ dialect, script, catalog }) => {
      return [
        { artifact: 'script', dialect, content: script, value: script },
        { artifact: 'catalog', dialect, content: () => catalogText(catalog), value: catalog },
      ] as const;
    });
    const manifest = ddlManifestText(await read(manifestFormat), emitted);
    const value = readDdlManifest(manifest, artifactFile('ddlManifest'));
    return { made: [...files, { artifact: 'ddlManifest', content: manifest, value }], diagnostics: [] };
  },
};

/** Renders the definitions of a schema set as comments in a database (design 13 §8). */
export const emitCommentsStep: Step<'emit-comments'> = {
  name: 'emit-comments',
  async run({ read, perDialect }) {
    const schemas = await read(documentSchemasFormat);
    const made = await perDialect(async (dialect) => {
      const { text } = commentsScript(await read(modelFormat, dialect), schemas);
      return { artifact: 'commentsScript', dialect, content: text } as const;
    });
    return { made, diagnostics: [] };
  },
};

/** The choices of a run that makes views; the others are as usual. */
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
