import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/*
 * All commands that check a database for an upgrade return the same findings, for one database and for a fleet (design
 * 12 §7, 18).
 */

const { integer, object, project, reference, resource, string } = build;

interface Rules {
  /** The maximum length of the id of a campus, which rooms and sections copy. */
  readonly length: number;
  readonly title: build.JsonRecord;
  readonly hasFloor: boolean;
}

const part = { isPartOfIdentity: true };
const id = (length: number) => object({ campusId: string(length) }, ['campusId']);

/** A section is at the campus of its room: both references share one column. */
const campuses = ({ length, title, hasFloor }: Rules) =>
  project('Uni', [
    resource('Campus', {
      identityJsonPaths: ['$.campusId'],
      jsonSchemaForInsert: object({ campusId: string(length) }, ['campusId']),
    }),
    resource('Room', {
      identityJsonPaths: ['$.campusReference.campusId', '$.roomCode'],
      documentPathsMapping: {
        Campus: { ...reference('Uni:Campus', [['$.campusId', '$.campusReference.campusId']]), ...part },
      },
      jsonSchemaForInsert: object(
        { campusReference: id(length), roomCode: string(20), ...(hasFloor ? { floor: integer() } : {}) },
        ['campusReference', 'roomCode'],
      ),
    }),
    resource('Section', {
      identityJsonPaths: ['$.campusReference.campusId', '$.sectionCode'],
      documentPathsMapping: {
        Campus: { ...reference('Uni:Campus', [['$.campusId', '$.campusReference.campusId']]), ...part },
        Room: reference(
          'Uni:Room',
          [
            ['$.campusReference.campusId', '$.roomReference.campusId'],
            ['$.roomCode', '$.roomReference.roomCode'],
          ],
          false,
        ),
      },
      equalityConstraints: [
        { sourceJsonPath: '$.campusReference.campusId', targetJsonPath: '$.roomReference.campusId' },
      ],
      jsonSchemaForInsert: object(
        {
          campusReference: id(length),
          roomReference: object({ campusId: string(length), roomCode: string(20) }, ['campusId', 'roomCode']),
          sectionCode: string(20),
          title,
        },
        ['campusReference', 'sectionCode'],
      ),
    }),
  ]);

const sets: Readonly<Record<string, Rules>> = {
  before: { length: 30, title: string(60), hasFloor: true },
  after: { length: 5, title: { ...string(60), pattern: '^[A-Z]' }, hasFloor: false },
};

const documents: Readonly<Record<string, readonly build.JsonRecord[]>> = {
  campuses: [{ campusId: 'north' }, { campusId: 'southwest' }],
  rooms: [
    { campusReference: { campusId: 'southwest' }, roomCode: 'A', floor: 1 },
    { campusReference: { campusId: 'north' }, roomCode: 'B' },
  ],
  sections: [
    {
      campusReference: { campusId: 'southwest' },
      roomReference: { campusId: 'southwest', roomCode: 'A' },
      sectionCode: 's1',
      title: 'Art',
    },
    { campusReference: { campusId: 'north' }, sectionCode: 's2', title: 'art' },
  ],
};

