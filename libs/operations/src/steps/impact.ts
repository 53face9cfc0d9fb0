import path from 'node:path';
import { append, fail } from '@dms/diagnostics';
import { hashStarts, replaceFiles } from '@dms/files';
import { inDialectOrder, type SqlDialect } from '@dms/sql';
import { type ComparedSet, impactText, type SchemaImpact, schemaImpact } from '@dms/upgrade';
import { catalogFormat, documentSchemasFormat, inventoryFormat, modelFormat } from '../engine/artifact-formats.ts';
import type { Made, Step, StepContext } from '../engine/step.ts';
import { artifactFile, artifactsOf } from '../engine/step-table.ts';
import {
  type Artifact,
  dialectsOfScripts,
  earlierStore,
  type FolderStepOptions,
  folderStore,
  type StepResult,
  stepInFolder,
} from '../engine/stores.ts';
import { type RenameOptions, requestedRenames } from '../sources/renames.ts';

/**
 * The artifacts of one dialect, from a folder or a step. Files of different sets, which would make the report
 * meaningless, are `MODEL_FILE_INVALID`.
 */
export async function compiledSet(
  { read }: Pick<StepContext<'report-impact' | 'explore-model'>, 'read'>,
  dialect: SqlDialect,
  folder: string,
): Promise<ComparedSet> {
  const model = await read(modelFormat, dialect);
  const catalog = await read(catalogFormat, dialect);
  const expected = model.effectiveSchema.effectiveSchemaHash;
  const found = catalog.fingerprint?.effectiveSchemaHash ?? 'none';
  if (found !== expected) {
    const file = path.join(folder, artifactFile('catalog', dialect));
    const [other, own] = hashStarts(found, expected);
    const text = `${file} belongs to the schema set ${other}, the model beside it to ${own}; emit the artifacts again.`;
    fail('MODEL_FILE_INVALID', text, { file }, { expected, found });
  }
  const inventory = await read(inventoryFormat, dialect);
  return { info: model.effectiveSchema, catalog, model, inventory, schemas: await read(documentSchemasFormat) };
}

const made = (report: SchemaImpact): Made<'impact'> => {
  return { artifact: 'impact', dialect: report.dialect, content: impactText(report) };
};

export interface ReportImpactOptions extends FolderStepOptions, RenameOptions {
  /** The folder with the artifacts of the set before the change. */
  readonly baseline: string;
}

export interface ReportImpactResult extends StepResult {
  readonly impacts: readonly SchemaImpact[];
}

/**
 * Runs the step `report-impact`: the impact of the mapping set on a database of its baseline (design 09 §4.4). Throws
 * the codes of reading artifacts, `UPGRADE_RENAME_*`, `CONFIG_INVALID` and `OUTPUT_*`.
 */
export async function reportImpactInFolder({
  baseline,
  rename,
  renames: file,
  ...folder
}: ReportImpactOptions): Promise<ReportImpactResult> {
  const impacts: SchemaImpact[] = [];
  const step: Step<'report-impact'> = {
    name: 'report-impact',
    async run({ read, perDialect }) {
      const earlier = earlierStore(baseline, 'baseline');
      const renames = await requestedRenames({ rename, renames: file });
      const found = await perDialect(async (dialect) => {
        const before = await compiledSet(earlier, dialect, baseline);
        return schemaImpact(before, await compiledSet({ read }, dialect, folder.outputDirectory), { renames });
      });
      append(impacts, found);
      return { made: found.map(made), diagnostics: [] };
    },
  };
  const result = await stepInFolder(step, folder, () => undefined);
  return { ...result, impacts };
}

export interface ImpactOptions extends RenameOptions {
  /** Folders with the artifacts of two schema sets. */
  readonly before: string;
  readonly after: string;
  /** By default the dialects for which `after` has a script. */
  readonly dialects?: readonly SqlDialect[] | undefined;
  /** The folder for `impact.<dialect>.json`. */
  readonly outputDirectory?: string | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

export interface ImpactResult {
  /** `pgsql` before `mssql`. */
  readonly impacts: readonly SchemaImpact[];
  readonly artifacts: readonly Artifact[];
}

/**
 * The impact of a change from one schema set to another, from the folders that `emit` wrote (design 09 §4.4).
 * Throws `UPGRADE_RENAME_*`, `CONFIG_INVALID`, `INPUT_FILE_*`, `MODEL_FILE_INVALID`, `OUTPUT_*`.
 */
export async function impactOfFolders(options: ImpactOptions): Promise<ImpactResult> {
  const { before, after, dialects, outputDirectory, onProgress } = options;
  const renames = await requestedRenames(options);
  const earlier = folderStore(before);
  const later = folderStore(after);
  const impacts: SchemaImpact[] = [];
  for (const dialect of inDialectOrder(dialects ?? (await dialectsOfScripts(later)))) {
    onProgress?.(`compare ${dialect}`);
    const sets = [await compiledSet(earlier, dialect, before), await compiledSet(later, dialect, after)] as const;
    impacts.push(schemaImpact(...sets, { renames }));
  }
  if (outputDirectory === undefined) return { impacts, artifacts: [] };
  const files = impacts.map((report) => ({
    name: artifactFile('impact', report.dialect),
    content: impactText(report),
  }));
  const set = { writer: 'report-impact', files, earlier: artifactsOf('report-impact'), markers: [] };
  return { impacts, artifacts: await replaceFiles(outputDirectory, set) };
}
