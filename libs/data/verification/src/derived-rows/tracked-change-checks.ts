import type { TrackedChangeTable, TrackedValue } from '@dms/inventory';
import { core, qualified } from '@dms/model';
import type { CheckedSet } from '../verification-input.ts';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { namesOf, rowCheck } from './row-dialects.ts';

/*
 * What holds of recorded deletions and changes of identities (design 16 §7). A document that was deleted may have been
 * written again with its uuid, so only records from the life of the present document are compared with it.
 */

/** The values that a root row has as the last change left them; texts of descriptors change without a record. */
const ownValues = ({ valueColumns }: TrackedChangeTable): readonly (TrackedValue & { readonly stored: string })[] =>
  valueColumns.flatMap((value) => {
    const stored = value.canonicalStorageColumn ?? value.sourceColumn;
    const isOwn = value.role === 'Scalar' && value.origins.includes('Identity');
    return isOwn && stored !== null ? [{ ...value, stored }] : [];
  });

/** The resource keys of the documents whose changes a table records; null if these are all descriptors. */
function resourceKeyOf({ model }: CheckedSet, { sourceTable }: TrackedChangeTable): number | null {
  const own = model.resources.find(
    ({ tablesInDependencyOrder: [root] }) => root !== undefined && qualified(root.table) === qualified(sourceTable),
  );
  return own?.resourceKey.id ?? null;
}

/** The records of one table that contradict themselves or the document. */
function recordCheck(input: CheckedSet, tracked: TrackedChangeTable, dialect: RowDialect): RowCheck {
  const { q, named, id, document } = namesOf(dialect);
  const { table, kind, sourceTable, valueColumns } = tracked;
  const column = (alias: string, name: string) => `${alias}.${q(name)}`;
  const isThere = valueColumns.map(({ newColumn }) => `${column('t', newColumn)} IS NOT NULL`).join(' OR ');
  const isGone = valueColumns.map(({ newColumn }) => `${column('t', newColumn)} IS NULL`).join(' AND ');
  const required = valueColumns.filter(({ isOldColumnNullable }) => !isOldColumnNullable);
  const isHalf = required.map(({ newColumn }) => `${column('t', newColumn)} IS NULL`).join(' OR ') || '1 = 0';
  const change = column('t', 'ChangeVersion');
  const uuid = dialect.uuidText(column('t', 'Id'));
  const own = `FROM ${named(table)} AS t`;
  const living = `${own} INNER JOIN ${document} AS d ON d.${q('DocumentUuid')} = ${column('t', 'Id')}`;
  const content = `d.${q('ContentVersion')}`;
  const identity = `d.${q('IdentityVersion')}`;
  const time = column('t', 'CreatedAt');
  const ofThisLife = `${time} >= d.${q('CreatedAt')}`;
  const key = resourceKeyOf(input, tracked);
  const isOther = key === null ? [] : [`(${ofThisLife} AND d.${q('ResourceKeyId')} <> ${key})`];
  const values = ownValues(tracked);
  const differs = dialect.differ(
    values.map(({ newColumn, stored, scalarType }) => ({
      left: column('t', newColumn),
      right: column('r', stored),
      isText: scalarType.kind === 'String',
    })),
  );
  const last = `INNER JOIN (SELECT ${column('l', 'Id')} AS id, max(${column('l', 'ChangeVersion')}) AS version FROM ${named(table)} AS l GROUP BY ${column('l', 'Id')}) AS m ON m.id = ${column('t', 'Id')} AND m.version = ${change}`;
  const root = `INNER JOIN ${named(sourceTable)} AS r ON r.${id} = d.${id}`;
  const isResource = kind === 'Resource';
  const wrong = [
    // a document that lives was deleted, at most, before it was written again
    `${living} WHERE (${isGone}) AND (${time} > d.${q('CreatedAt')} OR ${change} >= ${identity} OR ${change} >= ${content})`,
    // descriptors keep their identity
    `${own} WHERE (${isThere})${isResource ? ` AND (${isHalf})` : ''}`,
    `${living} WHERE (${isThere}) AND (${[...isOther, `(${ofThisLife} AND ${change} > ${content})`].join(' OR ')})`,
    ...(isResource && values.length > 0
      ? [`${living} ${last} ${root} WHERE (${isThere}) AND ${ofThisLife} AND ${differs}`]
      : []),
  ];
  const queries = wrong.map((from) => `SELECT ${uuid} AS example ${from}`);
  return rowCheck('trackedChange', qualified(table), queries.join('\nUNION '));
}

/** Recorded descriptors have the name of a descriptor of the schema set. */
function descriptorNameCheck({ model }: CheckedSet, { table }: TrackedChangeTable, dialect: RowDialect): RowCheck {
  const { q, named } = namesOf(dialect);
  const names = model.resources.flatMap(({ storageKind, resourceKey }) =>
    storageKind === 'SharedDescriptorTable' ? [dialect.rules.stringLiteral(resourceKey.resourceName)] : [],
  );
  const name = `t.${q('Discriminator')}`;
  return rowCheck(
    'trackedChange',
    qualified(table),
    `SELECT ${dialect.uuidText(`t.${q('Id')}`)} AS example FROM ${named(table)} AS t WHERE ${name} NOT IN (${names.join(', ')})`,
    { object: `${qualified(table)} Discriminator` },
  );
}

/** What holds of the rows of the tables of tracked changes; nothing in a generation without them. */
export function trackedChangeChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  return input.inventory.trackedChangeTables.flatMap((tracked) => [
    recordCheck(input, tracked, dialect),
    ...(qualified(tracked.sourceTable) === qualified(core.descriptor)
      ? [descriptorNameCheck(input, tracked, dialect)]
      : []),
  ]);
}
