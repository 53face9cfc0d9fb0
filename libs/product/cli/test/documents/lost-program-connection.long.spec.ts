import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createProvisionedDatabase,
  openSession,
  ownSchemaFile,
  type PostgresDatabase,
  propertyRuns,
  type TestDatabase,
  usualGenerations,
} from '@dms/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DmsError, type Documents, emit, type OpenedMappingSet, openMappingSet } from '../../src/index.ts';

/* Each function of the library fails, and the program goes on, at whatever statement the server ends its session. */

const ninth = { namespace: 'uri://ed-fi.org/GradeLevelDescriptor', codeValue: 'Ninth', shortDescription: 'Ninth' };
const student = (id: string) => ({
  studentUniqueId: id,
  firstName: 'Ada',
  lastSurname: 'Byron',
  birthDate: '2012-12-10',
});

/** When the server ends the session of a statement: before it, while it runs, or after it. */
const moments = ['before', 'during', 'after'] as const;
type MomentOfLoss = (typeof moments)[number];

const sleep = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

describe.each(usualGenerations())('a session of a program in %s', (mappingVersion) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-program-'));
  let database: PostgresDatabase;
  let administrator: TestDatabase;
  let set: OpenedMappingSet;
  let known: string;

  beforeAll(async () => {
    const output = path.join(folder, 'out');
    await emit({ schemas: [ownSchemaFile('district')], dialects: ['pgsql'], mappingVersion, output });
    database = await createProvisionedDatabase(readFileSync(path.join(output, 'pgsql.sql'), 'utf8'));
    administrator = await openSession(database.url);
    set = await openMappingSet(output);
    await lostAt(null, 'before', async (documents) => {
      await documents.write('Ed-Fi:GradeLevelDescriptor', ninth);
      known = (await documents.write('Ed-Fi:Student', student('known'))).uuid;
    });
  });
  afterAll(async () => {
    await administrator.close();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  /**
   * Runs a call on a pool whose server ends the session at a statement, by its number from 1, or at none. Returns what
   * the call threw, and its statements.
   */
  async function lostAt(
    statement: number | null,
    moment: MomentOfLoss,
    call: (documents: Documents) => Promise<unknown>,
  ): Promise<{ readonly thrown: unknown; readonly sent: readonly string[] }> {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    const poolErrors: unknown[] = [];
    pool.on('error', (error) => poolErrors.push(error));
    const clients: pg.Client[] = [];
    const sent: string[] = [];
    pool.on('connect', (client: pg.Client) => {
      clients.push(client);
      const { processID } = client as unknown as { readonly processID: number };
      const end = () => administrator.query('SELECT pg_terminate_backend($1, 5000)', [processID]);
      const send = client.query.bind(client) as (query: object) => Promise<unknown>;
      Object.assign(client, {
        query: async (query: { readonly text: string }) => {
          sent.push(query.text);
          if (sent.length !== statement) return send(query);
          if (moment === 'before') await end();
          const running = send(query);
          if (moment === 'during') await Promise.allSettled([running, end()]);
          const [answer] = await Promise.allSettled([running]);
          if (moment === 'after') {
            await end();
            await sleep(2);
          }
          if (answer.status === 'rejected') throw answer.reason;
          return answer.value;
        },
      });
    });
    let thrown: unknown = null;
    try {
      await call(set.on(pool));
    } catch (error) {
      thrown = error;
    }
    for (const client of clients) expect(client.listenerCount('end')).toBe(0);
    // a lost client was given back as broken, and one that is there was given back
    const given = { statement, moment, clients: pool.totalCount, poolErrors };
    expect(given).toEqual({
      ...given,
      clients: thrown instanceof DmsError && thrown.code === 'DB_CONNECTION_LOST' ? 0 : pool.idleCount,
      poolErrors: [],
    });
    await pool.end();
    return { thrown, sent };
  }

  const calls: (readonly [name: string, call: (documents: Documents) => Promise<unknown>])[] = [
    ['write', (documents) => documents.write('Ed-Fi:Student', student(`${Math.random()}`))],
    [
      'write of a descriptor',
      (documents) => documents.write('Ed-Fi:GradeLevelDescriptor', { ...ninth, codeValue: `${Math.random()}` }),
    ],
    [
      'writeAll',
      (documents) =>
        documents.writeAll(
          'Ed-Fi:Student',
          ['a', 'b', 'c'].map((each) => student(`${each}${Math.random()}`)),
        ),
    ],
    ['writeAll of a descriptor', (documents) => documents.writeAll('Ed-Fi:GradeLevelDescriptor', [ninth, ninth])],
    [
      'replace',
      (documents) => documents.replace('Ed-Fi:Student', known, { ...student('known'), firstName: `${Math.random()}` }),
    ],
    ['read', (documents) => documents.read(known)],
    ['query', (documents) => documents.query('Ed-Fi:Student', { where: { firstName: 'Ada' } })],
    ['remove', (documents) => documents.remove('11111111-1111-4111-8111-111111111111')],
  ];
  if (mappingVersion === 'v2') calls.push(['changes', (documents) => documents.changes()]);

  const codeOf = (thrown: unknown) => (thrown instanceof DmsError ? thrown.code : String(thrown));

  it.each(calls)('%s', async (name, call) => {
    const { sent, thrown } = await lostAt(null, 'before', call);
    const count = sent.length;
    const usual = codeOf(thrown);
    expect(usual).toBe(name === 'remove' ? 'DOCUMENT_NOT_FOUND' : 'null');
    expect(count).toBeGreaterThan(3);
    for (let statement = 1; statement <= count; statement += 1)
      for (const [index, moment] of moments.entries()) {
        // normally one moment of each statement
        if (propertyRuns(1) === 1 && statement % moments.length !== index) continue;
        const code = codeOf((await lostAt(statement, moment, call)).thrown);
        // the work of a session is over before its rollback, and a short statement may end before its session does
        const rest = moment === 'before' ? sent[statement - 1] : sent[statement];
        const isOver = rest === undefined || /^(?:ROLLBACK$|SAVEPOINT dms_lent$)/.test(rest);
        const isAccepted = code === usual && (moment === 'during' || isOver);
        const where = { name, statement, of: count, moment };
        expect({ ...where, code: isAccepted ? 'DB_CONNECTION_LOST' : code }).toEqual({
          ...where,
          code: 'DB_CONNECTION_LOST',
        });
      }
  });
});
