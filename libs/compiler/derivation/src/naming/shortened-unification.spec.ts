import { brokenInvariants } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  build,
  columnNames,
  edFi,
  equal,
  fields,
  modelOf,
  plain,
  resourceOf,
  sha256Of,
  shortName,
  tableNames,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';

const { array, descriptor, descriptorPath, integer, object, reference, resource, string, uri } = build;

const long = (start: string) => `${start}${'OfManyWords'.repeat(5)}`;
const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const year = long('year');
const items = long('item');
const thing = long('Thing');

/**
 * Unified references, optional values with presence flags and descriptors, all with names that PostgreSQL has to cut.
 */
const documents = [
  edFi([
    descriptor('KindDescriptor'),
    resource('Term', {
      identityJsonPaths: [`$.${year}`, '$.code'],
      jsonSchemaForInsert: fields({ [year]: integer(), code: string(10) }),
    }),
    resource(thing, {
      documentPathsMapping: {
        [long('First')]: reference('Ed-Fi:Term', [
          [`$.${year}`, `$.firstReference.${year}`],
          ['$.code', '$.firstReference.code'],
        ]),
        [long('Second')]: reference(
          'Ed-Fi:Term',
          [
            [`$.${year}`, `$.secondReference.${year}`],
            ['$.code', '$.secondReference.code'],
          ],
          false,
        ),
        A: descriptorPath('Ed-Fi:KindDescriptor', `$.${long('a')}Descriptor`),
        B: descriptorPath('Ed-Fi:KindDescriptor', `$.${long('b')}Descriptor`),
      },
      equalityConstraints: [
        equal(`$.firstReference.${year}`, `$.secondReference.${year}`),
        equal(`$.${long('a')}Descriptor`, `$.${long('b')}Descriptor`),
        equal(`$.${long('x')}`, `$.${long('y')}`),
        equal(`$.${long('x')}`, `$.${items}s[*].${long('z')}`),
      ],
      jsonSchemaForInsert: object({
        firstReference: fields({ [year]: integer(), code: string(10) }),
        secondReference: fields({ [year]: integer(), code: string(10) }),
        [`${long('a')}Descriptor`]: uri(),
        [`${long('b')}Descriptor`]: uri(),
        [long('x')]: integer(),
        [long('y')]: integer(),
        [`${items}s`]: array(object({ [long('z')]: integer() })),
      }),
    }),
  ]),
];

const models = { pgsql: modelOf(documents, 'pgsql'), mssql: modelOf(documents, 'mssql') };

/** Everything except columns and constraints that repeats a name (design 03 §6.4). */
const repeating = (dialect: SqlDialect) => {
  const found = resourceOf(models[dialect], `Ed-Fi:${thing}`);
  return {
    storages: found.tablesInDependencyOrder.flatMap(({ columns }) =>
      columns.flatMap(({ name: column, storage }) => (storage.kind === 'UnifiedAlias' ? [{ column, ...storage }] : [])),
    ),
    classes: found.tablesInDependencyOrder.flatMap((table) => table.keyUnificationClasses),
    diagnostics: found.keyUnificationDiagnostics,
    deduplications: found.descriptorFkDeduplications,
    bindings: found.documentReferenceBindings,
    edges: found.descriptorEdgeSources,
    naturalKey: found.naturalKey,
  };
};

const identifierMembers = new Set([
  'name',
  'column',
  'canonicalColumn',
  'presenceColumn',
  'memberPathColumns',
  'endpointAColumn',
  'endpointBColumn',
  'storageColumn',
  'bindingColumns',
  'fkColumn',
]);

/** The value with every identifier shortened; names of path segments are not identifiers. */
function shortened(value: unknown, member = ''): unknown {
  if (typeof value === 'string') return identifierMembers.has(member) ? shortName(value) : value;
  if (Array.isArray(value)) return value.map((item) => shortened(item, member));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    name === 'segments' ? inner : shortened(inner, name),
  ]);
  return Object.fromEntries(entries);
}

const byText = (value: unknown): unknown =>
  Array.isArray(value)
    ? [...value].map(byText).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    : value;

describe('names that are repeated outside columns and constraints (design 03 §6.4)', () => {
  it('are there in each list, longer than PostgreSQL allows', () => {
    for (const [member, list] of Object.entries(repeating('mssql').diagnostics))
      if (member === 'applied' || member === 'ignored') expect(list.length, member).toBeGreaterThan(0);
    for (const member of ['storages', 'classes', 'deduplications', 'bindings', 'edges'] as const) {
      const list = repeating('mssql')[member];
      expect(list.length, member).toBeGreaterThan(0);
      expect(shortened(list), member).not.toEqual(list);
    }
    expect(shortened(repeating('mssql').diagnostics)).not.toEqual(repeating('mssql').diagnostics);
    expect(repeating('mssql').storages.some(({ presenceColumn }) => (presenceColumn ?? '').length > 63)).toBe(true);
  });

  it.each(['storages', 'classes', 'deduplications', 'bindings', 'edges', 'naturalKey'] as const)(
    'are in %s of pgsql those of mssql, shortened with a hash of themselves; the rest is equal',
    (member) => {
      expect(byText(repeating('pgsql')[member])).toEqual(byText(shortened(repeating('mssql')[member])));
    },
  );

  it('are so in the report of equality constraints, whose order is that of names before shortening', () => {
    expect(repeating('pgsql').diagnostics).toEqual(shortened(repeating('mssql').diagnostics));
  });

  it.each(dialects)('all exist in %s', (dialect) => {
    expect(brokenInvariants(models[dialect])).toEqual([]);
  });
});

describe('the order of a model follows shortened names (design 03 §1)', () => {
  // the first name sorts after the second if both are shortened: the hash decides
  const start = long('name');
  const numbers = Array.from({ length: 20 }, (_, index) => `${10 + index}`);
  const [first, second] =
    numbers
      .flatMap((a) => numbers.filter((b) => b > a).map((b) => [`${start}${a}Number`, `${start}${b}Number`]))
      .find(([a = '', b = '']) => sha256Of(upper(a)) > sha256Of(upper(b))) ?? [];

  it('for columns of one kind', () => {
    const documents = [edFi([plain('Room', { [first ?? '']: integer(), [second ?? '']: integer() })])];
    const namesIn = (dialect: SqlDialect) => columnNames(tableOf(modelOf(documents, dialect), 'edfi.Room')).slice(1);
    expect(namesIn('mssql')).toEqual([upper(first ?? ''), upper(second ?? '')]);
    expect(namesIn('pgsql')).toEqual([shortName(upper(second ?? '')), shortName(upper(first ?? ''))]);
  });

  it('but not for tables, whose order is that of their scopes', () => {
    const collections = {
      [first ?? '']: array(object({ a: integer() })),
      [second ?? '']: array(object({ a: integer() })),
    };
    const documents = [edFi([plain('Room', collections)])];
    const wanted = [first ?? '', second ?? ''].map((name) => `Room${upper(name)}`);
    expect(tableNames(modelOf(documents, 'mssql')).slice(1)).toEqual(wanted.map((name) => `edfi.${name}`));
    expect(tableNames(modelOf(documents, 'pgsql')).slice(1)).toEqual(wanted.map((name) => `edfi.${shortName(name)}`));
  });
});
