import { dialectRules, givenScript, trusted } from '@dms/sql';
import { mssqlServerText, openMssqlDatabase } from '@dms/testing';
import { expect } from 'vitest';
import type { ScenarioDatabase } from '../scenarios.ts';

export type MssqlDatabase = Awaited<ReturnType<typeof openMssqlDatabase>>;

/** Opens a separate test database on the server, and runs the script there in one transaction. */
export async function provisionedOnServer(script: string): Promise<MssqlDatabase> {
  const database = await openMssqlDatabase(mssqlServerText ?? '');
  try {
    await database.begin();
    await database.execute(givenScript(script));
    await database.commit();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

const text = (value: string) => dialectRules.mssql.stringLiteral(value);

const uuidForm = /^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

/**
 * A value in the form of the scenarios: comparisons are numbers, and the driver returns `bigint` as text and UUIDs in
 * upper case.
 */
function comparable(value: unknown, expected: unknown): unknown {
  if (typeof expected === 'boolean' && typeof value === 'number') return value === 1;
  if (typeof value !== 'string') return value;
  if (typeof expected === 'number' && String(Number(value)) === value) return Number(value);
  return uuidForm.test(value) ? value.toLowerCase() : value;
}

/** Thrown for a statement that was not refused. */
class Accepted extends Error {}

/**
 * Runs scenarios on SQL Server itself, where an error ends the transaction even if it has savepoints (design 06 §2.3).
 */
export function mssqlServerScenarios(database: MssqlDatabase): ScenarioDatabase {
  return {
    dialect: 'mssql',
    begin: () => database.begin(),
    rollback: () => database.rollback(),
    exec: (sql) => database.execute(givenScript(sql)),
    queryRows: async (sql, expected) =>
      (await database.query<object>(trusted(sql))).map((row, index) =>
        Object.values(row).map((value, column) => comparable(value, expected?.[index]?.[column])),
      ),
    text,
    documentText: (id, uuid, project, resource) =>
      [
        'SET IDENTITY_INSERT [dms].[Document] ON;',
        `INSERT INTO [dms].[Document] ([DocumentId], [DocumentUuid], [ResourceKeyId]) VALUES (${id}, ${text(uuid)},`,
        `  (SELECT [ResourceKeyId] FROM [dms].[ResourceKey] WHERE [ProjectName] = ${text(project)} AND [ResourceName] = ${text(resource)}));`,
        'SET IDENTITY_INSERT [dms].[Document] OFF;',
      ].join('\n'),
    documentsQuery: `SELECT CONVERT(nvarchar(20), d.[DocumentId]) AS [id], CONVERT(nvarchar(20), d.[ContentVersion]) AS [content],
  CONVERT(nvarchar(20), d.[IdentityVersion]) AS [identity],
  (SELECT COUNT(*) FROM [dms].[DocumentChangeEvent] e WHERE e.[DocumentId] = d.[DocumentId]) AS [events] FROM [dms].[Document] d`,
    identitiesQuery: (id) =>
      `SELECT [ResourceKeyId], CONVERT(nvarchar(36), [ReferentialId]) AS [ReferentialId] FROM [dms].[ReferentialIdentity] WHERE [DocumentId] = ${id} ORDER BY [ResourceKeyId]`,
    refused: async (sql, { mssqlError, constraint, mssqlConstraint }) => {
      try {
        await database.execute(givenScript(sql));
        throw new Accepted(`must fail, but succeeds: ${sql.slice(0, 200)}`);
      } catch (error) {
        if (error instanceof Accepted) throw error;
        const { message, diagnostics } = error as Error & {
          diagnostics?: readonly [{ details: { driverCode?: unknown } }];
        };
        if (mssqlError !== undefined) expect(diagnostics?.[0].details.driverCode, message).toBe(String(mssqlError));
        const name = mssqlConstraint ?? constraint;
        if (name !== undefined) expect(message).toContain(name);
        return true;
      }
    },
  };
}
