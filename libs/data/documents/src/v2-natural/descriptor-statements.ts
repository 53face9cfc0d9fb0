import { query, type Row } from '@dms/databases';
import { core } from '@dms/model';
import { descriptorJoin, planDialects, uriType } from '@dms/plans';
import { dialectOf, type PlainSql, type SqlDialect, textOf } from '@dms/sql';
import { type ExistingDescriptor, existingDescriptors, existingList } from '../statements/descriptor-statements.ts';
import type { DescriptorIdentityStatements } from '../statements/identity-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { bound, lookup, sentOnce, sentValues } from './identity-statements.ts';

/** The columns of `ExistingDescriptor` in the row `s`. */
function selected(dialectName: SqlDialect): PlainSql {
  const dialect = dialectOf[dialectName];
  const { sql, text } = dialect;
  return sql`s."ResourceKeyId", ${text(sql`s."DocumentId"`, 'bigint')} AS "DocumentId", ${existingList(dialect)}`;
}

/** Descriptors are found by the fold of their URIs, which the database makes (design 22 §4.2, §4.5). */
function descriptorsOf(dialectName: SqlDialect): DescriptorIdentityStatements {
  const dialect = planDialects[dialectName];
  const { sql, sentName, sentKeys, folded, inOrderOfText } = dialect;
  const { keys } = sentValues[dialectName];
  const columns = selected(dialectName);
  const sent = sentKeys([
    ['k0', uriType],
    ['k1', 'smallint'],
  ]);
  const find = textOf(
    sql`SELECT ${sentName('o')} AS "Ordinal", ${columns} FROM ${sent} ${descriptorJoin(dialect, sql`s`, sentName('k0'), sentName('k1'))} ${inOrderOfText}`,
  );
  const classes = textOf(
    sql`SELECT ${sentName('o')} AS "Ordinal", DENSE_RANK() OVER (ORDER BY ${folded(sentName('k0'))}) AS "Class" FROM ${sentKeys([['k0', uriType]])}`,
  );
  return {
    insert: () => [],
    find: (descriptors) => {
      const keyed = descriptors.map((asked) => ({ asked, key: [asked.uri, String(asked.resourceKeyId)] }));
      return lookup(
        sentOnce('Descriptors', keyed, (sentKeys) => bound(find, keys(sentKeys))),
        (matches) =>
          new Map(
            matches.flatMap(({ asked, row }) =>
              existingDescriptors([row]).map((existing): [string, ExistingDescriptor] => [
                asked.referentialId,
                existing,
              ]),
            ),
          ),
      );
    },
    classes: (uris) => ({
      statements: [bound(classes, keys(uris.map((uri) => [uri])))],
      read: (answers) => {
        const byOrdinal = new Map(answers.flat().map((row: Row) => [Number(row.Ordinal), Number(row.Class)]));
        return uris.map((_, ordinal) => byOrdinal.get(ordinal) ?? 0);
      },
    }),
    scan: ({ hasVersion, ...range }) =>
      query(
        sql`SELECT ${columns} FROM ${core.descriptor} s INNER JOIN ${hasVersion ? core.descriptor : core.document} d ON d."DocumentId" = s."DocumentId" WHERE ${documentStatements[dialectName].nextOfResource(range)}`,
      ),
  };
}

export const descriptorStatements: Readonly<Record<SqlDialect, DescriptorIdentityStatements>> = {
  pgsql: descriptorsOf('pgsql'),
  mssql: descriptorsOf('mssql'),
};
