import { scriptParts } from '@dms/ddl';
import { modelPage, type ShownArtifacts } from '@dms/explorer';
import type { SqlDialect } from '@dms/sql';
import { schemaImpact } from '@dms/upgrade';
import { documentSchemasFormat, earlierMappingFormat } from '../incremental-build/artifact-formats.ts';
import type { Step, StepContext } from '../incremental-build/step.ts';
import {
  type FolderStepOptions,
  folderStore,
  readOdsMapping,
  type StepResult,
  stepInFolder,
} from '../incremental-build/stores.ts';
import { type NamesOfUpgrade, type TranslationOptions, upgradeNames } from '../sources/translations.ts';
import { compiledSet } from './impact.ts';

/** The contents of a page. */
interface WrittenPage {
  /** The folder with the artifacts. */
  readonly folder: string;
  /** The folder with the artifacts of an earlier set. */
  readonly before: string | null;
  readonly namesOf: NamesOfUpgrade;
  /** Whether the page has the tables of the ODS of an earlier version (design 21 §3). */
  readonly hasEarlier: boolean;
}

/**
 * The data of the page for one dialect: the artifacts of a folder, the statements of its script, and the change from
 * `before`.
 */
export async function artifactsOfPage(
  reader: Pick<StepContext<'explore-model'>, 'read'>,
  dialect: SqlDialect,
  { folder, before, namesOf, hasEarlier }: WrittenPage,
): Promise<ShownArtifacts> {
  const set = await compiledSet(reader, dialect, folder);
  const released = before === null ? null : await compiledSet(folderStore(before), dialect, before);
  const impact = released === null ? null : schemaImpact(released, set, namesOf(released, set));
  const ods = await readOdsMapping(reader);
  const earlier = hasEarlier ? await reader.read(earlierMappingFormat) : undefined;
  return { ...set, statements: scriptParts(set.model, set.inventory), impact, ods, earlier };
}

interface ExploreInFolderOptions extends FolderStepOptions, TranslationOptions {
  /** The folder with the artifacts of an earlier set, for a page that shows the differences. */
  readonly baseline: string | null;
  /** Whether the page has the tables of the ODS of the earlier version. */
  readonly hasEarlier: boolean;
}

/**
 * Runs the step `explore-model`, which shows the mapping set as a page for people (design 13). Throws the codes of
 * reading artifacts and `OUTPUT_*`.
 */
export async function exploreInFolder({
  baseline,
  hasEarlier,
  translation,
  rename,
  ...folder
}: ExploreInFolderOptions): Promise<StepResult> {
  const namesOf = await upgradeNames({ translation, rename });
  const step: Step<'explore-model'> = {
    name: 'explore-model',
    async run({ read, perDialect }) {
      const explored = { folder: folder.outputDirectory, before: baseline, namesOf, hasEarlier };
      const found = await perDialect((dialect) => artifactsOfPage({ read }, dialect, explored));
      return {
        made: [{ artifact: 'page', content: await modelPage(found, await read(documentSchemasFormat)) }],
        diagnostics: [],
      };
    },
  };
  return stepInFolder(step, folder, () => undefined);
}
