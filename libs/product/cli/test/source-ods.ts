import { ownSchemaFile, ownSchemas, ownSchemasV2 } from '@dms/testing';
import { ran } from './ran.ts';

type Generation = 'v1' | 'v2';

/** The options that name the schemas of a generation. */
export const schemasOf = (generation: Generation): readonly string[] => [
  ...{ v1: ownSchemas, v2: ownSchemasV2 }[generation].flatMap((name) => ['--schema', ownSchemaFile(name)]),
  ...['--mapping-version', generation],
];

/** The options that name the schemas of an ODS, and its schemas in the database that `makeOds` fills. */
export const odsOptions = [...schemasOf('v2'), '--schema-suffix', '_src'];

/**
 * Loads documents into a database and gives it the tables of an ODS with their rows, in schemas of their own. `folder`
 * gets the artifacts and the documents.
 */
export async function makeOds(
  url: string,
  folder: (name: string) => string,
  execute: (statement: string) => Promise<unknown>,
  generation: Generation = 'v2',
  viewOptions: readonly string[] = [],
): Promise<void> {
  const schemas = schemasOf(generation);
  const done = async (...args: string[]) => {
    const { code, err } = await ran(args);
    if (code !== 0) throw new Error(err);
  };
  const at = ['--artifacts', folder('out'), '--dialect', 'pgsql', '--connection', url];
  await done('emit', ...schemas, '--dialect', 'pgsql', '--output', folder('out'));
  await done('provision', ...at);
  await done('sample', '--artifacts', folder('out'), '--documents', '120', '--output', folder('sample'));
  await done('load', folder('sample'), ...at);
  const reporting = ['--dialect', 'pgsql', '--connection', url];
  await done('reporting', 'apply', ...schemas, ...reporting, ...viewOptions);
  await execute(`DO $$ DECLARE v record; BEGIN
  FOR v IN SELECT schemaname, viewname FROM pg_views
    WHERE schemaname NOT IN ('dms', 'pg_catalog', 'information_schema') AND viewname = lower(viewname)
  LOOP EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', v.schemaname || '_src');
  EXECUTE format('CREATE TABLE %I.%I AS SELECT * FROM %I.%I', v.schemaname || '_src', v.viewname, v.schemaname, v.viewname); END LOOP;
END $$`);
  await done('reporting', 'drop', ...reporting);
}
