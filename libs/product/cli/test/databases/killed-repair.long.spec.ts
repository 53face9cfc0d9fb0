import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  isThorough,
  openSession,
  ownSchemaFile,
  ownSchemas,
  ownSchemasV2,
  type PostgresDatabase,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram, linkPackages } from '../bundled-program.ts';
import { ran } from '../ran.ts';

/* A repair that is killed in the middle changes no row, and the next repair restores all rows (design 09c §4). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-killed-repair-'));
let program: string;
beforeAll(async () => {
  program = await bundleProgram(scratch);
  linkPackages(scratch);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const generations = [
  { name: 'v1', schemas: ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]), project: 'campus' },
  {
    name: 'v2',
    schemas: ['--mapping-version', 'v2', ...ownSchemasV2.flatMap((name) => ['--schema', ownSchemaFile(name)])],
    project: 'edfi',
  },
];

describe.runIf(isThorough).each(generations)(
  'a repair of $name (needs DMS_PROPERTY_RUNS above 1)',
  ({ name, schemas, project }) => {
    const artifacts = path.join(scratch, name, 'artifacts');
    let database: PostgresDatabase;
    let observer: TestDatabase;
    let before: string;
    const at = () => ['--artifacts', artifacts, '--dialect', 'pgsql', '--connection', database.url];

    beforeAll(async () => {
      database = await createScratchDatabase();
      observer = await openSession(database.url);
      const sample = path.join(scratch, name, 'sample');
      const commands = [
        ['emit', ...schemas, '--dialect', 'pgsql', '--output', artifacts],
        ['sample', '--artifacts', artifacts, '--documents', '80', '--output', sample],
        ['provision', ...at()],
        ['load', sample, ...at()],
      ];
      for (const command of commands) expect((await ran(command)).code, command[0]).toBe(0);
      before = await state();
    });
    afterAll(async () => {
      await observer.close();
      await database.drop();
    });

    /** All rows, as text. */
    async function state(): Promise<string> {
      const tables = await observer.query<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)' ORDER BY 1`,
      );
      const parts = tables.map(
        ({ name: table }) =>
          `SELECT '${table}' AS name, string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C") AS rows FROM ${table} AS t`,
      );
      const rows = await observer.query<{ name: string; rows: string | null }>(
        `${parts.join(' UNION ALL ')} ORDER BY 1`,
      );
      return rows.map((row) => `${row.name}\n${row.rows ?? ''}`).join('\n');
    }

    const identity = `${project}."EducationOrganizationIdentity"`;
    const hierarchy = 'auth."EducationOrganizationIdToEducationOrganizationId"';
    const schools = `(SELECT "DocumentId" FROM ${project}."School")`;
    const orphan =
      'INSERT INTO dms."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId") VALUES (gen_random_uuid(), 999999, 1)';
    const wrongIds = `UPDATE dms."ReferentialIdentity" SET "ReferentialId" = gen_random_uuid() WHERE "DocumentId" IN ${schools}`;
    const lostMembers = `DELETE FROM ${identity} WHERE "DocumentId" IN ${schools}`;
    const lostPairs = `DELETE FROM ${hierarchy} WHERE "SourceEducationOrganizationId" = "TargetEducationOrganizationId"`;

    const moments: readonly (readonly [string, readonly string[], string])[] = [
      ['before it deletes orphans', [orphan], 'dms."ReferentialIdentity"'],
      ['before it writes referential ids', [wrongIds], 'dms."ReferentialIdentity"'],
      ['after referential ids, before abstract identities', [orphan, lostMembers], identity],
      ['after all of these, before the hierarchy', [orphan, wrongIds, lostPairs], hierarchy],
    ];

    // each case in one of the generations, and in both in a thorough search
    it.each(moments)('that is killed %s', async (_name, damages, table) => {
      await observer.exec(
        `SET session_replication_role = replica; ${damages.join('; ')}; SET session_replication_role = origin`,
      );
      const damaged = await state();
      expect(damaged).not.toBe(before);
      const blocker = await openSession(database.url);
      // other sessions may read the table
      await blocker.exec(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`);
      const child = spawn(process.execPath, [program, 'check', ...at(), '--data', '--repair'], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const sessions = () =>
        observer.query<{ waits: boolean }>(
          `SELECT wait_event_type = 'Lock' AS waits FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'dms'`,
        );
      while (!(await sessions()).some(({ waits }) => waits)) {
        expect(child.exitCode).toBeNull();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      child.kill('SIGKILL');
      await ended;
      await blocker.exec('ROLLBACK');
      await blocker.close();
      while ((await sessions()).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await state()).toBe(damaged);
      const { code, out } = await ran(['check', ...at(), '--data', '--repair']);
      expect([code, out]).toEqual([0, expect.stringContaining('Rows: ok')]);
      expect(await state()).toBe(before);
    });
  },
);
