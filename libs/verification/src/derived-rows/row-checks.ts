import { resourceLabel } from '@dms/api-schema';
import type { Connection, Limits } from '@dms/databases';
import { derivedRows } from '@dms/ddl';
import { authTable } from '@dms/inventory';
import { core, qualified } from '@dms/model';
import { abstractChecks } from './abstract-identities.ts';
import type { DataInput, RowCheck } from './data-finding.ts';
import { documentRuleChecks } from './document-rule-checks.ts';
import { foreignKeyChecks } from './foreign-key-checks.ts';
import { knownVersions } from './known-versions.ts';
import type { RowDialect } from './row-dialect.ts';
import { rowDialects } from './row-dialects.ts';
import { concernsOneOf, namesOf, plain } from './row-names.ts';
import { sequenceChecks } from './sequence-checks.ts';
import { stampChecks } from './stamp-checks.ts';
import { trackedChangeChecks } from './tracked-change-checks.ts';
import { unifiedValueChecks } from './unified-value-checks.ts';
import { unwritableValueChecks } from './unwritable-value-checks.ts';

/** Every document has its root row, and every root row its document. */
function rootChecks({ model }: DataInput, dialect: RowDialect): RowCheck[] {
  const { q, named, id, document } = namesOf(dialect);
  const descriptor = qualified(core.descriptor);
  const ofDescriptors: RowCheck = {
    kind: 'rootWithoutDocument',
    object: descriptor,
    table: descriptor,
    find: plain(
      `SELECT ${dialect.numberText(`t.${id}`)} AS example FROM ${named(core.descriptor)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id})`,
    ),
    repair: [],
  };
  const ofResources = model.resources.flatMap(
    ({ resourceKey: key, tablesInDependencyOrder, storageKind }): RowCheck[] => {
      const [root] = tablesInDependencyOrder;
      const table = root === undefined || storageKind === 'SharedDescriptorTable' ? core.descriptor : root.table;
      const object = resourceLabel(key);
      const ofKey = `d.${q('ResourceKeyId')} = ${key.id}`;
      const lost: RowCheck = {
        kind: 'documentWithoutRoot',
        object,
        table: qualified(table),
        find: plain(
          `SELECT ${dialect.uuidText(`d.${q('DocumentUuid')}`)} AS example FROM ${document} AS d WHERE ${ofKey} AND NOT EXISTS (SELECT 1 FROM ${named(table)} AS t WHERE t.${id} = d.${id})`,
        ),
        repair: [],
      };
      // a row of dms.Descriptor need not name its resource: all are checked together
      if (table === core.descriptor) return [lost];
      const orphan: RowCheck = {
        kind: 'rootWithoutDocument',
        object,
        table: qualified(table),
        find: plain(
          `SELECT ${dialect.numberText(`t.${id}`)} AS example FROM ${named(table)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id} AND ${ofKey})`,
        ),
        repair: [],
      };
      return [lost, orphan];
    },
  );
  return [...ofResources, ofDescriptors];
}

/** The hierarchy is the closure of the direct parents (design 07 §9.6). */
function hierarchyChecks({ model, inventory }: DataInput, dialect: RowDialect): RowCheck[] {
  const hierarchy = inventory.authEdOrgHierarchy;
  if (hierarchy === null || hierarchy.entities.length === 0) return [];
  const { hierarchy: text } = derivedRows(model.effectiveSchema.relationalMappingVersion, model.dialect);
  return [
    {
      kind: 'hierarchy',
      object: qualified(authTable),
      table: qualified(authTable),
      find: dialect.hierarchy(hierarchy),
      repair: [text(hierarchy)],
      doubts: concernsOneOf(new Set(hierarchy.entities.map(({ table }) => qualified(table)))),
      undecided: dialect.undecidedPairs(hierarchy),
    },
  ];
}

/**
 * The checks that need one query per table or key; the generation has those of single documents. Reads the last
 * versions first.
 */
export async function rowChecks(
  connection: Connection,
  input: DataInput,
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
    ...(await unwritableValueChecks(connection, input, limits)),
    ...documentRuleChecks(input.model, dialect),
  ];
}
