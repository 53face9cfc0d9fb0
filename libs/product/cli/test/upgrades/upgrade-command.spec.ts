import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';
import { upgradedRooms } from '../upgraded-rooms.ts';

let rooms: Awaited<ReturnType<typeof upgradedRooms>>;

beforeAll(async () => {
  rooms = await upgradedRooms();
});
afterAll(() => rooms.close());

const place = (name: string) => rooms.place(name);
const apply = (...options: readonly string[]) => rooms.apply(...options);
const plan = (...options: readonly string[]) => rooms.plan(...options);

describe('upgrade plan', () => {
  const table = { table: 'edfi.Room', lock: 'ACCESS EXCLUSIVE', blocks: 'readers and writers' };

  it('lists the locks of the script without a database', async () => {
    const { code, out } = await plan('--dialect', 'pgsql');
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(
        'Locks, held until the commit, the longest wait first:\n  edfi.Room: readers and writers wait from statement 1 (ACCESS EXCLUSIVE)\n',
      ),
    ]);
    expect(out).toContain('Size: rows of 3 tables are written; a database says how large they are');
    expect(out).toContain('Time: unknown without a database');
    const written = JSON.parse(readFileSync(place('plan/upgrade.pgsql.json'), 'utf8'));
    expect(written.estimate).toBeUndefined();
    expect(written.tables).toContainEqual({ ...table, work: 'none', readers_from: 1, writers_from: 1 });
    expect(written.items.find(({ change }: { change: string }) => change === 'column added').hazards).toEqual([
      { ...table, work: 'none' },
    ]);
    expect(written.hazards[0]).toEqual({
      statement: 1,
      step: 'columns',
      does: ['add columns'],
      prepared: true,
      ...table,
      work: 'none',
    });
  });

  it('counts the rows of a database and estimates the time', async () => {
    const { code, out } = await plan('--connection-env', 'ROOMS_DB');
    expect([code, out]).toEqual([0, expect.stringContaining('Time: less than 1 s in this database')]);
    const written = JSON.parse(readFileSync(place('plan/upgrade.pgsql.json'), 'utf8'));
    // less than a megabyte is reported as one
    expect(written.estimate).toEqual({ seconds: 1, seconds_after_preparation: 1, bytes: 1_000_000 });
    expect(written.size).toEqual({ new_tables: 0, indexes: 0, rewritten_tables: 0, written_tables: 3 });
    const wait = { readers_wait: 1, writers_wait: 1 };
    expect(written.tables[0]).toEqual({ ...table, work: 'none', readers_from: 1, writers_from: 1, ...wait });
    expect(
      written.tables.slice(1).map(({ table: name, rows }: { table: string; rows: number }) => [name, rows]),
    ).toEqual([
      ['dms.DocumentCache', 0],
      ['dms.EffectiveSchema', 1],
      ['dms.SchemaComponent', 1],
    ]);
  });

  it('prints Markdown', async () => {
    const { code, out } = await plan('--connection-env', 'ROOMS_DB', '--format', 'markdown');
    expect([code, out.split('\n').filter((line) => /^##|^- \*\*Time|^\|.*edfi\.Room/.test(line))]).toEqual([
      0,
      [
        '## Upgrade on PostgreSQL: free',
        '- **Time**: less than 1 s in this database, not counting time spent waiting for others',
        '| `edfi.Room` | from 1, less than 1 s | from 1, less than 1 s | ACCESS EXCLUSIVE |  |  |',
        '| free | column added | 1 | `edfi.Room.Name` |',
      ],
    ]);
  });

  it('names the dialect in the commands that come next only where nothing else says it', async () => {
    const nextOf = async (...options: readonly string[]) =>
      (await plan(...options)).out.split('\n').filter((line) => line.startsWith('  dms-ddl upgrade '));
    const dialects = async (...options: readonly string[]) =>
      new Set((await nextOf(...options)).map((line) => /--dialect \w+/.exec(line)?.[0] ?? 'none'));
    // the artifacts have both dialects: a connection shows its dialect, and pgsql is the default
    expect(await dialects('--connection-env', 'ROOMS_DB')).toEqual(new Set(['none']));
    expect(await dialects('--dialect', 'pgsql')).toEqual(new Set(['none']));
    expect(await dialects('--dialect', 'mssql')).toEqual(new Set(['--dialect mssql']));
    const back = ['--before', place('after'), '--after', place('before')];
    expect(await nextOf('--dialect', 'pgsql', ...back)).toEqual([
      expect.stringContaining(` --dialect pgsql --allow-loss all --output ${place('plan')}`),
    ]);
  });

  it('repeats the collation of a SQL Server database, and refuses one for PostgreSQL', async () => {
    const { out } = await plan('--dialect', 'mssql', '--collation', 'Turkish_100_CS_AS');
    const next = out.split('\n').filter((line) => line.startsWith('  dms-ddl upgrade '));
    expect(next.map((line) => line.includes(' --collation Turkish_100_CS_AS'))).toEqual(next.map(() => true));
    const ofBoth = (await plan('--collation', 'Turkish_100_CS_AS')).out.split('\n');
    const commands = ofBoth.filter((line) => line.startsWith('  dms-ddl upgrade '));
    expect(
      commands.map((line) => /--dialect mssql --collation \w+/.exec(line)?.[0] ?? line.includes('collation')),
    ).toEqual([...next.map(() => false), ...next.map(() => '--dialect mssql --collation Turkish_100_CS_AS')]);
    const { code, err } = await plan('--dialect', 'pgsql', '--collation', 'Turkish_100_CS_AS');
    expect([code, err]).toEqual([expect.any(Number), expect.stringContaining('OPTION_CONFLICT')]);
    const invalid = await plan('--dialect', 'mssql', '--collation', 'no such; --');
    expect([invalid.code, invalid.err]).toEqual([expect.any(Number), expect.stringContaining('OPTION_INVALID')]);
    const back = ['--before', place('after'), '--after', place('before'), '--dialect', 'mssql'];
    expect((await plan(...back, '--collation', 'Turkish_100_CS_AS')).out).toMatch(
      /dms-ddl upgrade plan .* --collation Turkish_100_CS_AS --allow-loss all/,
    );
  });

  it('is for the dialect that the connection shows', async () => {
    process.env.ROOMS_OF_MSSQL = 'mssql://sa:none@127.0.0.1:1/rooms';
    const { code, err } = await plan('--connection-env', 'ROOMS_OF_MSSQL');
    delete process.env.ROOMS_OF_MSSQL;
    expect([code, err]).toEqual([1, expect.stringMatching(/^error DB_(?:DRIVER_MISSING|UNREACHABLE) /m)]);
  });

  it('reports that a database with the later set needs no upgrade', async () => {
    const back = ['--before', place('other'), '--after', place('before'), '--allow-loss', 'all'];
    const { code, out } = await plan(...back, '--connection-env', 'ROOMS_DB');
    expect([code, out]).toEqual([0, expect.stringContaining('The database already has the later schema set.\n')]);
  });

  it('refuses a database of another schema set, and two dialects for one database', async () => {
    const { code, err } = await plan('--connection-env', 'ROOMS_DB', '--before', place('other'), '--allow-loss', 'all');
    expect([code, err]).toEqual([1, expect.stringContaining('UPGRADE_WRONG_DATABASE')]);
    const both = await plan('--connection-env', 'ROOMS_DB', '--dialect', 'pgsql', '--dialect', 'mssql');
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('a database has one dialect')]);
  });
});

describe('upgrade apply', () => {
  it('upgrades a database', async () => {
    expect(await apply()).toMatchObject({ code: 0, out: expect.stringContaining('Upgraded') });
  });

  it.each(['--lock-timeout', '--statement-timeout'])('refuses %s 0', async (option) => {
    const { code, err } = await apply(option, '0');
    expect([code, err]).toEqual([2, expect.stringContaining('It must be 1 or more.')]);
  });

  it.each([
    ['apply', '--lock-timeout'],
    ['apply', '--statement-timeout'],
    ['prepare', '--lock-timeout'],
    ['prepare', '--pause'],
  ])('%s refuses %s beyond what a server counts', async (action, option) => {
    const run = (seconds: string) =>
      ran(['upgrade', action, '--before', 'x', '--after', 'y', '--connection', 'pglite:none', option, seconds]);
    const { code, err } = await run('2147484');
    expect([code, err]).toEqual([2, expect.stringContaining('It must be 2147483 (seconds) or less.')]);
    expect((await run('2147483')).err).not.toContain('seconds');
  });
});
