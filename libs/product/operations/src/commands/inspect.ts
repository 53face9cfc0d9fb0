import { catalogText, shapeOfCatalog, shapeText } from '@dms/catalog';
import { connected, introspect } from '@dms/databases';
import { writeOutput } from '@dms/files';
import { outputFile } from '../declaring/command-line.ts';
import { databaseOperation } from '../declaring/operation.ts';
import { printedOutput } from '../declaring/option.ts';
import { dialectUses } from '../declaring/subject.ts';

/** Reads the catalog of a database (design 09a §1). Throws `DB_*`, `OUTPUT_*`. */
export const inspect = databaseOperation({
  name: 'inspect',
  group: 'databases',
  summary: 'write the catalog of a database',
  description:
    'Reads the objects of a database, whoever created it, and writes them as a catalog: the same form as the catalog of a schema ' +
    'set, one line per object.',
  examples: ['inspect --connection-file campus.connection --output catalog.json'],
  worksOn: { source: 'none', dialect: dialectUses.ofConnection, connection: 'needed' },
  options: { output: printedOutput('<file>', 'file for the catalog (default: print it)') },
  async run({ target }, { options }, context) {
    const { signal } = context;
    const { catalog, diagnostics } = await connected(target, context, (connection) => {
      context.onProgress?.('read the catalog');
      return introspect(connection, { signal });
    });
    const text = catalogText(catalog);
    const file = outputFile(options.output);
    if (file !== undefined) await writeOutput('inspect', file, text, signal);
    return { catalog, text, shape: shapeOfCatalog(catalog), diagnostics };
  },
  resultKind: ({ options }) => (outputFile(options.output) === undefined ? 'answer' : 'done'),
  lines({ catalog, text, shape }, { options }) {
    const file = outputFile(options.output);
    if (file === undefined) return [text.trimEnd()];
    const { tables, views, functions, schemas } = catalog;
    return [
      `Catalog written to ${file}`,
      `Tables: ${tables.length}, views: ${views.length}, functions: ${functions.length}, schemas: ${schemas.join(', ') || 'none'}`,
      ...(shape === null ? [] : [`Mapping version: ${shapeText(shape)}`]),
    ];
  },
  value({ catalog, text, shape }, { dialect, options }) {
    const file = outputFile(options.output);
    const counts = { tables: catalog.tables.length, views: catalog.views.length, functions: catalog.functions.length };
    return {
      dialect,
      shape: shape?.name ?? null,
      ...counts,
      ...(file === undefined ? { catalog: JSON.parse(text) } : { output: file }),
    };
  },
});
