import type { Connection } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import { givenScript } from '@dms/sql';
import { canonicalText } from '@dms/values';
import { expect } from 'vitest';
import { type ApplyOptions, applyUpgrade, type Upgraded } from '../src/index.ts';
import {
  type Compiled,
  type Contents,
  contentsOf,
  documentRows,
  emptied,
  events,
  fill,
  pruned,
  readAll,
  tableContents,
  valuePaths,
  type Written,
} from './bench.ts';
import { expectCatalog } from './expected-catalog.ts';
import { invalidDocuments } from './invalid-documents.ts';

/**
 * Empties a database, provisions it with a set and fills it; returns the diagnostics of documents that were left out.
 */
export async function filled(
  connection: Connection,
  set: Compiled,
  contents: Contents,
): Promise<readonly Diagnostic[]> {
  await emptied(connection);
  await connection.execute(givenScript(set.script));
  return fill(connection, set, contents);
}

/** The documents of one set, reduced to the values that another set also has. */
function shared(documents: ReadonlyMap<string, Written>, other: Compiled): Record<string, string> {
  const paths = valuePaths(other.model);
  return Object.fromEntries(
    [...documents].flatMap(([uuid, { resource, document }]) => {
      const known = paths.get(resource);
      return known ? [[uuid, `${resource} ${canonicalText(pruned(document, known) ?? new Map())}`]] : [];
    }),
  );
}

export interface ExpectUpgrade extends ApplyOptions {
  readonly contents?: Contents;
  /** Changes rows before the upgrade. */
  readonly prepare?: (connection: Connection) => Promise<void>;
  /** Called for each document that was left out, with the reason. */
  readonly onRefused?: (problem: Diagnostic) => void;
}

/**
 * Upgrades a database with generated documents and checks the result: the database has the shape of a fresh one, the
 * same documents, and derived rows as if they had been recomputed (design 12 §1).
 */
export async function expectUpgraded(
  connection: Connection,
  before: Compiled,
  after: Compiled,
  { contents = contentsOf(before.model), prepare, onRefused, ...options }: ExpectUpgrade = {},
): Promise<Upgraded> {
  for (const problem of await filled(connection, before, contents)) onRefused?.(problem);
  await prepare?.(connection);
  const kept = new Set(
    after.info.resourceKeys.map(({ projectName, resourceName }) => `${projectName}:${resourceName}`),
  );
  const ofKept = (rows: readonly unknown[]) => rows.filter((row) => kept.has((row as { label: string }).label));
  const earlier = {
    rows: await documentRows(connection),
    events: await events(connection),
    documents: await readAll(connection, before),
  };

  const upgraded = await applyUpgrade(connection, before, after, options);

  await expectCatalog(connection, after);
  expect(await documentRows(connection)).toEqual(ofKept(earlier.rows));
  expect(await events(connection)).toEqual(ofKept(earlier.events));
  const documents = await readAll(connection, after);
  expect(shared(documents, before)).toEqual(shared(earlier.documents, after));
  // documents that could be loaded before can be loaded afterwards
  const invalid = new Set(invalidDocuments(before, earlier.documents).keys());
  for (const [uuid, message] of invalidDocuments(after, documents)) expect(invalid.has(uuid), message).toBe(true);
  const found = await tableContents(connection, after);
  await filled(connection, after, {
    descriptors: contents.descriptors.filter(({ resource }) => kept.has(resource)),
    documents: [...documents.values()],
  });
  expect(found).toEqual(await tableContents(connection, after));
  return upgraded;
}
