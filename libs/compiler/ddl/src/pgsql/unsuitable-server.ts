import { needsOfServer } from '@dms/catalog';
import type { MappingVersion } from '@dms/model';
import { dialectOf, type PlainSql } from '@dms/sql';

const { sql, literal } = dialectOf.pgsql;

const versionNumber = sql`pg_catalog.current_setting('server_version_num')::integer`;

/**
 * The condition that a PostgreSQL server or database lacks the collation that folds the URIs of descriptors, and the
 * text of the refusal (design 22 §1.1). Null if the generation needs no such collation.
 *
 * @param serverVersion the expression of the server's version number; a script that has read it gives its variable
 */
export function unsuitablePgsqlServer(
  version: MappingVersion,
  serverVersion: PlainSql = versionNumber,
): { readonly condition: PlainSql; readonly refusal: PlainSql } | null {
  const folding = needsOfServer(version).uriFolding;
  if (folding === null) return null;
  return {
    condition: sql`${serverVersion} < ${literal(folding.oldestPgsql)} OR pg_catalog.getdatabaseencoding() <> 'UTF8'`,
    refusal: sql`pg_catalog.format(${literal(
      'The collation pg_c_utf8 needs PostgreSQL 17 and a UTF8 database; this is PostgreSQL %s, %s.',
    )}, pg_catalog.current_setting('server_version'), pg_catalog.getdatabaseencoding())`,
  };
}
