import { type Catalog, catalogText } from '@dms/catalog';
import { introspect } from '@dms/databases';
import { writeOutput } from '@dms/files';
import { connected, type DatabaseOptions, type DatabaseResult, withTarget } from './with-database.ts';

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
      return introspect(connection, { signal: options.signal });
    });
    const text = catalogText(catalog);
    if (options.output !== undefined) await writeOutput('inspect', options.output, text, options.signal);
    return { catalog, text, diagnostics };
  });
}
