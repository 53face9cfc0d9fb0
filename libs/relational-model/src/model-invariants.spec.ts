import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { EffectiveSchemaSet } from '@dms/api-schema';
import type { SqlDialect } from '@dms/sql';
import { build, hasSharedData, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from './derive-model.ts';
import type { ForeignKeyConstraint, RelationalModelSet, ResourceModel, Table } from './model/model.ts';
import { integerWidthDifferences, modelViolations } from './model-invariants.spec-support.ts';
import { type Document, schemaSet } from './spec-support.ts';

const array = (properties: build.JsonRecord, required?: readonly string[]) => build.array(build.object(properties, required));

const schoolReference = build.object({ schoolId: build.integer() }, ['schoolId']);
const toSchool = (objectPath: string, isRequired?: boolean) =>
  build.reference('Ed-Fi:School', [['$.schoolId', `${objectPath}.schoolId`]], isRequired);

const kindPath = (path: string) => build.descriptorPath('Ed-Fi:KindDescriptor', path);

const school = build.resource('School', {
  isSubclass: true,
  superclassProjectName: 'Ed-Fi',
  superclassResourceName: 'Organization',
  superclassIdentityJsonPath: '$.organizationId',
  identityJsonPaths: ['$.schoolId'],
  documentPathsMapping: { A: kindPath('$.aDescriptor'), B: kindPath('$.bDescriptor'), Kinds: kindPath('$.kinds[*]') },
  equalityConstraints: [
    { sourceJsonPath: '$.aDescriptor', targetJsonPath: '$.bDescriptor' },
    { sourceJsonPath: '$.one', targetJsonPath: '$.two' },
  ],
  arrayUniquenessConstraints: [{ paths: ['$.addresses[*].city'] }],
  jsonSchemaForInsert: build.object(
    {
      schoolId: build.integer(),
      name: build.string(),
      one: build.integer(),
      two: build.integer(),
      fee: build.number(),
      aDescriptor: build.uri(),
      bDescriptor: build.uri(),
      kinds: build.array(build.uri()),
      addresses: array({ city: build.string(), periods: array({ begin: build.date() }) }, ['city']),
      home: build.object({ rooms: array({ name: build.string() }) }),
      _ext: build.ext('sample', build.object({ hidden: build.string() })),
    },
    ['schoolId', 'aDescriptor', 'bDescriptor'],
  ),
});

const session = build.resource('Session', {
  allowIdentityUpdates: true,
  identityJsonPaths: ['$.schoolReference.schoolId', '$.sessionName', '$.termDescriptor'],
  documentPathsMapping: { School: toSchool('$.schoolReference'), Term: kindPath('$.termDescriptor') },
  jsonSchemaForInsert: build.object({ schoolReference, sessionName: build.string(60), termDescriptor: build.uri() }, [
    'schoolReference',
    'sessionName',
    'termDescriptor',
  ]),
});

const sessionPairs = (objectPath: string): [string, string][] => [
  ['$.schoolReference.schoolId', `${objectPath}.schoolId`],
  ['$.sessionName', `${objectPath}.sessionName`],
  ['$.termDescriptor', `${objectPath}.termDescriptor`],
];
const sessionReference = build.object(
  { schoolId: build.integer(), sessionName: build.string(60), termDescriptor: build.uri() },
  ['schoolId', 'sessionName', 'termDescriptor'],
);

const courseOffering = build.resource('CourseOffering', {
  identityJsonPaths: [
    '$.code',
    '$.schoolReference.schoolId',
    '$.sessionReference.schoolId',
    '$.sessionReference.sessionName',
    '$.sessionReference.termDescriptor',
  ],
  documentPathsMapping: {
    School: toSchool('$.schoolReference'),
    Session: build.reference('Ed-Fi:Session', sessionPairs('$.sessionReference')),
  },
  equalityConstraints: [{ sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.sessionReference.schoolId' }],
  jsonSchemaForInsert: build.object({ code: build.string(20), schoolReference, sessionReference }, [
    'code',
    'schoolReference',
    'sessionReference',
  ]),
});

const section = build.resource('Section', {
  identityJsonPaths: ['$.sectionId'],
  documentPathsMapping: {
    Offering: build.reference('Ed-Fi:CourseOffering', [
      ['$.sessionReference.sessionName', '$.offeringReference.sessionName'],
      ['$.sessionReference.termDescriptor', '$.offeringReference.termDescriptor'],
      ['$.code', '$.offeringReference.code'],
      ['$.schoolReference.schoolId', '$.offeringReference.schoolId'],
      ['$.sessionReference.schoolId', '$.offeringReference.schoolId'],
    ]),
    Visitor: build.reference(
      'Ed-Fi:Organization',
      [['$.organizationId', '$.visits[*].organizationReference.organizationId']],
      false,
    ),
  },
  jsonSchemaForInsert: build.object(
    {
      sectionId: build.string(20),
      offeringReference: build.object(
        {
          code: build.string(20),
          schoolId: build.integer(),
          sessionName: build.string(60),
          termDescriptor: build.uri(),
          link: build.object({ rel: { type: 'string' }, href: { type: 'string' } }),
          comment: build.string(20),
        },
        ['code', 'schoolId', 'sessionName', 'termDescriptor'],
      ),
      visits: array({ organizationReference: build.object({ organizationId: build.integer() }), on: build.date() }),
    },
    ['sectionId', 'offeringReference'],
  ),
});

const extension = build.extensionOf('School', {
  documentPathsMapping: {
    Session: build.reference('Ed-Fi:Session', sessionPairs('$._ext.sample.sessionReference'), false),
    Kind: kindPath('$._ext.sample.kindDescriptor'),
  },
  arrayUniquenessConstraints: [
    { paths: ['$._ext.sample.authors[*].name'] },
    { paths: ['$._ext.sample.addresses[*].periods[*].begin'] },
  ],
  jsonSchemaForInsert: build.object({
    _ext: build.ext(
      'sample',
      build.object({
        nickName: build.string(),
        kindDescriptor: build.uri(),
        sessionReference,
        authors: array({ name: build.string() }, ['name']),
        addresses: array({
          _ext: build.ext('sample', build.object({ terms: array({ word: build.string() }), note: build.string() })),
        }),
      }),
    ),
  }),
});

const everything: readonly Document[] = [
  build.project('Ed-Fi', [school, session, courseOffering, section, build.descriptor('KindDescriptor')], {
    abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } },
  }),
  build.project(
    'Sample',
    [
      extension,
      build.resource('Club', {
        identityJsonPaths: ['$.name'],
        documentPathsMapping: { Home: toSchool('$.homeReference', false) },
        jsonSchemaForInsert: build.object({ name: build.string(), homeReference: schoolReference }, ['name']),
      }),
    ],
    { isExtension: true },
  ),
];

const fixture = (name: string): Document =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../fixtures/schemas', name, 'ApiSchema.json'), 'utf8'));

const small: readonly (readonly [string, readonly Document[]])[] = [
  ['a schema with everything', everything],
  ['the campus and athletics fixtures', [fixture('campus'), fixture('athletics')]],
];

const dialects = ['pgsql', 'mssql'] as const;

const derived = new WeakMap<readonly Document[], Map<SqlDialect, RelationalModelSet>>();

/** The model of the documents, derived once per dialect. */
function derive(dialect: SqlDialect, documents: readonly Document[]): RelationalModelSet {
  const models = derived.get(documents) ?? new Map<SqlDialect, RelationalModelSet>();
  const model = models.get(dialect) ?? deriveModel(schemaSet(...documents), dialect).model;
  derived.set(documents, models.set(dialect, model));
  return model;
}

/** A reproducible source of numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

function shuffledList<Item>(list: readonly Item[], random: () => number): Item[] {
  const items = [...list];
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [items[index], items[other]] = [items[other] as Item, items[index] as Item];
  }
  return items;
}

/** The value with the members of all objects in another order; arrays stay as they are. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    shuffledList(Object.entries(value), random).map(([name, member]) => [name, shuffled(member, random)]),
  );
}

/** Equality of big values; their texts are compared first, which is much faster. */
function expectEqual(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

function expectOrderIndependence(documents: readonly Document[], seed: number): void {
  const random = randomFrom(seed);
  const other = shuffledList(documents, random).map((document) => shuffled(document, random) as Document);
  expect(JSON.stringify(other), 'the shuffle changes something').not.toBe(JSON.stringify(documents));
  for (const dialect of dialects) expectEqual(derive(dialect, other), derive(dialect, documents));
}

/** A set as text, with the order of the members of every object. */
function imageOf(set: EffectiveSchemaSet): string {
  return JSON.stringify(set, (_, value: unknown) => (value instanceof Map ? { members: [...value] } : value));
}

function expectPureDerivation(documents: readonly Document[]): void {
  for (const dialect of dialects) {
    const set = schemaSet(...documents);
    const before = imageOf(set);
    const first = deriveModel(set, dialect);
    expect(imageOf(set) === before, 'the input is as it was').toBe(true);
    expectEqual(deriveModel(set, dialect), first);
  }
}

const allTables = (model: RelationalModelSet) => [
  ...model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
  ...model.abstractIdentityTables.map(({ table }) => table),
];

/** The model without what chapter 11 decides per dialect. */
function withoutPropagation(model: RelationalModelSet): unknown {
  const plain = (table: Table): Table => ({
    ...table,
    constraints: table.constraints.map((constraint) =>
      constraint.kind === 'ForeignKey' ? { ...constraint, onUpdate: 'NoAction', deferrable: false } : constraint,
    ),
  });
  return {
    ...model,
    dialect: null,
    resources: model.resources.map((resource) => ({
      ...resource,
      tablesInDependencyOrder: resource.tablesInDependencyOrder.map(plain),
    })),
    abstractIdentityTables: model.abstractIdentityTables.map(({ resourceKey, table }) => ({
      resourceKey,
      table: plain(table),
    })),
  };
}

/** The keys that cascade updates, by the document id column that leads them; all these columns have short names. */
const cascades = (model: RelationalModelSet) =>
  allTables(model).flatMap(({ jsonScope, constraints }) =>
    constraints.flatMap((constraint) =>
      constraint.kind === 'ForeignKey' && constraint.onUpdate === 'Cascade'
        ? [`${jsonScope.canonical} ${constraint.columns[0]} → ${constraint.targetTable.name}`]
        : [],
    ),
  );

interface SchemaNode {
  readonly type?: string;
  readonly items?: SchemaNode;
  readonly properties?: { readonly [name: string]: SchemaNode };
}

/** Paths of the arrays (`…[*]`) and of the scalars of an insert schema, outside `_ext`. */
function placesOf(node: SchemaNode, path = '$'): { arrays: string[]; scalars: string[] } {
  if (node.type === 'array' || (!node.type && node.items)) {
    const inside = placesOf(node.items ?? {}, `${path}[*]`);
    return { arrays: [`${path}[*]`, ...inside.arrays], scalars: inside.scalars };
  }
  if (node.type !== 'object' && !(!node.type && node.properties)) return { arrays: [], scalars: [path] };
  const inside = Object.entries(node.properties ?? {})
    .filter(([name]) => name !== '_ext')
    .map(([name, member]) => placesOf(member, `${path}.${name}`));
  return { arrays: inside.flatMap(({ arrays }) => arrays), scalars: inside.flatMap(({ scalars }) => scalars) };
}

/** Resources with tables, each with its schema. */
function relationalResources(
  model: RelationalModelSet,
  documents: readonly Document[],
): { resource: ResourceModel; schema: SchemaNode }[] {
  return documents.flatMap(({ projectSchema }) => {
    const { projectName, resourceSchemas } = projectSchema as {
      projectName: string;
      resourceSchemas: {
        [key: string]: {
          resourceName: string;
          isResourceExtension: boolean;
          isDescriptor: boolean;
          jsonSchemaForInsert: SchemaNode;
        };
      };
    };
    return Object.values(resourceSchemas).flatMap(
      ({ resourceName, isResourceExtension, isDescriptor, jsonSchemaForInsert }) => {
        if (isResourceExtension || isDescriptor) return [];
        const resource = model.resources.find(
          ({ resourceKey }) => resourceKey.projectName === projectName && resourceKey.resourceName === resourceName,
        );
        if (!resource) throw new Error(`${projectName}:${resourceName} is not in the model`);
        return [{ resource, schema: jsonSchemaForInsert }];
      },
    );
  });
}

const isBaseTable = ({ jsonScope }: Table) => !jsonScope.canonical.includes('._ext.');

/** Invariant 4: the scopes of the base tables are the root and the arrays outside `_ext`. */
function expectTablesPerArray(model: RelationalModelSet, documents: readonly Document[]): void {
  for (const { resource, schema } of relationalResources(model, documents)) {
    const scopes = resource.tablesInDependencyOrder.filter(isBaseTable).map(({ jsonScope }) => jsonScope.canonical);
    expect(scopes.sort(), resource.resourceKey.resourceName).toEqual(['$', ...placesOf(schema).arrays].sort());
  }
}

/** Invariant 8: every scalar outside `_ext` has a column, unless it is a link member of a reference object. */
function expectColumnsPerScalar(model: RelationalModelSet, documents: readonly Document[]): void {
  for (const { resource, schema } of relationalResources(model, documents)) {
    const paths = new Set(
      resource.tablesInDependencyOrder.flatMap(({ columns }) =>
        columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? []),
      ),
    );
    const links = resource.documentReferenceBindings.map(({ referenceObjectPath }) => `${referenceObjectPath.canonical}.link`);
    const isLink = (scalar: string) => links.some((link) => scalar === link || scalar.startsWith(`${link}.`));
    const lost = placesOf(schema).scalars.filter((scalar) => !paths.has(scalar) && !isLink(scalar));
    expect(lost, resource.resourceKey.resourceName).toEqual([]);
  }
}

describe.each(small)('the model of %s', (_, documents) => {
  it.each(dialects)('has no violation of an invariant in %s', (dialect) => {
    expect(modelViolations(derive(dialect, documents))).toEqual([]);
  });

  it.each([1, 2, 3, 4])('does not depend on the order of projects, entries and members (shuffle %i)', (seed) => {
    expectOrderIndependence(documents, seed);
  });

  it('is the same when it is derived twice, and its input is not changed', () => {
    expectPureDerivation(documents);
  });

  it('cascades in pgsql wherever it cascades in mssql', () => {
    expect(cascades(derive('pgsql', documents))).toEqual(expect.arrayContaining(cascades(derive('mssql', documents))));
  });

  it('has a base table for the root and for every array outside _ext', () => {
    expectTablesPerArray(derive('pgsql', documents), documents);
  });

  it('has a column for every scalar outside _ext but the members of a link', () => {
    expectColumnsPerScalar(derive('pgsql', documents), documents);
  });

  it('has integers of one width on both sides of every key', () => {
    expect(integerWidthDifferences(derive('pgsql', documents))).toEqual([]);
  });
});

it('the models of a schema with short names differ between the dialects in update actions only', () => {
  const [pgsql, mssql] = [derive('pgsql', everything), derive('mssql', everything)];
  expect([...pgsql.shortenedNames, ...pgsql.propagationFallbacks, ...mssql.propagationFallbacks]).toEqual([]);
  expect(cascades(mssql)).not.toEqual(cascades(pgsql));
  expect(withoutPropagation(mssql)).toEqual(withoutPropagation(pgsql));
});

describe.runIf(hasSharedData)('the models of the data standard (need the shared conformance data)', () => {
  // read by the first test that needs them: without the shared data there is nothing to read
  const read = new Map<string, readonly Document[]>();
  const documentsOf = (...files: readonly string[]): readonly Document[] => {
    const key = files.join();
    const documents = read.get(key) ?? files.map((file): Document => readSharedJson('inputs', file));
    read.set(key, documents);
    return documents;
  };
  const core = 'ds-5.2-core.json';
  const tpdm = 'tpdm-1.1-extension.json';

  describe.each([
    ['5.2', [core]],
    // which says int64 where the core has plain integers
    ['5.2 with TPDM 1.1', [core, tpdm]],
  ] as const)('%s', (_, files) => {
    const documents = () => documentsOf(...files);

    it.each(dialects)('have no violation of an invariant in %s', (dialect) => {
      expect(modelViolations(derive(dialect, documents()))).toEqual([]);
    });

    it('do not depend on the order of projects, entries and members', () => {
      expectOrderIndependence(documents(), 42);
    });

    it('are the same when they are derived twice, and their input is not changed', () => {
      expectPureDerivation(documents());
    });

    it('have a base table for the root and for every array outside _ext', () => {
      expectTablesPerArray(derive('pgsql', documents()), documents());
    });

    it('have a column for every scalar outside _ext but the members of a link', () => {
      expectColumnsPerScalar(derive('pgsql', documents()), documents());
    });

    it('have integers of one width on both sides of every key', () => {
      expect(integerWidthDifferences(derive('pgsql', documents()))).toEqual([]);
    });
  });

  it('with TPDM leave the core tables as they are, but for what TPDM refers to or constrains', () => {
    const plain = derive('pgsql', documentsOf(core));
    const extended = derive('pgsql', documentsOf(core, tpdm));
    const found = new Map(allTables(extended).map((table) => [`${table.table.schema}.${table.table.name}`, table]));
    for (const table of allTables(plain)) {
      const name = `${table.table.schema}.${table.table.name}`;
      const { constraints, ...facts } = table;
      const { constraints: others, ...otherFacts } = found.get(name) as Table;
      expect(otherFacts, name).toEqual(facts);
      expect(others, name).toEqual(expect.arrayContaining([...constraints]));
      const added = others.filter((other) => !constraints.some((constraint) => constraint.name === other.name));
      expect(
        added.every(({ kind }) => kind === 'Unique'),
        `${name}: ${added.map((constraint) => constraint.name)}`,
      ).toBe(true);
    }
  });
});

describe('keys to an abstract identity table', () => {
  it('have its integer width, also where its members differ among themselves', () => {
    const member = (name: string, format: 'int32' | 'int64') =>
      build.resource(name, {
        isSubclass: true,
        superclassProjectName: 'Ed-Fi',
        superclassResourceName: 'Organization',
        identityJsonPaths: ['$.organizationId'],
        jsonSchemaForInsert: build.object({ organizationId: build.integer(format) }, ['organizationId']),
      });
    const visit = build.resource('Visit', {
      documentPathsMapping: {
        Host: build.reference('Ed-Fi:Organization', [['$.organizationId', '$.hostReference.organizationId']]),
      },
      jsonSchemaForInsert: build.object({ hostReference: build.object({ organizationId: build.integer() }) }),
    });
    const model = derive('pgsql', [
      build.project('Ed-Fi', [member('Narrow', 'int32'), member('Wide', 'int64'), visit], {
        abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } },
      }),
    ]);
    expect(integerWidthDifferences(model)).toEqual([]);
    expect(modelViolations(model)).toEqual([]);
  });
});

