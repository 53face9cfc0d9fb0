import {
  abstractResource,
  alikeGenerations,
  build,
  edFi,
  equal,
  fields,
  plain,
  serverEngine,
  subclassOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { behaviourFailures } from '../../test/mutant-database.ts';
import { Failures } from './failures.ts';

/* R13 passes for organizations whose columns have more than one purpose. */

const { integer, reference } = build;

const organizationId = '$.educationOrganizationId';

/** An organization, identified by its own id, and perhaps by more. */
const organization = (
  name: string,
  id: string,
  properties: build.JsonRecord = {},
  {
    identity = [],
    required = identity,
    ...members
  }: build.JsonRecord & { identity?: string[]; required?: string[] } = {},
) =>
  plain(name, { ...properties, [id]: integer() }, [], {
    ...subclassOf('Ed-Fi:EducationOrganization', id === 'educationOrganizationId' ? undefined : organizationId),
    identityJsonPaths: [...identity, `$.${id}`],
    jsonSchemaForInsert: build.object({ ...properties, [id]: integer() }, [...required, id]),
    ...members,
  });

const toDistrict = (isRequired = true) =>
  reference('Ed-Fi:District', [['$.districtId', '$.districtReference.districtId']], isRequired);

const districtReference = fields({ districtId: integer() });

const district = organization('District', 'districtId');

const zone = plain('Zone', {}, [], {
  identityJsonPaths: ['$.zoneNo', '$.districtReference.districtId'],
  jsonSchemaForInsert: fields({ zoneNo: integer(), districtReference }),
  documentPathsMapping: { District: toDistrict() },
});

/** A school in a zone of its district. */
const schoolOfZone = organization(
  'School',
  'schoolId',
  { districtReference, zoneReference: fields({ zoneNo: integer(), districtId: integer() }) },
  {
    required: ['districtReference', 'zoneReference'],
    documentPathsMapping: {
      District: toDistrict(),
      Zone: reference('Ed-Fi:Zone', [
        ['$.zoneNo', '$.zoneReference.zoneNo'],
        ['$.districtReference.districtId', '$.zoneReference.districtId'],
      ]),
    },
    equalityConstraints: [equal('$.districtReference.districtId', '$.zoneReference.districtId')],
  },
);

/** A campus that must have the id of a district, and may refer to it. */
const campus = organization(
  'Campus',
  'campusId',
  { leaId: integer(), districtReference },
  {
    required: ['leaId'],
    documentPathsMapping: { District: toDistrict(false) },
    equalityConstraints: [equal('$.leaId', '$.districtReference.districtId')],
  },
);

/** A school whose own number comes first, and whose district is a part of its identity. */
const numberedSchool = organization(
  'School',
  'educationOrganizationId',
  { localNo: integer(), districtReference },
  {
    identity: ['$.localNo', '$.districtReference.districtId'],
    required: ['localNo', 'districtReference'],
    documentPathsMapping: { District: toDistrict() },
  },
);

const room = plain('Room', {}, [], {
  identityJsonPaths: ['$.roomNo'],
  jsonSchemaForInsert: fields({
    roomNo: integer(),
    schoolReference: fields({ localNo: integer(), districtId: integer(), educationOrganizationId: integer() }),
  }),
  documentPathsMapping: {
    School: reference('Ed-Fi:School', [
      ['$.localNo', '$.schoolReference.localNo'],
      ['$.districtReference.districtId', '$.schoolReference.districtId'],
      [organizationId, '$.schoolReference.educationOrganizationId'],
    ]),
  },
});

describe.each([
  ['a zone that shares the column of the district', [district, zone, schoolOfZone]],
  ['a number that shares the column of the district', [district, campus]],
  ['a district in the identity, to which others refer', [district, numberedSchool, room]],
])('%s', (_, resources) => {
  it.each(alikeGenerations())('passes, %s', async (version) => {
    const abstractResources = { EducationOrganization: abstractResource([organizationId]) };
    const input = inputOfDocuments([edFi(resources, { abstractResources })], 'pgsql', version);
    const { connection, close } = await serverEngine.open(input.script);
    expect(await behaviourFailures(connection, input, [], new Failures())).toEqual([]);
    await close();
  });
});
