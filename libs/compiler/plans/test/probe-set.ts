import {
  abstractResource,
  booking,
  bookingFields,
  bookingPairs,
  build,
  edFi,
  fields,
  numbered,
  room,
  subclassOf,
} from '@dms/testing';

const { descriptor, descriptorPath, integer, object, reference, resource, string, uri } = build;

/** A resource that refers to an abstract resource and to a booking, and that a name and a descriptor identify. */
const visit = resource('Visit', {
  identityJsonPaths: ['$.kindDescriptor', '$.organizationReference.organizationId', '$.visitName'],
  documentPathsMapping: {
    Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
    Organization: reference('Ed-Fi:Organization', [['$.organizationId', '$.organizationReference.organizationId']]),
    Booking: reference('Ed-Fi:Booking', bookingPairs('$.bookingReference'), false),
  },
  jsonSchemaForInsert: object(
    {
      kindDescriptor: uri(),
      organizationReference: fields({ organizationId: integer() }),
      visitName: string(30),
      bookingReference: bookingFields,
    },
    ['kindDescriptor', 'organizationReference', 'visitName'],
  ),
});

const report = resource('Report', {
  identityJsonPaths: [
    '$.reportCode',
    '$.visitReference.kindDescriptor',
    '$.visitReference.organizationId',
    '$.visitReference.visitName',
  ],
  documentPathsMapping: {
    Visit: reference('Ed-Fi:Visit', [
      ['$.kindDescriptor', '$.visitReference.kindDescriptor'],
      ['$.organizationReference.organizationId', '$.visitReference.organizationId'],
      ['$.visitName', '$.visitReference.visitName'],
    ]),
  },
  jsonSchemaForInsert: object(
    {
      reportCode: string(10),
      visitReference: fields({ kindDescriptor: uri(), organizationId: integer(), visitName: string(30) }),
    },
    ['reportCode', 'visitReference'],
  ),
});

/**
 * A set with every kind of probe: a school under an abstract resource, rooms of schools, bookings whose two references
 * share a school, visits that a descriptor identifies, and reports of visits.
 */
export const probeSet = edFi(
  [
    numbered('School', 'schoolId', subclassOf('Ed-Fi:Organization', '$.organizationId')),
    descriptor('KindDescriptor'),
    room,
    booking,
    visit,
    report,
  ],
  { abstractResources: { Organization: abstractResource(['$.organizationId']) } },
);
