import { core, coreV2 } from '@dms/model';
import { dialectOf, type PlainLines, type PlainSql, type SqlDialect } from '@dms/sql';
import type { UpgradeGeneration } from '../upgrade-generation.ts';

/** The time at which a statement runs. */
const now: Readonly<Record<SqlDialect, PlainSql>> = {
  pgsql: dialectOf.pgsql.sql`statement_timestamp()`,
  mssql: dialectOf.mssql.now,
};

/**
 * Queues every document that is not in the queue, as the triggers of `dms.Document` would after a change of all
 * documents. In the state `Disabled` this does nothing (design 16 §2.5). Versions do not change in an upgrade, so the
 * existing entries of the queue are right.
 */
const refillCache = (dialect: SqlDialect): PlainLines => dialectOf[dialect].lines`
  INSERT INTO ${coreV2.documentProjectionWork} ("DocumentId", "RequiredContentVersion", "FirstEnqueuedAt", "LastEnqueuedAt")
  SELECT d."DocumentId", d."ContentVersion", ${now[dialect]}, ${now[dialect]}
  FROM ${core.document} AS d
  WHERE EXISTS (SELECT 1 FROM ${coreV2.documentCacheState} AS s WHERE s."StateId" = 1 AND s."ProjectionLifecycleState" <> 'Disabled')
  AND NOT EXISTS (SELECT 1 FROM ${coreV2.documentProjectionWork} AS w WHERE w."DocumentId" = d."DocumentId");`;

export const upgradeGenerationV2: UpgradeGeneration = {
  upgradesFrom: ['v2'],
  refillCache: { pgsql: refillCache('pgsql'), mssql: refillCache('mssql') },
  repeatsStamps: true,
};
