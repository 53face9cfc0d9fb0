import { build } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../test/failures.ts';
import {
  buildEffectiveSchema,
  effectiveSchemaManifestText,
  type ResourceKeyEntry,
  resourceKeyLimit,
  resourceKeySeedHash,
} from '../index.ts';
import { assertEffectiveSchema } from './effective-schema-manifest.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const key = (
  id: number,
  projectName: string,
  resourceName: string,
  resourceVersion: string,
  isAbstract = false,
): ResourceKeyEntry => ({
  id,
  projectName,
  resourceName,
  resourceVersion,
  isAbstract,
});
const setOf = (...roots: build.JsonRecord[]) =>
  buildEffectiveSchema(roots.map((root, index) => ({ file: `${index}.json`, root: toJsonValue(root) })));
const keysOf = (...roots: build.JsonRecord[]) => setOf(...roots).info.resourceKeys;
const names = (keys: readonly ResourceKeyEntry[]) =>
  keys.map(({ projectName, resourceName }) => `${projectName} ${resourceName}`);

/** A project whose resources are given as endpoint -> resource name. */
const named = (name: string, resources: Record<string, string>, options: build.ProjectOptions = {}) =>
  build.project(
    name,
    Object.entries(resources).map(([endpoint, resourceName]) => ({
      endpoint,
      schema: build.resource(resourceName).schema,
    })),
    options,
  );

describe('a resource key', () => {
  it('is given to concrete resources, descriptors, subclasses and abstract resources, and to no resource extension', () => {
    const core = build.project(
      'Toy',
      [
        build.resource('Widget'),
        build.descriptor('ShapeDescriptor'),
        build.resource('Kite', { isSubclass: true, superclassProjectName: 'Toy', superclassResourceName: 'Flyer' }),
        build.resource('SchoolYearType', { isSchoolYearEnumeration: true }),
      ],
      { abstractResources: { Flyer: { identityJsonPaths: ['$.code'] } }, version: '5.2.0' },
    );
    const attic = build.project('Attic', [build.extensionOf('Widget', {}), build.resource('Box')], {
      isExtension: true,
      version: '2',
    });
    expect(keysOf(core, attic)).toEqual([
      key(1, 'Attic', 'Box', '2'),
      key(2, 'Toy', 'Flyer', '5.2.0', true),
      key(3, 'Toy', 'Kite', '5.2.0'),
      key(4, 'Toy', 'SchoolYearType', '5.2.0'),
      key(5, 'Toy', 'ShapeDescriptor', '5.2.0'),
      key(6, 'Toy', 'Widget', '5.2.0'),
    ]);
  });

  it('takes the resourceName of a resource and never its endpoint, but the key of an abstract one', () => {
    const root = named(
      'Toy',
      { zzz: 'Apple', aaa: 'Zebra' },
      { abstractResources: { Middle: { resourceName: 'Other' } } },
    );
    expect(names(keysOf(root))).toEqual(['Toy Apple', 'Toy Middle', 'Toy Zebra']);
  });

  it('is numbered by project name, then resource name, both ordinal, and not by endpoint name', () => {
    const alpha = named(
      'Alpha',
      { a: 'zebra', b: 'Apple', c: 'apple', d: 'Ähre', e: 'Apple2', f: 'AppleX' },
      { endpoint: 'zeta-core' },
    );
    const omega = named('Omega', { a: 'Aardvark' }, { endpoint: 'beta', isExtension: true });
    const small = named('alpha', { a: 'Apple' }, { endpoint: 'gamma', isExtension: true });
    const { info } = setOf(alpha, omega, small);
    expect(info.schemaComponents.map(({ projectEndpointName }) => projectEndpointName)).toEqual([
      'beta',
      'gamma',
      'zeta-core',
    ]);
    expect(info.resourceKeys.map((entry) => `${entry.id} ${entry.projectName} ${entry.resourceName}`)).toEqual([
      '1 Alpha Apple',
      '2 Alpha Apple2',
      '3 Alpha AppleX',
      '4 Alpha apple',
      '5 Alpha zebra',
      '6 Alpha Ähre',
      '7 Omega Aardvark',
      '8 alpha Apple',
    ]);
  });

  it('need not exist: a project without resources has none', () => {
    const { info } = setOf(build.project('Toy', []));
    expect(info.resourceKeys).toEqual([]);
    expect(info.resourceKeyCount).toBe(0);
    expect(hex(info.resourceKeySeedHash)).toBe('4007f9651f56487342b69a169a37fa7fccf7489200c986754fefeeb8927b86ce');
    expect(effectiveSchemaManifestText(info)).toContain('"resource_keys": []\n');
  });
});

