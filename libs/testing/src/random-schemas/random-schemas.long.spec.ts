import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../runs/property-runs.ts';
import { type JsonRecord, project, resource } from '../schema-builder.ts';
import { random, schemaSets, shuffled } from './random-schemas.ts';

const document = project('Core', [
  resource('Lamp', {
    identityJsonPaths: ['$.lampId', '$.room'],
    equalityConstraints: [{ sourceJsonPath: '$.a', targetJsonPath: '$.b' }],
  }),
  resource('Room', { identityJsonPaths: ['$.roomId'] }),
]);

/**
 * The path of every object of a document, with the names of its members in order; arrays have the index of each item.
 */
function memberOrders(value: unknown, path = '$'): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => memberOrders(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  const members = Object.entries(value);
  return [
    `${path}: ${members.map(([name]) => name)}`,
    ...members.flatMap(([name, member]) => memberOrders(member, `${path}.${name}`)),
  ];
}

describe('shuffled', () => {
  it('changes the order of members at every depth, and nothing else', () => {
    const other = shuffled(document, 7);
    expect(other).toEqual(document);
    const before = memberOrders(document).sort();
    const after = memberOrders(other).sort();
    expect(after).not.toEqual(before);
    expect(Object.keys(other.projectSchema as JsonRecord)).not.toEqual(
      Object.keys(document.projectSchema as JsonRecord),
    );
    const resourceOf = (root: JsonRecord) =>
      ((root.projectSchema as JsonRecord).resourceSchemas as JsonRecord).lamps as JsonRecord;
    expect(Object.keys(resourceOf(other))).not.toEqual(Object.keys(resourceOf(document)));
    expect(resourceOf(other).identityJsonPaths).toEqual(['$.lampId', '$.room']);
  });

  it('gives the same order for the same seed, another one for another seed, and a copy each time', () => {
    expect(memberOrders(shuffled(document, 3))).toEqual(memberOrders(shuffled(document, 3)));
    expect(memberOrders(shuffled(document, 3))).not.toEqual(memberOrders(shuffled(document, 4)));
    const before = JSON.stringify(document);
    const copy = shuffled(document, 5);
    expect(JSON.stringify(document)).toBe(before);
    expect(copy.projectSchema).not.toBe(document.projectSchema);
  });

  it('keeps the order of arrays for every seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(shuffled({ list: [1, 2, 3, { a: 1, b: [2, 1] }] }, seed)).toEqual({
          list: [1, 2, 3, { a: 1, b: [2, 1] }],
        });
      }),
    );
  });
});

describe('random', () => {
  it('gives the same numbers for the same seed, all from 0 up to but not including 1', () => {
    const list = (seed: number) => {
      const next = random(seed);
      return Array.from({ length: 200 }, next);
    };
    expect(list(11)).toEqual(list(11));
    expect(list(11)).not.toEqual(list(12));
    expect(list(11).every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(list(11).map((number) => Math.floor(number * 10))).size).toBe(10);
  });
});

interface Place {
  readonly schema: JsonRecord;
  readonly isExtension: boolean;
}

function schemasOf(documents: readonly JsonRecord[]): Place[] {
  return documents.flatMap(({ projectSchema }) => {
    const { resourceSchemas, isExtensionProject } = projectSchema as {
      resourceSchemas: JsonRecord;
      isExtensionProject: boolean;
    };
    return (Object.values(resourceSchemas) as JsonRecord[]).map((schema) => ({
      schema,
      isExtension: isExtensionProject,
    }));
  });
}

