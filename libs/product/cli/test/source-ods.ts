import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  createFilledDatabase,
  createProvisionedDatabase,
  type MainGeneration,
  openSession,
  ownSchemaFile,
  ownSchemas,
  ownSchemasV2,
  type PostgresDatabase,
} from '@dms/testing';
import { ran } from './ran.ts';

/** The options that name the schemas of a generation. */
export const schemasOf = (generation: MainGeneration): readonly string[] => [
  ...{ v1: ownSchemas, v2: ownSchemasV2 }[generation].flatMap((name) => ['--schema', ownSchemaFile(name)]),
  ...['--mapping-version', generation],
];

/** The options that name the schemas of an ODS, and its schemas in the database that `makeOds` fills. */
export const odsOptions = [...schemasOf('v2'), '--schema-suffix', '_src'];

/**
 * A database with documents, and with the tables of an ODS and their rows in separate schemas: filled once in a run,
 * and copied. `folder` gets the artifacts.
 */
export async function makeOds(
  folder: (name: string) => string,
  generation: MainGeneration = 'v2',
  viewOptions: readonly string[] = [],
): Promise<PostgresDatabase> {
  await emitSet(folder('out'), generation);
  const content = `an ODS of ${generation} with ${viewOptions.join()}`;
  return createFilledDatabase(content, (url) => fillOds(url, folder, generation, viewOptions));
}

async function done(...args: string[]): Promise<void> {
  const { code, err } = await ran(args);
  if (code !== 0) throw new Error(err);
}

/** Emits the set of an ODS's documents. */
export const emitSet = (output: string, generation: MainGeneration = 'v2'): Promise<void> =>
  done('emit', ...schemasOf(generation), '--dialect', 'pgsql', '--output', output);

/** An empty database with the set of {@link emitSet}, as a copy: these tests are not about provisioning. */
export const newTargetOf = (output: string): Promise<PostgresDatabase> =>
  createProvisionedDatabase(readFileSync(path.join(output, 'pgsql.sql'), 'utf8'));

/** Fills an empty database, with the artifacts of {@link emitSet} in `folder('out')`. */
export async function fillOds(
  url: string,
  folder: (name: string) => string,
  generation: MainGeneration = 'v2',
  viewOptions: readonly string[] = [],
): Promise<void> {
  const at = ['--artifacts', folder('out'), '--dialect', 'pgsql', '--connection', url];
  await done('provision', ...at);
  await done('sample', '--artifacts', folder('out'), '--documents', '120', '--output', folder('sample'));
  await done('load', folder('sample'), ...at);
  const reporting = ['--dialect', 'pgsql', '--connection', url];
  await done('reporting', 'apply', ...schemasOf(generation), ...reporting, ...viewOptions);
  const session = await openSession(url);
  await session.exec(`DO $$ DECLARE v record; BEGIN
  FOR v IN SELECT schemaname, viewname FROM pg_views
    WHERE schemaname NOT IN ('dms', 'pg_catalog', 'information_schema') AND viewname = lower(viewname)
  LOOP EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', v.schemaname || '_src');
  EXECUTE format('CREATE TABLE %I.%I AS SELECT * FROM %I.%I', v.schemaname || '_src', v.viewname, v.schemaname, v.viewname); END LOOP;
END $$`);
  await session.close();
  await done('reporting', 'drop', ...reporting);
}