describe('a name that two resources share', () => {
  it.each<[string, build.JsonRecord[]]>([
    ['two concrete ones', [named('Toy', { widgets: 'Widget', wodgets: 'Widget' })]],
    ['an abstract and a concrete one', [named('Toy', { widgets: 'Widget' }, { abstractResources: { Widget: {} } })]],
  ])('is RESOURCE_KEY_DUPLICATE: %s', (_name, roots) => {
    const failure = failureOf(() => setOf(...roots));
    expect(failure.diagnostics.map(({ code, details }) => [code, details.resource])).toEqual([
      ['RESOURCE_KEY_DUPLICATE', 'Toy:Widget'],
    ]);
    expect(failure.diagnostics[0].message).toContain('Toy:Widget');
  });

  it('is reported together with all others, each once, in ordinal order', () => {
    const root = named('Toy', { a: 'Zebra', b: 'Zebra', c: 'Apple', d: 'Apple', e: 'Apple', f: 'Single' });
    expect(failureOf(() => setOf(root)).diagnostics.map(({ details }) => details.resource)).toEqual([
      'Toy:Apple',
      'Toy:Zebra',
    ]);
  });

  it.each<[string, build.JsonRecord[], number]>([
    ['names that differ in case', [named('Toy', { a: 'Widget', b: 'widget' })], 2],
    [
      'one name in two projects',
      [named('Toy', { a: 'Widget' }), named('Attic', { a: 'Widget' }, { isExtension: true })],
      2,
    ],
    [
      'a resource extension and what it extends',
      [named('Toy', { a: 'Widget' }), build.project('Attic', [build.extensionOf('Widget', {})], { isExtension: true })],
      1,
    ],
    [
      'project and resource names that are equal only when joined by a colon',
      [named('A', { a: 'B:C' }, { endpoint: 'one' }), named('A:B', { a: 'C' }, { endpoint: 'two', isExtension: true })],
      2,
    ],
  ])('is another thing than %s', (_name, roots, count) => {
    const { info } = setOf(...roots);
    expect(info.resourceKeyCount).toBe(count);
    expect(() => assertEffectiveSchema(info)).not.toThrow();
  });
});

describe('the number of resources', () => {
  const toyOf = (count: number) => {
    const resources = Array.from({ length: count }, (_, index) => {
      const resourceName = `R${String(index).padStart(5, '0')}`;
      return [`r${index}`, { resourceName, isResourceExtension: false }];
    });
    return build.project('Toy', [], { members: { resourceSchemas: Object.fromEntries(resources) } });
  };

  it('may be 32767, the largest id of a smallint', () => {
    const { info } = setOf(toyOf(32767));
    expect(resourceKeyLimit).toBe(32767);
    expect(info.resourceKeyCount).toBe(32767);
    expect(info.resourceKeys.at(-1)).toEqual(key(32767, 'Toy', 'R32766', '1.0.0'));
  });

  it('must not be 32768', () => {
    const failure = failureOf(() => setOf(toyOf(32768)));
    expect(failure.diagnostics.map(({ code, details }) => [code, details])).toEqual([
      ['RESOURCE_KEY_LIMIT', { count: 32768, limit: 32767 }],
    ]);
    expect(failure.message).toContain('32768');
    expect(failure.message).toContain('32767');
  });

  it('does not count resource extensions', () => {
    const extensions = Array.from({ length: 3 }, (_, index) => [
      `x${index}`,
      { resourceName: `R0000${index}`, isResourceExtension: true },
    ]);
    const attic = build.project('Attic', [], {
      isExtension: true,
      members: { resourceSchemas: Object.fromEntries(extensions) },
    });
    expect(setOf(toyOf(32767), attic).info.resourceKeyCount).toBe(32767);
  });

  it('at its limit passes the contract of a finished schema', () => {
    expect(() => assertEffectiveSchema(setOf(toyOf(32767)).info)).not.toThrow();
  });
});

describe('the seed hash', () => {
  it('is that of the header line and one line per key, each ended by LF', () => {
    const keys = [key(1, 'Ed-Fi', 'AddressTypeDescriptor', '5.0.0'), key(2, 'Ed-Fi', 'School', '5.0.0')];
    expect(hex(resourceKeySeedHash(keys))).toBe('a351748c34c9c8b22f541ee0c3f773fb6c35170c0a238745eb5d93fc058afb90');
  });

  it('without keys is that of the header line', () => {
    expect(hex(resourceKeySeedHash([]))).toBe('4007f9651f56487342b69a169a37fa7fccf7489200c986754fefeeb8927b86ce');
  });

  it('is 32 bytes', () => {
    expect(resourceKeySeedHash([key(1, 'Toy', 'Widget', '1')])).toHaveLength(32);
  });

  it('does not depend on the abstract flag', () => {
    expect(hex(resourceKeySeedHash([key(1, 'Toy', 'Widget', '1', true)]))).toBe(
      hex(resourceKeySeedHash([key(1, 'Toy', 'Widget', '1', false)])),
    );
  });

  it.each<[string, ResourceKeyEntry]>([
    ['the id', key(2, 'Toy', 'Widget', '1')],
    ['the project name', key(1, 'Tov', 'Widget', '1')],
    ['the resource name', key(1, 'Toy', 'Wodget', '1')],
    ['the version', key(1, 'Toy', 'Widget', '2')],
  ])('depends on %s', (_name, changed) => {
    expect(hex(resourceKeySeedHash([changed]))).not.toBe(hex(resourceKeySeedHash([key(1, 'Toy', 'Widget', '1')])));
  });
});
