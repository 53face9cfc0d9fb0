import path from 'node:path';
import { modelPage, type ShownArtifacts } from '@dms/explorer';
import { writeOutput } from '@dms/files';
import { artifactsOfPage } from '../build-steps/explore.ts';
import { fileOperation } from '../declaring/operation.ts';
import { flag, output, related, text } from '../declaring/option.ts';
import { translationOptions } from '../declaring/shared-options.ts';
import { documentSchemasFormat } from '../incremental-build/artifact-formats.ts';
import { artifactFile } from '../incremental-build/step-table.ts';
import { dialectsOfScripts, folderStore } from '../incremental-build/stores.ts';
import { upgradeNames } from '../sources/translations.ts';

const exploreOptions = {
  before: text('<dir>', 'artifacts of an earlier set: the page then shows the differences', { group: 'source' }),
  ...related(translationOptions, { needs: [['before']] }),
  earlier: flag(
    'also show the ODS tables of the earlier version that emit --earlier named, and where their values are now',
  ),
  output: output('<file>', 'the page (default: model.html in the folder of the artifacts)'),
  open: flag('open the page in the browser'),
};

/**
 * Writes the page of the artifacts that `emit` wrote (design 13). Throws the codes of reading artifacts and `OUTPUT_*`.
 */
export const explore = fileOperation({
  name: 'explore',
  group: 'look',
  summary: 'write a page that shows the model',
  description:
    'Writes one HTML file that shows everything in a folder of artifacts: where each JSON path is stored, what refers to what, ' +
    'what a change of identity touches, why each index and trigger exists. It needs no server and loads nothing.',
  examples: [
    'explore --artifacts out --before released --output model.html --open',
    'explore --artifacts out-6.1 --earlier',
  ],
  worksOn: { source: 'artifacts', config: 'usual' },
  options: exploreOptions,
  async run({ source: { folder }, options }, { onProgress }) {
    const { before = null } = options;
    const explored = { folder, before, namesOf: await upgradeNames(options), hasEarlier: options.earlier ?? false };
    const store = folderStore(folder);
    const found: ShownArtifacts[] = [];
    for (const dialect of await dialectsOfScripts(store)) {
      onProgress?.(`read ${dialect}`);
      found.push(await artifactsOfPage(store, dialect, explored));
    }
    onProgress?.('write the page');
    const page = await modelPage(found, await store.read(documentSchemasFormat));
    await store.checkUnchanged();
    const file = options.output ?? path.join(folder, artifactFile('page'));
    await writeOutput('explore-model', file, page);
    return { file, diagnostics: [] };
  },
  lines: ({ file }) => [`Page written to ${file}`],
  value: ({ file }) => ({ file }),
  async afterwards({ file }, { options }, { onOpen }) {
    if (options.open) await onOpen?.(path.resolve(file));
  },
});
