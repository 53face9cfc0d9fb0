import { build, type Document } from '@dms/testing';
import { compiled, type LoadableSet } from './bench.ts';

/*
 * A small core and an extension of the second generation, with constructs that the schema projects of this repository
 * lack.
 */

const {
  array,
  descriptor,
  descriptorPath,
  ext,
  extensionOf,
  integer,
  number,
  object,
  project,
  reference,
  resource,
  string,
  uri,
} = build;

const guild = resource('Guild', {
  isSubclass: true,
  superclassProjectName: 'Core',
  superclassResourceName: 'Union',
  superclassIdentityJsonPath: '$.unionId',
  identityJsonPaths: ['$.guildId'],
  documentPathsMapping: {
    Kind: descriptorPath('Core:KindDescriptor', '$.kindDescriptors[*]'),
    // of the same resource, and through its superclass
    Parent: reference('Core:Guild', [['$.guildId', '$.parentReference.guildId']], false),
    Ally: reference('Core:Union', [['$.unionId', '$.allyReference.unionId']], false),
    Master: reference('Core:Master', [['$.masterId', '$.masterReference.masterId']], false),
  },
  arrayUniquenessConstraints: [
    { paths: ['$.kindDescriptors[*]'] },
    {
      paths: ['$.members[*].memberNumber'],
      nestedConstraints: [{ basePath: '$.members[*]', paths: ['$.stays[*].begins'] }],
    },
  ],
  decimalPropertyValidationInfos: [{ path: '$.members[*].fee', totalDigits: 18, decimalPlaces: 4 }],
  jsonSchemaForInsert: object(
    {
      guildId: integer(),
      kindDescriptors: array(uri()),
      parentReference: object({ guildId: integer() }, ['guildId']),
      allyReference: object({ unionId: integer() }, ['unionId']),
      masterReference: object({ masterId: integer() }, ['masterId']),
      founded: { type: 'string', format: 'date-time' },
      opens: { type: 'string', format: 'time' },
      isOpen: { type: 'boolean' },
      members: array(
        object(
          {
            memberNumber: integer(),
            fee: number(),
            stays: array(object({ begins: build.date() }, ['begins'])),
          },
          ['memberNumber'],
        ),
      ),
    },
    ['guildId'],
  ),
});

/** A resource in a circle with guilds. */
const master = resource('Master', {
  identityJsonPaths: ['$.masterId'],
  documentPathsMapping: { Guild: reference('Core:Guild', [['$.guildId', '$.guildReference.guildId']], false) },
  jsonSchemaForInsert: object({ masterId: integer(), guildReference: object({ guildId: integer() }, ['guildId']) }, [
    'masterId',
  ]),
});

const guildExtension = extensionOf('Guild', {
  arrayUniquenessConstraints: [
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
        members: array(
          object({
            _ext: ext(
              'sample',
              object({
                nickname: string(),
                keys: array(object({ keyNumber: integer(), note: string() }, ['keyNumber'])),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
});

/** Guilds: rows of every kind of table, a circle, references to the own resource and to the superclass. */
export const guildSchemas: readonly Document[] = [
  project('Core', [guild, master, descriptor('KindDescriptor')], {
    abstractResources: { Union: { identityJsonPaths: ['$.unionId'] } },
  }),
  project('Sample', [guildExtension], { isExtension: true }),
];

let made: LoadableSet | undefined;

/** {@link guildSchemas} for PostgreSQL. */
export function guildSet(): LoadableSet {
  made ??= compiled(guildSchemas, 'v2');
  return made;
}
