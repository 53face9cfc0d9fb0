import type { CatalogColumn, CatalogTable } from '@dms/catalog';
import { authTable } from '@dms/inventory';
import { core, coreV1, coreV2, qualified } from '@dms/model';
import { dialectRules, pgsqlName } from '@dms/sql';
import type { CheckedSet } from '../src/index.ts';

/*
 * Changes of single rows that a session can make with triggers and foreign keys disabled, each of a value that another
 * row copies or that follows from others. Values that are stored once are left out, because no row shows what they
 * were.
 */

export interface Corruption {
  readonly name: string;
  /** A PostgreSQL statement; `next` yields numbers from 0 to 1. */
  sql(next: () => number): string;
}

const q = dialectRules.pgsql.quote;

/** One of the rows that meet a condition, as `ctid`. */
const someRow = (table: string, at: number, condition = 'true') =>
  `(SELECT ctid FROM ${table} WHERE ${condition} ORDER BY ctid OFFSET (SELECT floor(${at} * count(*))::int FROM ${table} WHERE ${condition}) LIMIT 1)`;

/** A value that no row has. */
export function freshValue({ type }: CatalogColumn, at: number): string {
  const number = Math.floor(at * 9000);
  if (type === 'smallint') return String(20000 + number);
  if (/int|numeric/.test(type)) return String(900_000 + number);
  if (type === 'uuid') return `md5('${number}')::uuid`;
  if (/^timestamp/.test(type)) return `timestamp '2000-01-01' + interval '${number} minutes'`;
  if (/^date/.test(type)) return `date '2000-01-01' + ${number}`;
  if (/^time/.test(type)) return `time '00:00' + interval '${number} seconds'`;
  return `'zz${number}'`;
}

const otherValue = (table: string, column: string, at: number) =>
  `(SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL ORDER BY 1 OFFSET (SELECT floor(${at} * count(${column}))::int FROM ${table}) LIMIT 1)`;

/** Gives one row a new value: the value of another row, or one that no row has. */
function updates(
  table: string,
  column: CatalogColumn,
  values: readonly ('other' | 'fresh')[],
  condition?: string,
): Corruption {
  const name = q(column.name);
  return {
    name: `${table}.${column.name}`,
    sql: (next) => {
      const kind = next();
      const row = next();
      const value = next();
      const isFresh = values.length === 1 ? values[0] === 'fresh' : kind < 0.5;
      const text = isFresh ? freshValue(column, value) : otherValue(table, name, value);
      return `UPDATE ${table} SET ${name} = ${text} WHERE ctid = ${someRow(table, row, condition)}`;
    },
  };
}

const sets = (table: string, assignment: string, condition?: string): Corruption => ({
  name: `${table}: ${assignment}`,
  sql: (next) => `UPDATE ${table} SET ${assignment} WHERE ctid = ${someRow(table, next(), condition)}`,
});

const removes = (table: string, condition?: string): Corruption => ({
  name: `${table}: a row is deleted`,
  sql: (next) => `DELETE FROM ${table} WHERE ctid = ${someRow(table, next(), condition)}`,
});

const inserts = (table: string, columns: string, rows: (at: number) => string): Corruption => ({
  name: `${table}: a row is inserted`,
  sql: (next) => `INSERT INTO ${table} (${columns}) ${rows(next())}`,
});

