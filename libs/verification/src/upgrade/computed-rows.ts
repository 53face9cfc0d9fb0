import { derivedRows, identityBlocks } from '@dms/ddl';
import { core } from '@dms/model';
import { pgsqlName } from '@dms/sql';
import type { ComparedSet } from '@dms/upgrade';

/**
 * Derived rows of a table in PostgreSQL: the query that reads them as `text`, and the statements that compute them
 * again.
 */
export interface ComputedRows {
  readonly name: string;
  readonly sql: string;
  readonly statements: readonly string[];
}

/**
 * The rows of dms.ReferentialIdentity that triggers fill. Descriptors have no trigger: what writes them writes their
 * ids.
 */
export function computedReferentialIds({ model, inventory }: ComparedSet): readonly ComputedRows[] {
  const texts = derivedRows(model.effectiveSchema.relationalMappingVersion, 'pgsql');
  const blocks = inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'ReferentialIdentityMaintenance'
      ? identityBlocks(trigger).map((block) => ({ block, table: trigger.table }))
      : [],
  );
  if (blocks.length === 0) return [];
  const ids = new Set(blocks.map(({ block }) => block.resourceKeyId));
  const ofTriggers = `"ResourceKeyId" IN (${[...ids].join(', ')})`;
  const name = pgsqlName(core.referentialIdentity);
  return [
    {
      name,
      sql: `SELECT t::text AS text FROM ${name} AS t WHERE t.${ofTriggers} ORDER BY 1`,
      statements: [
        `DELETE FROM ${name} WHERE ${ofTriggers}`,
        ...blocks.map(({ block, table }) => texts.referentialIds(block, table)),
      ],
    },
  ];
}
