import type { Statement } from '@dms/databases';
import { core, type DbTableName, type ScalarType } from '@dms/model';
import { dialectRules, mssqlName, pgsqlName, type SqlDialect } from '@dms/sql';
import { withoutZone } from '../values/dates-and-times.ts';
import { coreTypes, countType } from './mssql-lists.ts';
import { query, type StatementPart, value } from './statement.ts';

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

/** Compares code units, so that a range is a range of code units. */
const binary = 'COLLATE Latin1_General_100_BIN2';

const separated = (lists: readonly (readonly StatementPart[])[], separator: string): StatementPart[] =>
  lists.flatMap((parts, index) => (index === 0 ? parts : [separator, ...parts]));

function pgsqlValue({ column, value: text, type }: SoughtValue): StatementPart[] {
  const name = type === null ? 'bigint' : dialectRules.pgsql.typeName({ ...type, maxLength: null, decimal: null });
  return [` AND t.${dialectRules.pgsql.quote(column)} = `, value(text), `::text::${name}`];
}

function mssqlValue({ column, value: text, type }: SoughtValue): StatementPart[] {
  const typed = type?.kind === 'Boolean' ? text === 'true' : type?.kind === 'DateTime' ? withoutZone(text) : text;
  const name = type === null ? coreTypes.documentId : dialectRules.mssql.typeName(type);
  return [` AND t.${dialectRules.mssql.quote(column)} = `, value(typed, name)];
}

/** Reads whole tables, so it is only for messages about failures. */
export const hiddenTexts: Readonly<Record<SqlDialect, (sought: SoughtTexts) => Statement>> = {
  pgsql: ({ table, texts, equal, resourceKeyId, limit }) => {
    const names = texts.map((name) => `t.${dialectRules.pgsql.quote(name)}`);
    return query(
      `SELECT ${names.map((name, index) => `${name}::text AS "${index}"`).join(', ')} FROM ${pgsqlName(table)} t WHERE (`,
      ...separated(
        names.map((name) => [`${name} ~ `, value(pgsqlPattern)]),
        ' OR ',
      ),
      ')',
      ...equal.flatMap(pgsqlValue),
      ...(resourceKeyId === null
        ? []
        : [
            ` AND EXISTS (SELECT FROM ${pgsqlName(core.document)} d WHERE d."DocumentId" = t."DocumentId" AND d."ResourceKeyId" = `,
            value(resourceKeyId),
            ')',
          ]),
      ' ORDER BY t."DocumentId" LIMIT ',
      value(limit),
    );
  },
  mssql: ({ table, texts, equal, resourceKeyId, limit }) => {
    const names = texts.map((name) => `t.${dialectRules.mssql.quote(name)}`);
    return query(
      `SELECT ${names.map((name, index) => `${name} AS [${index}]`).join(', ')} FROM ${mssqlName(table)} t WHERE (`,
      ...separated(
        names.flatMap((name) =>
          mssqlPatterns.map((pattern) => [`${name} ${binary} LIKE `, value(pattern, 'nvarchar(10)')]),
        ),
        ' OR ',
      ),
      ')',
      ...equal.flatMap(mssqlValue),
      ...(resourceKeyId === null
        ? []
        : [
            ` AND EXISTS (SELECT 1 FROM ${mssqlName(core.document)} d WHERE d.[DocumentId] = t.[DocumentId] AND d.[ResourceKeyId] = `,
            value(resourceKeyId, coreTypes.resourceKeyId),
            ')',
          ]),
      ' ORDER BY t.[DocumentId] OFFSET 0 ROWS FETCH NEXT ',
      value(limit, countType),
      ' ROWS ONLY;',
    );
  },
};
