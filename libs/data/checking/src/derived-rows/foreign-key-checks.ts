import type { CatalogTable, ForeignKey } from '@dms/catalog';
import { core, type DbTableName, modelIndex, mustExist, qualified } from '@dms/model';
import { join, type PlainSql } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { isIncomplete, namesOf, rowCheck, tableNameOf } from './row-dialects.ts';

/* Foreign keys, which a session can bypass, and the copies of identities that they hold (design 09c §4). */

/** Every row refers to an existing row, and has the values that it copies from it. */
export function foreignKeyChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { sql, literal, q, named, uuidOf, document } = namesOf(dialect);
  const keys = descriptorKeys(input);
  const documentColumns = locators(input);
  const abstract = new Set(input.model.abstractIdentityTables.map(({ table }) => qualified(table.table)));
  const ofTables = input.catalog.tables.flatMap((table) =>
    table.foreignKeys.flatMap((key): RowCheck[] => {
      const referrer = qualified(table);
      const target = qualified(targetOf(key));
      const isCore = table.schema === core.document.schema;
      const isOfDocument = target === qualified(core.document) && key.columns[0] === 'DocumentId';
      // the rules for lost documents, roots, descriptors and abstract identities report these rows
      if (isOfDocument && (isCore || abstract.has(referrer) || documentColumns.has(referrer))) return [];
      if (isCore && referrer !== qualified(core.document)) return [];
      const [column = ''] = key.columns;
      const resourceKey = target === qualified(core.descriptor) ? keys.get(`${referrer}.${column}`) : undefined;
      const broken =
        resourceKey === undefined
          ? sql`${isBroken(key, dialect)}${lacksMember(key, input, dialect)}`
          : sql`t.${q(column)} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${named(core.descriptor)} AS r INNER JOIN ${document} AS d ON d."DocumentId" = r."DocumentId" WHERE r."DocumentId" = t.${q(column)} AND d."ResourceKeyId" = ${literal(resourceKey)})`;
      const example = bothCopies(key, dialect, uuidOf(sql`t.${q(documentColumns.get(referrer) ?? 'DocumentId')}`));
      const query = sql`SELECT ${example} AS example FROM ${named(tableNameOf(table))} AS t WHERE ${broken}`;
      return [
        rowCheck('foreignKey', referrer, query, { object: `${referrer} (${key.columns.join(', ')}) → ${target}` }),
      ];
    }),
  );
  return [...orphanChecks(input, dialect), ...ofTables];
}

/** The resource key of the descriptors to which a column may refer, by table and column. */
function descriptorKeys({ model }: CheckedSet): ReadonlyMap<string, number> {
  const ids = new Map(
    model.effectiveSchema.resourceKeys.map(({ id, projectName, resourceName }) => [
      `${projectName}\n${resourceName}`,
      id,
    ]),
  );
  const found = new Map<string, number>();
  for (const { key, table } of modelIndex(model).tables)
    for (const { name, kind, targetResource } of table.columns) {
      if (kind !== 'DescriptorFk' || targetResource === null) continue;
      const id = ids.get(`${targetResource.projectName}\n${targetResource.resourceName}`);
      if (id !== undefined) found.set(`${key}.${name}`, id);
    }
  return found;
}

/** The document column of the rows of each table. */
function locators({ model }: CheckedSet): ReadonlyMap<string, string> {
  return new Map(
    modelIndex(model).tables.map(({ key, table }) => [key, table.identity.rootLocator[0] ?? 'DocumentId']),
  );
}

const targetOf = ({ target: { schema, table: name } }: ForeignKey) => ({ schema, name }) as DbTableName;

/** Whether a row `t` has a complete key, and no row has the values of the key (MATCH SIMPLE). */
function isBroken(key: ForeignKey, dialect: RowDialect): PlainSql {
  const { sql, q, named } = namesOf(dialect);
  const equal = join(
    columnPairs(key).map(([name, target]) => sql`r.${q(target)} = t.${q(name)}`),
    ' AND ',
  );
  return sql`${isSet(key.columns, dialect)} AND NOT EXISTS (SELECT 1 FROM ${named(targetOf(key))} AS r WHERE ${equal})`;
}

/** The columns of a key, each with the column that it refers to. */
const columnPairs = ({ name: key, columns, targetColumns }: ForeignKey) =>
  columns.map((name, index) => [name, mustExist(targetColumns[index], `the target of ${name} in ${key}`)] as const);

/** Whether a row `t` has a value in each column of the key. */
const isSet = (columns: readonly string[], { rules: { sql, id } }: RowDialect) =>
  join(
    columns.map((name) => sql`t.${id(name)} IS NOT NULL`),
    ' AND ',
  );

/**
 * For a key to an abstract identity: the condition that no member has the values of the key either. If one has them,
 * its abstract row is the wrong one, and the check of these rows reports it.
 */
function lacksMember(key: ForeignKey, { inventory }: CheckedSet, dialect: RowDialect): PlainSql {
  const { sql, q, named, id } = namesOf(dialect);
  return join(
    inventory.triggers.flatMap((trigger) => {
      if (trigger.kind !== 'AbstractIdentityMaintenance' || qualified(trigger.targetTable) !== qualified(targetOf(key)))
        return [];
      const sources = new Map(
        trigger.targetColumnMappings.map(({ targetColumn, sourceColumn }) => [String(targetColumn), q(sourceColumn)]),
      );
      const equal = columnPairs(key).map(([name, target]) => sql`m.${sources.get(target) ?? id} = t.${q(name)}`);
      return [sql` AND NOT EXISTS (SELECT 1 FROM ${named(trigger.table)} AS m WHERE ${join(equal, ' AND ')})`];
    }),
    '',
  );
}

