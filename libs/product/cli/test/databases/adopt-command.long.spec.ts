import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase, parseTarget } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { build } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedDatabases } from '../named-databases.ts';
import { jsonLines, ran } from '../ran.ts';
import { makeServiceDatabase } from '../service-database.ts';

/* dms-ddl adopt, and the output of other commands on a database of the service (design 12a §4). */

const { array, integer, object, project, reference, resource } = build;
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-adopt-'));
const place = (name: string) => path.join(scratch, name);
const databases = namedDatabases('service', 'east', 'own', 'west', 'linked');
const connectionOf = (name: string) => ['--dialect', 'pgsql', ...databases.connection(name)];
const connection = connectionOf('service');
const out = ['--artifacts', place('v2')];

beforeAll(async () => {
  const room = resource('Room', {
    identityJsonPaths: ['$.code'],
    jsonSchemaForInsert: object({ code: integer() }, ['code']),
  });
  writeFileSync(place('rooms.json'), JSON.stringify(project('Ed-Fi', [room])));
  for (const version of ['v1', 'v2'])
    expect(
      await ran([
        'emit',
        '--schema',
        place('rooms.json'),
        '--mapping-version',
        version,
        '--output',
        place(version),
        '--quiet',
      ]),
    ).toMatchObject({ code: 0 });
  await provisionByService('service');
});

const provision = async (name: string) =>
  expect(await ran(['provision', ...out, ...connectionOf(name)])).toMatchObject({ code: 0 });

