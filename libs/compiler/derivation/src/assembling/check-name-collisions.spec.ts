import { type NameRegistration, qualified } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  abstractResource,
  build,
  codesOf,
  edFi,
  expectNamed,
  extension,
  failureOf,
  fields,
  keyed,
  modelOf,
  plain,
  school,
  schoolReference,
  sha256Of,
  shortName,
  subclassOf,
  tableNames,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, resource, string, uri } = build;

interface NameCollision {
  readonly kind: NameRegistration['scope']['kind'];
  readonly location: string;
  readonly name: string;
  readonly sources: readonly string[];
}

const collisionsOf = (
  documents: readonly build.JsonRecord[],
  dialect: SqlDialect = 'pgsql',
): readonly NameCollision[] => {
  const error = failureOf(() => modelOf(documents, dialect));
  expect(codesOf(error)).toEqual(['NAME_COLLISION']);
  return error.diagnostics[0].details.collisions as unknown as readonly NameCollision[];
};

/** Expects that each source of the collision contains all its wanted facts. */
const expectSources = ({ sources }: NameCollision, wanted: readonly (readonly string[])[]) => {
  expect(sources).toHaveLength(wanted.length);
  wanted.forEach((facts, index) => {
    expect(facts.filter((fact) => !sources[index]?.includes(fact))).toEqual([]);
  });
};

const named = (name: string, rootTableNameOverride: string) =>
  plain(name, { note: string() }, [], { relational: { rootTableNameOverride } });

/** Two names that are equal in their first 52 characters and in the first 40 bits of their hashes. */
const twins = ['00143338', '00366992'].map(
  (digits) => `NameThatIsLongEnoughToBeCutByPostgreSQLAndThenHashedTail${digits}`,
);
const [firstTwin = '', secondTwin = ''] = twins;

