import { query, type Statement } from '@dms/databases';
import { core, type DbTableName, type ScalarType } from '@dms/model';
import { dialectOf, empty, join, type Sql, trusted, value } from '@dms/sql';
import { withoutZone } from '../values/dates-and-times.ts';
import { coreTypes, countType } from './mssql-lists.ts';

/** A required value of a column, with its type, or with null for the id of a document. */
export interface SoughtValue {
  readonly column: string;
  readonly value: string;
  readonly type: ScalarType | null;
}

/** The rows to find: rows of a table in which a text has characters that people do not see. */
export interface SoughtTexts {
  readonly table: DbTableName;
  /** At least one column; the result has their positions as names. */
  readonly texts: readonly string[];
  readonly equal: readonly SoughtValue[];
  /** Only documents of this resource; null if the table has no others. */
  readonly resourceKeyId: number | null;
  readonly limit: number;
}

/** A character that is not visible ASCII, a blank at the start or the end, or several blanks in a row. */
const pgsqlPattern = '[^ -~]|^ | $|  ';
const mssqlPatterns = ['%[^ -~]%', ' %', '% ', '%  %'];

function pgsqlValue({ column, value: text, type }: SoughtValue): Sql {
  const { sql, id, typeName } = dialectOf.pgsql;
  const name = type === null ? 'bigint' : typeName({ ...type, maxLength: null, decimal: null });
  return sql` AND t.${id(column)} = ${value(text)}::text::${trusted(name)}`;
}

function mssqlValue({ column, value: text, type }: SoughtValue): Sql {
  const { sql, id, typeName } = dialectOf.mssql;
  const typed = type?.kind === 'Boolean' ? text === 'true' : type?.kind === 'DateTime' ? withoutZone(text) : text;
  return sql` AND t.${id(column)} = ${value(typed, type === null ? coreTypes.documentId : typeName(type))}`;
}

/** Reads whole tables, so it is only for messages about failures. */
export type HiddenTexts = (sought: SoughtTexts) => Statement;

export const pgsqlHiddenTexts: HiddenTexts = ({ table, texts, equal, resourceKeyId, limit }) => {
  const { sql, id } = dialectOf.pgsql;
  const names = texts.map((name) => sql`t.${id(name)}`);
  const shown = names.map((name, index) => sql`${name}::text AS ${id(String(index))}`);
  const hidden = names.map((name) => sql`${name} ~ ${value(pgsqlPattern)}`);
  const ofResource = sql` AND EXISTS (SELECT FROM ${core.document} d WHERE d."DocumentId" = t."DocumentId" AND d."ResourceKeyId" = ${value(resourceKeyId)})`;
  return query(
    sql`SELECT ${join(shown)} FROM ${table} t WHERE (${join(hidden, ' OR ')})${join(equal.map(pgsqlValue), '')}${resourceKeyId === null ? empty : ofResource} ORDER BY t."DocumentId" LIMIT ${value(limit)}`,
  );
};

export const mssqlHiddenTexts: HiddenTexts = ({ table, texts, equal, resourceKeyId, limit }) => {
  const { sql, id, exact } = dialectOf.mssql;
  const names = texts.map((name) => sql`t.${id(name)}`);
  const shown = names.map((name, index) => sql`${name} AS ${id(String(index))}`);
  // compares code units, so that a range is a range of code units
  const hidden = names.flatMap((name) =>
    mssqlPatterns.map((pattern) => sql`${exact(name)} LIKE ${value(pattern, 'nvarchar(10)')}`),
  );
  const ofResource = sql` AND EXISTS (SELECT 1 FROM ${core.document} d WHERE d."DocumentId" = t."DocumentId" AND d."ResourceKeyId" = ${value(resourceKeyId, coreTypes.resourceKeyId)})`;
  return query(
    sql`SELECT ${join(shown)} FROM ${table} t WHERE (${join(hidden, ' OR ')})${join(equal.map(mssqlValue), '')}${resourceKeyId === null ? empty : ofResource} ORDER BY t."DocumentId" OFFSET 0 ROWS FETCH NEXT ${value(limit, countType)} ROWS ONLY;`,
  );
};