type Writable<T> = T extends readonly (infer Item)[]
  ? Writable<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Writable<T[Name]> }
    : T;
type WritableModel = Writable<Omit<RelationalModelSet, 'effectiveSchema'>>;
type WritableTable = Writable<Table>;

describe('a violated invariant is found:', () => {
  const sound = derive('pgsql', everything);

  const resourceOf = (model: WritableModel, name: string) =>
    model.resources.find(({ resourceKey }) => resourceKey.resourceName === name)!;
  const tableOf = (model: WritableModel, name: string): WritableTable =>
    [
      ...model.resources.flatMap((resource) => resource.tablesInDependencyOrder),
      ...model.abstractIdentityTables.map(({ table }) => table),
    ].find(({ table }) => table.name === name)!;
  const columnOf = (model: WritableModel, table: string, name: string) =>
    tableOf(model, table).columns.find((column) => column.name === name)!;
  const keyOf = (model: WritableModel, table: string, name: string) =>
    tableOf(model, table).constraints.find((constraint) => constraint.name === name) as Writable<ForeignKeyConstraint>;
  const drop = (list: { name: string }[], name: string) =>
    list.splice(
      list.findIndex((item) => item.name === name),
      1,
    );
  const swap = <Item>(list: Item[], index = 0) => list.splice(index, 2, list[index + 1] as Item, list[index] as Item);

  it.each<[string, string, (model: WritableModel) => unknown]>([
    ['3', 'the root is not first', (model) => resourceOf(model, 'School').tablesInDependencyOrder.reverse()],
    ['3', 'there is no root', (model) => resourceOf(model, 'Session').tablesInDependencyOrder.pop()],
    [
      '3',
      'a descriptor has a table',
      (model) => resourceOf(model, 'KindDescriptor').tablesInDependencyOrder.push(tableOf(model, 'Session')),
    ],
    ['5', 'a key column is nullable', (model) => (columnOf(model, 'SchoolAddress', 'Ordinal').isNullable = true)],
    ['5', 'a key column is not among the first', (model) => swap(tableOf(model, 'SchoolAddress').columns, 1)],
    ['5', 'a key has a column too few', (model) => tableOf(model, 'SchoolAddressPeriod').key.columns.pop()],
    [
      '5',
      'a key of an extension table has a column too many',
      (model) => tableOf(model, 'SchoolExtension').key.columns.push({ name: 'NickName', kind: 'Ordinal' }),
    ],
    ['5', 'an identity table has another key', (model) => tableOf(model, 'OrganizationIdentity').key.columns.pop()],
    ['6', 'two columns have one name', (model) => (columnOf(model, 'Session', 'SessionName').name = 'School_SchoolId')],
    ['6', 'two constraints have one name', (model) => (keyOf(model, 'Session', 'FK_Session_Document').name = 'UX_Session_NK')],
    ['6', 'two tables have one name', (model) => (tableOf(model, 'Session').table.name = 'Section')],
    [
      '6',
      'two tables have one scope',
      (model) => (tableOf(model, 'SchoolAddress').jsonScope = tableOf(model, 'SchoolRoom').jsonScope),
    ],
    [
      '7',
      'a column is not under the scope of its table',
      (model) => (columnOf(model, 'SchoolAddress', 'City').sourcePath = columnOf(model, 'School', 'Name').sourcePath),
    ],
    [
      '7',
      'a column belongs to a deeper table',
      (model) => (columnOf(model, 'School', 'Name').sourcePath = columnOf(model, 'SchoolAddress', 'City').sourcePath),
    ],
    ['9', 'a reference has no binding', (model) => resourceOf(model, 'Club').documentReferenceBindings.pop()],
    ['9', 'a reference has no key', (model) => drop(tableOf(model, 'Club').constraints, 'FK_Club_Home_RefKey')],
    [
      '10',
      'the columns of a reference differ in nullability',
      (model) => (columnOf(model, 'Club', 'Home_SchoolId').isNullable = false),
    ],
    ['10', 'a reference has no check', (model) => drop(tableOf(model, 'Club').constraints, 'CK_Club_Home_AllNone')],
    [
      '10',
      'a check is not in the order of the target',
      (model) =>
        tableOf(model, 'Section').constraints.forEach((constraint) => {
          if (constraint.kind === 'AllOrNoneNullability') constraint.dependentColumns.reverse();
        }),
    ],
    ['11', 'a referenced key is not unique', (model) => drop(tableOf(model, 'Session').constraints, 'UX_Session_RefKey')],
    [
      '11',
      'a key names the target columns in another order',
      (model) => swap(keyOf(model, 'CourseOffering', 'FK_CourseOffering_Session_RefKey').targetColumns, 1),
    ],
    [
      '12',
      'the sides of a key have different types',
      (model) => (columnOf(model, 'Club', 'Home_SchoolId').scalarType = columnOf(model, 'Club', 'Name').scalarType),
    ],
    [
      '12',
      'the integers of a key to a concrete table differ in width',
      (model) => (columnOf(model, 'Club', 'Home_SchoolId').scalarType = columnOf(model, 'Club', 'Home_DocumentId').scalarType),
    ],
    ['12', 'the sides of a key differ in length', (model) => keyOf(model, 'Club', 'FK_Club_Home_RefKey').columns.pop()],
    [
      '13',
      'a key has an alias',
      (model) => (keyOf(model, 'Section', 'FK_Section_Offering_RefKey').columns[2] = 'Offering_SchoolReferenceSchoolId'),
    ],
    ['13', 'a key has a presence flag', (model) => (keyOf(model, 'School', 'FK_School_Document').columns[0] = 'One_Present')],
    [
      '13',
      'a key points at an alias',
      (model) => (keyOf(model, 'Section', 'FK_Section_Offering_RefKey').targetColumns[2] = 'School_SchoolId'),
    ],
    ['14', 'a descriptor column has no key', (model) => drop(tableOf(model, 'SchoolKind').constraints, 'FK_SchoolKind_Kind')],
    [
      '14',
      'an alias of a descriptor has a key',
      (model) => (keyOf(model, 'School', 'FK_School_ADescriptor_Unified').columns[0] = 'BDescriptor_DescriptorId'),
    ],
    [
      '15',
      'a key to the parent does not cascade',
      (model) => (keyOf(model, 'SchoolAddress', 'FK_SchoolAddress_School').onDelete = 'NoAction'),
    ],
    ['15', 'a reference key cascades', (model) => (keyOf(model, 'Club', 'FK_Club_Home_RefKey').onDelete = 'Cascade')],
    [
      '15',
      'an extension table hangs on another table',
      (model) =>
        (keyOf(model, 'SchoolExtensionAddress', 'FK_SchoolExtensionAddress_SchoolAddress').targetTable.name = 'SchoolRoom'),
    ],
    ['16', 'columns are out of order', (model) => swap(tableOf(model, 'Section').columns, 1)],
    ['16', 'constraints are out of order', (model) => swap(tableOf(model, 'Section').constraints)],
    ['16', 'tables are out of order', (model) => swap(resourceOf(model, 'School').tablesInDependencyOrder, 2)],
    ['16', 'bindings are out of order', (model) => swap(resourceOf(model, 'Section').documentReferenceBindings)],
    ['16', 'edge sources are out of order', (model) => swap(resourceOf(model, 'School').descriptorEdgeSources, 1)],
    ['16', 'resources are out of order', (model) => swap(model.resources)],
    [
      '18',
      'an unreferenced root has a reference key',
      (model) =>
        tableOf(model, 'Section').constraints.push({
          kind: 'Unique',
          name: 'UX_Section_RefKey',
          columns: ['DocumentId', 'SectionId'],
        }),
    ],
    ['§15', 'a stored column is not writable', (model) => (columnOf(model, 'Club', 'Name').isWritable = false)],
    ['§15', 'a column has no type', (model) => (columnOf(model, 'Club', 'Name').scalarType = null)],
    [
      '§15',
      'the natural key is no unique constraint',
      (model) => resourceOf(model, 'Club').naturalKey.columns.push('Home_SchoolId'),
    ],
  ])('%s, when %s', (invariant, _, breakIt) => {
    const model = structuredClone(sound) as RelationalModelSet;
    expect(modelViolations(model)).toEqual([]);
    breakIt(model as unknown as WritableModel);
    expect(modelViolations(model).map((text) => text.split(' ')[0])).toContain(invariant);
  });
});
