import { labelledResource } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { openDocuments } from '@dms/documents';
import { canonicalText, type JsonObject } from '@dms/values';
import { expect } from 'vitest';
import { applyUpgrade, type Upgraded, type UpgradeTranslation } from '../src/index.ts';
import { parseRename } from '../src/renaming/renaming.ts';
import {
  type Compiled,
  type Contents,
  contentsOf,
  documentRows,
  events,
  readAll,
  tableContents,
  type Written,
} from './bench.ts';
import { expectCatalog } from './expected-catalog.ts';
import { filled } from './upgraded.ts';

/** The renames of a test, in a form that does not depend on the product. */
export interface ExpectRenamed {
  /** As options give them. */
  readonly renames?: readonly string[];
  /** In place of renames. */
  readonly translation?: UpgradeTranslation;
  /** The name that a resource has afterwards: `Project:Resource`. */
  readonly label: (label: string) => string;
  /** A document whose members have their later names. */
  readonly document: (document: JsonObject) => JsonObject;
  /** Documents to use instead of the generated ones. */
  readonly contents?: Contents;
}

/** The options of an upgrade that concern names. */
export const namesOf = ({ renames = [], translation }: ExpectRenamed) => ({
  renames: renames.map(parseRename),
  translation,
});

/** Rows of documents or events with the later names of their resources. */
export const relabelled = ({ label: later }: ExpectRenamed, rows: readonly unknown[]) =>
  rows.map((row) => ({ ...(row as object), label: later((row as { label: string }).label) }));

const texts = (documents: ReadonlyMap<string, Written>) =>
  Object.fromEntries(
    [...documents].map(([uuid, { resource, document }]) => [uuid, `${resource} ${canonicalText(document)}`]),
  );

/** A document with its later names. */
export const laterWritten = (
  { label, document: later }: ExpectRenamed,
  { uuid, resource, document }: Written,
): Written => ({
  uuid,
  resource: label(resource),
  document: later(document),
});

/** The outcomes of writing documents that already exist. */
async function written(connection: Connection, { plans }: Compiled, documents: ReadonlyMap<string, Written>) {
  const store = openDocuments(connection, plans);
  const outcomes: unknown[] = [];
  for (const { resource, document } of documents.values()) {
    const [outcome] = await store.upsertBatch(labelledResource(resource), [{ document }]);
    outcomes.push(outcome?.kind === 'rejected' ? outcome : { kind: outcome?.kind, uuid: outcome?.uuid });
  }
  return outcomes;
}

/**
 * Upgrades a database with documents to a set in which only names differ, and expects that nothing is lost: the
 * database has the shape of a fresh one, documents have their new names, and derived rows are as if recomputed (design
 * 12 §1, §11).
 */
export async function expectRenamed(
  connection: Connection,
  before: Compiled,
  after: Compiled,
  expected: ExpectRenamed,
): Promise<Upgraded> {
  const { contents = contentsOf(before.model) } = expected;
  await filled(connection, before, contents);
  const rows = await documentRows(connection);
  const journal = await events(connection);
  const documents = await readAll(connection, before);

  const upgraded = await applyUpgrade(connection, before, after, namesOf(expected));

  await expectCatalog(connection, after);
  expect(await documentRows(connection)).toEqual(relabelled(expected, rows));
  expect(await events(connection)).toEqual(relabelled(expected, journal));
  const renamed = await readAll(connection, after);
  const wanted = new Map([...documents].map(([uuid, document]) => [uuid, laterWritten(expected, document)]));
  expect(texts(renamed)).toEqual(texts(wanted));
  // a client finds each document, and what it refers to, by the new names
  expect(await written(connection, after, renamed)).toEqual(
    [...renamed.keys()].map((uuid) => ({ kind: 'unchanged', uuid })),
  );
  const found = await tableContents(connection, after);
  const descriptors = contents.descriptors.map((each) => ({ ...each, resource: expected.label(each.resource) }));
  await filled(connection, after, { descriptors, documents: [...wanted.values()] });
  expect(found).toEqual(await tableContents(connection, after));
  return upgraded;
}
