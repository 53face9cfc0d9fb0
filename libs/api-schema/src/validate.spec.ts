import { type JsonValue, toJsonValue } from '@dms/canonical-json';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type ApiSchemaDocument, buildEffectiveSchema, effectiveSchemaOf, stripOpenApi } from './index.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests break documents in ways that no type allows
type Root = any;

/** A core `Toy` with one resource `widgets`, changed by the test. */
function toy(change: (root: Root) => void = () => undefined): Root {
  const root = structuredClone(build.project('Toy', [build.resource('Widget')])) as Root;
  change(root);
  return root;
}

function extension(name: string, change: (root: Root) => void = () => undefined): Root {
  const root = structuredClone(build.project(name, [build.resource('Box')], { isExtension: true })) as Root;
  change(root);
  return root;
}

const documents = (roots: readonly Root[]): ApiSchemaDocument[] =>
  roots.map((root, index) => ({ file: `schemas/${index}.json`, root: toJsonValue(root) }));

function failuresOf(roots: readonly Root[], options?: { requireSingleCore: boolean }): readonly Diagnostic[] {
  try {
    buildEffectiveSchema(documents(roots), options);
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const codesAndMembers = (found: readonly Diagnostic[]) => found.map(({ code, details }) => [code, details.member]);

describe('a set of files', () => {
  it('needs at least one file', () => {
    expect(failuresOf([]).map(({ code }) => code)).toEqual(['INPUT_NO_FILES']);
  });
});

describe('the root of a file', () => {
  it.each<[string, unknown]>([
    ['an array', []],
    ['a string', 'x'],
    ['a number', 1],
    ['a boolean', true],
    ['null', null],
  ])('must be an object, not %s', (_name, root) => {
    const [failure, ...others] = failuresOf([root]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      code: 'INPUT_ROOT_NOT_OBJECT',
      where: { file: 'schemas/0.json' },
      details: { source: 'core' },
    });
  });

  it('of the wrapped format is INPUT_LEGACY_FORMAT and says that the file must be converted', () => {
    const [failure] = failuresOf([{ apiSchemaVersion: '1.0.0', projectNameMapping: {}, projectSchemas: {} }]);
    expect(failure).toMatchObject({ code: 'INPUT_LEGACY_FORMAT', details: { source: 'core' } });
    expect(failure?.message).toMatch(/wrapped format/);
    expect(failure?.message).toMatch(/convert/);
    expect(failure?.message).toContain('schemas/0.json');
  });

  it.each<[string, Root]>([
    ['absent', { apiSchemaVersion: '1.0.0' }],
    ['null', { apiSchemaVersion: '1.0.0', projectSchema: null }],
    ['absent, with nothing else', {}],
    ['an inherited name only', JSON.parse('{"__proto__":{"projectSchema":{}}}')],
  ])('whose projectSchema is %s is INPUT_PROJECT_MISSING', (_name, root) => {
    const found = failuresOf([root]);
    expect(found.map(({ code, details }) => [code, details])).toEqual([['INPUT_PROJECT_MISSING', { source: 'core' }]]);
  });

  it.each<[string, unknown]>([
    ['an array', []],
    ['a string', 'x'],
    ['false', false],
    ['a number', 0],
  ])('whose projectSchema is %s is INPUT_PROJECT_MALFORMED, member projectSchema', (_name, projectSchema) => {
    expect(codesAndMembers(failuresOf([{ apiSchemaVersion: '1.0.0', projectSchema }]))).toEqual([
      ['INPUT_PROJECT_MALFORMED', 'projectSchema'],
    ]);
  });

  it('is asked for projectSchema before it is asked for apiSchemaVersion', () => {
    expect(codesAndMembers(failuresOf([{ projectSchema: [] }]))[0]).toEqual(['INPUT_PROJECT_MALFORMED', 'projectSchema']);
  });

  it('may have members that no rule names', () => {
    expect(() =>
      buildEffectiveSchema(documents([toy((root) => Object.assign(root, { comment: 1, projectSchemas: [] }))])),
    ).not.toThrow();
  });
});

const textMembers = ['projectEndpointName', 'projectName', 'projectVersion'];
const wrongTexts: [string, unknown][] = [
  ['absent', undefined],
  ['null', null],
  ['a number', 1],
  ['an array', ['x']],
  ['an object', {}],
  ['empty', ''],
];

describe('a required member of a file', () => {
  it.each(wrongTexts)('apiSchemaVersion must not be %s', (_name, value) => {
    const root = toy((any) => {
      any.apiSchemaVersion = value;
      if (value === undefined) delete any.apiSchemaVersion;
    });
    const [failure, ...others] = failuresOf([root]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      code: 'INPUT_PROJECT_MALFORMED',
      where: { file: 'schemas/0.json', path: 'apiSchemaVersion' },
      details: { source: 'core', member: 'apiSchemaVersion', expected: 'a non-empty string' },
    });
  });

  const cases = textMembers.flatMap((member) =>
    [...wrongTexts, ['white space', ' \t\n\u00a0'] as [string, unknown]].map(([name, value]) => ({ member, name, value })),
  );
  it.each(cases)('$member must not be $name', ({ member, value }) => {
    const root = toy((any) => {
      any.projectSchema[member] = value;
      if (value === undefined) delete any.projectSchema[member];
    });
    const [failure, ...others] = failuresOf([root]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      code: 'INPUT_PROJECT_MALFORMED',
      where: { file: 'schemas/0.json' },
      details: { source: 'core', member: `projectSchema.${member}`, expected: 'a non-empty string' },
    });
    expect(failure?.message).toContain(`projectSchema.${member}`);
    expect(failure?.message).toContain('a non-empty string');
    expect(failure?.message.includes('missing')).toBe(value === undefined || value === null);
  });

  it.each<[string, unknown]>([
    ['absent', undefined],
    ['null', null],
    ['a text', 'false'],
    ['a number', 0],
  ])('isExtensionProject must be true or false, not %s', (_name, value) => {
    const root = toy((any) => {
      any.projectSchema.isExtensionProject = value;
      if (value === undefined) delete any.projectSchema.isExtensionProject;
    });
    expect(codesAndMembers(failuresOf([root]))).toEqual([['INPUT_PROJECT_MALFORMED', 'projectSchema.isExtensionProject']]);
  });

  it.each(
    ['resourceSchemas', 'abstractResources'].flatMap((member) =>
      [undefined, null, [], 'x', 1].map((value) => ({ member, value, name: JSON.stringify(value) ?? 'absent' })),
    ),
  )('$member must be an object, not $name', ({ member, value }) => {
    const root = toy((any) => {
      any.projectSchema[member] = value;
      if (value === undefined) delete any.projectSchema[member];
    });
    expect(codesAndMembers(failuresOf([root]))).toEqual([['INPUT_PROJECT_MALFORMED', `projectSchema.${member}`]]);
  });

  it('is missed together with all others, in the order of the rules', () => {
    expect(codesAndMembers(failuresOf([{ projectSchema: {} }]))).toEqual(
      [
        'apiSchemaVersion',
        'projectSchema.projectEndpointName',
        'projectSchema.projectName',
        'projectSchema.projectVersion',
        'projectSchema.isExtensionProject',
        'projectSchema.resourceSchemas',
        'projectSchema.abstractResources',
      ].map((member) => ['INPUT_PROJECT_MALFORMED', member]),
    );
  });
});

