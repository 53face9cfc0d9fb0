import { core, coreV2 } from '@dms/model';
import { columnList, dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { UpgradeGeneration } from '../upgrade-generation.ts';

/** The time at which a statement runs. */
const now: Readonly<Record<SqlDialect, string>> = { pgsql: 'statement_timestamp()', mssql: 'sysutcdatetime()' };

/**
 * Queues every document that is not in the queue, as the triggers of `dms.Document` would after a change of all
 * documents. In the state `Disabled` this does nothing (design 16 §2.5). Versions do not change in an upgrade, so the
 * existing entries of the queue are right.
 */
function refillCache(dialect: SqlDialect): readonly string[] {
  const rules = dialectRules[dialect];
  const { quote } = rules;
  const [work, state] = [coreV2.documentProjectionWork, coreV2.documentCacheState].map((name) =>
    qualifiedName(rules, name),
  );
  const columns = columnList(rules, ['DocumentId', 'RequiredContentVersion', 'FirstEnqueuedAt', 'LastEnqueuedAt']);
  const id = quote('DocumentId');
  return [
    [
      `INSERT INTO ${work} (${columns})`,
      `SELECT d.${id}, d.${quote('ContentVersion')}, ${now[dialect]}, ${now[dialect]}`,
      `FROM ${qualifiedName(rules, core.document)} AS d`,
      `WHERE EXISTS (SELECT 1 FROM ${state} AS s WHERE s.${quote('StateId')} = 1 AND s.${quote('ProjectionLifecycleState')} <> 'Disabled')`,
      `AND NOT EXISTS (SELECT 1 FROM ${work} AS w WHERE w.${id} = d.${id});`,
    ].join('\n'),
  ];
}

export const upgradeGenerationV2: UpgradeGeneration = {
  upgradesFrom: ['v2'],
  translatesDocuments: true,
  refillCache: { pgsql: refillCache('pgsql'), mssql: refillCache('mssql') },
  repeatsStamps: true,
};
