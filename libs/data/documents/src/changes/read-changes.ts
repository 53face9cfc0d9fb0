import { resourceLabel } from '@dms/api-schema';
import { type Connection, query, type Row, type Statement } from '@dms/databases';
import { DmsError, fail } from '@dms/diagnostics';
import type { TrackedChangeTable, TrackedValue } from '@dms/inventory';
import { modelIndex, mustExist } from '@dms/model';
import { firstRowsOf, planDialects } from '@dms/plans';
import { dialectOf, join, type PlainSql, type Sql, type SqlDialect, trusted } from '@dms/sql';
import { groupBy, type JsonObject, type JsonValue } from '@dms/values';
import { generations } from '../generations.ts';
import { unreadable } from '../reading/stored-document.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { jsonFromDatabase } from '../values/stored-value.ts';

/** A recorded change of a document: it was deleted, or its identity has changed (design 16 §7). */
export interface TrackedChange {
  readonly kind: 'delete' | 'keyChange';
  /** `Project:Resource`. */
  readonly resource: string;
  readonly uuid: string;
  readonly changeVersion: bigint;
  /** The identity before the change, by path without `$.`; a descriptor is its URI. */
  readonly oldKey: JsonObject;
  /** The identity after the change; null for a delete. */
  readonly newKey: JsonObject | null;
}

interface ReadChangesOptions {
  /** Only changes with greater versions; all by default. */
  readonly since?: bigint | undefined;
  /** `Project:Resource`; all by default. */
  readonly resources?: readonly string[] | undefined;
}

/** The number of changes that are read together. */
const pageSize = 500;

/**
 * The deletes and changed identities that a database has recorded, in the order of their versions, page by page (design
 * 17 §8). Throws `CHANGES_NOT_TRACKED`, `DOCUMENT_RESOURCE_UNKNOWN`, `DOCUMENT_UNREADABLE`, `DB_*`.
 */
export async function* readChanges(
  connection: Connection,
  plans: DocumentPlans,
  { since = -1n, resources }: ReadChangesOptions = {},
): AsyncGenerator<readonly TrackedChange[]> {
  if (!generations[plans.version].tracksChanges) {
    const text = 'Databases of the first generation of the mapping do not record deletes and changed identities.';
    fail('CHANGES_NOT_TRACKED', text);
  }
  const readers = changeReaders(plans);
  const tables = readers.map(({ tracked }) => tracked);
  if (tables.length === 0) return;
  for (let after = since; ; ) {
    const [found = []] = await connection.queryAll([selectNextChanges(plans.dialect, tables, after, pageSize)]);
    const places = found as unknown as readonly ChangePlace[];
    if (places.length === 0) return;
    const byTable = [...groupBy(places, ({ Table }) => Number(Table))];
    const answers = await connection.queryAll(
      byTable.map(([table, own]) =>
        selectChanges(
          plans.dialect,
          mustExist(tables[table], 'a table of changes'),
          own.map(({ ChangeVersion }) => BigInt(ChangeVersion)),
        ),
      ),
    );
    const changes = byTable.flatMap(([table], index) =>
      (answers[index] ?? []).map((row) => mustExist(readers[table], 'a table of changes').changeOf(row)),
    );
    yield changes
      .filter(({ resource }) => resources?.includes(resource) ?? true)
      .toSorted((a, b) => (a.changeVersion < b.changeVersion ? -1 : 1));
    after = BigInt(mustExist(places.at(-1), 'the last change').ChangeVersion);
    if (places.length < pageSize) return;
  }
}

/** Reads the rows of one table. */
interface ChangeReader {
  readonly tracked: TrackedChangeTable;
  changeOf(row: Row): TrackedChange;
}

function changeReaders({ mappingSet, inventory }: DocumentPlans): ChangeReader[] {
  const index = modelIndex(mappingSet.model);
  const descriptors = new Map(
    mappingSet.model.resources
      .filter(({ storageKind }) => storageKind === 'SharedDescriptorTable')
      .map(({ resourceKey }) => [resourceKey.resourceName, resourceLabel(resourceKey)]),
  );
  const descriptorOf = (name: string) => descriptors.get(name) ?? name;
  return inventory.trackedChangeTables.map((tracked) => {
    const identity = tracked.valueColumns.filter(({ origins }) => origins.includes('Identity'));
    const own = index.table(tracked.sourceTable)?.label;
    return {
      tracked,
      changeOf: (row) => {
        const newKey = readKey(identity, row, ({ newColumn }) => newColumn);
        return {
          kind: newKey === null ? 'delete' : 'keyChange',
          // only the table of the changes of all descriptors has this column
          resource: own ?? descriptorOf(String(mustExist(row.Discriminator, 'the discriminator of a descriptor'))),
          uuid: String(row.Id),
          changeVersion: BigInt(String(row.ChangeVersion)),
          oldKey: readKey(identity, row, ({ oldColumn }) => oldColumn) ?? new Map(),
          newKey,
        };
      },
    };
  });
}

