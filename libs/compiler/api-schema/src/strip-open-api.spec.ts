import { canonicalText, type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { stripOpenApi } from './normalized-schema.ts';

const stripped = (projectSchema: unknown) =>
  JSON.parse(canonicalText(stripOpenApi(toJsonValue(projectSchema) as JsonObject)));
const payload = { paths: {} };

describe('stripping OpenAPI payloads', () => {
  it('removes openApiBaseDocuments of the project', () => {
    expect(stripped({ a: 1, openApiBaseDocuments: payload })).toEqual({ a: 1 });
  });

  it('removes openApiFragments of every resource schema, extensions included', () => {
    expect(
      stripped({
        resourceSchemas: {
          widgets: { openApiFragments: payload, a: 1 },
          boxes: { openApiFragments: null },
          lids: { isResourceExtension: true, openApiFragments: payload },
        },
      }),
    ).toEqual({ resourceSchemas: { widgets: { a: 1 }, boxes: {}, lids: { isResourceExtension: true } } });
  });

  it('removes openApiFragment of every abstract resource', () => {
    expect(
      stripped({ abstractResources: { Flyer: { openApiFragment: payload, a: 1 }, Thing: { openApiFragment: 1 } } }),
    ).toEqual({
      abstractResources: { Flyer: { a: 1 }, Thing: {} },
    });
  });

  it.each<[string, object]>([
    ['openApiFragment on a concrete resource', { resourceSchemas: { widgets: { openApiFragment: payload } } }],
    ['openApiFragments on an abstract resource', { abstractResources: { Flyer: { openApiFragments: payload } } }],
    ['openApiFragments and openApiFragment of the project', { openApiFragments: payload, openApiFragment: payload }],
    ['openApiBaseDocuments of a resource', { resourceSchemas: { widgets: { openApiBaseDocuments: payload } } }],
    [
      'members of these names deeper down',
      { resourceSchemas: { widgets: { a: { openApiFragments: 1, openApiBaseDocuments: 2 } } } },
    ],
    ['a resource whose endpoint is called so', { resourceSchemas: { openApiFragments: { a: 1 } } }],
    ['an abstract resource that is called so', { abstractResources: { openApiFragment: { a: 1 } } }],
    ['names in other letter case', { OpenApiBaseDocuments: 1, resourceSchemas: { widgets: { openapifragments: 1 } } }],
    ['members with the value null', { compatibleDsRange: null }],
    ['entries that are not objects', { resourceSchemas: { widgets: null }, abstractResources: { Flyer: 1 } }],
    ['resourceSchemas and abstractResources that are not objects', { resourceSchemas: 1, abstractResources: [] }],
  ])('removes nothing else: %s', (_name, projectSchema) => {
    expect(stripped(projectSchema)).toEqual(projectSchema);
  });

  it('adds no member that was absent', () => {
    expect(stripped({ a: 1 })).toEqual({ a: 1 });
  });

  it('keeps the members in their order', () => {
    const schema = toJsonValue({
      z: 1,
      openApiBaseDocuments: 2,
      resourceSchemas: { b: { y: 1, openApiFragments: 1, x: 2 }, a: {} },
      c: 3,
    });
    const result = stripOpenApi(schema as JsonObject);
    expect([...result.keys()]).toEqual(['z', 'resourceSchemas', 'c']);
    const resources = result.get('resourceSchemas') as JsonObject;
    expect([...resources.keys()]).toEqual(['b', 'a']);
    expect([...(resources.get('b') as JsonObject).keys()]).toEqual(['y', 'x']);
  });

  it('works on a copy', () => {
    const projectSchema = {
      openApiBaseDocuments: payload,
      resourceSchemas: { widgets: { openApiFragments: payload } },
      abstractResources: { Flyer: { openApiFragment: payload } },
    };
    const schema = toJsonValue(projectSchema) as JsonObject;
    stripOpenApi(schema);
    expect(JSON.parse(canonicalText(schema))).toEqual(projectSchema);
  });
});
