import type { Connection, Limits } from '@dms/databases';
import { rootRowRules, statementsOf } from '@dms/laws';
import { core, qualified } from '@dms/model';
import type { PlainSql } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import { abstractChecks } from './abstract-identities.ts';
import type { RowCheck } from './data-finding.ts';
import { documentRuleChecks } from './document-rule-checks.ts';
import { foreignKeyChecks } from './foreign-key-checks.ts';
import { hierarchyChecks } from './hierarchy-pairs.ts';
import { positionChecks } from './position-checks.ts';
import type { RowDialect } from './row-dialect.ts';
import { namesOf, rowCheck, rowDialects } from './row-dialects.ts';
import { sequenceChecks } from './sequence-checks.ts';
import { knownVersions, stampChecks } from './stamp-checks.ts';
import { trackedChangeChecks } from './tracked-change-checks.ts';
import { unifiedValueChecks, unwritableValueChecks } from './value-checks.ts';

/**
 * The checks with one query per table or key; the generation has the checks of single documents. Reads versions first.
 */
export async function rowChecks(
  connection: Connection,
  input: CheckedSet,
  limits: Limits,
): Promise<readonly RowCheck[]> {
  const dialect = rowDialects[input.model.dialect];
  const versions = await knownVersions(connection, input, limits);
  return [
    ...rootChecks(input, dialect),
    ...foreignKeyChecks(input, dialect),
    ...stampChecks(input, dialect, versions),
    ...abstractChecks(input, dialect),
    ...hierarchyChecks(input, dialect),
    ...sequenceChecks(input.catalog, dialect, versions),
    ...trackedChangeChecks(input, dialect),
    ...unifiedValueChecks(input, dialect),
    ...positionChecks(input, dialect),
    ...(await unwritableValueChecks(connection, input, limits)),
    ...documentRuleChecks(input.model, dialect),
  ];
}

/** Every document has its root row, and every root row its document. */
function rootChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { sql, named, id, document, uuidOf } = namesOf(dialect);
  const descriptor = qualified(core.descriptor);
  const ofDescriptors = rowCheck(
    'rootWithoutDocument',
    descriptor,
    sql`SELECT ${dialect.rules.text(sql`t.${id}`, 'bigint')} AS example FROM ${named(core.descriptor)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id})`,
  );
  const ofResources = rootRowRules(input).flatMap((rule): RowCheck[] => {
    const { unmet, superfluous } = statementsOf(rule, dialect.rules.name);
    const { object } = rule;
    const table = qualified(rule.table);
    const rows = (example: PlainSql, query: PlainSql) => sql`SELECT ${example} AS example FROM (${query}) AS f`;
    const lost = rowCheck('documentWithoutRoot', table, rows(uuidOf(sql`f.${id}`), unmet), { object });
    // a row of dms.Descriptor need not contain its resource, so all rows are checked together
    if (table === descriptor) return [lost];
    return [
      lost,
      rowCheck('rootWithoutDocument', table, rows(dialect.rules.text(sql`f.${id}`, 'bigint'), superfluous), { object }),
    ];
  });
  return [...ofResources, ofDescriptors];
}
