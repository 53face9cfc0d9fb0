import type { Inventory, TrackedChangeTable, TrackedValue } from '@dms/inventory';
import {
  core,
  type DbTableName,
  type DocumentReferenceBinding,
  modelIndex,
  qualified,
  type ResourceModel,
} from '@dms/model';
import { empty, join, type PlainSql, trusted } from '@dms/sql';
import { cachedByObject } from '@dms/values';
import type { CheckedSet } from '../checked-set.ts';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { namesOf, rowCheck } from './row-dialects.ts';

/*
 * Rules for recorded deletions and changes of identities (design 16 §7). A deleted document may have been written again
 * with its uuid, so only records from the lifetime of the present document are compared with it.
 */

/** The checks of the tables of tracked changes; none for a generation without them. */
export function trackedChangeChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  return input.inventory.trackedChangeTables.flatMap((tracked) => [
    recordCheck(input, tracked, dialect),
    lifeCheck(input, tracked, dialect),
    ...(qualified(tracked.sourceTable) === qualified(core.descriptor)
      ? [descriptorNameCheck(input, tracked, dialect)]
      : []),
  ]);
}

/** The records in a table that contradict themselves or their document. */
function recordCheck(input: CheckedSet, tracked: TrackedChangeTable, dialect: RowDialect): RowCheck {
  const { sql, literal, q, named, id, document } = namesOf(dialect);
  const { table, kind, sourceTable, valueColumns } = tracked;
  const column = (alias: PlainSql, name: string) => sql`${alias}.${q(name)}`;
  const isThere = join(
    valueColumns.map(({ newColumn }) => sql`${column(sql`t`, newColumn)} IS NOT NULL`),
    ' OR ',
  );
  const isGone = join(
    valueColumns.map(({ newColumn }) => sql`${column(sql`t`, newColumn)} IS NULL`),
    ' AND ',
  );
  const required = valueColumns.filter(({ isOldColumnNullable }) => !isOldColumnNullable);
  const halves = required.map(({ newColumn }) => sql`${column(sql`t`, newColumn)} IS NULL`);
  const isHalf = halves.length === 0 ? sql`1 = 0` : join(halves, ' OR ');
  const change = column(sql`t`, 'ChangeVersion');
  const uuid = dialect.rules.text(column(sql`t`, 'Id'), 'uuid');
  const fromRecords = sql`FROM ${named(table)} AS t`;
  const living = sql`${fromRecords} INNER JOIN ${document} AS d ON d."DocumentUuid" = ${column(sql`t`, 'Id')}`;
  const content = sql`d."ContentVersion"`;
  const identity = sql`d."IdentityVersion"`;
  const time = column(sql`t`, 'CreatedAt');
  const ofThisLife = sql`${time} >= d."CreatedAt"`;
  const key = resourceKeyOf(input, tracked);
  const isOther = key === null ? [] : [sql`(${ofThisLife} AND d."ResourceKeyId" <> ${literal(key)})`];
  const values = ownValues(tracked);
  const differs = dialect.rules.differsExactly(
    values.map(({ newColumn, stored, scalarType }) => ({
      left: column(sql`t`, newColumn),
      right: column(sql`r`, stored),
      isText: scalarType.kind === 'String',
    })),
  );
  const last = sql`INNER JOIN (SELECT ${column(sql`l`, 'Id')} AS id, max(${column(sql`l`, 'ChangeVersion')}) AS version FROM ${named(table)} AS l GROUP BY ${column(sql`l`, 'Id')}) AS m ON m.id = ${column(sql`t`, 'Id')} AND m.version = ${change}`;
  const root = sql`INNER JOIN ${named(sourceTable)} AS r ON r.${id} = d.${id}`;
  const isResource = kind === 'Resource';
  const goneLater = join(
    valueColumns.map(({ newColumn }) => sql`${column(sql`l`, newColumn)} IS NULL`),
    ' AND ',
  );
  const wrong = [
    // the document of a changed key is there, or a later record says that it was deleted; a deletion has no document
    sql`${fromRecords} WHERE (${isThere}) AND NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d."DocumentUuid" = ${column(sql`t`, 'Id')}) AND NOT EXISTS (SELECT 1 FROM ${named(table)} AS l WHERE ${column(sql`l`, 'Id')} = ${column(sql`t`, 'Id')} AND ${column(sql`l`, 'ChangeVersion')} > ${change} AND ${goneLater})`,
    // an existing document can have been deleted only before it was written again
    sql`${living} WHERE (${isGone}) AND (${time} > d."CreatedAt" OR ${change} >= ${identity} OR ${change} >= ${content})`,
    // the identity of a descriptor does not change
    sql`${fromRecords} WHERE (${isThere})${isResource ? sql` AND (${isHalf})` : empty}`,
    sql`${living} WHERE (${isThere}) AND (${join([...isOther, sql`(${ofThisLife} AND ${change} > ${content})`], ' OR ')})`,
    ...(isResource && values.length > 0
      ? [sql`${living} ${last} ${root} WHERE (${isThere}) AND ${ofThisLife} AND ${differs}`]
      : []),
  ];
  const queries = wrong.map((from) => sql`SELECT ${uuid} AS example ${from}`);
  return rowCheck('trackedChange', qualified(table), join(queries, '\nUNION '));
}