describe('schemaSets', () => {
  it('makes one core, then up to two extensions, with no name twice', () => {
    fc.assert(
      fc.property(schemaSets(), (documents) => {
        const projects = documents.map(({ projectSchema }) => projectSchema as JsonRecord);
        expect(projects.map(({ isExtensionProject }) => isExtensionProject)).toEqual(
          [false, true, true].slice(0, projects.length),
        );
        expect(new Set(projects.map(({ projectEndpointName }) => projectEndpointName)).size).toBe(projects.length);
        const names = schemasOf(documents).flatMap(({ schema }) =>
          schema.isResourceExtension ? [] : [schema.resourceName],
        );
        const abstract = projects.flatMap(({ abstractResources }) => Object.keys(abstractResources as JsonRecord));
        expect(new Set([...names, ...abstract]).size).toBe(names.length + abstract.length);
      }),
      { numRuns: propertyRuns(40) },
    );
  });

  it('shrinks to a core with one resource that has nothing but a string key', () => {
    const isNever = fc.property(schemaSets({ size: 'large' }), () => false);
    const { counterexample } = fc.check(isNever, { seed: 5, numRuns: 1 });
    const [documents] = counterexample as [readonly JsonRecord[]];
    const schemas = schemasOf(documents);
    expect(documents).toHaveLength(1);
    expect(schemas).toHaveLength(1);
    expect(schemas[0]?.schema).toMatchObject({
      resourceName: 'Res1',
      identityJsonPaths: ['$.key2'],
      allowIdentityUpdates: false,
    });
    expect(schemas[0]?.schema.jsonSchemaForInsert).toEqual({
      type: 'object',
      properties: { key2: { type: 'string', maxLength: 60 } },
      required: ['key2'],
    });
  });

  it('keeps to its options', () => {
    const samples = fc.sample(schemaSets({ longNames: false, size: 'medium' }), { numRuns: 40, seed: 3 });
    const names = samples.flatMap(schemasOf).map(({ schema }) => String(schema.resourceName));
    expect(Math.max(...names.map((name) => name.length))).toBeLessThan(20);
    const longer = fc.sample(schemaSets(), { numRuns: 40, seed: 3 }).flatMap(schemasOf);
    expect(longer.some(({ schema }) => String(schema.resourceName).length > 100)).toBe(true);
    const focused = fc.sample(schemaSets({ focus: 'references' }), { numRuns: 40, seed: 3 });
    expect(focused.every((documents) => documents.length === 1)).toBe(true);
    expect(focused.flatMap(schemasOf).some(({ schema }) => schema.isDescriptor === true)).toBe(false);
    const largest = (size: 'small' | 'large') =>
      Math.max(
        ...fc.sample(schemaSets({ size }), { numRuns: 40, seed: 3 }).map((documents) => schemasOf(documents).length),
      );
    expect(largest('large')).toBeGreaterThan(largest('small'));
  });

  it('makes odd keys alone, and distinct items, where that is wanted', () => {
    const sets = fc.sample(schemaSets({ oddKeys: true, distinctItems: true, longNames: false }), {
      numRuns: 60,
      seed: 4,
    });
    const schemas = sets.flatMap(schemasOf).map(({ schema }) => schema);
    const keys = schemas.flatMap((schema) => {
      const { properties } = schema.jsonSchemaForInsert as { properties: Record<string, JsonRecord> };
      return Object.entries(properties).flatMap(([name, value]) => (/^key\d+$/.test(name) ? [value] : []));
    });
    // a resource without own keys gets a plain text
    const plain = keys.filter(({ type, maxLength }) => type === 'integer' || (type === 'string' && maxLength === 20));
    expect([keys.length > 60, plain]).toEqual([true, []]);
    const isKind: Readonly<Record<string, (key: JsonRecord) => boolean>> = {
      flag: ({ type }) => type === 'boolean',
      letter: ({ maxLength }) => maxLength === 1,
      number: ({ type }) => type === 'number',
      enumeration: (key) => key.enum !== undefined,
      date: ({ format }) => format === 'date',
      'date-time': ({ format }) => format === 'date-time',
      time: ({ format }) => format === 'time',
    };
    for (const [kind, isOf] of Object.entries(isKind)) expect(keys.filter(isOf).length, kind).toBeGreaterThan(2);
    expect(Math.max(...schemas.map((schema) => (schema.identityJsonPaths as string[]).length))).toBeGreaterThanOrEqual(
      12,
    );
    const objects = (value: unknown, path: string): string[] => {
      const { type, items, properties = {} } = value as { type: string; items?: unknown; properties?: JsonRecord };
      if (type === 'array') return [`${path}[*]`, ...objects(items, `${path}[*]`)];
      return Object.entries(properties).flatMap(([name, each]) => objects(each, `${path}.${name}`));
    };
    type UniquenessRule = {
      readonly basePath?: string;
      readonly paths: readonly string[];
      readonly nestedConstraints?: readonly UniquenessRule[];
    };
    const ruled = (rule: UniquenessRule | readonly string[], base = ''): string[] => {
      if (Array.isArray(rule)) return rule.map(String);
      const { basePath = '', paths, nestedConstraints = [] } = rule as UniquenessRule;
      const at = basePath === '' ? base : basePath;
      return [
        ...paths.map((path) => `${at}${at === '' ? path : path.slice(1)}`),
        ...nestedConstraints.flatMap((each) => ruled(each, at)),
      ];
    };
    // a resource extension repeats the arrays that it extends
    for (const schema of schemas.filter(({ isResourceExtension }) => isResourceExtension !== true)) {
      const rules = (schema.arrayUniquenessConstraints as readonly (UniquenessRule | readonly string[])[]).flatMap(
        (rule) => ruled(rule),
      );
      for (const array of objects(schema.jsonSchemaForInsert, '$'))
        if (!array.includes('._ext.'))
          expect(
            rules.some((path) => path.startsWith(array)),
            array,
          ).toBe(true);
    }
  });

  it('makes every kind of thing that its description lists', () => {
    const seen = new Map<string, number>();
    const count = (what: string, isThere: boolean) => seen.set(what, (seen.get(what) ?? 0) + Number(isThere));
    for (const documents of fc.sample(schemaSets(), { numRuns: 150, seed: 2 })) {
      const schemas = schemasOf(documents);
      const text = JSON.stringify(documents);
      const some = (test: (place: Place) => boolean) => schemas.some(test);
      const mapped = schemas.flatMap(
        ({ schema }) => Object.values(schema.documentPathsMapping as JsonRecord) as JsonRecord[],
      );
      const references = mapped.filter(({ referenceJsonPaths }) => referenceJsonPaths !== undefined);
      const pairsOf = ({ referenceJsonPaths }: JsonRecord) => referenceJsonPaths as unknown as Record<string, string>[];
      const constraints = schemas.flatMap(
        ({ schema }) => schema.arrayUniquenessConstraints as readonly (JsonRecord | string[])[],
      );
      const overrides = schemas.flatMap(({ schema }) =>
        Object.keys(((schema.relational as JsonRecord | undefined)?.nameOverrides ?? {}) as JsonRecord),
      );
      count(
        'resources of an extension',
        some(({ schema, isExtension }) => isExtension && schema.isResourceExtension === false),
      );
      count(
        'resource extensions',
        some(({ schema }) => schema.isResourceExtension === true),
      );
      count(
        'identity updates',
        some(({ schema }) => schema.allowIdentityUpdates === true),
      );
      count(
        'renamed identities',
        some(({ schema }) => schema.superclassIdentityJsonPath !== undefined),
      );
      count(
        'subclasses in an extension',
        some(({ schema, isExtension }) => isExtension && schema.isSubclass === true),
      );
      count(
        'keys in objects',
        some(({ schema }) => (schema.identityJsonPaths as string[]).some((path) => /^\$\.id\d+\./.test(path))),
      );
      count(
        'descriptor keys',
        some(({ schema }) =>
          (schema.identityJsonPaths as string[]).some((path) => /^\$\.kind\d+Descriptor$/.test(path)),
        ),
      );
      const keysOf = (schema: JsonRecord) => {
        const { properties = {} } = schema.jsonSchemaForInsert as { properties?: Record<string, JsonRecord> };
        return Object.entries(properties).flatMap(([name, value]) => (/^key\d+/.test(name) ? [value] : []));
      };
      const keys = schemas.flatMap(({ schema }) => keysOf(schema));
      count(
        'keys of one letter',
        keys.some(({ maxLength }) => maxLength === 1),
      );
      count(
        'keys of an enumeration',
        keys.some((key) => key.enum !== undefined),
      );
      count(
        'identities of many parts',
        some(({ schema }) => (schema.identityJsonPaths as string[]).length > 9),
      );
      count(
        'descriptor arrays',
        mapped.some(({ path }) => String(path).endsWith('[*]')),
      );
      count(
        'optional references',
        references.some(({ isRequired }) => isRequired === false),
      );
      count(
        'grouped fields',
        references.some(
          (entry) => new Set(pairsOf(entry).map((pair) => pair.referenceJsonPath)).size < pairsOf(entry).length,
        ),
      );
      count(
        'references in collections',
        references.some((entry) => pairsOf(entry).some((pair) => pair.referenceJsonPath?.includes('[*]'))),
      );
      count(
        'references in extensions',
        references.some((entry) => pairsOf(entry).some((pair) => pair.referenceJsonPath?.includes('._ext'))),
      );
      count(
        'references to abstract resources',
        references.some(({ resourceName }) => String(resourceName).startsWith('Abs')),
      );
      count(
        'references to the resource itself',
        some(({ schema }) =>
          (Object.values(schema.documentPathsMapping as JsonRecord) as JsonRecord[]).some(
            (entry) => entry.referenceJsonPaths !== undefined && entry.resourceName === schema.resourceName,
          ),
        ),
      );
      count(
        'bare array constraints',
        constraints.some((constraint) => Array.isArray(constraint)),
      );
      count(
        'nested constraints',
        constraints.some((constraint) => !Array.isArray(constraint) && 'nestedConstraints' in constraint),
      );
      count(
        'constraints of a base collection',
        constraints.some(
          (constraint) =>
            !Array.isArray(constraint) &&
            (constraint as { paths: string[] }).paths.some((path) =>
              /^\$\._ext\.[^.]+\.(obj\d+\.)?col\d+s\[\*\]\.(obj\d+\.)?(fld|ref)/.test(path),
            ),
        ),
      );
      count('companions, nested spelling', text.includes('"_ext":{"type":"object","properties":{"ext-a"'));
      count('nullable values', text.includes('"x-nullable":true'));
      count('numbers without precision', text.includes('"decimalPlaces":null'));
      count('links', text.includes('"link":'));
      count('root overrides', text.includes('"rootTableNameOverride":"Root'));
      count(
        'column overrides',
        overrides.some((path) => /\.fld\d+[^.]*$/.test(path)),
      );
      count(
        'reference overrides',
        overrides.some((path) => /\.ref\d+Reference$/.test(path)),
      );
      count(
        'reference part overrides',
        overrides.some((path) => /\.ref\d+Reference\./.test(path)),
      );
      count(
        'collection overrides',
        overrides.some((path) => path.endsWith('[*]')),
      );
      for (const type of [
        '"format":"date"',
        '"format":"date-time"',
        '"format":"time"',
        '"format":"int64"',
        '"boolean"',
        '"number"',
        '"integer"',
      ])
        count(type, text.includes(type));
    }
    for (const [what, sets] of seen) expect(sets, what).toBeGreaterThan(2);
  });
});
