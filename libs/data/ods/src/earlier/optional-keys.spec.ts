import { mustExist } from '@dms/model';
import { trusted } from '@dms/sql';
import {
  build,
  type Document,
  edFi,
  fields,
  hasSharedData,
  mainGenerations,
  provisionedEngines,
  readSharedJson,
  rows,
} from '@dms/testing';
import { expect, it } from 'vitest';
import {
  carriedDocuments,
  compareEarlier,
  completeTranslation,
  type EarlierSet,
  earlierQueries,
  earlierSet,
  type GivenDocument,
  given,
  inBothDatabases,
} from '../../test/earlier-views.ts';
import { deriveEarlier } from './derive-earlier.ts';

/*
 * Keys of an ODS include values that documents may lack. Two keys with the same values absent are equal. Of several
 * documents for one key, the first one that has a value gives it (design 21 §2).
 */

const { date, object, reference, resource, scalarPath, string } = build;

/** A resource that a school and a student identify. */
const ofBoth = (name: string, { paths = {}, members = {} }: { paths?: build.JsonRecord; members?: build.JsonRecord }) =>
  resource(name, {
    identityJsonPaths: ['$.schoolReference.schoolId', '$.studentReference.studentId'],
    documentPathsMapping: {
      School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]),
      Student: reference('Ed-Fi:Student', [['$.studentId', '$.studentReference.studentId']]),
      ...paths,
    },
    jsonSchemaForInsert: object(
      {
        schoolReference: fields({ schoolId: string(9) }),
        studentReference: fields({ studentId: string(9) }),
        ...members,
      },
      ['schoolReference', 'studentReference'],
    ),
    arrayUniquenessConstraints: Object.keys(members).length === 0 ? [] : [uniqueVisas],
  });

const identified = (name: string, id: string, members: build.JsonRecord = {}, paths: build.JsonRecord = {}) =>
  resource(name, {
    identityJsonPaths: [`$.${id}`],
    documentPathsMapping: { [`${name}Id`]: scalarPath(`$.${id}`), ...paths },
    jsonSchemaForInsert: object({ [id]: string(9), ...members }, [id]),
    arrayUniquenessConstraints: Object.keys(members).length === 0 ? [] : [uniqueVisas],
  });

const uniqueVisas = { paths: ['$.visas[*].visa'] };
/** Items whose key is a value that they may lack, and a value. */
const visas = { visas: rows({ visa: string(9), until: date() }), citizenship: string(9) };
const visaPaths = {
  Citizenship: scalarPath('$.citizenship'),
  'Visas.Visa': scalarPath('$.visas[*].visa'),
  'Visas.Until': scalarPath('$.visas[*].until'),
};

/** Students with visas and a citizenship, which a document for each school of a student has in the later set. */
const school = identified('School', 'schoolId');
const enrollment = ofBoth('Enrollment', {});
const schemasBefore = [edFi([school, identified('Student', 'studentId', visas, visaPaths), enrollment])];
const schemasAfter = [
  edFi(
    [
      school,
      identified('Student', 'studentId'),
      enrollment,
      ofBoth('Demographic', { paths: visaPaths, members: visas }),
    ],
    { version: '2.0.0' },
  ),
];
const rules = {
  before: { 'Ed-Fi': '1.0' },
  after: { 'Ed-Fi': '2.0' },
  documents: [
    {
      before: 'Ed-Fi:Student',
      after: 'Ed-Fi:Demographic',
      members: ['$.visas[*]', '$.citizenship'],
      identity: { '$.studentReference.studentId': '$.studentId' },
      through: [
        {
          resource: 'Ed-Fi:Enrollment',
          where: { '$.studentReference.studentId': '$.studentId' },
          identity: { '$.schoolReference': '$.schoolReference' },
        },
      ],
    },
  ],
};

const student = { studentId: 's1', visas: [{ until: '2026-01-01' }, { visa: 'A' }], citizenship: 'x' };
const ownDocuments = [
  ...['0', 'a', 'b'].map((schoolId) => ({ resource: 'Ed-Fi:School', document: { schoolId } })),
  { resource: 'Ed-Fi:Student', document: student },
  ...['a', 'b'].map((schoolId) => ({
    resource: 'Ed-Fi:Enrollment',
    document: { schoolReference: { schoolId }, studentReference: { studentId: 's1' } },
  })),
];

