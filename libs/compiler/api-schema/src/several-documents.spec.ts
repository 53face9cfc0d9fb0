import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { documents, extension, failuresOfSet, type Root, toy } from '../test/toy.ts';
import { type ApiSchemaDocument, buildEffectiveSchema, coreFirst, examineSchemaSet } from './index.ts';

describe('several files', () => {
  it('are all checked, and the problems of each are reported in their order with its source', () => {
    const found = failuresOfSet([
      toy((root) => delete root.projectSchema.projectName),
      [],
      extension('Attic'),
      { projectSchemas: {} },
      extension('Shop', (root) => {
        root.projectSchema.resourceSchemas.boxs = null;
      }),
    ]);
    expect(found.map(({ code, where, details }) => [code, where.file, details.source])).toEqual([
      ['INPUT_PROJECT_MALFORMED', 'schemas/0.json', 'core'],
      ['INPUT_ROOT_NOT_OBJECT', 'schemas/1.json', 'extension[0]'],
      ['INPUT_LEGACY_FORMAT', 'schemas/3.json', 'extension[2]'],
      ['INPUT_RESOURCE_MALFORMED', 'schemas/4.json', 'extension[3]'],
    ]);
    for (const { message, where, details } of found) {
      expect(message).toContain(String(where.file));
      expect(message).toContain(String(details.source));
    }
  });
});

describe('the apiSchemaVersion of all files', () => {
  const version = (text: string) => (root: Root) => {
    root.apiSchemaVersion = text;
  };

  it.each(['1.0', '1.0.1', ' 1.0.0', '1.0.0 ', 'v1.0.0'])('must be equal as text: %j is not 1.0.0', (text) => {
    const [failure, ...others] = failuresOfSet([toy(), extension('Attic', version(text))]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      code: 'INPUT_VERSION_MISMATCH',
      where: { file: 'schemas/1.json' },
      details: { source: 'extension[0]', expected: '1.0.0', actual: text },
    });
  });

  it('is compared with the one of the core; every extension that differs is named', () => {
    const found = failuresOfSet([
      toy(),
      extension('Attic'),
      extension('Box', version('2.0.0')),
      extension('Cellar', version('3.0.0')),
    ]);
    expect(found.map(({ details }) => details)).toEqual([
      { source: 'extension[1]', expected: '1.0.0', actual: '2.0.0' },
      { source: 'extension[2]', expected: '1.0.0', actual: '3.0.0' },
    ]);
  });

  it('is a note where it is not known, for each file', () => {
    const { found, notes } = examineSchemaSet(documents([toy(version('9.9.9')), extension('Attic', version('9.9.9'))]));
    expect(found).toEqual([]);
    expect(notes.map(({ code, class: kind, where, message }) => [code, kind, where, message])).toEqual(
      ['schemas/0.json', 'schemas/1.json'].map((file) => [
        'INPUT_VERSION_UNKNOWN',
        'W',
        { file, path: 'apiSchemaVersion' },
        expect.stringContaining('apiSchemaVersion is "9.9.9", but this version of dms-ddl knows 1.0.0;'),
      ]),
    );
    expect(examineSchemaSet(documents([toy()])).notes).toEqual([]);
  });

  it('is never parsed', () => {
    const set = buildEffectiveSchema(documents([toy(version('next')), extension('Attic', version('next'))]));
    expect(set.info.apiSchemaFormatVersion).toBe('next');
  });

  it('is compared first; endpoint names and cores are checked all the same', () => {
    const found = failuresOfSet([extension('Attic'), extension('Attic', version('2'))]);
    expect(found.map(({ code }) => code)).toEqual([
      'INPUT_VERSION_MISMATCH',
      'INPUT_ENDPOINT_COLLISION',
      'INPUT_CORE_MISSING',
    ]);
  });
});

describe('the projectEndpointName of every file', () => {
  const withEndpoint = (name: string, endpoint: string) =>
    extension(name, (root) => {
      root.projectSchema.projectEndpointName = endpoint;
    });

  it('must be its own; one diagnostic lists all collisions by first appearance with their sources in input order', () => {
    const roots = [
      toy(),
      withEndpoint('A', 'aaa'),
      withEndpoint('B', 'toy'),
      withEndpoint('C', 'bbb'),
      withEndpoint('D', 'aaa'),
    ];
    const [failure, ...others] = failuresOfSet(roots);
    expect(others).toEqual([]);
    expect(failure?.code).toBe('INPUT_ENDPOINT_COLLISION');
    expect(failure?.details).toEqual({
      collisions: [
        { projectEndpointName: 'toy', sources: ['core', 'extension[1]'] },
        { projectEndpointName: 'aaa', sources: ['extension[0]', 'extension[3]'] },
      ],
    });
    for (const part of ['toy', 'aaa', 'core', 'extension[0]', 'extension[1]', 'extension[3]'])
      expect(failure?.message).toContain(part);
    expect(failure?.message).not.toContain('bbb');
  });

  it('collides with three of its kind in one group', () => {
    const found = failuresOfSet([toy(), withEndpoint('A', 'x'), withEndpoint('B', 'x'), withEndpoint('C', 'x')]);
    expect(found.map(({ details }) => details)).toEqual([
      { collisions: [{ projectEndpointName: 'x', sources: ['extension[0]', 'extension[1]', 'extension[2]'] }] },
    ]);
  });

  it('is compared ordinally', () => {
    const roots = [toy(), withEndpoint('A', 'TOY'), withEndpoint('B', 't-oy'), withEndpoint('C', 'tóy')];
    expect(() => buildEffectiveSchema(documents(roots))).not.toThrow();
  });

  it('stands for the other names of a project that is given twice', () => {
    expect(failuresOfSet([toy(), toy()]).map(({ code }) => code)).toEqual(['INPUT_ENDPOINT_COLLISION']);
    expect(failuresOfSet([extension('A'), extension('A')]).map(({ code }) => code)).toEqual([
      'INPUT_ENDPOINT_COLLISION',
      'INPUT_CORE_MISSING',
    ]);
  });
});