/** The resource keys of the documents whose changes a table records; null if these are all descriptors. */
const resourceKeyOf = (input: CheckedSet, { sourceTable }: TrackedChangeTable): number | null =>
  resourceOf(input, sourceTable)?.resourceKey.id ?? null;

/** The values of a root row that are unchanged since the last record; texts of descriptors change without a record. */
const ownValues = ({ valueColumns }: TrackedChangeTable): readonly (TrackedValue & { readonly stored: string })[] =>
  valueColumns.flatMap((value) => {
    const stored = value.canonicalStorageColumn ?? value.sourceColumn;
    const isOwn = value.role === 'Scalar' && value.origins.includes('Identity');
    return isOwn && stored !== null ? [{ ...value, stored }] : [];
  });

/**
 * The smallest number of versions from a deletion to the next record of a document that was written again: its first
 * two versions, and the version of the record.
 */
const versionsOfLife = 3;

/** The records in a table whose document ids or whose order contradict other rows. */
function lifeCheck(input: CheckedSet, tracked: TrackedChangeTable, dialect: RowDialect): RowCheck {
  const { sql, literal, q, named, id, document } = namesOf(dialect);
  const { table, sourceTable, kind, valueColumns } = tracked;
  const column = (name: string) => sql`t.${q(name)}`;
  const fromRecords = sql`FROM ${named(table)} AS t`;
  const example = sql`SELECT ${dialect.rules.text(column('Id'), 'uuid')} AS example`;
  const living = sql`${fromRecords} INNER JOIN ${document} AS d ON d."DocumentUuid" = ${column('Id')}`;
  const isThisLife = sql`${column('CreatedAt')} > d."CreatedAt"`;
  const ids = documentIds(input, tracked);
  const wrong: PlainSql[] = [];
  for (const { oldColumn, newColumn, isOwn, stored, personKey, personName } of ids) {
    for (const name of [oldColumn, newColumn]) {
      const naming = sql`${fromRecords} INNER JOIN ${document} AS d ON d.${id} = ${column(name)}`;
      if (isOwn) {
        wrong.push(sql`${naming} WHERE d."DocumentUuid" <> ${column('Id')}`);
        wrong.push(sql`${living} WHERE ${isThisLife} AND ${column(name)} <> d.${id}`);
      } else if (personKey !== null) wrong.push(sql`${naming} WHERE d."ResourceKeyId" <> ${literal(personKey)}`);
    }
    if (isOwn) wrong.push(sql`${fromRecords} WHERE ${column(oldColumn)} <> ${column(newColumn)}`);
    if (personName !== null) {
      const { value, person, stored: personColumn, recorded, recordedColumn } = personName;
      const earlier = sql`SELECT 1 FROM ${named(recorded)} AS c WHERE c."Id" = d."DocumentUuid" AND c.${q(recordedColumn)}`;
      // the values after a record: the new ones, or the old ones of a deletion
      for (const [name, key, when] of [
        [newColumn, value.newColumn, sql`${column(newColumn)} IS NOT NULL`],
        [oldColumn, value.oldColumn, sql`${column(newColumn)} IS NULL`],
      ] as const)
        wrong.push(
          sql`${fromRecords} INNER JOIN ${named(person)} AS r ON r.${id} = ${column(name)} INNER JOIN ${document} AS d ON d.${id} = r.${id} WHERE ${when} AND ${column(key)} <> r.${q(personColumn)} AND NOT EXISTS (${earlier} = ${column(key)})`,
        );
    }
    if (stored !== null && kind === 'Resource') {
      const last = sql`NOT EXISTS (SELECT 1 FROM ${named(table)} AS l WHERE l."Id" = ${column('Id')} AND l."ChangeVersion" > ${column('ChangeVersion')})`;
      wrong.push(
        sql`${living} INNER JOIN ${named(sourceTable)} AS r ON r.${id} = d.${id} WHERE ${isThisLife} AND ${last} AND ${column(newColumn)} <> r.${q(stored)}`,
      );
    }
  }
  const queries = wrong.map((from) => sql`${example} ${from}`);

  // each record next to the one before it
  const order = sql`OVER (PARTITION BY ${column('Id')} ORDER BY ${column('ChangeVersion')})`;
  const isGone = join(
    valueColumns.map(({ newColumn }) => sql`${column(newColumn)} IS NULL`),
    ' AND ',
  );
  const gone = sql`CASE WHEN ${isGone} THEN 1 ELSE 0 END`;
  const items: PlainSql[] = [];
  const beside = (name: string, expression: PlainSql) => {
    const [present, last] = [trusted(name), trusted(`last_${name}`)];
    items.push(sql`${expression} AS ${present}`, sql`LAG(${expression}) ${order} AS ${last}`);
    return { left: sql`p.${present}`, right: sql`p.${last}` };
  };
  beside('version', column('ChangeVersion'));
  beside('gone', gone);
  const time = beside('time', column('CreatedAt'));
  const olds = valueColumns.map(({ oldColumn, scalarType }, index) => ({
    ...beside(`old${index}`, column(oldColumn)),
    isText: scalarType.kind === 'String',
  }));
  const oldOf = (index: number) => olds[index]?.left ?? empty;
  const lastOld = (index: number) => olds[index]?.right ?? empty;
  const oneLife = [
    sql`p.version < p.last_version + ${literal(versionsOfLife)}`,
    ...valueColumns.flatMap(({ oldColumn }, index) =>
      ids.some((each) => each.isOwn && each.oldColumn === oldColumn) ? [sql`${oldOf(index)} = ${lastOld(index)}`] : [],
    ),
    sql`(p.gone = 1 AND ${time.left} = ${time.right} AND NOT (${dialect.rules.differsExactly(olds)}))`,
  ];
  const chained = valueColumns.flatMap(({ oldColumn, newColumn }, index) => {
    if (!ids.some((each) => each.oldColumn === oldColumn && each.stored !== null)) return [];
    const lastNew = trusted(`last_new${index}`);
    items.push(sql`LAG(${column(newColumn)}) ${order} AS ${lastNew}`);
    return [sql`${oldOf(index)} <> p.${lastNew}`];
  });
  const conditions = [sql`(p.last_gone = 1 AND (${join(oneLife, ' OR ')}))`, ...chained];
  queries.push(
    sql`SELECT p.example FROM (SELECT ${dialect.rules.text(column('Id'), 'uuid')} AS example, ${join(items, ', ')} ${fromRecords}) AS p WHERE ${join(conditions, ' OR ')}`,
  );
  return rowCheck('trackedChange', qualified(table), join(queries, '\nUNION '), { object: `${qualified(table)} Id` });
}

