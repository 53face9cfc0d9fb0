import { type Connection, introspect, openDatabase, type ServerTarget } from '@dms/databases';
import { givenScript, textOf, trusted } from '@dms/sql';
import { errorOf, inTurn, mainGenerations, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApplyOptions, applyUpgrade, type TranslationRejects } from '../../src/index.ts';
import { databaseText } from '../bench.ts';
import { loaded } from '../dumped.ts';
import { serverDatabase } from '../sessions.ts';
import { codedContents, codedSets, namedContents, namedSets } from './coded-sets.ts';

/* Translations in place that end early: the earlier database is unchanged (design 12 §1, 12a §6). */

let database: PostgresDatabase;
let target: ServerTarget;
let connection: Connection;

beforeAll(async () => {
  ({ database, target } = await serverDatabase());
  connection = await openDatabase(target);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

/** A statement that fails with an error code. */
const failing = (condition: string) => `DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '${condition}'; END $$`;

/** The run in which a failure is planted. */
interface PlantedSession {
  readonly session: Connection;
  readonly pid: number;
  cancel(): void;
}

type Plant = (run: PlantedSession) => Promise<unknown>;

const planted: Readonly<Record<string, Plant>> = {
  'a full disk': ({ session }) => session.execute(givenScript(failing('disk_full'))),
  'a lock that is not given': ({ session }) => session.execute(givenScript(failing('lock_not_available'))),
  'a killed session': ({ pid }) => connection.query(trusted(`SELECT pg_terminate_backend(${pid})`)),
  'a cancelled run': async ({ cancel }) => cancel(),
};

/**
 * Upgrades in a session of its own; `plant` runs before the statement with the number `at`. Returns the statements that
 * were sent, and the error.
 */
async function upgradedWith(
  sets: ReturnType<typeof codedSets>,
  at: number,
  plant: Plant | null,
  options: ApplyOptions = {},
): Promise<{ readonly statements: readonly string[]; readonly error: unknown }> {
  const session = await openDatabase(target);
  const [row] = await session.query<{ id: number }>(trusted('SELECT pg_backend_pid() AS id'));
  const statements: string[] = [];
  const controller = new AbortController();
  const run: PlantedSession = { session, pid: row?.id ?? 0, cancel: () => controller.abort() };
  const before = async (text: string) => {
    statements.push(text);
    if (statements.length === at) await plant?.(run);
  };
  const watched: Connection = {
    ...session,
    query: async (text, parameters, limits) => {
      await before(textOf(text));
      return session.query(text, parameters, limits);
    },
    queryAll: async (all, ...rest) => {
      for (const { pieces } of all) await before(pieces.join('?'));
      return session.queryAll(all, ...rest);
    },
    execute: async (text, limits) => {
      await before(textOf(text));
      return session.execute(text, limits);
    },
  };
  try {
    const { before: earlier, after, translation } = sets;
    await applyUpgrade(watched, earlier, after, { translation, signal: controller.signal, ...options });
    return { statements, error: null };
  } catch (error) {
    return { statements, error };
  } finally {
    await session.close();
  }
}

/** The rows and the catalog of the database. */
const wholeDatabase = async () => ({
  text: await databaseText(connection),
  catalog: (await introspect(connection)).catalog,
});

describe.each(mainGenerations)('in %s', (version) => {
  it.each(inTurn(mainGenerations, version, Object.entries(planted)))(
    '%s leaves the database as it was, wherever it comes',
    async (_, plant) => {
      const sets = namedSets(version);
      await loaded(connection, sets.before, namedContents('A', 'B', 'C'));
      const given = await wholeDatabase();
      const { statements, error } = await upgradedWith(sets, 0, null, { dryRun: true });
      expect(error).toBeNull();
      const found = (pattern: RegExp) => 1 + statements.findIndex((text) => pattern.test(text));
      const last = (pattern: RegExp) => 1 + statements.findLastIndex((text) => pattern.test(text));
      const places = [
        found(/^DROP /),
        found(/^TRUNCATE /),
        found(/^INSERT INTO "edfi"."(?:Person|Home|Note)"/),
        last(/^INSERT INTO "edfi"/),
        last(/^UPDATE "dms"."Document" SET "ContentVersion"/),
        found(/^ALTER TABLE "edfi"."Person"[^;]* FOREIGN KEY|^ALTER TABLE "edfi"."Note"[^;]* FOREIGN KEY/),
        last(/EffectiveSchema/),
      ];
      expect(places.filter((place) => place === 0)).toEqual([]);
      for (const place of places) {
        const ended = await upgradedWith(sets, place, plant);
        expect([statements[place - 1], ended.error]).toEqual([statements[place - 1], expect.any(Error)]);
        expect(await wholeDatabase()).toEqual(given);
      }
      // nothing that was left gets in the way
      expect((await upgradedWith(sets, 0, null)).error).toBeNull();
    },
  );

  it('a lock that another session keeps ends it, and the database stays', async () => {
    const sets = codedSets(version);
    await loaded(connection, sets.before, codedContents('A'));
    const given = await wholeDatabase();
    const other = await openDatabase(target);
    await other.begin();
    await other.query(trusted('SELECT 1 FROM edfi."Person"'));
    const { error } = await upgradedWith(sets, 0, null, { limits: { lock: 300 } }).finally(async () => {
      await other.rollback();
      await other.close();
    });
    expect(error).toMatchObject({ code: 'UPGRADE_LOCKED' });
    expect(await wholeDatabase()).toEqual(given);
  });

  it('a reject in the last document ends it, by the rule of its place', async () => {
    const sets = codedSets(version);
    const { before, after, translation } = sets;
    await loaded(connection, before, codedContents('A', 'B', 'Z'));
    const given = await wholeDatabase();
    const { diagnostics } = await errorOf(() => applyUpgrade(connection, before, after, { translation }));
    // the note repeats the code of the person, and a home is made of the person
    expect(diagnostics.map(({ code, details }) => [code, details])).toEqual(
      [
        { code: 'TRANSLATION_VALUE', place: 'Ed-Fi:Note.$.personReference.code', rule: 'moves[0]' },
        { code: 'TRANSLATION_TARGET', place: 'Ed-Fi:Home', rule: 'documents[0]' },
        { code: 'TRANSLATION_VALUE', place: 'Ed-Fi:Person.$.code', rule: 'moves[0]' },
      ].map((reject) => ['UPGRADE_ROWS_OBJECT', { uuid: expect.any(String), ...reject }]),
    );
    expect(diagnostics[0].message).toContain('The rule moves[0] cannot carry it');
    expect(await wholeDatabase()).toEqual(given);
  });

  it('no place for what waits to be written ends it', async () => {
    const sets = codedSets(version);
    await loaded(connection, sets.before, codedContents('A'));
    const given = await wholeDatabase();
    for (const name of ['TMPDIR', 'TMP', 'TEMP']) vi.stubEnv(name, '/nowhere');
    const { statements, error } = await upgradedWith(sets, 0, null).finally(() => vi.unstubAllEnvs());
    expect(String(error)).toContain('/nowhere');
    expect(statements.filter((text) => /^(?:DROP|ALTER|CREATE) TABLE/.test(text))).toEqual([]);
    expect(await wholeDatabase()).toEqual(given);
  });

  it('rejects that cannot be kept end it', async () => {
    const sets = codedSets(version);
    await loaded(connection, sets.before, codedContents('A', 'Z'));
    const given = await wholeDatabase();
    const full = new Error('the disk of the rejects is full');
    const rejects: TranslationRejects = {
      add: async () => undefined,
      finish: () => Promise.reject(full),
    };
    expect((await upgradedWith(sets, 0, null, { rejects })).error).toBe(full);
    expect(await wholeDatabase()).toEqual(given);
  });
});
