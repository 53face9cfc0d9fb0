import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resourceLabel } from '@dms/api-schema';
import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { generateDocuments, sampleDocuments, storedDocuments } from '@dms/documents';
import { DocumentFolder, dumpDocuments, type LoadReject, loadDocuments } from '@dms/loading';
import { createProvisionedDatabase, type PostgresDatabase, sharedFile } from '@dms/testing';
import type { JsonObject } from '@dms/values';
import { expect } from 'vitest';
import type { Compiled } from './bench.ts';
import { type ComparedDatabase, comparedDatabase, expectSameDatabase } from './dumped.ts';

/* Databases with the published samples of the data standard. */

/** Interchanges have no school years. An API has them from the beginning. */
const schoolYear = { schoolYear: 2022, schoolYearDescription: '2021-2022', currentSchoolYear: true };

async function inScratchFolder<Result>(action: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-published-samples-'));
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs an action with a session of a database, and closes it. */
export async function withSession<Result>(
  { url }: PostgresDatabase,
  action: (connection: Connection) => Promise<Result>,
  forCopies = false,
): Promise<Result> {
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind === 'static') throw new Error('static');
  const connection = await openDatabase(target, { forCopies });
  try {
    return await action(connection);
  } finally {
    await connection.close();
  }
}

/**
 * Loads the documents of files and folders in bulk, as far as a set accepts them; returns the messages about the
 * others.
 */
async function loadInBulk(
  database: PostgresDatabase,
  set: Compiled,
  input: readonly string[],
): Promise<readonly string[]> {
  const refused: string[] = [];
  const onReject = ({ diagnostics: [{ message }] }: LoadReject) => void refused.push(message);
  const options = { isContinued: true, schemas: set.schemas, onReject };
  await withSession(database, (session) =>
    withSession(database, (bulk) => loadDocuments([session], set.plans, input, { ...options, bulk }), true),
  );
  return refused;
}

const samplesFolder = (name: string) => sharedFile('inputs', 'samples-5.2', name);

/** All published samples, or none. */
type PublishedSamples = 'all' | 'none';

function publishedInputs(published: PublishedSamples): readonly string[] {
  if (published === 'none') return [];
  return [samplesFolder('descriptors'), samplesFolder('samples')];
}

/** The contents of a database. */
export interface SampleContents {
  /** Generated documents: a few of each resource, or a number in all. */
  readonly generated?: 'few' | number | undefined;
  readonly published: PublishedSamples;
}

function* generatedDocuments({ model, schemas }: Compiled, generated: NonNullable<SampleContents['generated']>) {
  if (generated === 'few') {
    const { descriptors, documents } = generateDocuments(model, 1, { random: 1 });
    yield* descriptors;
    yield* documents;
  } else yield* sampleDocuments(model, { documents: generated, seed: 1, schemas });
}

/** A database of a set with the published samples that it accepts, and generated documents. */
export async function databaseOfSamples(
  set: Compiled,
  { generated, published }: SampleContents,
): Promise<PostgresDatabase> {
  const database = await createProvisionedDatabase(set.script);
  await inScratchFolder(async (folder) => {
    const years = path.join(folder, 'school-years.jsonl');
    writeFileSync(years, JSON.stringify({ resource: 'Ed-Fi:SchoolYearType', document: schoolYear }));
    const inputs = [years, ...publishedInputs(published)];
    if (generated !== undefined) {
      const own = path.join(folder, 'generated');
      await DocumentFolder.write(own, set.model, async (output) => {
        for (const { resource, document } of generatedDocuments(set, generated)) await output.add(resource, document);
      });
      inputs.push(own);
    }
    await loadInBulk(database, set, inputs);
  });
  return database;
}

/** The documents of a database by resource, in the order of their ids. */
export async function documentsByResource(
  connection: Connection,
  { plans, model }: Compiled,
): Promise<ReadonlyMap<string, readonly JsonObject[]>> {
  const found = new Map<string, readonly JsonObject[]>();
  await connection.begin('reading');
  for (const resource of model.resources) {
    const documents: JsonObject[] = [];
    for await (const page of storedDocuments({ ...connection, isInTransaction: true }, plans, resource))
      documents.push(...page.map(({ document }) => document));
    if (documents.length > 0) found.set(resourceLabel(resource.resourceKey), documents);
  }
  await connection.rollback();
  return found;
}

/**
 * Expects files of a folder, which `write` fills, to load into a new database of a set without a refusal, and the new
 * database to equal `found` (design 12 §1).
 */
export const expectLoadsAs = (
  found: ComparedDatabase,
  set: Compiled,
  write: (folder: string) => Promise<unknown>,
): Promise<void> =>
  inScratchFolder(async (scratch) => {
    const folder = path.join(scratch, 'documents');
    await write(folder);
    const fresh = await createProvisionedDatabase(set.script);
    try {
      expect(await loadInBulk(fresh, set, [folder])).toEqual([]);
      expectSameDatabase(found, await withSession(fresh, (session) => comparedDatabase(session, set)));
    } finally {
      await fresh.drop();
    }
  });

/** Expects a dump of an upgraded database to load as it is. */
export const expectLoadsAnew = async (connection: Connection, set: Compiled): Promise<void> =>
  expectLoadsAs(await comparedDatabase(connection, set), set, (folder) => dumpDocuments(connection, set.plans, folder));
