import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { documentSchemas, documentSchemasText, readDocumentSchemas } from './document-schemas.ts';
import { assembleEffectiveSchema, type EffectiveProject } from './index.ts';

const project = (name: string, isExtensionProject: boolean, resourceSchemas: Record<string, unknown>) =>
  ({
    projectName: name,
    projectEndpointName: name.toLowerCase(),
    projectVersion: '1.0.0',
    isExtensionProject,
    projectSchema: toJsonValue({ projectName: name, resourceSchemas, abstractResources: {} }),
  }) as EffectiveProject;

const resource = (resourceName: string, jsonSchemaForInsert: unknown, isResourceExtension = false) => ({
  resourceName,
  isResourceExtension,
  isDescriptor: false,
  jsonSchemaForInsert,
});

const core = project('Campus', false, {
  pupils: resource('Pupil', {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Campus.Pupil',
    type: 'object',
    additionalProperties: false,
    properties: {
      // the properties have the names of keywords
      title: { type: 'string', description: 'of the pupil', minLength: 1, 'x-nullable': true },
      description: {
        type: 'array',
        items: { type: 'object', additionalProperties: false, properties: {}, title: 'x' },
      },
    },
    required: ['title'],
  }),
});

const extension = project('Athletics', true, {
  pupils: resource(
    'Pupil',
    {
      type: 'object',
      properties: {
        _ext: {
          type: 'object',
          properties: { athletics: { required: ['team'], properties: { team: { type: 'string' } } } },
          title: 'y',
        },
      },
      // requirements of an extension at its root are ignored by an API: its data is below `_ext`
      required: ['team'],
    },
    true,
  ),
  teams: resource('Team', { type: 'object' }),
});

const hash = 'a'.repeat(64);

const expected = [
  `{"documentSchemasFormat":2,`,
  `"effectiveSchemaHash":"${hash}",`,
  `"resources":[`,
  `{"resource":"Athletics:Team","schemas":[{"type":"object"}]},`,
  `{"resource":"Campus:Pupil","schemas":[${[
    `{"properties":{"description":{"items":{"properties":{},"type":"object"},"type":"array"},"title":{"description":"of the pupil","minLength":1,"type":"string","x-nullable":true}},"required":["title"],"type":"object"}`,
    `{"properties":{"_ext":{"properties":{"athletics":{"properties":{"team":{"type":"string"}},"required":["team"]}},"type":"object"}}}`,
    // refuses members that neither schema has
    `{"additionalProperties":false,"properties":{"_etag":{},"_ext":{"additionalProperties":false,"properties":{"athletics":{"additionalProperties":false,"properties":{"team":{}}}}},"_lastModifiedDate":{},"description":{"items":{"additionalProperties":false,"properties":{}}},"title":{}}}`,
  ].join()}]}`,
  ']}',
  '',
].join('\n');

describe('document schemas', () => {
  const set = assembleEffectiveSchema('1.0.0', [core, extension]);
  const schemas = documentSchemas(set);
  const text = documentSchemasText(set, hash);
  const read = (content: string, own = hash) => readDocumentSchemas(Buffer.from(content), 'document-schemas.json', own);

  it('have the keywords that reject documents, by resource, with the schemas of extensions', () => {
    expect(text).toBe(expected);
  });

  it('are equal after writing and reading', () => {
    expect(read(text)).toEqual(schemas);
  });

  it.each([
    [
      'of another schema set',
      text,
      'b'.repeat(64),
      /effectiveSchemaHash must be that of effective-schema.manifest.json/,
    ],
    ['of another format', text.replace('Format":2', 'Format":1'), hash, /documentSchemasFormat must be 2/],
    ['that is a list', '[]', hash, /the document must be an object/],
    ['without resources', text.replace('"resources"', '"others"'), hash, /resources must be a list/],
    [
      'with a resource without schemas',
      text.replace('"schemas":[{"type":"object"}]', '"schemas":1'),
      hash,
      /resources\.0 must have/,
    ],
  ])('a file %s is refused', (_, content, own, message) => {
    expect(() => read(content, own)).toThrow(
      expect.objectContaining({ code: 'MODEL_FILE_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