describe('a file of an extension that comes first (design 01 §4.2)', () => {
  it('is allowed and changes nothing: the core is the file that says so, not the first', () => {
    const attic = extension('Attic');
    expect(buildEffectiveSchema(documents([attic, toy()]))).toEqual(buildEffectiveSchema(documents([toy(), attic])));
  });

  it('is the one that messages call the core, and whose version the others must have', () => {
    const newer = toy((root) => {
      root.apiSchemaVersion = '2.0.0';
    });
    const [failure] = failuresOfSet([extension('Attic'), newer]);
    expect(failure).toMatchObject({
      code: 'INPUT_VERSION_MISMATCH',
      where: { file: 'schemas/1.json' },
      details: { source: 'extension[0]', expected: '1.0.0', actual: '2.0.0' },
    });
  });

  it('is moved behind the core by the commands, before anything is named', () => {
    const [core, attic] = documents([toy(), extension('Attic')]);
    expect(coreFirst([attic, core] as ApiSchemaDocument[])).toEqual([core, attic]);
  });
});

describe('the projectName of every file', () => {
  const namedProject = (endpoint: string, projectName: string) =>
    extension(endpoint, (root) => {
      root.projectSchema.projectName = projectName;
    });

  it('must be its own: one diagnostic for each name that is repeated, by first appearance, with all its files', () => {
    const found = failuresOfSet([
      namedProject('a', 'Attic'),
      toy(),
      namedProject('b', 'Toy'),
      namedProject('c', 'Cellar'),
      namedProject('d', 'Attic'),
      namedProject('e', 'Attic'),
    ]);
    expect(found.map(({ code, where, details }) => [code, where.file, details])).toEqual([
      [
        'PROJECT_NAME_DUPLICATE',
        'schemas/4.json',
        { projectName: 'Attic', sources: ['core', 'extension[3]', 'extension[4]'] },
      ],
      ['PROJECT_NAME_DUPLICATE', 'schemas/2.json', { projectName: 'Toy', sources: ['extension[0]', 'extension[1]'] }],
    ]);
    for (const part of [
      '"Attic"',
      'core (schemas/0.json)',
      'extension[3] (schemas/4.json)',
      'extension[4] (schemas/5.json)',
    ])
      expect(found[0]?.message).toContain(part);
    expect(found[0]?.message).not.toContain('Cellar');
  });

  it('is compared ordinally', () => {
    const roots = [toy(), namedProject('a', 'TOY'), namedProject('b', 'toy'), namedProject('c', 'Tóy')];
    expect(() => buildEffectiveSchema(documents(roots))).not.toThrow();
  });

  it('is compared after endpoint names', () => {
    expect(failuresOfSet([toy(), toy()]).map(({ code }) => code)).toEqual(['INPUT_ENDPOINT_COLLISION']);
    const two = [namedProject('a', 'Attic'), namedProject('b', 'Attic')];
    expect(failuresOfSet(two).map(({ code }) => code)).toEqual(['PROJECT_NAME_DUPLICATE', 'INPUT_CORE_MISSING']);
    expect(failuresOfSet(two, { requireSingleCore: false }).map(({ code }) => code)).toEqual([
      'PROJECT_NAME_DUPLICATE',
    ]);
  });
});

describe('the core of a set', () => {
  const otherCore = (name: string) => structuredClone(build.project(name, [build.resource('Lamp')])) as Root;

  it('must be there', () => {
    const found = failuresOfSet([extension('Attic'), extension('Box')]);
    expect(found.map(({ code, details }) => [code, details])).toEqual([
      ['INPUT_CORE_MISSING', { sources: ['core', 'extension[0]'] }],
    ]);
  });

  it('must be one; the sources of all are named in input order', () => {
    const found = failuresOfSet([extension('Attic'), otherCore('B'), extension('C'), otherCore('A')]);
    expect(found.map(({ code, details }) => [code, details])).toEqual([
      ['INPUT_MULTIPLE_CORE', { sources: ['extension[0]', 'extension[2]'] }],
    ]);
  });

  it('may be missing or doubled when the caller switches the rule off', () => {
    const options = { requireSingleCore: false };
    const one = buildEffectiveSchema(documents([extension('Attic')]), options);
    expect(
      one.info.schemaComponents.map(({ projectName, isExtensionProject }) => [projectName, isExtensionProject]),
    ).toEqual([['Attic', true]]);
    expect(buildEffectiveSchema(documents([toy(), otherCore('B')]), options).projects).toHaveLength(2);
  });

  it('is the only rule that the option switches off', () => {
    const options = { requireSingleCore: false };
    expect(failuresOfSet([], options)[0]?.code).toBe('INPUT_NO_FILES');
    expect(failuresOfSet([extension('A'), extension('A')], options)[0]?.code).toBe('INPUT_ENDPOINT_COLLISION');
    expect(failuresOfSet([extension('A|')], options)[0]?.code).toBe('INPUT_VALUE_UNSAFE');
  });
});