/** An example with the values that the row of a key copies, and those of the row with the id that it refers to. */
function bothCopies(key: ForeignKey, dialect: RowDialect, documentText: PlainSql): PlainSql {
  const { sql, q, named, bothOf } = namesOf(dialect);
  const pairs = columnPairs(key);
  const byId = pairs.find(([, target]) => target === 'DocumentId');
  const copies = pairs.filter((pair) => pair !== byId);
  if (byId === undefined || copies.length === 0) return documentText;
  const [own] = byId;
  const ofTarget = (column: string) =>
    sql`(SELECT ${dialect.shownText(sql`r.${q(column)}`)} FROM ${named(targetOf(key))} AS r WHERE r."DocumentId" = t.${q(own)})`;
  return bothOf(
    documentText,
    copies.map(([name]) => dialect.shownText(sql`t.${q(name)}`)),
    copies.map(([, target]) => ofTarget(target)),
  );
}

/** Rows of lost documents. A single row may have a wrong id, unless it is a referential id, which is recomputed. */
function orphanChecks({ catalog }: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { sql, q, named, id, document } = namesOf(dialect);
  const tables = catalog.tables.filter(repeatsDocuments);
  const isIds = (table: CatalogTable) => qualified(table) === qualified(core.referentialIdentity);
  // referential ids are the witnesses of other rows, so they are deleted last
  return [...tables.filter((table) => !isIds(table)), ...tables.filter(isIds)].flatMap((table): RowCheck[] => {
    const isLost = sql`NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id})`;
    const others = tables
      .filter((each) => each !== table)
      .map((each) => sql`EXISTS (SELECT 1 FROM ${named(tableNameOf(each))} AS o WHERE o.${id} = t.${id})`);
    const keys = table.primaryKey?.columns.filter((name) => name !== 'DocumentId') ?? [];
    const same = join(
      keys.map((name) => sql`o.${q(name)} <> t.${q(name)}`),
      ' OR ',
    );
    const further =
      keys.length === 0
        ? []
        : [sql`EXISTS (SELECT 1 FROM ${named(tableNameOf(table))} AS o WHERE o.${id} = t.${id} AND (${same}))`];
    const isWitnessed = isIds(table) ? sql`1 = 1` : sql`(${join([...others, ...further], ' OR ')})`;
    const name = qualified(table);
    const rows = sql`SELECT ${dialect.rules.text(sql`t.${id}`, 'bigint')} AS example FROM ${named(tableNameOf(table))} AS t WHERE ${isLost}`;
    return [
      rowCheck('orphan', name, sql`${rows} AND ${isWitnessed}`, {
        repair: [dialect.remove(tableNameOf(table), sql`${isLost} AND ${isWitnessed}`)],
        // these rows may be the only rows left of a document whose row is lost
        doubts: isIncomplete,
      }),
      ...(isIds(table) ? [] : [rowCheck('orphan', name, sql`${rows} AND NOT ${isWitnessed}`)]),
    ];
  });
}

/** Whether a table only holds data that is derived from documents: its rows are deleted with them. */
const repeatsDocuments = (table: CatalogTable) =>
  table.schema === core.document.schema &&
  qualified(table) !== qualified(core.descriptor) &&
  table.foreignKeys.some(
    (key) => qualified(targetOf(key)) === qualified(core.document) && key.columns.join() === 'DocumentId',
  );

/** Conditions on a root row `t`, each of which is enough. */
export interface IdentityWitnesses {
  /** Another row has other values of the identity, or the row has other values than its target. */
  readonly contradicted: readonly PlainSql[];
  /** Another row copies the identity with the same values. */
  readonly confirmed: readonly PlainSql[];
}

/** The evidence of foreign keys about the identity of the rows of a table; `identity` are its columns. */
export function identityWitnesses(
  { catalog }: CheckedSet,
  dialect: RowDialect,
  owner: DbTableName,
  identity: readonly string[],
): IdentityWitnesses {
  const { sql, q, named } = namesOf(dialect);
  const contradicted: PlainSql[] = [];
  const confirmed: PlainSql[] = [];
  for (const table of catalog.tables)
    for (const key of table.foreignKeys) {
      if (qualified(table) === qualified(owner) && key.columns.some((name) => identity.includes(name)))
        contradicted.push(sql`(${isBroken(key, dialect)})`);
      const at = key.targetColumns.indexOf('DocumentId');
      if (qualified(targetOf(key)) !== qualified(owner) || at < 0) continue;
      if (!identity.every((name) => key.targetColumns.includes(name))) continue;
      const same = columnPairs(key).map(([name, target]) => sql`c.${q(name)} = t.${q(target)}`);
      const rows = sql`SELECT 1 FROM ${named(tableNameOf(table))} AS c WHERE ${mustExist(same[at], 'the pair of the document id')}`;
      const values = same.filter((_, index) => index !== at);
      const all = key.columns.map((name) => sql`c.${q(name)} IS NOT NULL`);
      confirmed.push(sql`EXISTS (${rows} AND ${join(values, ' AND ')})`);
      contradicted.push(sql`EXISTS (${rows} AND ${join(all, ' AND ')} AND NOT (${join(values, ' AND ')}))`);
    }
  return { contradicted, confirmed };
}
