import type { Connection, Limits } from '@dms/databases';
import { core, type DbTableName, modelIndex, qualified, type ScalarType, type Table } from '@dms/model';
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
  const { q, named, uuidOf } = namesOf(dialect);
  return modelIndex(model).tables.flatMap(({ key, table }): RowCheck[] => {
    const conditions = contradictions(table, q);
    if (conditions.length === 0) return [];
    const example = uuidOf(`t.${q(table.identity.rootLocator[0] ?? 'DocumentId')}`);
    const query = `SELECT ${example} AS example FROM ${named(table.table)} AS t WHERE ${conditions.join(' OR ')}`;
    return [rowCheck('unifiedValue', key, query)];
  });
}

/** The conditions on a row `t` under which a unified value and its gates contradict each other. */
function contradictions({ columns, keyUnificationClasses }: Table, q: (name: string) => string): string[] {
  const storages = new Map(columns.map(({ name, storage }) => [String(name), storage]));
  return keyUnificationClasses.flatMap(({ canonicalColumn, memberPathColumns }) => {
    const gates = memberPathColumns.map((name) => {
      const storage = storages.get(name);
      return storage?.kind === 'UnifiedAlias' ? storage.presenceColumn : null;
    });
    const known = gates.filter((gate) => gate !== null);
    if (known.length < gates.length || known.length === 0) return [];
    const unique = [...new Set(known)].map((gate) => `t.${q(gate)}`);
    const value = `t.${q(canonicalColumn)}`;
    const isOpen = unique.map((gate) => `${gate} IS NOT NULL`).join(' OR ');
    const isShut = unique.map((gate) => `${gate} IS NULL`).join(' AND ');
    return [`(${value} IS NULL AND (${isOpen}))`, `(${value} IS NOT NULL AND ${isShut})`];
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
  readonly example: string;
  readonly condition: string;
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
  const { rules } = rowDialects[input.model.dialect];
  const { named } = namesOf(rowDialects[input.model.dialect]);
  const byTable = groupBy(openColumns(input), ({ table }) => qualified(table));
  const found: OpenColumn[] = [];
  for (const tables of chunk([...byTable], askedTogether)) {
    const questions = tables.flatMap(([name, columns]) => {
      const [first] = columns;
      if (first === undefined) return [];
      const wrong = columns.map(({ condition }) => condition).join(' OR ');
      return [
        `SELECT ${rules.stringLiteral(name)} AS name WHERE EXISTS (SELECT 1 FROM ${named(first.table)} AS t WHERE ${wrong})`,
      ];
    });
    const rows = await connection.query<{ name: string }>(questions.join('\nUNION ALL '), [], limits);
    found.push(...rows.flatMap(({ name }) => byTable.get(name) ?? []));
  }
  return found.map(({ table, name, example, condition }) => {
    const query = `SELECT ${example} AS example FROM ${named(table)} AS t WHERE ${condition}`;
    return rowCheck('unwritableValue', qualified(table), query, { object: `${qualified(table)}.${name}` });
  });
}

/** A column with the ids of documents. */
function idColumn(table: DbTableName, name: string, dialect: RowDialect): OpenColumn {
  const column = `t.${namesOf(dialect).q(name)}`;
  const condition = `${column} = ${dialect.rules.stringLiteral(nilUuid)}`;
  return { table, name, example: dialect.uuidText(column), condition };
}

/** The columns of documents, descriptors and recorded changes whose type takes values that no document can hold. */
function openColumns({ model, inventory }: CheckedSet): OpenColumn[] {
  const dialect = rowDialects[model.dialect];
  const { q, uuidOf } = namesOf(dialect);
  const columnsOf = (
    table: DbTableName,
    columns: readonly { readonly name: string; readonly kind: ScalarType['kind'] | undefined }[],
    document: string,
  ) =>
    columns.flatMap(({ name, kind }): OpenColumn[] => {
      const condition = kind === undefined ? null : dialect.cannotBeWritten(`t.${q(name)}`, kind);
      if (condition === null) return [];
      const between = dialect.rules.stringLiteral(' ');
      const example = [document, between, dialect.shownText(`t.${q(name)}`)].join(` ${dialect.concatenation} `);
      return [{ table, name, example, condition }];
    });
  const ofResources = modelIndex(model).tables.flatMap(({ table: { table, columns, identity } }) =>
    columnsOf(
      table,
      columns
        .filter(({ storage }) => storage.kind === 'Stored')
        .map(({ name, kind, scalarType }) => ({ name, kind: kind === 'Scalar' ? scalarType?.kind : undefined })),
      uuidOf(`t.${q(identity.rootLocator[0] ?? 'DocumentId')}`),
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
      dialect.uuidText(`t.${q('Id')}`),
    ),
  ]);
  const ofDocument = idColumn(core.document, 'DocumentUuid', dialect);
  return [
    ofDocument,
    ...ofResources,
    ...columnsOf(core.descriptor, dates, uuidOf(`t.${q('DocumentId')}`)),
    ...ofTracked,
  ];
}