interface PrintedFinding {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Codes and messages of findings, which the object of a database in a fleet has. */
const texts = (findings: readonly PrintedFinding[]) => findings.map(({ code, message }) => `${code} ${message}`);

const facts = (findings: readonly PrintedFinding[]) =>
  findings.map(({ code, message, details }) => ({ code, message, details }));

describe.each(['v1', 'v2'])('documents that object to an upgrade, in %s,', (version) => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-objecting-'));
  const place = (name: string) => path.join(scratch, name);
  const folders = ['--before', place('before'), '--after', place('after')];
  let database: PostgresDatabase;

  beforeAll(async () => {
    database = await createScratchDatabase();
    for (const [name, rules] of Object.entries(sets)) {
      writeFileSync(place(`${name}.json`), JSON.stringify(campuses(rules)));
      const source = ['--schema', place(`${name}.json`), '--mapping-version', version, '--dialect', 'pgsql'];
      expect(await ran(['emit', ...source, '--output', place(name)])).toMatchObject({ code: 0 });
    }
    mkdirSync(place('all/uni'), { recursive: true });
    for (const [endpoint, list] of Object.entries(documents))
      writeFileSync(place(`all/uni/${endpoint}.jsonl`), list.map((each) => `${JSON.stringify(each)}\n`).join(''));
    const at = ['--artifacts', place('before'), '--dialect', 'pgsql', '--connection', database.url];
    expect(await ran(['provision', ...at])).toMatchObject({ code: 0 });
    expect(await ran(['load', place('all'), ...at])).toMatchObject({ code: 0 });
    vi.stubEnv('DMS_OBJECTING_DATABASE', database.url);
    const fleet = { databases: [{ name: 'only', env: 'DMS_OBJECTING_DATABASE' }] };
    writeFileSync(place('fleet.json'), JSON.stringify(fleet));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    rmSync(scratch, { recursive: true, force: true });
    await database.drop();
  });

  const commands: Readonly<Record<string, readonly string[]>> = {
    'upgrade plan': ['upgrade', 'plan', ...folders, '--dialect', 'pgsql', '--output', place('plan')],
    'upgrade prepare': ['upgrade', 'prepare', ...folders, '--dry-run'],
    'upgrade apply': ['upgrade', 'apply', ...folders],
    'upgrade apply --dry-run': ['upgrade', 'apply', ...folders, '--dry-run'],
  };

  /** The findings of a command on the database. */
  async function said(name: string, more: readonly string[]): Promise<readonly PrintedFinding[]> {
    const { err } = await ran([...(commands[name] ?? []), ...more, '--connection', database.url, '--json']);
    return facts(
      jsonLines(err).filter(({ type, code }) => type === 'diagnostic' && /^UPGRADE_(LOSS|ROWS_OBJECT)$/.test(code)),
    );
  }

  /** The findings of a command on a fleet of only this database. */
  async function saidOfFleet(name: string, more: readonly string[]): Promise<readonly string[]> {
    const { out } = await ran([...(commands[name] ?? []), ...more, '--fleet', place('fleet.json'), '--json']);
    const [{ diagnostics }] = jsonLines(out).filter(({ type }) => type === 'database');
    return texts(diagnostics);
  }

  it('are named alike by every command, with their uuids and paths', async () => {
    const permitted = ['--allow-loss', 'all'];
    const first = await said('upgrade plan', permitted);
    expect(first.map(({ details: { count, paths } }) => ({ count, paths }))).toEqual([
      { count: 1, paths: ['$.campusId'] },
      { count: 1, paths: ['$.campusReference.campusId'] },
      // the single column of both references, and each reference
      { count: 1, paths: ['$.campusReference.campusId'] },
      { count: 1, paths: ['$.campusReference.campusId'] },
      { count: 1, paths: ['$.roomReference.campusId'] },
      { count: 1, paths: ['$.title'] },
    ]);
    for (const name of Object.keys(commands)) {
      expect(await said(name, permitted), name).toEqual(first);
      expect(await saidOfFleet(name, permitted), `${name} --fleet`).toEqual(texts(first));
    }
  });

  it('are named with what would be lost, where nobody permits it', async () => {
    const first = await said('upgrade plan', []);
    expect(first.map(({ code, details: { count } }) => ({ code, count }))).toEqual([
      { code: 'UPGRADE_LOSS', count: 1 },
      ...Array.from({ length: 6 }, () => ({ code: 'UPGRADE_ROWS_OBJECT', count: 1 })),
    ]);
    expect(await said('upgrade apply', [])).toEqual(first);
    for (const name of ['upgrade plan', 'upgrade apply --dry-run']) {
      expect(await said(name, []), name).toEqual(first);
      expect(await saidOfFleet(name, []), `${name} --fleet`).toEqual(texts(first));
    }
  });
});
