import { documentSchemas } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import {
  type Document,
  fixtureDocumentsV2,
  hasSharedData,
  ownSchema,
  ownSchemas,
  ownSchemasV2,
  schemaSetOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { sampleDocuments } from '../sampling/sample-documents.ts';
import { schemaCheck } from './schema-check.ts';

/** The violations of the JSON schemas in a sample that was made with or without these schemas. */
function refused(version: 'v1' | 'v2', documents: readonly Document[], count: number, looksAtSchemas = true): string[] {
  const set = schemaSetOf(version, documents);
  const schemas = documentSchemas(set);
  const check = schemaCheck(schemas);
  const { model } = deriveModel(set, 'pgsql');
  const sample = sampleDocuments(model, { documents: count, seed: 7, schemas: looksAtSchemas ? schemas : undefined });
  return [...sample].flatMap(({ resource, document }, line) =>
    check
      .diagnosticsOf(resource, [{ document, file: 'sample', line }], ({ message }) => expect.unreachable(message))
      .flatMap((diagnostics) => diagnostics.map(({ message }) => message)),
  );
}

describe('sampled documents fit the JSON schemas of their resources (design 14 §4)', () => {
  it.each([
    ['v1', ownSchemas],
    ['v2', ownSchemasV2],
  ] as const)('of this repository, %s', (version, names) => {
    const documents = names.map((name) => ownSchema(name));
    expect(refused(version, documents, 400)).toEqual([]);
    // the schemas require more than the tables
    expect(refused(version, documents, 400, false)).not.toEqual([]);
  });

  it.runIf(hasSharedData)('of the standard 5.2 (needs the shared conformance data)', () => {
    expect(refused('v2', fixtureDocumentsV2('ds-5.2') as readonly Document[], 1500)).toEqual([]);
  });
});
