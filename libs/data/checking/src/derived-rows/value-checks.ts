import { type Connection, type Limits, rowsOf } from '@dms/databases';
import { core, type DbTableName, modelIndex, qualified, type ScalarType, type Table } from '@dms/model';
import { join, type PlainSql } from '@dms/sql';
import { groupBy } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import type { CheckedSet } from '../checked-set.ts';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { namesOf, rowCheck, rowDialects } from './row-dialects.ts';

/*
 * A unified value is stored once for several places of a document (design 04). Each place has a gate, the id of its
 * reference or a flag, which says whether the place is present. So the value is present if and only if one of the gates
 * is; a place that is always present has no gate, and the column of its class is NOT NULL.
 */

/** Unified values without a place, and places without their value, one query per table. */
export function unifiedValueChecks({ model }: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { sql, q, named, uuidOf } = namesOf(dialect);
  return modelIndex(model).tables.flatMap(({ key, table }): RowCheck[] => {
    const conditions = contradictions(table, dialect);
    if (conditions.length === 0) return [];
    const example = uuidOf(sql`t.${q(table.identity.rootLocator[0] ?? 'DocumentId')}`);
    const query = sql`SELECT ${example} AS example FROM ${named(table.table)} AS t WHERE ${join(conditions, ' OR ')}`;
    return [rowCheck('unifiedValue', key, query)];
  });
}

/** The conditions on a row `t` under which a unified value and its gates contradict each other. */
function contradictions({ columns, keyUnificationClasses }: Table, { rules: { sql, id: q } }: RowDialect): PlainSql[] {
  const storages = new Map(columns.map(({ name, storage }) => [String(name), storage]));
  return keyUnificationClasses.flatMap(({ canonicalColumn, memberPathColumns }) => {
    const gates = memberPathColumns.map((name) => {
      const storage = storages.get(name);
      return storage?.kind === 'UnifiedAlias' ? storage.presenceColumn : null;
    });
    const known = gates.filter((gate) => gate !== null);
    if (known.length < gates.length || known.length === 0) return [];
    const unique = [...new Set(known)].map((gate) => sql`t.${q(gate)}`);
    const value = sql`t.${q(canonicalColumn)}`;
    const isOpen = join(
      unique.map((gate) => sql`${gate} IS NOT NULL`),
      ' OR ',
    );
    const isShut = join(
      unique.map((gate) => sql`${gate} IS NULL`),
      ' AND ',
    );
    return [sql`(${value} IS NULL AND (${isOpen}))`, sql`(${value} IS NOT NULL AND ${isShut})`];
  });
}

/*
 * Values that a column takes and a document cannot hold (design 09c §4): a number that is NaN or infinite, a year
 * before 1 or after 9999, the end of a day as a time, and the nil UUID as an id. An infinite date stands for the first
 * or last day (16 §6.4), so it is not among them.
 */

/** The UUID that programs use for no id at all. */
const nilUuid = '00000000-0000-0000-0000-000000000000';

/** A column whose type takes values that no document can hold. */
interface OpenColumn {
  readonly table: DbTableName;
  readonly name: string;
  /** The text that identifies the document of a row `t`. */
  readonly example: PlainSql;
  readonly condition: PlainSql;
}

/** The number of tables that one query checks. */
const askedTogether = 50;

/**
 * A rule for each column that holds such a value. A first query finds the tables that have one, so that a database
 * without any costs one scan of each table.
 */
export async function unwritableValueChecks(
  connection: Connection,
  input: CheckedSet,
  limits: Limits,
): Promise<readonly RowCheck[]> {
  const { sql, literal, named } = namesOf(rowDialects[input.model.dialect]);
  const byTable = groupBy(openColumns(input), ({ table }) => qualified(table));
  const found: OpenColumn[] = [];
  for (const tables of chunk([...byTable], askedTogether)) {
    const questions = tables.flatMap(([name, columns]) => {
      const [first] = columns;
      if (first === undefined) return [];
      const wrong = join(
        columns.map(({ condition }) => condition),
        ' OR ',
      );
      return [
        sql`SELECT ${literal(name)} AS name WHERE EXISTS (SELECT 1 FROM ${named(first.table)} AS t WHERE ${wrong})`,
      ];
    });
    const rows = await rowsOf<{ name: string }>(connection, join(questions, '\nUNION ALL '), limits);
    found.push(...rows.flatMap(({ name }) => byTable.get(name) ?? []));
  }
  return found.map(({ table, name, example, condition }) => {
    const query = sql`SELECT ${example} AS example FROM ${named(table)} AS t WHERE ${condition}`;
    return rowCheck('unwritableValue', qualified(table), query, { object: `${qualified(table)}.${name}` });
  });
}

/** A column with the ids of documents. */
function idColumn(table: DbTableName, name: string, dialect: RowDialect): OpenColumn {
  const { sql, id, literal } = dialect.rules;
  const column = sql`t.${id(name)}`;
  const condition = sql`${column} = ${literal(nilUuid)}`;
  return { table, name, example: dialect.rules.text(column, 'uuid'), condition };
}

/** The columns of documents, descriptors and recorded changes whose type takes values that no document can hold. */
function openColumns({ model, inventory }: CheckedSet): OpenColumn[] {
  const dialect = rowDialects[model.dialect];
  const { sql, literal, q, uuidOf, joined } = namesOf(dialect);
  const columnsOf = (
    table: DbTableName,
    columns: readonly { readonly name: string; readonly kind: ScalarType['kind'] | undefined }[],
    document: PlainSql,
  ) =>
    columns.flatMap(({ name, kind }): OpenColumn[] => {
      const condition = kind === undefined ? null : dialect.cannotBeWritten(sql`t.${q(name)}`, kind);
      if (condition === null) return [];
      const example = joined([document, literal(' '), dialect.shownText(sql`t.${q(name)}`)]);
      return [{ table, name, example, condition }];
    });
  const ofResources = modelIndex(model).tables.flatMap(({ table: { table, columns, identity } }) =>
    columnsOf(
      table,
      columns
        .filter(({ storage }) => storage.kind === 'Stored')
        .map(({ name, kind, scalarType }) => ({ name, kind: kind === 'Scalar' ? scalarType?.kind : undefined })),
      uuidOf(sql`t.${q(identity.rootLocator[0] ?? 'DocumentId')}`),
    ),
  );
  const dates = ['EffectiveBeginDate', 'EffectiveEndDate'].map((name) => ({ name, kind: 'Date' as const }));
  const ofTracked = inventory.trackedChangeTables.flatMap(({ table, valueColumns }) => [
    idColumn(table, 'Id', dialect),
    ...columnsOf(
      table,
      valueColumns.flatMap(({ oldColumn, newColumn, scalarType: { kind } }) => [
        { name: oldColumn, kind },
        { name: newColumn, kind },
      ]),
      dialect.rules.text(sql`t."Id"`, 'uuid'),
    ),
  ]);
  const ofDocument = idColumn(core.document, 'DocumentUuid', dialect);
  return [ofDocument, ...ofResources, ...columnsOf(core.descriptor, dates, uuidOf(sql`t."DocumentId"`)), ...ofTracked];
}