describe('an entry of a project', () => {
  it.each(
    ['resourceSchemas', 'abstractResources'].flatMap((member) =>
      [null, [], 'x', 1, true].map((value) => ({ member, value, name: JSON.stringify(value) })),
    ),
  )('of $member must be an object, not $name', ({ member, value }) => {
    const root = toy((any) => {
      any.projectSchema[member].things = value;
    });
    const [failure, ...others] = failuresOf([root]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      code: 'INPUT_RESOURCE_MALFORMED',
      where: { file: 'schemas/0.json', resource: 'Toy:things' },
      details: { source: 'core', resource: 'Toy:things' },
    });
    expect(failure?.message).toContain('Toy:things');
  });

  it.each(['resourceSchemas', 'abstractResources'])('of %s must have a key that is not empty', (member) => {
    const root = toy((any) => {
      any.projectSchema[member][''] = build.resource('Thing').schema;
    });
    const found = failuresOf([root]);
    expect(found.map(({ code, details }) => [code, details.resource])).toEqual([['INPUT_RESOURCE_MALFORMED', 'Toy:']]);
  });

  it.each<[string, string, unknown]>([
    ['resourceName', 'absent', undefined],
    ['resourceName', 'null', null],
    ['resourceName', 'a number', 7],
    ['resourceName', 'empty', ''],
    ['isResourceExtension', 'absent', undefined],
    ['isResourceExtension', 'null', null],
    ['isResourceExtension', 'a text', 'false'],
    ['isResourceExtension', 'a number', 0],
  ])('of resourceSchemas must have a good %s, not %s one', (member, _name, value) => {
    const root = toy((any) => {
      any.projectSchema.resourceSchemas.widgets[member] = value;
      if (value === undefined) delete any.projectSchema.resourceSchemas.widgets[member];
    });
    const [failure, ...others] = failuresOf([root]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      code: 'INPUT_RESOURCE_MALFORMED',
      where: { file: 'schemas/0.json', resource: 'Toy:widgets' },
      details: { source: 'core', resource: 'Toy:widgets', member },
    });
    expect(failure?.message).toContain('Toy:widgets');
    expect(failure?.message).toContain(member);
  });

  it('of abstractResources needs neither resourceName nor isResourceExtension', () => {
    const root = toy((any) => {
      any.projectSchema.abstractResources.Thing = {};
    });
    expect(() => buildEffectiveSchema(documents([root]))).not.toThrow();
  });

  it('may have any key and be found, also those that objects of JavaScript treat in a special way', () => {
    const root = JSON.parse(
      JSON.stringify(toy()).replace('"resourceSchemas":{', '"resourceSchemas":{"__proto__":null,"constructor":1,'),
    );
    expect(failuresOf([root]).map(({ details }) => details.resource)).toEqual(['Toy:__proto__', 'Toy:constructor']);
  });

  it('is reported with all other entries at fault, each with all its faults, with file, resource and member', () => {
    const root = toy((any) => {
      Object.assign(any.projectSchema.resourceSchemas, {
        widgets: { resourceName: 1 },
        boxes: { resourceName: 'Box', isResourceExtension: null },
        good: { resourceName: 'Good', isResourceExtension: false },
        lids: 5,
      });
      any.projectSchema.abstractResources.Thing = null;
    });
    const found = failuresOf([root]);
    expect(found.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => 'INPUT_RESOURCE_MALFORMED'));
    expect(new Set(found.map(({ where }) => where.file))).toEqual(new Set(['schemas/0.json']));
    expect(found.map(({ details }) => `${details.resource} ${details.member ?? ''}`).sort()).toEqual([
      'Toy:Thing ',
      'Toy:boxes isResourceExtension',
      'Toy:lids ',
      'Toy:widgets isResourceExtension',
      'Toy:widgets resourceName',
    ]);
  });
});

