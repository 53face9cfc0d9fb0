import { resourceLabel } from '@dms/api-schema';
import type { Connection, Limits } from '@dms/databases';
import { core, qualified } from '@dms/model';
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
function rootChecks({ model }: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { q, named, id, document } = namesOf(dialect);
  const descriptor = qualified(core.descriptor);
  const ofDescriptors = rowCheck(
    'rootWithoutDocument',
    descriptor,
    `SELECT ${dialect.numberText(`t.${id}`)} AS example FROM ${named(core.descriptor)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id})`,
  );
  const ofResources = model.resources.flatMap(
    ({ resourceKey: key, tablesInDependencyOrder, storageKind }): RowCheck[] => {
      const [root] = tablesInDependencyOrder;
      const table = root === undefined || storageKind === 'SharedDescriptorTable' ? core.descriptor : root.table;
      const object = resourceLabel(key);
      const ofKey = `d.${q('ResourceKeyId')} = ${key.id}`;
      const lost = rowCheck(
        'documentWithoutRoot',
        qualified(table),
        `SELECT ${dialect.uuidText(`d.${q('DocumentUuid')}`)} AS example FROM ${document} AS d WHERE ${ofKey} AND NOT EXISTS (SELECT 1 FROM ${named(table)} AS t WHERE t.${id} = d.${id})`,
        { object },
      );
      // a row of dms.Descriptor need not contain its resource, so all rows are checked together
      if (table === core.descriptor) return [lost];
      const orphan = rowCheck(
        'rootWithoutDocument',
        qualified(table),
        `SELECT ${dialect.numberText(`t.${id}`)} AS example FROM ${named(table)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id} AND ${ofKey})`,
        { object },
      );
      return [lost, orphan];
    },
  );
  return [...ofResources, ofDescriptors];
}
