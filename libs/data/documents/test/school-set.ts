import type { SqlDialect } from '@dms/sql';
import { build } from '@dms/testing';
import { type JsonValue, toJsonValue } from '@dms/values';
import { type CheckedDocument, checkDocument, type DocumentPlans, type ResourcePlans } from '../src/index.ts';
import { type CompiledClub, compiled, named } from './bench.ts';

/* Two small projects that together cover every kind of column. */

const {
  array,
  boolean,
  date,
  dateTime,
  descriptor,
  descriptorPath,
  ext,
  extensionOf,
  integer,
  number,
  object,
  project,
} = build;
const { reference, resource, string, time, uri } = build;

const place = { isSubclass: true, superclassProjectName: 'Core', superclassResourceName: 'Place' };

const site = resource('Site', {
  ...place,
  superclassIdentityJsonPath: '$.placeId',
  identityJsonPaths: ['$.siteId'],
  jsonSchemaForInsert: object({ siteId: integer() }, ['siteId']),
});

const school = resource('School', {
  identityJsonPaths: ['$.schoolId'],
  documentPathsMapping: {
    Kind: descriptorPath('Core:KindDescriptor', '$.kindDescriptor'),
    Place: reference('Core:Place', [['$.placeId', '$.placeReference.placeId']], false),
  },
  equalityConstraints: [{ sourceJsonPath: '$.a', targetJsonPath: '$.b' }],
  decimalPropertyValidationInfos: [{ path: '$.rate', totalDigits: 9, decimalPlaces: 2 }],
  arrayUniquenessConstraints: [{ paths: ['$.addresses[*].street'] }],
  jsonSchemaForInsert: object(
    {
      schoolId: integer(),
      name: string(),
      isOpen: boolean(),
      opensAt: dateTime(),
      closesAt: time(),
      rate: number(),
      a: integer(),
      b: integer(),
      kindDescriptor: uri(),
      placeReference: object({ placeId: integer() }, ['placeId']),
      addresses: array(
        object({ street: string(), periods: array(object({ beginsOn: date() }, ['beginsOn'])) }, ['street']),
      ),
    },
    ['schoolId'],
  ),
});

const visit = resource('Visit', {
  identityJsonPaths: ['$.visitId'],
  documentPathsMapping: { School: reference('Core:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
  jsonSchemaForInsert: object({ visitId: integer(), schoolReference: object({ schoolId: integer() }, ['schoolId']) }, [
    'visitId',
    'schoolReference',
  ]),
});

const guest = resource('Guest', {
  allowIdentityUpdates: true,
  identityJsonPaths: ['$.guestId'],
  documentPathsMapping: {},
  jsonSchemaForInsert: object({ guestId: integer() }, ['guestId']),
});

const guestList = resource('GuestList', {
  identityJsonPaths: ['$.listId'],
  documentPathsMapping: { Guest: reference('Core:Guest', [['$.guestId', '$.guests[*].guestReference.guestId']]) },
  jsonSchemaForInsert: object(
    {
      listId: integer(),
      guests: array(object({ guestReference: object({ guestId: integer() }, ['guestId']) }, ['guestReference'])),
    },
    ['listId'],
  ),
});

/** Every address may have rooms, in tables of the project Sample. */
const schoolExtension = extensionOf('School', {
  jsonSchemaForInsert: object({
    _ext: ext(
      'sample',
      object({
        motto: string(),
        addresses: array(
          object({ _ext: ext('sample', object({ rooms: array(object({ number: integer() }, ['number'])) })) }),
        ),
      }),
    ),
  }),
});

/** A second guest whose constraints have the same names as those of the first, but in another schema. */
const sampleGuest = resource('Guest', {
  identityJsonPaths: ['$.code'],
  jsonSchemaForInsert: object({ code: string() }, ['code']),
});

export const schoolSchemas: readonly build.JsonRecord[] = [
  project('Core', [descriptor('KindDescriptor'), site, school, visit, guest, guestList], {
    abstractResources: { Place: { identityJsonPaths: ['$.placeId'] } },
  }),
  project('Sample', [schoolExtension, sampleGuest], { isExtension: true }),
];

const sets = new Map<SqlDialect, CompiledClub>();

/** The mapping set of the model, built once per dialect. */
export function schoolPlans(dialect: SqlDialect): DocumentPlans {
  const { plans } = sets.get(dialect) ?? compiled(schoolSchemas, dialect);
  sets.set(dialect, { plans, script: '' });
  return plans;
}

export const plansOf = (dialect: SqlDialect, label: string): ResourcePlans => schoolPlans(dialect).of(named(label));

/** A checked document. */
export function checked(dialect: SqlDialect, label: string, document: object | JsonValue): CheckedDocument {
  const value = document instanceof Map ? document : toJsonValue(document);
  const { document: result, diagnostics } = checkDocument(schoolPlans(dialect), named(label), value);
  if (!result) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return result;
}