/** The document ids that a table records: a person's own id, and ids of persons. */
function documentIds(input: CheckedSet, tracked: TrackedChangeTable) {
  const { valueColumns, personJoins, sourceTable } = tracked;
  const source = resourceOf(input, sourceTable);
  return valueColumns.flatMap((value) => {
    if (value.role !== 'PersonDocumentId') return [];
    const path = personJoins.find(({ name }) => name === value.personJoinName)?.joinPath ?? [];
    const [first, ...others] = path;
    // an identity refers to the person with this column, so every change of it is recorded
    const ofIdentity = source?.documentReferenceBindings.find(
      ({ fkColumn, isIdentityComponent }) => isIdentityComponent && fkColumn === first?.sourceColumn,
    );
    const person = resourceOf(input, path.at(-1)?.targetTable ?? sourceTable);
    const isOwn = value.personJoinName === null;
    const isDirect = ofIdentity !== undefined && others.length === 0;
    const stored = isDirect ? (first?.sourceColumn ?? null) : null;
    const personName = isDirect && person ? nameOfPerson(input, tracked, ofIdentity, person) : null;
    return [{ ...value, isOwn, stored, personKey: person?.resourceKey.id ?? null, personName }];
  });
}

/** The resource of a root table. */
function resourceOf({ model }: CheckedSet, name: DbTableName): ResourceModel | undefined {
  const table = modelIndex(model).table(name);
  return table?.isRoot ? table.resource : undefined;
}

