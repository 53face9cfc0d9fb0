import { lifecycleStates } from '@dms/catalog';
import { coreV2 } from '@dms/model';
import {
  columnList,
  type DialectRules,
  dialectRules,
  mssqlName,
  pgsqlName,
  type QualifiedName,
  type SqlWriter,
} from '@dms/sql';

/** The literals of the dialect for these rows. */
interface SingletonValues {
  /** A new UUID, drawn by the database. */
  readonly uuid: string;
  /** The state in which nothing is queued. */
  readonly state: string;
  readonly no: string;
}

/**
 * The single-row tables in the order in which they are seeded; the first column is the key, with the value 1 (design 16
 * §5.2).
 */
export const singletons = [
  {
    comment: 'DataStoreIdentity singleton insert-if-missing',
    table: 'dataStoreIdentity',
    columns: ['DataStoreIdentitySingletonId', 'SourceIdentity'],
    rowOf: ({ uuid }: SingletonValues) => ['1', uuid],
  },
  {
    comment: 'DocumentCacheState singleton insert-if-missing',
    table: 'documentCacheState',
    columns: ['StateId', 'ProjectionLifecycleState', 'CacheAheadRecoveryRequired'],
    rowOf: ({ state, no }: SingletonValues) => ['1', state, no],
  },
] as const;

/** Inserts the rows, by the statement of the dialect for a row that may be there already. */
function seedRows(
  writer: SqlWriter,
  rules: DialectRules,
  { uuid, state }: Pick<SingletonValues, 'uuid' | 'state'>,
  insert: (table: QualifiedName, columns: string, values: string, key: string) => string,
): void {
  const values = { uuid, state, no: rules.booleanLiteral(false) };
  for (const { comment, table, columns, rowOf } of singletons) {
    const key = columnList(rules, columns.slice(0, 1));
    const statement = insert(coreV2[table], columnList(rules, columns), rowOf(values).join(', '), key);
    writer.line(`-- ${comment}`).line(statement).blank();
  }
}

/*
 * The rows that identify the database and hold the state of its projection; existing rows stay (design 16 §5.2).
 */

export function seedPgsqlSingletons(writer: SqlWriter): void {
  const rules = dialectRules.pgsql;
  const values = { uuid: 'pg_catalog.gen_random_uuid()', state: rules.stringLiteral(lifecycleStates[0]) };
  seedRows(
    writer,
    rules,
    values,
    (table, columns, row, key) =>
      `INSERT INTO ${pgsqlName(table)} (${columns}) VALUES (${row}) ON CONFLICT (${key}) DO NOTHING;`,
  );
}

export function seedMssqlSingletons(writer: SqlWriter): void {
  const values = { uuid: 'NEWID()', state: `'${lifecycleStates[0]}'` };
  seedRows(writer, dialectRules.mssql, values, (table, columns, row, key) => {
    const name = mssqlName(table);
    return `IF NOT EXISTS (SELECT 1 FROM ${name} WHERE ${key} = 1) INSERT INTO ${name} (${columns}) VALUES (${row});`;
  });
}