describe('several files', () => {
  it('are all checked, and what is wrong with each is reported in their order with its source', () => {
    const found = failuresOf([
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
    const [failure, ...others] = failuresOf([toy(), extension('Attic', version(text))]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      code: 'INPUT_VERSION_MISMATCH',
      where: { file: 'schemas/1.json' },
      details: { source: 'extension[0]', expected: '1.0.0', actual: text },
    });
  });

  it('is compared with the one of the core; the first extension that differs is named', () => {
    const found = failuresOf([
      toy(),
      extension('Attic'),
      extension('Box', version('2.0.0')),
      extension('Cellar', version('3.0.0')),
    ]);
    expect(found.map(({ details }) => details)).toEqual([{ source: 'extension[1]', expected: '1.0.0', actual: '2.0.0' }]);
  });

  it('is never parsed', () => {
    const set = buildEffectiveSchema(documents([toy(version('next')), extension('Attic', version('next'))]));
    expect(set.info.apiSchemaFormatVersion).toBe('next');
  });

  it('is compared before endpoint names and cores', () => {
    const found = failuresOf([extension('Attic'), extension('Attic', version('2'))]);
    expect(found.map(({ code }) => code)).toEqual(['INPUT_VERSION_MISMATCH']);
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
    const [failure, ...others] = failuresOf(roots);
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
    const found = failuresOf([toy(), withEndpoint('A', 'x'), withEndpoint('B', 'x'), withEndpoint('C', 'x')]);
    expect(found.map(({ details }) => details)).toEqual([
      { collisions: [{ projectEndpointName: 'x', sources: ['extension[0]', 'extension[1]', 'extension[2]'] }] },
    ]);
  });

  it('is compared ordinally', () => {
    const roots = [toy(), withEndpoint('A', 'TOY'), withEndpoint('B', 't-oy'), withEndpoint('C', 'tóy')];
    expect(() => buildEffectiveSchema(documents(roots))).not.toThrow();
  });

  it('is compared before cores are counted', () => {
    expect(failuresOf([toy(), toy()]).map(({ code }) => code)).toEqual(['INPUT_ENDPOINT_COLLISION']);
    expect(failuresOf([extension('A'), extension('A')]).map(({ code }) => code)).toEqual(['INPUT_ENDPOINT_COLLISION']);
  });
});

describe('the core of a set', () => {
  const otherCore = (name: string) => structuredClone(build.project(name, [build.resource('Lamp')])) as Root;

  it('must be there', () => {
    const found = failuresOf([extension('Attic'), extension('Box')]);
    expect(found.map(({ code, details }) => [code, details])).toEqual([
      ['INPUT_CORE_MISSING', { sources: ['core', 'extension[0]'] }],
    ]);
  });

  it('must be one; the sources of all are named in input order', () => {
    const found = failuresOf([extension('Attic'), otherCore('B'), extension('C'), otherCore('A')]);
    expect(found.map(({ code, details }) => [code, details])).toEqual([
      ['INPUT_MULTIPLE_CORE', { sources: ['extension[0]', 'extension[2]'] }],
    ]);
  });

  it('may be missing or doubled when the caller switches the rule off', () => {
    const options = { requireSingleCore: false };
    const one = buildEffectiveSchema(documents([extension('Attic')]), options);
    expect(one.info.schemaComponents.map(({ projectName, isExtensionProject }) => [projectName, isExtensionProject])).toEqual([
      ['Attic', true],
    ]);
    expect(buildEffectiveSchema(documents([toy(), otherCore('B')]), options).projects).toHaveLength(2);
  });

  it('is the only rule that the option switches off', () => {
    const options = { requireSingleCore: false };
    expect(failuresOf([], options)[0]?.code).toBe('INPUT_NO_FILES');
    expect(failuresOf([extension('A'), extension('A')], options)[0]?.code).toBe('INPUT_ENDPOINT_COLLISION');
    expect(failuresOf([extension('A|')], options)[0]?.code).toBe('INPUT_VALUE_UNSAFE');
  });
});

/** The values that reach a hashed text or a column, how a test sets each, and how a diagnostic names each. */
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
    set: (root, text) => Object.assign(root.projectSchema.abstractResources, { [text]: { identityJsonPaths: ['$.a'] } }),
    data: {},
  },
];

