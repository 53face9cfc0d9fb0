import { mustExist } from '@dms/model';
import { trusted } from '@dms/sql';
import { type Document, hasSharedData, mainGenerations, provisionedEngines, readSharedJson } from '@dms/testing';
import { expect, it } from 'vitest';
import {
  carriedDocuments,
  compareEarlier,
  completeTranslation,
  earlierQueries,
  earlierSet,
  given,
  inBothDatabases,
} from '../../test/earlier-views.ts';
import { deriveEarlier } from './derive-earlier.ts';

/* Keys of an ODS include values that documents may lack. Two keys with the same values absent are equal. */

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
    const translation = completeTranslation(readSharedJson(...vectors, 'base.json'), before, after);
    const earlier = deriveEarlier(before.mapping, after.mapping, translation, '');
    const carried = await carriedDocuments(translation, before, documents.map(given));
    expect(carried.earlier).toHaveLength(documents.length);
    const engine = mustExist(provisionedEngines()[0], 'an engine');
    await inBothDatabases(engine, { before, after }, carried, async (databases) => {
      const found = await compareEarlier({ before, after, translation }, databases, earlier);
      expect(found).toMatchObject({ differences: [], hidden: 0 });
      const visas = mustExist(earlierQueries(earlier, after.mapping).get('campus.StudentVisas'), 'the view');
      expect(await databases.after.query(trusted(visas))).toHaveLength(2);
    });
  },
);