describe('table names', () => {
  it('collide when two resources take one root name, with the same report for every order of resources', () => {
    const student = named('Student', 'person');
    const staff = named('Staff', 'person');
    const errors = [
      [student, staff],
      [staff, student],
    ].map((resources) => failureOf(() => modelOf([edFi(resources)])));
    const [collision, ...others] = collisionsOf([edFi([student, staff])]);
    // the names of their constraints collide too
    expect(others.map(({ kind, location, name }) => [kind, location, name])).toEqual([
      ['constraint', "schema 'edfi'", 'FK_Person_Document'],
      ['constraint', "schema 'edfi'", 'PK_Person'],
    ]);
    expect(collision).toMatchObject({ kind: 'table', location: "schema 'edfi'", name: 'Person' });
    expectSources(collision!, [
      ['Staff -> Person', 'table edfi.Person', 'Ed-Fi:Staff', '$'],
      ['Student -> Person', 'table edfi.Person', 'Ed-Fi:Student', '$'],
    ]);
    expect(errors[0]?.message).toBe(errors[1]?.message);
    expectNamed(errors[0]!.diagnostics[0], [
      'AfterDialectShortening(Pgsql:63-bytes)',
      "schema 'edfi'",
      'Ed-Fi:Staff',
      'Ed-Fi:Student',
    ]);
  });

  it('collide between a root table and a child table of another resource', () => {
    const documents = [
      edFi([named('Program', 'schoolProgram'), plain('School', { programs: array(object({ note: string() })) })]),
    ];
    const [collision] = collisionsOf(documents);
    expect(collision).toMatchObject({ kind: 'table', location: "schema 'edfi'", name: 'SchoolProgram' });
    expectSources(collision!, [
      ['Program -> SchoolProgram', 'Ed-Fi:Program', '$'],
      ['SchoolProgram -> SchoolProgram', 'Ed-Fi:School', '$.programs[*]'],
    ]);
  });

  it('collide between arrays of one name in two inlined objects, until an override tells them apart', () => {
    const things = (members: build.JsonRecord) =>
      plain(
        'Thing',
        {
          a: object({ items: array(object({ note: string() })) }),
          b: object({ items: array(object({ note: string() })) }),
        },
        [],
        members,
      );
    const [collision] = collisionsOf([edFi([things({})])]);
    expectSources(collision!, [
      ['ThingItem -> ThingItem', 'Ed-Fi:Thing', '$.a.items[*]'],
      ['ThingItem -> ThingItem', 'Ed-Fi:Thing', '$.b.items[*]'],
    ]);
    const mended = things({ relational: { nameOverrides: { '$.b.items[*]': 'OtherItem' } } });
    expect(tableNames(modelOf([edFi([mended])]))).toEqual(['edfi.Thing', 'edfi.ThingItem', 'edfi.ThingOtherItem']);
  });

  it('collide with the identity table of an abstract resource', () => {
    const member = keyed('Lecture', { eventId: integer() }, subclassOf('Ed-Fi:Event'));
    const documents = [
      edFi([member, plain('EventIdentity', { note: string() })], {
        abstractResources: { Event: abstractResource(['$.eventId']) },
      }),
    ];
    const [collision] = collisionsOf(documents);
    expect(collision).toMatchObject({ kind: 'table', name: 'EventIdentity' });
    expect(collision?.sources.join('\n')).toContain('(abstract identity)');
    expect(collision?.sources.join('\n')).toContain('Ed-Fi:EventIdentity');
  });

  it('collide when an extension shapes one base collection in both ways', () => {
    const site = () => object({ _ext: ext('sample', object({ zone: string() })) });
    const documents = [
      edFi([plain('School', { addresses: array(object({ city: string() })) })]),
      extension([
        extensionOf('School', {
          jsonSchemaForInsert: object({
            addresses: array(site()),
            _ext: ext('sample', object({ addresses: array(site()) })),
          }),
        }),
      ]),
    ];
    const [collision] = collisionsOf(documents);
    expect(collision).toMatchObject({ location: "schema 'sample'", name: 'SchoolExtensionAddress' });
    expectSources(collision!, [
      ['Sample:School', '$._ext.sample.addresses[*]._ext.sample'],
      ['Sample:School', '$.addresses[*]._ext.sample'],
    ]);
  });

  it('do not collide between schemas', () => {
    const extend = (project: string) =>
      extension(
        [
          extensionOf('School', {
            jsonSchemaForInsert: object({ _ext: ext(project.toLowerCase(), object({ note: string() })) }),
          }),
        ],
        project,
      );
    expect(tableNames(modelOf([edFi([school]), extend('Sample'), extend('TPDM')]))).toEqual([
      'edfi.School',
      'sample.SchoolExtension',
      'tpdm.SchoolExtension',
    ]);
  });

  it('that shorten equally collide in pgsql and are told apart in mssql', () => {
    expect(twins.map((name) => sha256Of(name).slice(0, 10))).toEqual(['6005343d08', '6005343d08']);
    const documents = [edFi(twins.map((name) => plain(name, { note: string() })))];
    const [collision, ...others] = collisionsOf(documents, 'pgsql');
    expect(others).toEqual([]);
    expect(collision).toMatchObject({ kind: 'table', location: "schema 'edfi'", name: shortName(firstTwin) });
    expectSources(collision!, [
      [`${firstTwin} -> ${shortName(firstTwin)}`],
      [`${secondTwin} -> ${shortName(firstTwin)}`],
    ]);
    expect(tableNames(modelOf(documents, 'mssql'))).toEqual(twins.map((name) => `edfi.${name}`));
  });

  it('are reported all together', () => {
    const documents = [
      edFi([named('Student', 'person'), named('Staff', 'person'), named('Cat', 'animal'), named('Dog', 'animal')]),
    ];
    expect(collisionsOf(documents).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'table Animal',
      'table Person',
      'constraint FK_Animal_Document',
      'constraint FK_Person_Document',
      'constraint PK_Animal',
      'constraint PK_Person',
    ]);
  });

  it('are reported together with schemas and constraints, and with what later passes find elsewhere', () => {
    const document = resource('Thing', {
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.document') },
      jsonSchemaForInsert: object({ document: uri() }),
    });
    const clashing = [named('Student', 'person'), named('Staff', 'person'), descriptor('KindDescriptor')];
    expect(collisionsOf([edFi([...clashing, document])]).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'table Person',
      'constraint FK_Person_Document',
      'constraint FK_Thing_Document',
      'constraint PK_Person',
    ]);
    const unfitting = resource('Unfitting', {
      identityJsonPaths: ['$.ids[*].id'],
      jsonSchemaForInsert: object({ ids: array(object({ id: integer() }, ['id'])) }, ['ids']),
    });
    expect(codesOf(failureOf(() => modelOf([edFi([...clashing, unfitting])])))).toEqual([
      'IDENTITY_PATH_IN_ARRAY',
      'NAME_COLLISION',
    ]);
    expect(codesOf(failureOf(() => modelOf([edFi([unfitting])])))).not.toContain('NAME_COLLISION');
  });
});

const twinColumns = plain('Thing', Object.fromEntries(twins.map((name) => [`n${name.slice(1)}`, string(5)])));

