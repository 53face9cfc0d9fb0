import { build } from '@dms/testing';
import { type JsonValue, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { codesAndMembers, documents, failuresOfSet, type Root, toy } from '../../test/toy.ts';
import { assembleEffectiveSchema, buildEffectiveSchema } from '../index.ts';
import { stripOpenApi } from '../normalized-schema.ts';

describe('a set of files', () => {
  it('needs at least one file', () => {
    expect(failuresOfSet([]).map(({ code }) => code)).toEqual(['INPUT_NO_FILES']);
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
    const [failure, ...others] = failuresOfSet([root]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      code: 'INPUT_ROOT_NOT_OBJECT',
      where: { file: 'schemas/0.json' },
      details: { source: 'core' },
    });
  });

  it('of the wrapped format is INPUT_LEGACY_FORMAT and says that the file must be converted', () => {
    const [failure] = failuresOfSet([{ apiSchemaVersion: '1.0.0', projectNameMapping: {}, projectSchemas: {} }]);
    expect(failure).toMatchObject({ code: 'INPUT_LEGACY_FORMAT', details: { source: 'core' } });
    expect(failure?.message).toMatch(/wrapped format/);
    expect(failure?.message).toMatch(/convert/);
    expect(failure?.message).toContain('schemas/0.json');
  });

  it('of the wrapped format may have a projectSchema that is null', () => {
    const found = failuresOfSet([{ apiSchemaVersion: '1.0.0', projectSchema: null, projectSchemas: {} }]);
    expect(found.map(({ code }) => code)).toEqual(['INPUT_LEGACY_FORMAT']);
  });

  it.each<[string, Root]>([
    ['absent', { apiSchemaVersion: '1.0.0' }],
    ['null', { apiSchemaVersion: '1.0.0', projectSchema: null }],
    ['absent, with nothing else', {}],
    ['an inherited name only', JSON.parse('{"__proto__":{"projectSchema":{}}}')],
  ])('whose projectSchema is %s is INPUT_PROJECT_MISSING', (_name, root) => {
    const found = failuresOfSet([root]);
    expect(found.map(({ code, details }) => [code, details])).toEqual([['INPUT_PROJECT_MISSING', { source: 'core' }]]);
  });

  it.each<[string, unknown]>([
    ['an array', []],
    ['a string', 'x'],
    ['false', false],
    ['a number', 0],
  ])('whose projectSchema is %s is INPUT_PROJECT_MALFORMED, member projectSchema', (_name, projectSchema) => {
    expect(codesAndMembers(failuresOfSet([{ apiSchemaVersion: '1.0.0', projectSchema }]))).toEqual([
      ['INPUT_PROJECT_MALFORMED', 'projectSchema'],
    ]);
  });

  it('is asked for projectSchema before it is asked for apiSchemaVersion', () => {
    expect(codesAndMembers(failuresOfSet([{ projectSchema: [] }]))[0]).toEqual([
      'INPUT_PROJECT_MALFORMED',
      'projectSchema',
    ]);
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
    const [failure, ...others] = failuresOfSet([root]);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({
      code: 'INPUT_PROJECT_MALFORMED',
      where: { file: 'schemas/0.json', path: 'apiSchemaVersion' },
      details: { source: 'core', member: 'apiSchemaVersion', expected: 'a non-empty string' },
    });
  });

  const cases = textMembers.flatMap((member) =>
    [...wrongTexts, ['white space', ' \t\n\u00a0'] as [string, unknown]].map(([name, value]) => ({
      member,
      name,
      value,
    })),
  );
  it.each(cases)('$member must not be $name', ({ member, value }) => {
    const root = toy((any) => {
      any.projectSchema[member] = value;
      if (value === undefined) delete any.projectSchema[member];
    });
    const [failure, ...others] = failuresOfSet([root]);
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
    expect(codesAndMembers(failuresOfSet([root]))).toEqual([
      ['INPUT_PROJECT_MALFORMED', 'projectSchema.isExtensionProject'],
    ]);
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
    expect(codesAndMembers(failuresOfSet([root]))).toEqual([['INPUT_PROJECT_MALFORMED', `projectSchema.${member}`]]);
  });

  it('is missed together with all others, in the order of the rules', () => {
    expect(codesAndMembers(failuresOfSet([{ projectSchema: {} }]))).toEqual(
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
    const [failure, ...others] = failuresOfSet([root]);
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
    const found = failuresOfSet([root]);
    expect(found.map(({ code, details }) => [code, details.resource])).toEqual([['INPUT_RESOURCE_MALFORMED', 'Toy:']]);
  });

  it.each<[string, string, unknown]>([
    ['resourceName', 'absent', undefined],
    ['resourceName', 'null', null],
    ['resourceName', 'a number', 7],
    ['resourceName', 'empty', ''],
    ['resourceName', 'blank', ' '],
    ['isResourceExtension', 'absent', undefined],
    ['isResourceExtension', 'null', null],
    ['isResourceExtension', 'a text', 'false'],
    ['isResourceExtension', 'a number', 0],
  ])('of resourceSchemas must have a good %s, not %s one', (member, _name, value) => {
    const root = toy((any) => {
      any.projectSchema.resourceSchemas.widgets[member] = value;
      if (value === undefined) delete any.projectSchema.resourceSchemas.widgets[member];
    });
    const [failure, ...others] = failuresOfSet([root]);
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
    expect(failuresOfSet([root]).map(({ details }) => details.resource)).toEqual(['Toy:__proto__', 'Toy:constructor']);
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
    const found = failuresOfSet([root]);
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

describe('the lower-level builder', () => {
  it('takes project objects without abstractResources and isExtensionProject from its caller', () => {
    const projectSchema = toJsonValue({
      resourceSchemas: { widgets: { resourceName: 'Widget', isResourceExtension: false } },
    }) as ReadonlyMap<string, JsonValue>;
    const set = assembleEffectiveSchema('1.0.0', [
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
