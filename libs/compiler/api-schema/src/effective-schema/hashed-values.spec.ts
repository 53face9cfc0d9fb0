import { describe, expect, it } from 'vitest';
import { documents, extension, failuresOfSet, type Root, toy } from '../../test/toy.ts';
import { buildEffectiveSchema } from '../index.ts';

/**
 * The values that end up in a hashed text or a column, with the test's way to set each one and the details of its
 * diagnostic.
 */
const guarded: { name: string; limit: number; set: (root: Root, text: string) => void; data: object }[] = [
  {
    name: 'projectEndpointName',
    limit: 128,
    set: (root, text) => Object.assign(root.projectSchema, { projectEndpointName: text }),
    data: { source: 'core', member: 'projectSchema.projectEndpointName' },
  },
  {
    name: 'projectName',
    limit: 256,
    set: (root, text) => Object.assign(root.projectSchema, { projectName: text }),
    data: { source: 'core', member: 'projectSchema.projectName' },
  },
  {
    name: 'projectVersion',
    limit: 32,
    set: (root, text) => Object.assign(root.projectSchema, { projectVersion: text }),
    data: { source: 'core', member: 'projectSchema.projectVersion' },
  },
  {
    name: 'apiSchemaVersion',
    limit: 64,
    set: (root, text) => Object.assign(root, { apiSchemaVersion: text }),
    data: { source: 'core', member: 'apiSchemaVersion' },
  },
  {
    name: 'the name of a resource',
    limit: 256,
    set: (root, text) => Object.assign(root.projectSchema.resourceSchemas.widgets, { resourceName: text }),
    data: { resource: 'Toy:widgets', member: 'resourceName' },
  },
  {
    name: 'the name of an abstract resource',
    limit: 256,
    set: (root, text) =>
      Object.assign(root.projectSchema.abstractResources, { [text]: { identityJsonPaths: ['$.a'] } }),
    data: {},
  },
];

describe('a value of the hashed texts', () => {
  const unsafe = [
    ...['|', '\u0000', '\n', '\r', '\u001f', '\u007f', '\u0080', '\u0085', '\u009f'],
    // soft hyphen, zero width space, right-to-left override and isolate, line separator, variation selector, byte order
    // mark
    ...['\u00ad', '\u200b', '\u202e', '\u2067', '\u2028', '\ufe0f', '\ufeff'],
  ];

  it.each(
    guarded.flatMap((value) => unsafe.map((character) => ({ ...value, character, code: character.charCodeAt(0) }))),
  )('must not hold character $code: $name', ({ set, character, data }) => {
    const [failure, ...others] = failuresOfSet([toy((root) => set(root, `a${character}b`))]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ code: 'INPUT_VALUE_UNSAFE', where: { file: 'schemas/0.json' }, details: data });
  });

  it.each(guarded)('may hold any other character: $name', ({ set }) => {
    for (const text of ['a b', 'a\u00a0b', "O'Brien & <Co>", 'ä漢😀', 'a"b', '~', '$(x)', 'a.b', '__proto__', 'CON'])
      expect(() => buildEffectiveSchema(documents([toy((root) => set(root, text))]))).not.toThrow();
  });

  const paths = ['../x', 'a/b', 'a\\b', '.', '..', '.a', 'a.', ' a', 'a ', '\u00a0a'];

  it.each(guarded.filter(({ name }) => !/[vV]ersion/.test(name)))(
    'must not lead out of a folder if files are named after it: $name',
    ({ set, data }) => {
      for (const text of paths) {
        const [failure, ...others] = failuresOfSet([toy((root) => set(root, text))]);
        expect([text, others]).toEqual([text, []]);
        expect(failure).toMatchObject({ code: 'INPUT_VALUE_UNSAFE', where: { file: 'schemas/0.json' }, details: data });
      }
    },
  );

  it.each(paths)('must not lead out of a folder as the endpoint of a resource: %j', (key) => {
    const root = toy((any) => {
      any.projectSchema.resourceSchemas[key] = { ...any.projectSchema.resourceSchemas.widgets, resourceName: 'Gadget' };
    });
    expect(failuresOfSet([root]).map(({ code, where }) => [code, where])).toEqual([
      [
        'INPUT_VALUE_UNSAFE',
        {
          file: 'schemas/0.json',
          resource: `Toy:${key}`,
          path: `projectSchema.resourceSchemas[${JSON.stringify(key)}]`,
        },
      ],
    ]);
  });

  it('of an abstract resource is named with its label', () => {
    const [failure] = failuresOfSet([
      toy((root) => {
        root.projectSchema.abstractResources['a|b'] = {};
      }),
    ]);
    expect(failure?.where.resource).toBe('Toy:a|b');
  });

  it('of a resource extension is checked as well', () => {
    const root = extension('Attic', (any) => {
      Object.assign(any.projectSchema.resourceSchemas.boxs, { isResourceExtension: true, resourceName: 'Wid|get' });
    });
    expect(failuresOfSet([toy(), root]).map(({ code, details }) => [code, details.resource])).toEqual([
      ['INPUT_VALUE_UNSAFE', 'Attic:boxs'],
    ]);
  });

  it('is checked in every file, and all findings are reported together', () => {
    const found = failuresOfSet([
      toy((root) => Object.assign(root.projectSchema, { projectVersion: 'a|' })),
      extension('Attic', (root) => {
        root.projectSchema.projectVersion = 'v'.repeat(33);
        root.projectSchema.resourceSchemas.boxs.resourceName = 'a\u0007';
      }),
    ]);
    expect(found.map(({ code, where, details }) => [code, where.file, details.member])).toEqual([
      ['INPUT_VALUE_UNSAFE', 'schemas/0.json', 'projectSchema.projectVersion'],
      ['INPUT_VALUE_UNSAFE', 'schemas/1.json', 'resourceName'],
      ['INPUT_VALUE_TOO_LONG', 'schemas/1.json', 'projectSchema.projectVersion'],
    ]);
  });

  it.each(guarded)('may be as long as its column: $name, $limit', ({ set, limit }) => {
    expect(() => buildEffectiveSchema(documents([toy((root) => set(root, 'x'.repeat(limit)))]))).not.toThrow();
    expect(() => buildEffectiveSchema(documents([toy((root) => set(root, '😀'.repeat(limit / 2)))]))).not.toThrow();
    expect(() => buildEffectiveSchema(documents([toy((root) => set(root, '漢'.repeat(limit)))]))).not.toThrow();
  });

  it.each(guarded)('must not be longer than its column, in UTF-16 units: $name, $limit', ({ set, limit, data }) => {
    for (const text of ['x'.repeat(limit + 1), `${'😀'.repeat(limit / 2)}x`]) {
      const [failure, ...others] = failuresOfSet([toy((root) => set(root, text))]);
      expect(others).toEqual([]);
      expect(failure).toMatchObject({
        code: 'INPUT_VALUE_TOO_LONG',
        where: { file: 'schemas/0.json' },
        details: { ...data, limit },
      });
      expect(failure?.message).toContain(String(limit));
    }
  });
});
