import { dialects, type SqlDialect } from '@dms/sql';
import {
  abstractResource,
  build,
  codesOf,
  edFi,
  expectNamed,
  extension,
  failureOf,
  keyed,
  modelOf,
  plain,
  sha256Of,
  shortName,
  subclassOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';

const { descriptor, descriptorPath, ext, extensionOf, integer, object, resource, string, uri } = build;

interface ShortenedCollision {
  readonly kind: string;
  readonly location: string;
  readonly name: string;
  readonly sources: readonly string[];
}

const collisionsOf = (documents: readonly build.JsonRecord[], dialect: SqlDialect): readonly ShortenedCollision[] => {
  const error = failureOf(() => modelOf(documents, dialect));
  expect(codesOf(error)).toEqual(['NAME_COLLISION']);
  return error.diagnostics[0].details.collisions as unknown as readonly ShortenedCollision[];
};

const hash = (text: string) => sha256Of(text).slice(0, 10);

const reversed = (documents: readonly build.JsonRecord[]) =>
  failureOf(() => modelOf([...documents].reverse(), 'pgsql')).diagnostics[0].message;

// Found by trying numbers: names that begin alike and whose hashes share the ten digits that a shortened name keeps.
const viewTwins = {
  table: 'TableThatSharesItsFirstFiftyTwoCharactersWithOneViewNumbered00375548',
  abstract: 'TableThatSharesItsFirstFiftyTwoCharactersWithOneViewNumbered00103898',
};
const endpointStart = 'projectwhoseendpointnameislongerthanpostgresqlallowsnumber';
const endpointTwins = [`${endpointStart}00075131`, `${endpointStart}00911122`];
const keyStart = 'TableWhoseKeyNameIsTooLongAlthoughItsOwnNameFitsInAbcd';
const keyTwins = [`${keyStart}00510542`, `${keyStart}00642553`];
const longStart = `NameThatIsEvenLongerThanTheHundredTwentyEightCharactersOfSqlServerSoThatBothDialects${'HaveToCutItAndEndItWithTheHashOfTheWholeName'}`;
const longTwins = [`${longStart}00192758`, `${longStart}00666448`];

describe('a table and a view whose names shorten equally (design 03 §8.2)', () => {
  const view = `${viewTwins.abstract}_View`;
  const documents = [
    edFi(
      [
        plain(viewTwins.table, { note: string() }),
        keyed('Lecture', { eventId: integer() }, subclassOf(`Ed-Fi:${viewTwins.abstract}`)),
      ],
      { abstractResources: { [viewTwins.abstract]: abstractResource(['$.eventId']) } },
    ),
  ];

  it('share the scope of tables, so that they collide in pgsql', () => {
    expect([hash(viewTwins.table), hash(view)]).toEqual(['3880154cb5', '3880154cb5']);
    const [found, ...others] = collisionsOf(documents, 'pgsql');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ kind: 'table', location: "schema 'edfi'", name: shortName(view) });
    expect(found?.sources.map((source) => source.split(' (')[0])).toEqual([
      `${view} -> ${shortName(view)}`,
      `${viewTwins.table} -> ${shortName(view)}`,
    ]);
    expect(found?.sources[0]).toContain(`view edfi.${view} (abstract union)`);
    expect(found?.sources[1]).toContain(`table edfi.${viewTwins.table}`);
  });

  it('are told apart in mssql, where both fit', () => {
    expect(modelOf(documents, 'mssql').abstractUnionViews.map(({ view: { name } }) => name)).toEqual([view]);
  });
});

describe('two physical schemas whose names shorten equally (design 03 §8.2)', () => {
  const documents = [
    edFi([]),
    ...endpointTwins.map((endpoint, index) => extension([], ['Beta', 'Alpha'][index], { endpoint })),
  ];

  it('collide in pgsql, in the database, with both endpoint names', () => {
    expect(endpointTwins.map(hash)).toEqual(['2d1cb39265', '2d1cb39265']);
    const [found, ...others] = collisionsOf(documents, 'pgsql');
    expect(others).toEqual([]);
    const name = `${endpointStart.slice(0, 52)}_2d1cb39265`;
    expect(found).toMatchObject({ kind: 'schema', location: 'database', name });
    expect(found?.sources).toHaveLength(2);
    endpointTwins.forEach((twin, index) => {
      expect(found?.sources[index]).toContain(`${twin} -> ${name}`);
    });
    const { message } = failureOf(() => modelOf(documents, 'pgsql')).diagnostics[0];
    expect(reversed(documents)).toBe(message);
  });

  it('are told apart in mssql', () => {
    expect(modelOf(documents, 'mssql').projects.map(({ physicalSchema }) => physicalSchema)).toEqual([
      'edfi',
      ...endpointTwins,
    ]);
  });
});