const trackedBySource = cachedByObject(
  ({ trackedChangeTables }: Inventory) =>
    new Map(trackedChangeTables.map((tracked) => [qualified(tracked.sourceTable), tracked])),
);

/**
 * The recorded key value of a person whose document id is recorded as well, with the column in which the person has it
 * and the column in which its earlier values are recorded. Null unless the key is a single value of the person's own.
 */
function nameOfPerson(
  { inventory }: CheckedSet,
  { valueColumns, sourceTable }: TrackedChangeTable,
  { identityBindings }: DocumentReferenceBinding,
  { identityElements, tablesInDependencyOrder: [root] }: ResourceModel,
) {
  const [element, ...more] = identityElements;
  const [binding] = identityBindings;
  const recorded = root && trackedBySource(inventory).get(qualified(root.table));
  const valueIn = (values: readonly TrackedValue[], column: string) =>
    values.find(({ sourceColumn, canonicalStorageColumn }) => (canonicalStorageColumn ?? sourceColumn) === column);
  const value = binding && valueIn(valueColumns, binding.column);
  const before = element && recorded && valueIn(recorded.valueColumns, element.column);
  const isSamePlace = recorded !== undefined && qualified(recorded.sourceTable) === qualified(sourceTable);
  if (!root || !value || !element || !before || more.length > 0 || isSamePlace) return null;
  return {
    value,
    person: root.table,
    stored: element.column,
    recorded: recorded.table,
    recordedColumn: before.oldColumn,
  };
}

/** Recorded descriptors have the name of a descriptor of the schema set. */
function descriptorNameCheck({ model }: CheckedSet, { table }: TrackedChangeTable, dialect: RowDialect): RowCheck {
  const { sql, literal, named } = namesOf(dialect);
  const names = model.resources.flatMap(({ storageKind, resourceKey }) =>
    storageKind === 'SharedDescriptorTable' ? [literal(resourceKey.resourceName)] : [],
  );
  const name = sql`t."Discriminator"`;
  return rowCheck(
    'trackedChange',
    qualified(table),
    sql`SELECT ${dialect.rules.text(sql`t."Id"`, 'uuid')} AS example FROM ${named(table)} AS t WHERE ${name} NOT IN (${join(names, ', ')})`,
    { object: `${qualified(table)} Discriminator` },
  );
}
