import { ownSchemaFile, ownSchemasV2 } from '@dms/testing';
import { ran } from './ran.ts';

const schemas = ownSchemasV2.flatMap((name) => ['--schema', ownSchemaFile(name)]);

/** The options that name the schemas of an ODS, and its schemas in the database that `odsStatements` fill. */
export const odsOptions = [...schemas, '--mapping-version', 'v2', '--schema-suffix', '_src'];

/**
 * Loads documents into a database and gives it the tables of an ODS with their rows, in schemas of their own. `folder` gets the artifacts and
 * the documents.
 */
export async function makeOds(
  url: string,
  folder: (name: string) => string,
  execute: (statement: string) => Promise<unknown>,
): Promise<void> {
  const done = async (...args: string[]) => {
    const { code, err } = await ran(args);
    if (code !== 0) throw new Error(err);
  };
  const at = ['--artifacts', folder('out'), '--dialect', 'pgsql', '--connection', url];
  await done('emit', ...schemas, '--mapping-version', 'v2', '--dialect', 'pgsql', '--output', folder('out'));
  await done('provision', ...at);
  await done('sample', '--artifacts', folder('out'), '--documents', '120', '--output', folder('sample'));
  await done('load', folder('sample'), ...at);
  const reporting = ['--dialect', 'pgsql', '--connection', url];
  await done('reporting', 'apply', ...schemas, '--mapping-version', 'v2', ...reporting);
  await execute(`DO $$ DECLARE v record; BEGIN
  CREATE SCHEMA edfi_src; CREATE SCHEMA transport_src;
  FOR v IN SELECT schemaname, viewname FROM pg_views WHERE schemaname IN ('edfi', 'transport') AND viewname = lower(viewname)
  LOOP EXECUTE format('CREATE TABLE %I.%I AS SELECT * FROM %I.%I', v.schemaname || '_src', v.viewname, v.schemaname, v.viewname); END LOOP;
END $$`);
  await done('reporting', 'drop', ...reporting);
}
