import type { Diagnostic } from '@dms/diagnostics';
import { replaceFiles } from '@dms/files';
import { mappingText, reportingScript } from '@dms/ods';
import { dialects as allDialects, type SqlDialect } from '@dms/sql';
import { checkOutputFolder } from '../engine/output-folder.ts';
import { artifactFile, filesOf, reportingSteps, setSteps } from '../engine/step-table.ts';
import type { Artifact } from '../engine/stores.ts';
import { type DatabaseSource, dialectsOf, reportingDesigns } from '../sources/source.ts';
import { type ReportingChoices, reportingOptions } from './emit-reporting.ts';

export interface EmitReportingOptions extends ReportingChoices {
  /** ApiSchemas, or artifacts with a mapping. */
  readonly source: DatabaseSource;
  /** A file of ODS overrides, for schemas. */
  readonly odsOverrides?: string | undefined;
  /** By default the dialects of the source; a folder of artifacts may have only one. */
  readonly dialects?: readonly SqlDialect[] | undefined;
  readonly outputDirectory: string;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

export interface EmittedReporting {
  readonly effectiveSchemaHash: string;
  readonly views: number;
  readonly artifacts: readonly Artifact[];
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * `dms-ddl reporting emit`: writes the mapping and the scripts of the views, and leaves the other artifacts of the folder alone (design
 * 19 §8). Throws `ODS_*`, `INPUT_*`, the codes of `derive-model`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export async function emitReporting({
  source,
  odsOverrides,
  dialects,
  outputDirectory,
  onProgress,
  ...choices
}: EmitReportingOptions): Promise<EmittedReporting> {
  const wanted = dialects ?? (await dialectsOf(source));
  const chosen = allDialects.filter((dialect) => wanted.includes(dialect));
  const { mapping, models, diagnostics } = await reportingDesigns({ source, odsOverrides, dialects: chosen, onProgress });
  await checkOutputFolder(outputDirectory, new Set(filesOf(setSteps)));
  const options = reportingOptions(choices);
  const scripts = models.map((model) => {
    onProgress?.(`emit-reporting ${model.dialect}`);
    const name = artifactFile('reportingScript', model.dialect);
    return { name, content: reportingScript(mapping, model, options).text };
  });
  const files = [{ name: artifactFile('odsMapping'), content: mappingText(mapping) }, ...scripts];
  const artifacts = await replaceFiles(outputDirectory, {
    ...{ writer: 'emit-reporting', files, earlier: filesOf(reportingSteps), markers: [] },
  });
  return { effectiveSchemaHash: mapping.effectiveSchemaHash, views: mapping.tables.length, artifacts, diagnostics };
}
