import { diagramFormats, exploredSet, resourceDiagram } from '@dms/explorer';
import { writeOutput } from '@dms/files';
import * as z from 'zod/mini';
import { compiledSet } from '../build-steps/impact.ts';
import { outputFile } from '../declaring/command-line.ts';
import { fileOperation } from '../declaring/operation.ts';
import { choice, dialect, printedOutput, required, special, text, usually } from '../declaring/option.ts';
import { dialectsOfScripts, folderStore } from '../incremental-build/stores.ts';

const depthRule = 'It must be 1, 2 or 3.';
const depth = z.int({ error: depthRule }).check(z.gte(1, { error: depthRule }), z.lte(3, { error: depthRule }));

/**
 * Draws the neighbourhood of a resource, as a picture or a text (design 13 §3). Throws `EXPLORE_RESOURCE_UNKNOWN`, the
 * codes of reading artifacts and `OUTPUT_*`.
 */
export const diagram = fileOperation({
  name: 'diagram',
  group: 'look',
  summary: 'draw what a resource refers to, and what refers to it',
  description:
    'Draws the resources or tables around a resource, as a picture or as text that documentation understands.',
  examples: ['diagram Ed-Fi:Section --artifacts out --format mermaid'],
  worksOn: {
    source: 'artifacts',
    config: 'usual',
    dialect: {
      use: 'open',
      option: dialect('the dialect whose cascades are shown (default: the first of the folder)'),
    },
  },
  arguments: { resource: required(text('<resource>', 'as in Ed-Fi:Section')) },
  options: {
    depth: usually(
      special('<n>', 'how many references to follow in each direction, 1 to 3', depth, (value) =>
        /^[1-3]$/.test(value) ? Number(value) : value,
      ),
      1,
    ),
    of: usually(choice('<what>', 'what is drawn', ['resources', 'tables']), 'resources'),
    format: usually(choice('<name>', 'how it is drawn', diagramFormats, { group: 'output' }), 'svg'),
    output: printedOutput('<file>', 'file for the diagram (default: print it)'),
  },
  async run({ source: { folder: artifacts }, options, dialect: named }) {
    const { resource, format, depth: steps, of } = options;
    const store = folderStore(artifacts);
    const [first = 'pgsql'] = await dialectsOfScripts(store);
    const set = exploredSet({ ...(await compiledSet(store, named ?? first, artifacts)), impact: null });
    const drawn = await resourceDiagram(set, resource, format, { depth: steps, of });
    await store.checkUnchanged();
    const file = outputFile(options.output);
    if (file !== undefined) await writeOutput('diagram', file, drawn);
    return { text: drawn, diagnostics: [] };
  },
  resultKind: ({ options }) => (outputFile(options.output) === undefined ? 'answer' : 'done'),
  lines({ text: drawn }, { options }) {
    const file = outputFile(options.output);
    return file === undefined ? [drawn.replace(/\n$/, '')] : [`Diagram written to ${file}`];
  },
  value({ text: drawn }, { options: { resource, format, output } }) {
    const file = outputFile(output);
    return { resource, format, ...(file === undefined ? { text: drawn } : { file }) };
  },
});