/**
 * Compares the views of the earlier set with its tables, after documents were carried. Returns the rows of a view.
 *
 * @param others documents that only the later set has
 */
async function rowsOfView(
  sets: { readonly before: EarlierSet; readonly after: EarlierSet },
  rulesOfSets: Record<string, unknown>,
  documents: readonly GivenDocument[],
  view: string,
  others: readonly GivenDocument[] = [],
): Promise<readonly unknown[]> {
  const { before, after } = sets;
  const translation = completeTranslation(rulesOfSets, before, after);
  const earlier = deriveEarlier(before.mapping, after.mapping, translation, '');
  const carried = await carriedDocuments(translation, before, documents);
  expect(carried.earlier).toHaveLength(documents.length);
  const engine = mustExist(provisionedEngines()[0], 'an engine');
  const all = { ...carried, later: [...carried.later, ...others] };
  return inBothDatabases(engine, sets, all, async (databases) => {
    const found = await compareEarlier({ ...sets, translation }, databases, earlier);
    expect(found).toMatchObject({ differences: [], hidden: 0 });
    const query = mustExist(earlierQueries(earlier, after.mapping).get(view), 'the view');
    return databases.after.query(trusted(query));
  });
}

it.each(mainGenerations)('items without a value of their key are one row for each person, in %s', async (version) => {
  const sets = { before: earlierSet(schemasBefore, version), after: earlierSet(schemasAfter, version) };
  expect(await rowsOfView(sets, rules, ownDocuments.map(given), 'edfi.StudentVisas')).toHaveLength(2);
});

it.each(mainGenerations)('a value of a person is that of the first document that has it, in %s', async (version) => {
  const sets = { before: earlierSet(schemasBefore, version), after: earlierSet(schemasAfter, version) };
  const document = { schoolReference: { schoolId: '0' }, studentReference: { studentId: 's1' } };
  const others = [given({ resource: 'Ed-Fi:Demographic', document })];
  const found = await rowsOfView(sets, rules, ownDocuments.map(given), 'edfi.Student', others);
  expect(found).toMatchObject([{ citizenship: 'x' }]);
});

const vectors = ['design', 'vectors', 'translation'] as const;

/** A schema of the vectors whose visas need no value of their key. */
function withOptionalKeys(...file: readonly string[]): Document {
  const schema = readSharedJson(...vectors, ...file);
  for (const name of ['students', 'demographics']) {
    const { visas } = schema.projectSchema.resourceSchemas[name]?.jsonSchemaForInsert.properties ?? {};
    if (visas) visas.items.required = visas.items.required?.filter((each: string) => each !== 'visa') ?? [];
  }
  return schema;
}

const color = 'uri://campus.example/ColorDescriptor#Red';
const organization = (organizationId: number) => ({ organizationReference: { organizationId } });
const ofStudent = { studentReference: { studentId: 's1' } };

const documents = [
  {
    resource: 'Campus:ColorDescriptor',
    document: { namespace: color.split('#')[0], codeValue: 'Red', shortDescription: 'Red' },
  },
  ...[1, 2].map((schoolId) => ({ resource: 'Campus:School', document: { schoolId, name: 'North' } })),
  {
    resource: 'Campus:Student',
    document: { studentId: 's1', firstName: 'Ann', visas: [{ until: '2026-01-01' }, { visa: 'A' }] },
  },
  ...[1, 2].map((id) => ({ resource: 'Campus:Enrollment', document: { ...organization(id), ...ofStudent } })),
];

it.skipIf(!hasSharedData).each(mainGenerations)(
  'items without a value of their key are one row for each person, in %s (needs the shared data)',
  async (mappingVersion) => {
    const schemas = (...files: readonly string[]) => files.map((file) => withOptionalKeys(...file.split('/')));
    const before = earlierSet(schemas('before/core.json', 'before/extension.json'), mappingVersion);
    const after = earlierSet(schemas('after/core.json'), mappingVersion);
    const shared = readSharedJson(...vectors, 'base.json');
    const found = await rowsOfView({ before, after }, shared, documents.map(given), 'campus.StudentVisas');
    expect(found).toHaveLength(2);
  },
);
