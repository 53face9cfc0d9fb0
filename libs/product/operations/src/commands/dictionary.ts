import { counted } from '@dms/diagnostics';
import { type DictionaryFormat, dictionaryCells, dictionaryFormats, dictionaryRows } from '@dms/explorer';
import { writeOutput } from '@dms/files';
import type { RelationalModelSet } from '@dms/model';
import { dialects } from '@dms/sql';
import { fileOperation, type Input, type OptionsOf } from '../declaring/operation.ts';
import { choice, flag, flagOf, output, writtenOption } from '../declaring/option.ts';
import { documentSchemasFormat, earlierMappingFormat, modelFormat } from '../incremental-build/artifact-formats.ts';
import { dialectsOfArtifacts, folderStore, readOdsMapping } from '../incremental-build/stores.ts';

const formats = ['csv', 'markdown', 'xlsx'] as const satisfies readonly DictionaryFormat[];

/** The formats by file extension. */
const endings: Readonly<Record<string, (typeof formats)[number]>> = { csv: 'csv', md: 'markdown', xlsx: 'xlsx' };

const dictionaryOptions = {
  format: choice('<name>', 'form of the table (default: the ending of --output, otherwise csv)', formats, {
    group: 'output',
  }),
  earlier: flag('add a column for the ODS of the earlier version that emit --earlier named'),
  output: output('<file>', 'write it to a file; a workbook needs one'),
};

const formatOf = ({ options: { format, output: file } }: Input<OptionsOf<typeof dictionaryOptions>>) =>
  format ?? endings[file?.split('.').at(-1) ?? ''] ?? 'csv';

/**
 * Lists the meaning and the storage of each resource and each value (design 13 §7). Throws the codes of reading
 * artifacts and `OUTPUT_*`.
 */
export const dictionary = fileOperation({
  name: 'dictionary',
  group: 'look',
  summary: 'list what each value means and where it is stored',
  description:
    'Writes a table of all resources and values of a schema set: path, type, whether it is required, table and column in each database, ' +
    'the resource or descriptor that it names, and the definition of the standard.',
  examples: ['dictionary --artifacts out --output dictionary.xlsx', 'dictionary --artifacts out-6.1 --earlier'],
  worksOn: { source: 'artifacts', config: 'usual' },
  options: dictionaryOptions,
  check(input, misuse) {
    const { format, output: file } = input.options;
    if (format === undefined && file !== undefined && endings[file.split('.').at(-1) ?? ''] === undefined) {
      const known = Object.keys(endings).map((ending) => `.${ending}`);
      misuse(
        `'${file}' has none of the endings ${known.join(', ')}; name one of them, or the format with '${flagOf('format')}'`,
      );
    }
    if (formatOf(input) === 'xlsx' && input.options.output === undefined)
      misuse(`a workbook needs the option '${writtenOption('output', dictionaryOptions.output)}'`, 'OPTION_MISSING');
  },
  async run(input, { onProgress }) {
    const { output: file } = input.options;
    const { folder } = input.source;
    const store = folderStore(folder);
    const found = await dialectsOfArtifacts(folder);
    const models: RelationalModelSet[] = [];
    for (const dialect of found.length > 0 ? found : dialects) {
      onProgress?.(`read ${dialect}`);
      models.push(await store.read(modelFormat, dialect));
    }
    const mapping = await readOdsMapping(store);
    const earlier = input.options.earlier ? await store.read(earlierMappingFormat) : undefined;
    const rows = dictionaryRows(models, await store.read(documentSchemasFormat), mapping, earlier);
    await store.checkUnchanged();
    const cells = dictionaryCells(
      rows,
      models.map(({ dialect }) => dialect),
      { hasOds: mapping !== undefined, hasEarlier: earlier !== undefined },
    );
    const content = await dictionaryFormats[formatOf(input)](cells);
    if (file !== undefined) await writeOutput('dictionary', file, content);
    const definitions = rows.filter(({ definition }) => definition !== '').length;
    return { rows: rows.length, definitions, content, diagnostics: [] };
  },
  resultKind: ({ options }) => (options.output === undefined ? 'data' : 'done'),
  lines({ rows, definitions, content }, { options: { output: file } }) {
    // the bytes of a file: lines of CSV end with a carriage return too
    if (file === undefined) return String(content).replace(/\n$/, '').split('\n');
    return [`${counted(rows, 'row')}, ${definitions} with a definition, written to ${file}`];
  },
  value({ rows, definitions, content }, input) {
    const { output: file } = input.options;
    return {
      format: formatOf(input),
      rows,
      definitions,
      ...(file === undefined ? { text: String(content) } : { file }),
    };
  },
});
