import { documentSchemas, documentSchemasText } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { ownSchema, ownSchemas, ownSchemasV2, schemaSetOf } from '@dms/testing';
import { jsonText } from '@dms/values';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { sampleDocuments } from '../sampling/sample-documents.ts';

/*
 * The result of a validator for `document-schemas.json` that does not know the model (design 01 §9.1): it applies all
 * schemas of a resource.
 */

interface FileLine {
  readonly resource: string;
  readonly schemas: readonly object[];
}

type SchemaMembers = Record<string, unknown>;

/** The objects in a value, including the value itself, with their places. */
function* objectsOf(value: unknown, place: string): Generator<readonly [place: string, object: SchemaMembers]> {
  if (Array.isArray(value)) for (const [index, each] of value.entries()) yield* objectsOf(each, `${place}[${index}]`);
  else if (typeof value === 'object' && value !== null) {
    yield [place, value as SchemaMembers];
    for (const [name, member] of Object.entries(value)) yield* objectsOf(member, `${place}.${name}`);
  }
}

describe.each([
  ['v1', ownSchemas],
  ['v2', ownSchemasV2],
] as const)('a plain validator of the schemas of %s', (version, names) => {
  const set = schemaSetOf(
    version,
    names.map((name) => ownSchema(name)),
  );
  const lines: readonly FileLine[] = JSON.parse(documentSchemasText(set, 'a'.repeat(64))).resources;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const byResource = new Map(
    lines.map(({ resource, schemas }) => [resource, schemas.map((each) => ajv.compile(each))]),
  );
  const { model } = deriveModel(set, 'pgsql');
  const sample = [...sampleDocuments(model, { documents: 120, seed: 7, schemas: documentSchemas(set) })].map(
    ({ resource, document }) => ({ resource, document: JSON.parse(jsonText(document)) as SchemaMembers }),
  );
  const takes = (resource: string, document: SchemaMembers) =>
    byResource.get(resource)?.every((validate) => validate(document)) ?? false;

  it('takes each document of a sample', () => {
    expect(sample.filter(({ resource, document }) => !takes(resource, document))).toEqual([]);
  });

  it('refuses a member that nothing has, in each object of each document', () => {
    const taken: string[] = [];
    let tried = 0;
    for (const { resource, document } of sample)
      for (const [place, object] of objectsOf(document, '$')) {
        object.schoolld = 1;
        tried += 1;
        if (takes(resource, document)) taken.push(`${resource} ${place}`);
        delete object.schoolld;
      }
    expect([...new Set(taken)]).toEqual([]);
    expect(tried).toBeGreaterThan(200);
  });

  it('takes what an API adds', () => {
    const refused: string[] = [];
    let links = 0;
    for (const { resource, document } of sample) {
      document._etag = 'x';
      document._lastModifiedDate = '2027-01-01T00:00:00Z';
      for (const [place, object] of objectsOf(document, '$'))
        if (place.endsWith('Reference')) {
          object.link = { rel: 'x', href: '/x' };
          links += 1;
        }
      if (!takes(resource, document)) refused.push(resource);
    }
    expect(refused).toEqual([]);
    expect(links).toBeGreaterThan(50);
  });
});
