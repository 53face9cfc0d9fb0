import { expect } from 'vitest';
import type { ScenarioDatabase } from './scenarios.ts';
import { failureOf, type SqlSession, sqlText } from './sql-session.ts';

/** Error numbers of SQL Server by the error code of PostgreSQL. */
export const errorNumbers: Readonly<Record<string, number>> = {
  22001: 2628,
  23503: 547,
  23514: 547,
  23505: 2627,
  '428C9': 271,
  P0001: 50000,
};

/** Runs scenarios on PostgreSQL. Scenarios of SQL Server use a session that runs the bodies of SQL Server there. */
export function postgresScenarios(session: SqlSession, dialect: 'pgsql' | 'mssql' = 'pgsql'): ScenarioDatabase {
  return {
    dialect,
    begin: () => session.exec('BEGIN'),
    rollback: () => session.exec('ROLLBACK'),
    exec: (sql) => session.exec(sql),
    queryRows: (sql) => session.queryRows(sql),
    text: sqlText,
    documentText: (id, uuid, project, resource) =>
      `INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE VALUES (${id},
        '${uuid}', (SELECT "ResourceKeyId" FROM dms."ResourceKey"
          WHERE "ProjectName" = ${sqlText(project)} AND "ResourceName" = ${sqlText(resource)}))`,
    documentsQuery: `SELECT d."DocumentId"::text, d."ContentVersion"::text, d."IdentityVersion"::text,
        (SELECT count(*) FROM dms."DocumentChangeEvent" e WHERE e."DocumentId" = d."DocumentId") FROM dms."Document" d`,
    identitiesQuery: (id) =>
      `SELECT "ResourceKeyId", "ReferentialId"::text FROM dms."ReferentialIdentity" WHERE "DocumentId" = ${id} ORDER BY 1`,
    refused: async (sql, { sqlstate, constraint, mssqlError, mssqlConstraint }) => {
      const failure = await failureOf(session, sql);
      if (dialect === 'mssql') expect(errorNumbers[failure.code ?? ''], failure.message).toBe(mssqlError);
      else if (sqlstate !== undefined) expect(failure.code, failure.message).toBe(sqlstate);
      // the database has the names of PostgreSQL, which shortens more
      const isOther = dialect === 'mssql' && mssqlConstraint !== undefined && mssqlConstraint.length <= 63;
      const name = isOther ? mssqlConstraint : constraint;
      if (name !== undefined) expect(failure.constraint, failure.message).toBe(name);
      return false;
    },
  };
}
