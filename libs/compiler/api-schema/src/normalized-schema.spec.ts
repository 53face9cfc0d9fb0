import { build } from '@dms/testing';
import { parseJson, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { failuresOf } from '../test/failures.ts';
import { type ApiSchemaDocument, buildEffectiveSchema, normalizedSchemaText } from './index.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests change the document freely
type RootJson = any;

function root(change: (any: RootJson) => void = () => undefined): RootJson {
  const made = structuredClone(
    build.project('Toy', [build.resource('Widget')], { abstractResources: { Flyer: { identityJsonPaths: ['$.a'] } } }),
  ) as RootJson;
  change(made);
  return made;
}
const document = (value: unknown, file = 'schemas/toy.json'): ApiSchemaDocument => ({ file, root: toJsonValue(value) });
const normalized = (change?: (any: RootJson) => void) => normalizedSchemaText(document(root(change)));

describe('the normalized schema', () => {
  it('is the canonical form of version and stripped project, then one LF', () => {
    const text = normalizedSchemaText(
      document({
        projectSchema: {
          resourceSchemas: { widgets: { resourceName: 'Widget', isResourceExtension: false, openApiFragments: {} } },
          projectVersion: '1.0',
          projectName: 'Toy',
          projectEndpointName: 'toy',
          openApiBaseDocuments: { resources: {} },
          isExtensionProject: true,
          abstractResources: {},
          description: 'caf\u00e9\u00a0',
        },
        comment: 'ignored',
        apiSchemaVersion: '1.0.0',
      }),
    );
    expect(text).toBe(
      '{"apiSchemaVersion":"1.0.0","projectSchema":{"abstractResources":{},"description":"café\\u00A0","isExtensionProject":true,"projectEndpointName":"toy","projectName":"Toy","projectVersion":"1.0","resourceSchemas":{"widgets":{"isResourceExtension":false,"resourceName":"Widget"}}}}\n',
    );
  });

  it.each<[string, (any: RootJson) => void]>([
    [
      'OpenAPI base documents',
      (any) => Object.assign(any.projectSchema, { openApiBaseDocuments: { info: { title: 'x' } } }),
    ],
    [
      'OpenAPI text of a resource',
      (any) => Object.assign(any.projectSchema.resourceSchemas.widgets, { openApiFragments: { a: 1 } }),
    ],
    [
      'OpenAPI text of an abstract resource',
      (any) => Object.assign(any.projectSchema.abstractResources.Flyer, { openApiFragment: 1 }),
    ],
    ['another root member', (any) => Object.assign(any, { comment: 1, projectSchemas: {} })],
    [
      'the order of members',
      (any) => {
        any.projectSchema = Object.fromEntries(Object.entries(any.projectSchema).reverse());
        const { apiSchemaVersion } = any;
        delete any.apiSchemaVersion;
        any.apiSchemaVersion = apiSchemaVersion;
      },
    ],
  ])('does not change with %s', (_name, change) => {
    expect(normalized(change)).toBe(normalized());
  });

  it('does not change with white space, line ends and escapes of letters', () => {
    const text = JSON.stringify(root(), null, 4).replaceAll('\n', '\r\n').replaceAll('Widget', '\\u0057idget');
    expect(normalizedSchemaText({ file: 'a.json', root: parseJson(text, 'a.json') })).toBe(normalized());
  });

  it('does not depend on the name of the file', () => {
    expect(normalizedSchemaText(document(root(), 'other.json'))).toBe(normalized());
  });

  it.each<[string, (any: RootJson) => void]>([
    ['a description of the project', (any) => Object.assign(any.projectSchema, { description: 'x' })],
    [
      'a description in an insert schema',
      (any) => Object.assign(any.projectSchema.resourceSchemas.widgets.jsonSchemaForInsert, { description: 'x' }),
    ],
    ['apiSchemaVersion', (any) => Object.assign(any, { apiSchemaVersion: '1.0.1' })],
    ['a member null', (any) => Object.assign(any.projectSchema, { compatibleDsRange: null })],
  ])('changes with %s', (_name, change) => {
    expect(normalized(change)).not.toBe(normalized());
  });

  it('read again gives itself, and a set of the same hash', () => {
    const change = (any: RootJson) =>
      Object.assign(any.projectSchema, { openApiBaseDocuments: {}, description: 'é\u00a0😀' });
    const again: ApiSchemaDocument = {
      file: 'normalized.json',
      root: parseJson(normalized(change), 'normalized.json'),
    };
    expect(normalizedSchemaText(again)).toBe(normalized(change));
    expect(buildEffectiveSchema([again]).info).toEqual(buildEffectiveSchema([document(root(change))]).info);
  });

  it('of an extension or of a second core needs no other file', () => {
    expect(() => normalized((any) => Object.assign(any.projectSchema, { isExtensionProject: true }))).not.toThrow();
  });
});

describe('a file that cannot be normalized', () => {
  it.each<[string, unknown, string]>([
    ['is not an object', [], 'INPUT_ROOT_NOT_OBJECT'],
    ['has the wrapped format', { projectSchemas: {} }, 'INPUT_LEGACY_FORMAT'],
    ['has no project', {}, 'INPUT_PROJECT_MISSING'],
    ['lacks a member', root((any) => delete any.projectSchema.projectName), 'INPUT_PROJECT_MALFORMED'],
    [
      'has a bad entry',
      root((any) => Object.assign(any.projectSchema.resourceSchemas, { x: null })),
      'INPUT_RESOURCE_MALFORMED',
    ],
    [
      'has an unsafe value',
      root((any) => Object.assign(any.projectSchema, { projectName: 'a|b' })),
      'INPUT_VALUE_UNSAFE',
    ],
    [
      'has a value too long',
      root((any) => Object.assign(any.projectSchema, { projectVersion: 'x'.repeat(33) })),
      'INPUT_VALUE_TOO_LONG',
    ],
  ])('because it %s is named by its path alone', (_name, value, code) => {
    const found = failuresOf(() => normalizedSchemaText(document(value)));
    expect(found.map((entry) => entry.code)).toEqual([code]);
    expect(found[0]?.where.file).toBe('schemas/toy.json');
    expect(found[0]?.message).toContain('schemas/toy.json');
    expect(found[0]?.message).not.toMatch(/\bcore\b|extension\[/);
  });

  it('reports everything that is wrong at once', () => {
    const shape = failuresOf(() =>
      normalizedSchemaText(
        document(root((any) => Object.assign(any.projectSchema, { projectName: '', projectVersion: 1 }))),
      ),
    );
    expect(shape.map(({ details }) => details.member)).toEqual([
      'projectSchema.projectName',
      'projectSchema.projectVersion',
    ]);
    const values = failuresOf(() =>
      normalizedSchemaText(
        document(root((any) => Object.assign(any.projectSchema, { projectName: '|', projectVersion: '|' }))),
      ),
    );
    expect(values.map(({ details }) => details.member)).toEqual([
      'projectSchema.projectName',
      'projectSchema.projectVersion',
    ]);
  });
});