describe('a value of the hashed texts', () => {
  const unsafe = ['|', '\u0000', '\n', '\r', '\u001f', '\u007f', '\u0080', '\u0085', '\u009f'];

  it.each(guarded.flatMap((value) => unsafe.map((character) => ({ ...value, character, code: character.charCodeAt(0) }))))(
    'must not hold character $code: $name',
    ({ set, character, data }) => {
      const [failure, ...others] = failuresOf([toy((root) => set(root, `a${character}b`))]);
      expect(others).toEqual([]);
      expect(failure).toMatchObject({ code: 'INPUT_VALUE_UNSAFE', where: { file: 'schemas/0.json' }, details: data });
    },
  );

  it.each(guarded)('may hold any other character: $name', ({ set }) => {
    for (const text of ['a b', 'a\u00a0b', "O'Brien & <Co>", 'ä漢😀', 'a/b\\c"d', '~'])
      expect(() => buildEffectiveSchema(documents([toy((root) => set(root, text))]))).not.toThrow();
  });

  it('of an abstract resource is named with its label', () => {
    const [failure] = failuresOf([
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
    expect(failuresOf([toy(), root]).map(({ code, details }) => [code, details.resource])).toEqual([
      ['INPUT_VALUE_UNSAFE', 'Attic:boxs'],
    ]);
  });

  it('is checked in every file, and all findings are reported together', () => {
    const found = failuresOf([
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
      const [failure, ...others] = failuresOf([toy((root) => set(root, text))]);
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

describe('the lower-level builder', () => {
  it('takes project objects without abstractResources and isExtensionProject from its caller', () => {
    const projectSchema = toJsonValue({
      resourceSchemas: { widgets: { resourceName: 'Widget', isResourceExtension: false } },
    }) as ReadonlyMap<string, JsonValue>;
    const set = effectiveSchemaOf('1.0.0', [
      {
        projectEndpointName: 'toy',
        projectName: 'Toy',
        projectVersion: '1.0.0',
        isExtensionProject: true,
        projectSchema: stripOpenApi(projectSchema),
      },
    ]);
    expect(set.info.resourceKeys).toEqual([
      { id: 1, projectName: 'Toy', resourceName: 'Widget', resourceVersion: '1.0.0', isAbstract: false },
    ]);
    expect(set.info.schemaComponents[0]?.isExtensionProject).toBe(true);
  });
});