/** The identity in a row, from the columns before or after the change. */
function readKey(
  values: readonly TrackedValue[],
  row: Row,
  columnOf: (value: TrackedValue) => string,
): JsonObject | null {
  const key = new Map<string, JsonValue>();
  const namespaces = new Map<string, unknown>();
  let isThere = false;
  for (const value of values) {
    const stored = row[columnOf(value)];
    if (stored === null || stored === undefined) continue;
    isThere = true;
    const path = value.sourceJsonPath.canonical.replace(/^\$\./, '');
    if (value.role === 'DescriptorNamespace') namespaces.set(path, stored);
    else if (value.role === 'DescriptorCodeValue') key.set(path, `${namespaces.get(path)}#${stored}`);
    else {
      const json = jsonFromDatabase[value.scalarType.kind](stored);
      const uuid = String(row.Id);
      const column = columnOf(value);
      if (json === undefined)
        throw new DmsError([unreadable('recorded change', uuid, { path: `$.${path}`, column, shown: String(stored) })]);
      key.set(path, json);
    }
  }
  return isThere ? key : null;
}

/** The next changes after a version, from all tables: {@link ChangePlace}s in the order of their versions. */
function selectNextChanges(
  dialect: SqlDialect,
  tables: readonly TrackedChangeTable[],
  after: bigint,
  count: number,
): Statement {
  const { sql, id, literal, text } = dialectOf[dialect];
  const first = (select: Sql, order: PlainSql) =>
    firstRowsOf(planDialects[dialect], select, sql`ORDER BY ${order}`, literal(count));
  const arms = tables.map((each, index) => {
    const column = id(requiredColumn(each, 'ChangeVersion'));
    const select = sql`${literal(index)} AS "Table", ${column} AS "Version" FROM ${each.table} WHERE ${column} > ${literal(after)}`;
    return sql`SELECT * FROM (${first(select, column)}) ${trusted(`a${index}`)}`;
  });
  const found = sql`u."Version"`;
  const columns = sql`u."Table", ${text(found, 'bigint')} AS "ChangeVersion" FROM (${join(arms, '\nUNION ALL\n')}) u`;
  return query(first(columns, found));
}

const requiredColumn = (tracked: TrackedChangeTable, wanted: 'Id' | 'ChangeVersion') =>
  mustExist(systemColumn(tracked, wanted), `the column ${wanted} of ${tracked.table.name}`);

const systemColumn = ({ systemColumns }: TrackedChangeTable, wanted: 'Id' | 'ChangeVersion' | 'Discriminator') =>
  systemColumns.find(({ role }) => role === wanted)?.column;

/** The rows of a table with these versions, by column name; `Id` and `ChangeVersion` are texts. */
function selectChanges(dialect: SqlDialect, tracked: TrackedChangeTable, versions: readonly bigint[]): Statement {
  const { sql, id, literals, text } = dialectOf[dialect];
  const versionColumn = id(requiredColumn(tracked, 'ChangeVersion'));
  const discriminator = systemColumn(tracked, 'Discriminator');
  const { readable } = documentStatements[dialect];
  const items = [
    sql`${text(id(requiredColumn(tracked, 'Id')), 'uuid')} AS "Id"`,
    sql`${text(versionColumn, 'bigint')} AS "ChangeVersion"`,
    ...(discriminator === undefined ? [] : [sql`${id(discriminator)} AS "Discriminator"`]),
    ...tracked.valueColumns.flatMap(({ oldColumn, newColumn, scalarType }) =>
      [oldColumn, newColumn].map((name) => sql`${readable(id(name), scalarType)} AS ${id(name)}`),
    ),
  ];
  return query(sql`SELECT ${join(items)} FROM ${tracked.table} WHERE ${versionColumn} IN (${literals(versions)})`);
}

/** The place of a recorded change: the index of its table in the inventory, and its version. */
interface ChangePlace {
  readonly Table: number;
  readonly ChangeVersion: number | bigint | string;
}