/** Makes a database whose triggers and functions look as if the service's own tool had made them. */
async function provisionByService(name: string): Promise<void> {
  await provision(name);
  await makeServiceDatabase(databases.url(name), place('v2'));
}

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('adopt', () => {
  it('writes a script without a database, and refuses the first generation', async () => {
    const file = place('adopt.sql');
    const written = await ran(['adopt', ...out, '--dialect', 'mssql', '--script', file]);
    expect([written.code, written.out]).toEqual([0, expect.stringContaining(`Script written to ${file}`)]);
    expect(readFileSync(file, 'utf8')).toContain('CREATE OR ALTER TRIGGER [edfi].[TR_Room_Stamp]');
    const refused = await ran([
      'adopt',
      '--artifacts',
      place('v1'),
      '--dialect',
      'pgsql',
      '--script',
      place('none.sql'),
    ]);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('ADOPT_OTHER_GENERATION')]);
    expect((await ran(['adopt', '--dialect', 'pgsql'])).code).toBe(2);
  });

  it('is what check asks for before a repair, and where two makers are mixed', async () => {
    const change = async (sql: string) => {
      const { target } = parseTarget(databases.url('service'), 'pgsql');
      if (target.kind === 'static') throw new Error('unexpected');
      const session = await openDatabase(target);
      await session.execute(givenScript(`SET session_replication_role = replica; ${sql}`));
      await session.close();
    };
    const orphan = "'00000000-0000-5000-8000-000000000001'";
    await change(`INSERT INTO dms."ReferentialIdentity" VALUES (${orphan}, 42, 1)`);
    const repair = await ran(['check', ...out, ...connection, '--data', '--repair']);
    expect([repair.code, repair.err]).toEqual([1, expect.stringContaining('CHECK_REPAIR_ADOPT_FIRST')]);
    await change(`DELETE FROM dms."ReferentialIdentity" WHERE "ReferentialId" = ${orphan}`);

    const earlier =
      'CREATE TRIGGER "TR_earlier" BEFORE INSERT ON edfi."Room" FOR EACH ROW EXECUTE FUNCTION edfi."TF_TR_Room_Stamp"()';
    await change(earlier);
    const mixed = await ran(['check', ...out, ...connection]);
    expect([mixed.code, mixed.err]).toEqual([1, expect.stringContaining('CHECK_MAKERS_MIXED')]);
    await change('DROP TRIGGER "TR_earlier" ON edfi."Room"');
  });

  it('is what provision names, where a key is deferrable only with us', async () => {
    const link = object({ roomReference: object({ code: integer() }, ['code']) }, ['roomReference']);
    const room = resource('Room', {
      identityJsonPaths: ['$.code'],
      documentPathsMapping: { Next: reference('Ed-Fi:Room', [['$.code', '$.links[*].roomReference.code']]) },
      jsonSchemaForInsert: object({ code: integer(), links: array(link) }, ['code']),
    });
    writeFileSync(place('linked.json'), JSON.stringify(project('Ed-Fi', [room])));
    const linked = ['--artifacts', place('linked'), ...connectionOf('linked')];
    const schemas = ['--schema', place('linked.json'), '--mapping-version', 'v2'];
    expect(await ran(['emit', ...schemas, '--output', place('linked'), '--quiet'])).toMatchObject({ code: 0 });
    expect(await ran(['provision', ...linked])).toMatchObject({ code: 0 });
    await makeServiceDatabase(databases.url('linked'), place('linked'));
    const refused = await ran(['provision', ...linked]);
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/UPGRADE_ADOPT_FIRST .*Run dms-ddl adopt/)]);
    const untouched = await ran(['check', ...linked]);
    expect([untouched.code, untouched.out]).toEqual([0, expect.stringContaining("made by the service's own tool")]);
    expect(await ran(['adopt', ...linked])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\nRows were not read; dms-ddl check --data finds what is wrong with them\n/),
    });
    expect(await ran(['provision', ...linked])).toMatchObject({ code: 0 });
  });

  it('is not needed for reporting views', async () => {
    const schemas = ['--schema', place('rooms.json'), '--mapping-version', 'v2'];
    const applied = await ran(['reporting', 'apply', ...schemas, ...connection, '--json']);
    expect([applied.code, applied.err]).toEqual([0, '']);
    // the views of rooms and of all descriptors
    expect(JSON.parse(applied.out)).toMatchObject({ views: 2 });
    const checked = await ran(['check', ...out, ...connection]);
    expect([checked.code, checked.out]).toEqual([0, expect.stringContaining("made by the service's own tool")]);
    expect((await ran(['reporting', 'drop', ...connection, '--json'])).code).toBe(0);
  });

  it('makes a database of the service one of ours', async () => {
    const before = await ran(['check', ...out, ...connection]);
    expect([before.code, before.out.split('\n').length]).toEqual([0, 6]);
    expect(before.out).toContain("Triggers and functions: made by the service's own tool\n");
    const status = await ran(['upgrade', 'status', ...connection]);
    expect(status.out).toContain("Triggers and functions: made by the service's own tool\n");
    const dry = await ran(['adopt', ...out, ...connection, '--dry-run']);
    expect([dry.code, dry.out]).toEqual([0, expect.stringMatching(/^Dry run: .*\n(?:.*\n)*Rows before: ok\n$/)]);
    const adopted = await ran(['adopt', ...out, ...connection, '--json']);
    expect([adopted.code, JSON.parse(adopted.out)]).toMatchObject([
      0,
      { command: 'adopt', outcome: 'adopted', documents: 0 },
    ]);
    const after = await ran(['check', ...out, ...connection, '--json']);
    expect([after.code, JSON.parse(after.out)]).toMatchObject([
      0,
      { maker: 'dms-ddl', leftovers: [], differences: [] },
    ]);
    const again = await ran(['adopt', ...out, ...connection]);
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('already; nothing was changed')]);
  });

  it('adopts a fleet of both kinds, one database first, and the table of check says which is which', async () => {
    const names = ['east', 'own', 'west'];
    await provision('own');
    await provisionByService('east');
    await provisionByService('west');
    const fleet = ['--dialect', 'pgsql', '--fleet', place('fleet.json'), '--concurrency', '1'];
    const entries = names.map((name) => ({ name, env: databases.variable(name) }));
    writeFileSync(place('fleet.json'), JSON.stringify({ databases: entries }));
    const makers = async () => {
      const { code, out: text } = await ran(['check', ...out, ...fleet, '--json']);
      const found = jsonLines(text).filter(({ type }) => type === 'database');
      return [code, found.map(({ name, maker }) => `${name} ${maker}`)];
    };
    expect(await makers()).toEqual([0, ['east service', 'own dms-ddl', 'west service']]);
    const table = await ran(['check', ...out, ...fleet]);
    expect(table.out.split('\n').filter((line) => /service/.test(line))).toHaveLength(2);
    const adopted = await ran(['adopt', ...out, ...fleet, '--canary', '1', '--json']);
    const outcomes = jsonLines(adopted.out).filter(({ type }) => type === 'database');
    expect([adopted.code, outcomes.map(({ name, outcome }) => `${name} ${outcome}`)]).toEqual([
      0,
      ['east adopted', 'own alreadyOurs', 'west adopted'],
    ]);
    expect(await makers()).toEqual([0, names.map((name) => `${name} dms-ddl`)]);
  });
});
