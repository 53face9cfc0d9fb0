import { build, edFi, fields, numbered, subclassOf } from '@dms/testing';

const {
  array,
  date,
  descriptor,
  descriptorPath,
  ext,
  extensionOf,
  integer,
  object,
  project,
  reference,
  resource,
  string,
  uri,
} = build;

/*
 * People and firms are parties; a person has nested collections, and an extension adds a root table, a collection of
 * its own and a companion of the addresses. A term belongs to a person; an enrolment refers to the same person twice.
 * Resource keys by project and name: 1 Enrolment, 2 Firm, 3 KindDescriptor, 4 Party, 5 Person, 6 Term, 7 Club (Sample).
 */
export const registry = [
  edFi(
    [
      descriptor('KindDescriptor'),
      numbered('Firm', 'partyId', subclassOf('Ed-Fi:Party')),
      numbered('Person', 'personId', subclassOf('Ed-Fi:Party', '$.partyId'), {
        addresses: array(object({ city: string(), phones: array(object({ number: string() })) })),
      }),
      resource('Term', {
        identityJsonPaths: ['$.personReference.personId', '$.year'],
        documentPathsMapping: { Person: reference('Ed-Fi:Person', [['$.personId', '$.personReference.personId']]) },
        jsonSchemaForInsert: fields({ personReference: fields({ personId: integer() }), year: integer() }),
      }),
      resource('Enrolment', {
        identityJsonPaths: [
          '$.termReference.personId',
          '$.termReference.year',
          '$.kindDescriptor',
          '$.personReference.personId',
          '$.day',
        ],
        equalityConstraints: [
          { sourceJsonPath: '$.personReference.personId', targetJsonPath: '$.termReference.personId' },
        ],
        documentPathsMapping: {
          Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
          Person: reference('Ed-Fi:Person', [['$.personId', '$.personReference.personId']]),
          Term: reference('Ed-Fi:Term', [
            ['$.personReference.personId', '$.termReference.personId'],
            ['$.year', '$.termReference.year'],
          ]),
        },
        jsonSchemaForInsert: fields({
          termReference: fields({ personId: integer(), year: integer() }),
          kindDescriptor: uri(),
          personReference: fields({ personId: integer() }),
          day: date(),
        }),
      }),
    ],
    { abstractResources: { Party: { identityJsonPaths: ['$.partyId'] } } },
  ),
  project(
    'Sample',
    [
      numbered('Club', 'clubId', subclassOf('Ed-Fi:Party', '$.partyId')),
      extensionOf('Person', {
        jsonSchemaForInsert: object({
          _ext: ext(
            'sample',
            object({
              nickname: string(),
              marks: array(object({ mark: string() })),
              addresses: array(object({ _ext: ext('sample', object({ floor: integer() })) })),
            }),
          ),
        }),
      }),
    ],
    { isExtension: true },
  ),
];

export const int32 = { kind: 'Int32', maxLength: null, decimal: null };
export const int64 = { kind: 'Int64', maxLength: null, decimal: null };
