import { dialectOf, type PlainSql } from '@dms/sql';

/* Settings that PostgreSQL keeps for roles and databases (`pg_db_role_setting`). */

const { sql, literal } = dialectOf.pgsql;

/** The settings `s` that apply in this database, with their role `r` and database `d`; NULL for all of them. */
export const settingsHere: PlainSql = sql`FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
WHERE (s.setdatabase = 0 OR d.datname = current_database())`;

/** The statement, as a text, that resets a setting for the role and the database of `s`. */
export const resetting = (
  setting: string,
): PlainSql => sql`CASE WHEN s.setrole = 0 AND s.setdatabase = 0 THEN 'ALTER ROLE ALL'
    WHEN s.setrole = 0 THEN format('ALTER DATABASE %I', d.datname)
    ELSE format('ALTER ROLE %I', r.rolname) || coalesce(' IN DATABASE ' || quote_ident(d.datname), '')
  END || ${literal(` RESET ${setting}`)}`;