function coreCorruptions(tables: ReadonlyMap<string, CatalogTable>): Corruption[] {
  const [document, descriptor, identities] = [core.document, core.descriptor, core.referentialIdentity].map(pgsqlName);
  if (!document || !descriptor || !identities) return [];
  const columnsOf = (name: string, ...columns: readonly string[]) =>
    tables.get(name)?.columns.filter((column) => columns.includes(column.name)) ?? [];
  const journal = pgsqlName(coreV1.documentChangeEvent);
  const isLast = `("ChangeVersion", "DocumentId") IN (SELECT d."ContentVersion", d."DocumentId" FROM ${document} AS d)`;
  const queue = pgsqlName(coreV2.documentProjectionWork);
  const hierarchy = pgsqlName(authTable);
  const pair = '"SourceEducationOrganizationId", "TargetEducationOrganizationId"';
  return [
    ...columnsOf('dms.Document', 'ResourceKeyId', 'ContentVersion').map((column) =>
      updates(document, column, ['other', 'fresh']),
    ),
    ...columnsOf('dms.Document', 'IdentityVersion').map((column) => updates(document, column, ['fresh'])),
    ...[
      '"ContentVersion" = 0',
      '"IdentityVersion" = -1',
      '"CreatedAt" = \'2999-01-01\'',
      '"IdentityLastModifiedAt" = \'2999-01-01\'',
    ].map((assignment) => sets(document, assignment)),
    sets(document, '"ContentLastModifiedAt" = \'2999-01-01\''),
    removes(document),
    ...columnsOf(
      'dms.Descriptor',
      'Namespace',
      'CodeValue',
      'Uri',
      'Discriminator',
      'ResourceKeyId',
      'ContentVersion',
      'DocumentId',
    ).map((column) => updates(descriptor, column, ['other', 'fresh'])),
    sets(descriptor, '"Uri" = upper("Uri")'),
    removes(descriptor),
    ...columnsOf('dms.ReferentialIdentity', 'ReferentialId', 'DocumentId', 'ResourceKeyId').map((column) =>
      updates(identities, column, ['other', 'fresh']),
    ),
    removes(identities),
    inserts(
      identities,
      '"ReferentialId", "DocumentId", "ResourceKeyId"',
      (at) => `VALUES (md5('${at}')::uuid, ${Math.floor(at * 9000) + 100000}, 1)`,
    ),
    ...(tables.has('dms.DocumentChangeEvent')
      ? [
          ...columnsOf('dms.DocumentChangeEvent', 'ChangeVersion', 'DocumentId', 'ResourceKeyId').map((column) =>
            updates(journal, column, ['other', 'fresh'], isLast),
          ),
          removes(journal, isLast),
          sets(journal, '"CreatedAt" = \'2999-01-01\''),
        ]
      : []),
    ...(tables.has('dms.DocumentProjectionWork')
      ? [
          inserts(
            queue,
            '"DocumentId", "RequiredContentVersion", "FirstEnqueuedAt", "LastEnqueuedAt"',
            (at) =>
              `SELECT "DocumentId", "ContentVersion" + 1, now(), now() FROM ${document} WHERE ctid = ${someRow(document, at)}`,
          ),
        ]
      : []),
    removes(hierarchy),
    inserts(
      hierarchy,
      pair,
      (at) => `VALUES (-${Math.floor(at * 100) + 1}, ${otherValue(hierarchy, '"TargetEducationOrganizationId"', at)})`,
    ),
    inserts(
      hierarchy,
      pair,
      (at) =>
        `SELECT ${otherValue(hierarchy, '"SourceEducationOrganizationId"', at)}, ${otherValue(hierarchy, '"SourceEducationOrganizationId"', 1 - at - 0.001)}`,
    ),
    ...(tables.get(qualified(authTable))?.columns ?? []).map((column) =>
      updates(hierarchy, column, ['other', 'fresh']),
    ),
    { name: 'the versions are set back', sql: () => `SELECT setval('${pgsqlName(core.changeVersionSequence)}', 1)` },
    {
      name: 'the ids are set back',
      sql: () => `SELECT setval(pg_get_serial_sequence('${document}', 'DocumentId'), 1)`,
    },
  ];
}

/** Whether rows that refer to a table with this key copy more than an id. */
const repeatsValues = (columns: readonly string[]) => columns.length > 1;

/** The corruptions of a schema set. */
export function corruptionsOf({ catalog, model }: CheckedSet): {
  /** Corruptions of rows that copy documents or follow from them. */
  readonly derived: readonly Corruption[];
  /** Corruptions of documents, and of values that they copy from other documents. */
  readonly documents: readonly Corruption[];
} {
  const tables = new Map(catalog.tables.map((table) => [qualified(table), table]));
  const derived = coreCorruptions(tables);
  const found: Corruption[] = [];
  const abstracts = new Set(model.abstractIdentityTables.map(({ table }) => qualified(table.table)));
  for (const table of catalog.tables.filter((each) => abstracts.has(qualified(each)))) {
    const name = pgsqlName({ schema: table.schema, name: table.name });
    for (const column of table.columns) derived.push(updates(name, column, ['other', 'fresh']));
    derived.push(removes(name));
  }
  for (const { tablesInDependencyOrder, naturalKey } of model.resources)
    for (const { table, identity, columns } of tablesInDependencyOrder) {
      const own = tables.get(qualified(table));
      if (!own) continue;
      const name = pgsqlName(table);
      const isRoot = identity.tableKind === 'Root';
      const isStored = (column: string) => own.columns.some((each) => each.name === column && each.generated === null);
      const columnOf = (column: string) => own.columns.filter((each) => each.name === column);
      const copies = new Set(own.foreignKeys.filter((key) => repeatsValues(key.columns)).flatMap((key) => key.columns));
      // a row that moves together with all of its referrers is still right
      for (const each of identity.parentLocator) copies.delete(each);
      const ids = own.foreignKeys.filter((key) => !repeatsValues(key.columns)).flatMap((key) => key.columns);
      const isId = (column: string) => columns.find((each) => each.name === column)?.kind === 'DescriptorFk';
      for (const column of [...copies].filter(isStored).flatMap(columnOf)) {
        if (!isId(column.name)) found.push(updates(name, column, ['other', 'fresh']));
      }
      for (const column of [...ids, ...identity.parentLocator].filter(isStored).flatMap(columnOf))
        found.push(updates(name, column, ['fresh']));
      if (!isRoot) continue;
      for (const column of naturalKey.columns.filter((each) => isStored(each)).flatMap(columnOf))
        found.push(updates(name, column, ['other', 'fresh']));
      for (const column of columnOf('ContentVersion'))
        found.push(updates(name, column, ['other', 'fresh']), sets(name, '"ContentVersion" = 0'));
      for (const _ of columnOf('ContentLastModifiedAt'))
        found.push(
          sets(name, '"ContentLastModifiedAt" = \'1999-01-01\''),
          sets(name, '"ContentLastModifiedAt" = \'2999-01-01\''),
        );
      found.push(removes(name));
    }
  return { derived, documents: found };
}