describe('column names', () => {
  const collision = (documents: readonly build.JsonRecord[]) => {
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['COLUMN_NAME_COLLISION']);
    return error.diagnostics[0];
  };

  it('collide at once, naming table, column and both sources with their names before overrides', () => {
    const test = plain('CollisionTest', { firstName: string(), lastName: string() }, [], {
      relational: { nameOverrides: { '$.firstName': 'duplicate', '$.lastName': 'duplicate' } },
    });
    const diagnostic = collision([edFi([test])]);
    expect(diagnostic.details).toMatchObject({ table: 'edfi.CollisionTest', column: 'Duplicate' });
    expectNamed(diagnostic, [
      'edfi.CollisionTest',
      'FirstName -> Duplicate',
      'LastName -> Duplicate',
      '$.firstName',
      '$.lastName',
      'Ed-Fi:CollisionTest',
    ]);
  });

  it.each<[string, build.BuiltResource, readonly string[]]>([
    [
      'a property and an inlined one',
      plain('Thing', { roomNumber: integer(), room: object({ number: integer() }) }),
      ['edfi.Thing', 'RoomNumber', '$.roomNumber', '$.room.number'],
    ],
    [
      'a property and the key of the root',
      plain('Thing', { documentId: integer() }),
      ['edfi.Thing', 'DocumentId', '$.documentId'],
    ],
    [
      'a property and the ordinal of a collection',
      plain('Thing', { items: array(object({ ordinal: integer() })) }),
      ['edfi.ThingItem', 'Ordinal', '$.items[*].ordinal'],
    ],
    [
      'a reference and the parent key of its collection',
      resource('School', {
        identityJsonPaths: ['$.schoolId'],
        documentPathsMapping: { School: schoolReference(false, '$.items[*].schoolReference') },
        jsonSchemaForInsert: object(
          { schoolId: integer(), items: array(object({ schoolReference: fields({ schoolId: integer() }) })) },
          ['schoolId'],
        ),
      }),
      ['edfi.SchoolItem', 'School_DocumentId', '$.items[*].schoolReference'],
    ],
  ])('collide between %s', (_, thing, facts) => {
    expectNamed(collision([edFi([thing])]), facts);
  });

  it('that shorten equally collide in pgsql, in their table, and are told apart in mssql', () => {
    const [found, ...others] = collisionsOf([edFi([twinColumns])], 'pgsql');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ kind: 'column', location: "table 'edfi.Thing'", name: shortName(firstTwin) });
    expectSources(found!, [
      [`${firstTwin} -> ${shortName(firstTwin)}`, `column edfi.Thing.${firstTwin}`, 'Ed-Fi:Thing'],
      [`${secondTwin} -> ${shortName(firstTwin)}`, `column edfi.Thing.${secondTwin}`, 'Ed-Fi:Thing'],
    ]);
    expect(() => modelOf([edFi([twinColumns])], 'mssql')).not.toThrow();
  });

  it('do not collide between tables', () => {
    const things = twins.map((name, index) => plain(`Thing${index}`, { [`n${name.slice(1)}`]: string(5) }));
    expect(() => modelOf([edFi(things)], 'pgsql')).not.toThrow();
  });

  it('are reported together with colliding tables', () => {
    const documents = [edFi([named('Student', 'person'), named('Staff', 'person'), twinColumns])];
    expect(collisionsOf(documents, 'pgsql').map(({ kind, name }) => [kind, name])).toEqual([
      ['table', 'Person'],
      ['column', shortName(firstTwin)],
      ['constraint', 'FK_Person_Document'],
      ['constraint', 'PK_Person'],
    ]);
  });
});

describe('constraint names', () => {
  it('collide when two different constraints of one table end with one name (a choice of 03 §16)', () => {
    const thing = resource('Thing', {
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.document') },
      jsonSchemaForInsert: object({ document: uri() }),
    });
    const [collision] = collisionsOf([edFi([descriptor('KindDescriptor'), thing])]);
    expect(collision).toMatchObject({ kind: 'constraint', location: "schema 'edfi'", name: 'FK_Thing_Document' });
    expectSources(collision!, [
      ['constraint FK_Thing_Document on edfi.Thing', 'Ed-Fi:Thing $)'],
      ['constraint FK_Thing_Document on edfi.Thing', 'Ed-Fi:Thing $.document)'],
    ]);
  });

  it('do not collide between schemas, where extension tables repeat those of other extensions', () => {
    const extend = (project: string) =>
      extension(
        [
          extensionOf('School', {
            jsonSchemaForInsert: object({ _ext: ext(project.toLowerCase(), object({ note: string() })) }),
          }),
        ],
        project,
      );
    const model = modelOf([edFi([school]), extend('Sample'), extend('TPDM')]);
    const names = model.resources[0]?.tablesInDependencyOrder.map(
      ({ table, key }) => `${table.schema} ${key.constraintName}`,
    );
    expect(names).toEqual(['edfi PK_School', 'sample PK_SchoolExtension', 'tpdm PK_SchoolExtension']);
  });
});

describe('identifiers of a derived model', () => {
  const documents = [
    edFi(
      [
        school,
        keyed('Lecture', { eventId: integer() }, subclassOf('Ed-Fi:Event')),
        plain(firstTwin, { note: string() }),
      ],
      {
        abstractResources: { Event: abstractResource(['$.eventId']) },
      },
    ),
  ];

  it.each(dialects)('are unique in their scopes in %s', (dialect) => {
    const model = modelOf(documents, dialect);
    const tables = [
      ...model.resources.flatMap((entry) => entry.tablesInDependencyOrder),
      ...model.abstractIdentityTables.map(({ table }) => table),
    ];
    const relations = [
      ...tables.map(({ table }) => qualified(table)),
      ...model.abstractUnionViews.map(({ view }) => qualified(view)),
    ];
    const constraints = tables.flatMap(({ table, key, constraints: list }) =>
      [key.constraintName, ...list.map(({ name }) => name)].map((name) => `${table.schema}.${name}`),
    );
    expect(new Set(relations).size).toBe(relations.length);
    expect(new Set(constraints).size).toBe(constraints.length);
    for (const { columns } of tables) expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  });
});
