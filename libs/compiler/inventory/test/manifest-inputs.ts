import {
  abstractResource,
  build,
  edFi,
  extension,
  fields,
  keyed,
  languageDescriptor,
  modelOf,
  subclassOf,
} from '@dms/testing';
import type { Inventory } from '../src/inventory.ts';

const { ext, extensionOf, integer, object, reference, resource, string } = build;

export const fingerprint = {
  effectiveSchemaHash: '0123456789abcdef'.repeat(4),
  relationalMappingVersion: 'v1',
} as const;

export const noInventory: Inventory = {
  dialect: 'pgsql',
  indexes: [],
  triggers: [],
  trackedChangeTables: [],
  authEdOrgHierarchy: null,
  authViews: [],
};

/** The members of stamps in a generation without mirrors and tracked changes. */
export const plainStamp = { kind: 'DocumentStamping', mirrorStampTargetTable: null, changeTracking: null } as const;

export const table = (name: string) => ({ schema: 'edfi', name });

export const int32 = { kind: 'Int32', maxLength: null, decimal: null } as const;

export const noResources = modelOf([edFi([])]);

/** A core with an abstract resource and a descriptor, and an extension of it. */
export const documents = [
  edFi(
    [
      keyed('School', { schoolId: integer() }, subclassOf('Ed-Fi:Organization', '$.organizationId')),
      languageDescriptor,
      resource('Visit', {
        documentPathsMapping: {
          Organization: reference(
            'Ed-Fi:Organization',
            [['$.organizationId', '$.organizationReference.organizationId']],
            false,
          ),
        },
        jsonSchemaForInsert: object({ organizationReference: fields({ organizationId: integer() }) }),
      }),
    ],
    { version: '5.2.0', abstractResources: { Organization: abstractResource(['$.organizationId']) } },
  ),
  extension(
    [extensionOf('School', { jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: string(20) })) }) })],
    'Sample',
    { version: '1.1.0' },
  ),
];
