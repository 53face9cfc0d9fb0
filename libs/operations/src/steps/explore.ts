import path from 'node:path';
import { scriptParts } from '@dms/ddl';
import {
  type ArtifactsOfDialect,
  type DiagramFormat,
  exploredSet,
  type GraphOptions,
  modelPage,
  resourceDiagram,
} from '@dms/explorer';
import { writeOutput } from '@dms/files';
import type { SqlDialect } from '@dms/sql';
import { type Rename, schemaImpact } from '@dms/upgrade';
import { documentSchemasFormat } from '../engine/artifact-formats.ts';
import type { Step, StepContext } from '../engine/step.ts';
import { artifactFile } from '../engine/step-table.ts';
import {
  dialectsOfScripts,
  type FolderStepOptions,
  folderStore,
  readOdsMapping,
  type StepResult,
  stepInFolder,
} from '../engine/stores.ts';
import { type RenameOptions, requestedRenames } from '../sources/renames.ts';
import { compiledSet } from './impact.ts';

/**
 * The data of the page for one dialect: the artifacts of a folder, the statements of its script, and the change from
 * `before`.
 */
async function readArtifacts(
  reader: Pick<StepContext<'explore-model'>, 'read'>,
  dialect: SqlDialect,
  folder: string,
  before: string | null,
  renames: readonly Rename[],
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
      const found = await perDialect((dialect) =>
        readArtifacts({ read }, dialect, folder.outputDirectory, baseline, renames),
      );
      return {
        made: [{ artifact: 'page', content: await modelPage(found, await read(documentSchemasFormat)) }],
        diagnostics: [],
      };
    },
  };
  return stepInFolder(step, folder, () => undefined);
}

export interface ExploreOptions extends RenameOptions {
  /** The folder with the artifacts. */
  readonly artifacts: string;
  /** The folder with the artifacts of an earlier set. */
  readonly before?: string | undefined;
  /** `model.html` in the folder of the artifacts by default. */
  readonly output?: string | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/**
 * `dms-ddl explore`: the page of the artifacts that `emit` wrote (design 13). Returns the file. Throws the codes of
 * reading artifacts and `OUTPUT_*`.
 */
export async function explore({ artifacts, before, output, onProgress, ...given }: ExploreOptions): Promise<string> {
  const renames = await requestedRenames(given);
  const store = folderStore(artifacts);
  const found: ArtifactsOfDialect[] = [];
  for (const dialect of await dialectsOfScripts(store)) {
    onProgress?.(`read ${dialect}`);
    found.push(await readArtifacts(store, dialect, artifacts, before ?? null, renames));
  }
  onProgress?.('write the page');
  const page = await modelPage(found, await store.read(documentSchemasFormat));
  await store.checkUnchanged();
  const file = output ?? path.join(artifacts, artifactFile('page'));
  await writeOutput('explore-model', file, page);
  return file;
}

export interface DiagramOptions extends GraphOptions {
  readonly artifacts: string;
  /** `Project:Resource`. */
  readonly resource: string;
  readonly format: DiagramFormat;
  /** By default the first dialect of the folder; the cascading keys depend on it. */
  readonly dialect?: SqlDialect | undefined;
  readonly output?: string | undefined;
}

/**
 * `dms-ddl diagram`: the neighbourhood of a resource as a picture or a text (design 13 §3). Throws
 * `EXPLORE_RESOURCE_UNKNOWN`, the codes of reading artifacts and `OUTPUT_*`.
 */
export async function diagram({
  artifacts,
  resource,
  format,
  dialect,
  output,
  ...graph
}: DiagramOptions): Promise<string> {
  const store = folderStore(artifacts);
  const [first = 'pgsql'] = await dialectsOfScripts(store);
  const set = exploredSet({ ...(await compiledSet(store, dialect ?? first, artifacts)), impact: null });
  const text = await resourceDiagram(set, resource, format, graph);
  await store.checkUnchanged();
  if (output !== undefined) await writeOutput('diagram', output, text);
  return text;
}
