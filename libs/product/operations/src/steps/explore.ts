import { scriptParts } from '@dms/ddl';
import { type ArtifactsOfDialect, modelPage } from '@dms/explorer';
import type { SqlDialect } from '@dms/sql';
import { type Rename, schemaImpact } from '@dms/upgrade';
import { documentSchemasFormat } from '../engine/artifact-formats.ts';
import type { Step, StepContext } from '../engine/step.ts';
import {
  type FolderStepOptions,
  folderStore,
  readOdsMapping,
  type StepResult,
  stepInFolder,
} from '../engine/stores.ts';
import { type RenameOptions, requestedRenames } from '../sources/renames.ts';
import { compiledSet } from './impact.ts';

/** What a page shows. */
interface Explored {
  /** The folder with the artifacts. */
  readonly folder: string;
  /** The folder with the artifacts of an earlier set. */
  readonly before: string | null;
  readonly renames: readonly Rename[];
}

/**
 * The data of the page for one dialect: the artifacts of a folder, the statements of its script, and the change from
 * `before`.
 */
export async function artifactsOfPage(
  reader: Pick<StepContext<'explore-model'>, 'read'>,
  dialect: SqlDialect,
  { folder, before, renames }: Explored,
): Promise<ArtifactsOfDialect> {
  const set = await compiledSet(reader, dialect, folder);
  const impact =
    before === null ? null : schemaImpact(await compiledSet(folderStore(before), dialect, before), set, { renames });
  const ods = await readOdsMapping(reader);
  return { ...set, statements: scriptParts(set.model, set.inventory), impact, ods };
}

export interface ExploreInFolderOptions extends FolderStepOptions, RenameOptions {
  /** The folder with the artifacts of an earlier set, for a page that shows the differences. */
  readonly baseline: string | null;
}

/**
 * Runs the step `explore-model`: the mapping set as a page for people (design 13). Throws the codes of reading
 * artifacts and `OUTPUT_*`.
 */
export async function exploreInFolder({
  baseline,
  rename,
  renames: file,
  ...folder
}: ExploreInFolderOptions): Promise<StepResult> {
  const renames = await requestedRenames({ rename, renames: file });
  const step: Step<'explore-model'> = {
    name: 'explore-model',
    async run({ read, perDialect }) {
      const explored = { folder: folder.outputDirectory, before: baseline, renames };
      const found = await perDialect((dialect) => artifactsOfPage({ read }, dialect, explored));
      return {
        made: [{ artifact: 'page', content: await modelPage(found, await read(documentSchemasFormat)) }],
        diagnostics: [],
      };
    },
  };
  return stepInFolder(step, folder, () => undefined);
}