describe('constraints of two tables whose names shorten equally (design 03 §6.3, §8.2)', () => {
  const signature = (table: string) => `PrimaryKey|edfi.${table}|DocumentId`;
  const documents = [edFi(keyTwins.map((name) => plain(name, { note: string() })))];

  it('collide in pgsql, where constraint names are unique in the schema, although the tables differ', () => {
    expect(keyTwins.map((name) => Buffer.byteLength(name))).toEqual([62, 62]);
    expect(keyTwins.map((name) => hash(signature(name)))).toEqual(['fe9bb4a420', 'fe9bb4a420']);
    const [found, ...others] = collisionsOf(documents, 'pgsql');
    expect(others).toEqual([]);
    const name = `PK_${keyStart.slice(0, 49)}_fe9bb4a420`;
    expect(found).toMatchObject({ kind: 'constraint', location: "schema 'edfi'", name });
    keyTwins.forEach((twin, index) => {
      expect(found?.sources[index]).toContain(`PK_${twin} -> ${name}`);
      expect(found?.sources[index]).toContain(`primary key constraint PK_${twin} on edfi.${twin}`);
      expect(found?.sources[index]).toContain(`Ed-Fi:${twin} $`);
    });
  });

  it('are told apart in mssql', () => {
    const model = modelOf(documents, 'mssql');
    expect(model.resources.map(({ tablesInDependencyOrder: [root] }) => root?.key.constraintName)).toEqual(
      keyTwins.map((name) => `PK_${name}`),
    );
  });
});

describe.each(dialects)(
  'names that are too long for both dialects and shorten equally, in %s (design 03 §8.2)',
  (dialect) => {
    const name = `${longStart.slice(0, dialect === 'pgsql' ? 52 : 117)}_d5562b4862`;
    const stage =
      dialect === 'pgsql' ? 'AfterDialectShortening(Pgsql:63-bytes)' : 'AfterDialectShortening(Mssql:128-chars)';
    const columns = plain('Thing', Object.fromEntries(longTwins.map((twin) => [`n${twin.slice(1)}`, string(5)])));

    it('collide as columns of one table', () => {
      expect(longTwins.map(hash)).toEqual(['d5562b4862', 'd5562b4862']);
      const [found, ...others] = collisionsOf([edFi([columns])], dialect);
      expect(others).toEqual([]);
      expect(found).toMatchObject({ kind: 'column', location: "table 'edfi.Thing'", name });
      longTwins.forEach((twin, index) => {
        expect(found?.sources[index]).toContain(`${twin} -> ${name}`);
        expect(found?.sources[index]).toContain(`column edfi.Thing.${twin}`);
        expect(found?.sources[index]).toContain(`$.n${twin.slice(1)}`);
      });
    });

    it('collide as tables of one schema, in a report that names the stage', () => {
      const documents = [edFi(longTwins.map((twin) => plain(twin, { note: string() })))];
      expect(collisionsOf(documents, dialect)[0]).toMatchObject({ kind: 'table', location: "schema 'edfi'", name });
      expectNamed(failureOf(() => modelOf(documents, dialect)).diagnostics[0], [stage, ...longTwins]);
    });

    it('collide as columns of an extension table, with the label of the extension', () => {
      const properties = Object.fromEntries(longTwins.map((twin) => [`n${twin.slice(1)}`, string(5)]));
      const documents = [
        edFi([plain('School', { note: string() })]),
        extension([
          extensionOf('School', { jsonSchemaForInsert: object({ _ext: ext('sample', object(properties)) }) }),
        ]),
      ];
      const [found] = collisionsOf(documents, dialect);
      expect(found).toMatchObject({ kind: 'column', location: "table 'sample.SchoolExtension'", name });
      for (const source of found?.sources ?? []) expect(source).toContain('Sample:School $._ext.sample.n');
    });
  },
);

describe('collisions of several kinds (design 03 §8.2)', () => {
  it('are in one report, schemas before constraints, whatever the order of the projects', () => {
    const thing = resource('Thing', {
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.document') },
      jsonSchemaForInsert: object({ document: uri() }),
    });
    const documents = [
      edFi([descriptor('KindDescriptor'), thing]),
      ...endpointTwins.map((endpoint, index) => extension([], ['Beta', 'Alpha'][index], { endpoint })),
    ];
    for (const order of [documents, [...documents].reverse()])
      expect(collisionsOf(order, 'pgsql').map(({ kind, location }) => [kind, location])).toEqual([
        ['schema', 'database'],
        ['constraint', "schema 'edfi'"],
      ]);
  });
});
