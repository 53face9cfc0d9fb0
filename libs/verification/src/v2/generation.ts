import { core, coreV2, qualified } from '@dms/model';
import { descriptorRows } from '../derived-rows/descriptor-rows.ts';
import { cachedDescriptors } from '../derived-rows/descriptor-witnesses.ts';
import { namingDocuments, referentialIdentities } from '../derived-rows/referential-identities.ts';
import { storedIds } from '../derived-rows/stored-ids.ts';
import { computedReferentialIds } from '../upgrade/computed-rows.ts';
import type { RefusedDatabase, VerificationGeneration } from '../verification-generation.ts';
import { coreRulesV2 } from './core-behaviour.ts';
import { identityTextsV2 } from './identity-texts.ts';
import { resourceRulesV2 } from './resource-rules.ts';

/**
 * A database of the same schema set without the row that a server binds its state to, and a database with another
 * layout (design 16 §5.1).
 */
const refusedDatabases: readonly RefusedDatabase[] = [
  ...[coreV2.dataStoreIdentity, coreV2.documentCacheState].map(({ schema, name }) => ({
    what: `without the row of ${schema}.${name}`,
    statements: (table: (name: RefusedTable) => string) => [`DELETE FROM ${table({ schema, name })}`],
    names: `${schema}.${name}`,
  })),
  {
    what: 'of the first generation, with its column of the cache',
    statements: (table, quote) => [
      `DELETE FROM ${table(core.schemaComponent)}`,
      `DELETE FROM ${table(core.effectiveSchema)}`,
      `ALTER TABLE ${table(core.documentCache)} ADD ${quote('Etag')} varchar(64) NULL`,
    ],
    names: `${qualified(core.documentCache)}.Etag`,
  },
];

type RefusedTable = Parameters<Parameters<RefusedDatabase['statements']>[0]>[0];

export const generationV2: VerificationGeneration = {
  core: coreRulesV2,
  resources: resourceRulesV2,
  keptRows: [
    { table: core.effectiveSchema, columns: ['AppliedAt'] },
    { table: coreV2.dataStoreIdentity, columns: ['SourceIdentity'] },
    { table: coreV2.documentCacheState, columns: ['ProjectionLifecycleState', 'CacheAheadRecoveryRequired'] },
  ],
  // documents are queued for the cache only while it follows them
  fillingStatements: (session) => [
    `UPDATE ${session.table(coreV2.documentCacheState)} SET ${session.quote('ProjectionLifecycleState')} = ${session.literal('Tracking')}`,
  ],
  refusedDatabases,
  documentChecks: [
    descriptorRows(storedIds, [namingDocuments(identityTextsV2), cachedDescriptors]),
    referentialIdentities(identityTextsV2),
  ],
  computedIdentities: computedReferentialIds,
  storedId: (referentialId) => referentialId,
};
