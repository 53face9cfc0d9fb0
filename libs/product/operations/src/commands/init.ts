import path from 'node:path';
import { writeOutput } from '@dms/files';
import { fileOperation } from '../declaring/operation.ts';
import { mappingSetFile } from '../sources/mapping-set/mapping-set.ts';
import { closingLines, commandsOfLine } from '../sources/mapping-set/next-steps.ts';
import { newSetOptions, planNewSet } from './new-set.ts';

const { skipFormat: _, ...options } = newSetOptions;

/**
 * Writes a `dms.json` (design 10 §5), which commands find in the current folder, and has Git ignore the folder of its
 * artifacts. Throws the codes of `planNewSet`, and `OUTPUT_*`.
 */
export const init = fileOperation({
  name: 'init',
  group: 'first',
  summary: 'write a dms.json, which names schemas, databases and the generation',
  description:
    'Writes a dms.json, which the other commands find in the current folder, and says what comes next. On a terminal it asks ' +
    'for what no option says. Elsewhere the file names all ApiSchema files below the current folder, in a workspace of Nx the schema projects there, and both databases. In a working tree of ' +
    'Git it has Git ignore the folder of the artifacts.',
  examples: [
    'init',
    'init --schema schemas/ed-fi/ApiSchema.json schemas/tpdm/ApiSchema.json --mapping-version v2 --dialect pgsql',
  ],
  worksOn: { source: 'none' },
  options,
  check({ options: { schema = [] } }, misuse) {
    if (schema.some((each) => typeof each !== 'string'))
      misuse("a dms.json cannot name the standard input ('--schema -')");
  },
  async run({ options: given, program }, context) {
    const { file, text, ignored, ...planned } = await planNewSet(given, context);
    if (ignored !== null) await writeOutput('init', ignored.file, ignored.bytes);
    await writeOutput('init', file, text);
    // commands find the file of the current folder themselves
    const isFound = path.resolve(file) === path.resolve(mappingSetFile);
    return { file, ignored, ...planned, next: commandsOfLine(isFound ? undefined : file, program) };
  },
  lines: ({ file, ignored, version, next }) => [
    `Written: ${file}`,
    ...(ignored === null ? [] : [`Added to ${ignored.file}: ${ignored.entry}`]),
    ...closingLines(version, next),
  ],
  value: ({ file, ignored, set, version, next }) => ({
    file,
    ...(ignored === null ? {} : { ignored: { file: ignored.file, entry: ignored.entry } }),
    set,
    mappingVersion: version,
    next: Object.values(next),
  }),
});
