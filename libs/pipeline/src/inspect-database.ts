import { realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { outputError, replaceFiles } from '@dms/canonical-json';
import { type Catalog, catalogText } from '@dms/catalog';
import { introspect, provisionLimits } from '@dms/databases';
import { connected, type DatabaseOptions, type DatabaseResult, withTarget } from './with-database.ts';

/**
 * Writes one file whole, or leaves what was there; of a link, the file that it leads to. A device or a pipe is written to and stays
 * what it is. Throws `OUTPUT_*`.
 */
export async function writeReport(writer: string, file: string, text: string): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there && !there.isFile() && !there.isDirectory()) {
    await writeFile(file, text).catch((error: unknown) => {
      throw outputError(error, file);
    });
    return;
  }
  const place = there ? await realpath(file) : file;
  const files = [{ name: path.basename(place), content: text }];
  await replaceFiles(path.dirname(place), { writer, files, earlier: [], vouching: [] });
}

export interface InspectDatabaseOptions extends DatabaseOptions {
  /** File for the catalog. */
  readonly output?: string | undefined;
}

export interface InspectedDatabase extends DatabaseResult {
  readonly catalog: Catalog;
  /** In the form of `catalog.<dialect>.json`. */
  readonly text: string;
}

/** `dms-ddl inspect`: reads the catalog of the database that the options name (design 09 §3). Throws `DB_*`, `OUTPUT_*`. */
export function inspectDatabase(options: InspectDatabaseOptions): Promise<InspectedDatabase> {
  return withTarget(options, 'check', async (target) => {
    const { catalog, diagnostics } = await connected(target, options, (connection) => {
      options.onProgress?.('read the catalog');
      return introspect(connection, { timeout: provisionLimits.query, signal: options.signal });
    });
    const text = catalogText(catalog);
    if (options.output !== undefined) await writeReport('inspect', options.output, text);
    return { catalog, text, diagnostics };
  });
}
