import path from 'node:path';
import { append, fail, failIfAny } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { type ComparedSet, impactText, type SchemaImpact, schemaImpact } from '@dms/upgrade';
import { hashStarts } from '@dms/values';
import {
  catalogFormat,
  documentSchemasFormat,
  inventoryFormat,
  modelFormat,
} from '../incremental-build/artifact-formats.ts';
import type { Made, Step, StepContext } from '../incremental-build/step.ts';
import { artifactFile } from '../incremental-build/step-table.ts';
import { earlierStore, type FolderStepOptions, type StepResult, stepInFolder } from '../incremental-build/stores.ts';
import { sameFolder, withoutResources } from '../sources/source.ts';
import { type TranslationOptions, upgradeNames } from '../sources/translations.ts';

/**
 * The artifacts of one dialect, from a folder or a step. Throws `MODEL_FILE_INVALID` for files of different sets, which
 * would make the report meaningless.
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

interface ReportImpactOptions extends FolderStepOptions, TranslationOptions {
  /** The folder with the artifacts of the set before the change. */
  readonly baseline: string;
}

interface ReportImpactResult extends StepResult {
  readonly impacts: readonly SchemaImpact[];
}

/**
 * Runs the step `report-impact`: the impact of the mapping set on a database of its baseline (design 09a §2.4). Throws
 * the codes of reading artifacts, `UPGRADE_SAME_FOLDER`, `INPUT_SET_EMPTY`, `UPGRADE_RENAME_*`, `TRANSLATION_*` and `OUTPUT_*`.
 */
export async function reportImpactInFolder({
  baseline,
  translation,
  rename,
  ...folder
}: ReportImpactOptions): Promise<ReportImpactResult> {
  const impacts: SchemaImpact[] = [];
  const step: Step<'report-impact'> = {
    name: 'report-impact',
    async run({ read, perDialect }) {
      failIfAny(sameFolder(baseline, folder.outputDirectory, 'baseline'));
      const earlier = earlierStore(baseline, 'baseline');
      const namesOf = await upgradeNames({ translation, rename });
      const found = await perDialect(async (dialect) => {
        const before = await compiledSet(earlier, dialect, baseline);
        const after = await compiledSet({ read }, dialect, folder.outputDirectory);
        failIfAny(withoutResources([before.model, after.model], 'compare'));
        return schemaImpact(before, after, namesOf(before, after));
      });
      append(impacts, found);
      return { made: found.map(made), diagnostics: [] };
    },
  };
  const result = await stepInFolder(step, folder, () => undefined);
  return { ...result, impacts };
}

const made = (report: SchemaImpact): Made<'impact'> => {
  return { artifact: 'impact', dialect: report.dialect, content: impactText(report) };
};
