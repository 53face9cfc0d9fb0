import type { Connection } from '@dms/databases';
import { type SqlDialect, trusted } from '@dms/sql';
import { build } from '@dms/testing';
import type { JsonValue } from '@dms/values';
import { type CompiledClub, compiled } from './bench.ts';

/* Two small projects of the second generation, with every kind of collection whose rows are merged. */

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

const person = resource('Person', {
  allowIdentityUpdates: true,
  identityJsonPaths: ['$.personId'],
  documentPathsMapping: {},
  jsonSchemaForInsert: object({ personId: integer(), name: string() }, ['personId']),
});

/** A resource whose identity is immutable, because others refer to it and it does not allow changes. */
const town = resource('Town', {
  identityJsonPaths: ['$.townId'],
  documentPathsMapping: {},
  jsonSchemaForInsert: object({ townId: integer() }, ['townId']),
});

const club = resource('Club', {
  queryFieldMapping: {
    clubId: [{ path: '$.clubId', type: 'number' }],
    id: [{ path: '$.id', type: 'string' }],
    kindDescriptor: [{ path: '$.kindDescriptors[*]', type: 'string' }],
    leaderId: [{ path: '$.leaderReference.personId', type: 'number' }],
    memberNumber: [{ path: '$.members[*].memberNumber', type: 'number' }],
    note: [{ path: '$.note', type: 'string' }],
    sizeDescriptor: [{ path: '$.sizeDescriptor', type: 'string' }],
  },
  identityJsonPaths: ['$.clubId'],
  documentPathsMapping: {
    Kind: descriptorPath('Core:KindDescriptor', '$.kindDescriptors[*]'),
    Town: reference('Core:Town', [['$.townId', '$.townReference.townId']], false),
    Size: descriptorPath('Core:KindDescriptor', '$.sizeDescriptor'),
    Leader: reference('Core:Person', [['$.personId', '$.leaderReference.personId']], false),
    Guest: reference('Core:Person', [['$.personId', '$.guests[*].guestReference.personId']]),
  },
  arrayUniquenessConstraints: [
    {
      paths: ['$.members[*].memberNumber'],
      nestedConstraints: [{ basePath: '$.members[*]', paths: ['$.stays[*].beginsOn'] }],
    },
    { paths: ['$.kindDescriptors[*]'] },
    { paths: ['$.places[*].area', '$.places[*].name'] },
  ],
  jsonSchemaForInsert: object(
    {
      clubId: integer(),
      note: string(),
      sizeDescriptor: uri(),
      leaderReference: object({ personId: integer() }, ['personId']),
      townReference: object({ townId: integer() }, ['townId']),
      kindDescriptors: array(uri()),
      guests: array(
        object({ guestReference: object({ personId: integer() }, ['personId']), note: string() }, ['guestReference']),
      ),
      places: array(object({ name: string(), area: string() }, ['name'])),
      members: array(
        object(
          {
            memberNumber: integer(),
            title: string(),
            stays: array(object({ beginsOn: date(), note: string() }, ['beginsOn'])),
          },
          ['memberNumber'],
        ),
      ),
    },
    ['clubId'],
  ),
});

const clubExtension = extensionOf('Club', {
  arrayUniquenessConstraints: [
    { paths: ['$._ext.sample.awards[*].awardName'] },
    {
      paths: ['$._ext.sample.members[*].memberNumber'],
      nestedConstraints: [{ basePath: '$._ext.sample.members[*]', paths: ['$._ext.sample.keys[*].keyNumber'] }],
    },
  ],
  jsonSchemaForInsert: object({
    _ext: ext(
      'sample',
      object({
        motto: string(),
        awards: array(object({ awardName: string(), note: string() }, ['awardName'])),
        members: array(
          object({
            _ext: ext(
              'sample',
              object({ badge: string(), keys: array(object({ keyNumber: integer(), note: string() }, ['keyNumber'])) }),
            ),
          }),
        ),
      }),
    ),
  }),
});

export const clubSchemas: readonly build.JsonRecord[] = [
  project('Core', [descriptor('KindDescriptor'), person, town, club]),
  project('Sample', [clubExtension], { isExtension: true }),
];

const sets = new Map<SqlDialect, CompiledClub>();

/** The set, compiled once per dialect. */
export function clubSet(dialect: SqlDialect = 'pgsql'): CompiledClub {
  const found = sets.get(dialect) ?? compiled(clubSchemas, dialect, 'v2');
  sets.set(dialect, found);
  return found;
}

/** A row of the database by column. */
export type StoredColumns = Readonly<Record<string, JsonValue>>;

/** The rows of a table of the core project or its extension, in the order of their ids. */
export async function rowsOf(connection: Connection, table: string): Promise<readonly StoredColumns[]> {
  const schema = table.startsWith('ClubExtension') ? 'sample' : 'core';
  const rows = await connection.query<StoredColumns>(
    trusted(`SELECT * FROM "${schema}"."${table}" t ORDER BY to_jsonb(t) -> 'CollectionItemId', to_jsonb(t)`),
  );
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])),
  );
}
