import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';

const { integer, object, project, resource, string } = build;
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-upgrade-renames-'));
const place = (name: string) => path.join(scratch, name);

const persons = (properties: build.JsonRecord) =>
  project('Ed-Fi', [
    resource('Person', {
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: object({ code: integer(), ...properties }, ['code']),
    }),
  ]);

const before = 'Ed-Fi:Person.$.birthCity';
const after = 'Ed-Fi:Person.$.cityOfBirth';
const rename = `${before}=${after}`;
let database: PostgresDatabase;

beforeAll(async () => {
  database = await createScratchDatabase();
  process.env.PERSONS_DB = database.url;
  const sets = { before: persons({ birthCity: string(20) }), after: persons({ cityOfBirth: string(30) }) };
  for (const [name, schema] of Object.entries(sets)) {
    writeFileSync(place(`${name}.json`), JSON.stringify(schema));
    const emitted = await ran(['emit', '--schema', place(`${name}.json`), '--output', place(name), '--quiet']);
    expect(emitted).toMatchObject({ code: 0 });
  }
  const provision = [
    'provision',
    '--artifacts',
    place('before'),
    '--dialect',
    'pgsql',
    '--connection-env',
    'PERSONS_DB',
  ];
  expect(await ran(provision)).toMatchObject({ code: 0 });
  writeFileSync(
    place('persons.jsonl'),
    `${JSON.stringify({ resource: 'Ed-Fi:Person', document: { code: 1, birthCity: 'Lima' } })}\n`,
  );
});

afterAll(async () => {
  delete process.env.PERSONS_DB;
  await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

const sets = ['--before', place('before'), '--after', place('after')];
const plan = (...options: readonly string[]) =>
  ran(['upgrade', 'plan', ...sets, '--output', place('upgrade'), ...options]);
const planned = (dialect: string) => JSON.parse(readFileSync(place(`upgrade/upgrade.${dialect}.json`), 'utf8'));

describe('upgrade plan', () => {
  it('proposes a rename with the option to give, and loses the value without it', async () => {
    const { code, out, err } = await plan();
    expect([code, err]).toEqual([1, expect.stringContaining('UPGRADE_LOSS')]);
    expect(out).toContain(`Perhaps renamed: ${before} is gone and ${after} is new. If so: --rename '${rename}'`);
    expect(planned('pgsql')).toMatchObject({ verdict: 'loss', renames: [], rename_candidates: [{ before, after }] });
  });

  it('makes the rename that an option asks for, in both dialects', async () => {
    const { code, out } = await plan('--rename', rename, '--json');
    expect(code).toBe(0);
    const { plans } = JSON.parse(out.split('\n')[0] ?? '');
    expect(plans.map((each: { dialect: string }) => each.dialect)).toEqual(['pgsql', 'mssql']);
    for (const each of plans)
      expect(each).toMatchObject({ verdict: 'free', renames: [{ before, after }], renameCandidates: [] });
    const [pgsql, mssql] = ['pgsql', 'mssql'].map((dialect) =>
      readFileSync(place(`upgrade/upgrade.${dialect}.sql`), 'utf8'),
    );
    for (const script of [pgsql, mssql]) expect(script).toContain(`-- Renamed: ${rename}`);
    expect(pgsql).toContain('RENAME COLUMN "BirthCity" TO "CityOfBirth"');
    expect(mssql).toContain("sys.sp_rename N'[edfi].[Person].[BirthCity]', N'CityOfBirth', N'COLUMN'");
  });

  it('also makes the moves of a translation, the same as the options, and refuses a wrong one', async () => {
    const moves = place('moves.json');
    expect(await plan('--rename', rename)).toMatchObject({ code: 0 });
    const byOption = planned('pgsql');
    writeFileSync(moves, JSON.stringify({ moves: [{ before, after }] }));
    const { code: done, out } = await plan('--translation', moves);
    expect([done, out]).toEqual([0, expect.stringContaining(`--translation ${moves}`)]);
    const person = { is: 'moved', before: 'Ed-Fi:Person', after: 'Ed-Fi:Person', rules: ['moves[0]'] };
    expect(planned('pgsql')).toEqual({ ...byOption, translation: [person] });
    writeFileSync(moves, JSON.stringify({ moves: [{ before: 'Ed-Fi:Person.$.city', after }] }));
    const { code, err } = await plan('--translation', moves);
    expect([code, err]).toEqual([1, expect.stringContaining('error TRANSLATION_UNKNOWN')]);
  });

  it('takes a rename beside a translation as a last file, and alone as a rename that explains nothing else', async () => {
    const drops = place('dropped.json');
    writeFileSync(drops, JSON.stringify({ drops: [{ before, because: 'nobody asks for it' }] }));
    const given = ['--translation', drops, '--dialect', 'pgsql'];
    // the rename replaces the rule of the file
    const { code, err } = await plan(...given, '--rename', rename, '--notes');
    expect([code, err]).toEqual([0, expect.stringContaining('note TRANSLATION_REPLACED')]);
    expect(planned('pgsql')).toMatchObject({ verdict: 'free', renames: [{ before, after }] });
    const unknown = `Ed-Fi:Person.$.city=${after}`;
    for (const [text, alone, beside] of [
      [unknown, 'UPGRADE_RENAME_UNKNOWN', 'TRANSLATION_UNKNOWN'],
      ['birthCity=', 'UPGRADE_RENAME_INVALID', 'TRANSLATION_INVALID'],
    ] as const) {
      expect((await plan('--dialect', 'pgsql', '--rename', text)).err).toContain(`error ${alone} `);
      expect((await plan(...given, '--rename', text)).err).toContain(`error ${beside} `);
    }
    // a translation must name the other places too; with only a rename, they are lost
    const other = 'Ed-Fi:Person=Ed-Fi:Person';
    expect((await plan('--dialect', 'pgsql', '--rename', other)).err).toContain('error UPGRADE_RENAME_UNUSED ');
    writeFileSync(drops, JSON.stringify({ moves: [] }));
    expect((await plan(...given, '--rename', other)).err).toContain('error TRANSLATION_INCOMPLETE ');
  });

  it('loses what a rule of a translation drops, without a permission', async () => {
    const drops = place('drops.json');
    writeFileSync(drops, JSON.stringify({ drops: [{ before, because: 'nobody asks for it' }] }));
    expect(await plan('--translation', drops)).toMatchObject({ code: 0, err: '' });
    expect(planned('pgsql')).toMatchObject({
      verdict: 'loss',
      renames: [],
      lost: [{ path: ['edfi.Person', 'BirthCity'] }],
    });
    // a place without a rule is refused earlier
    writeFileSync(drops, JSON.stringify({ drops: [] }));
    const { code, err } = await plan('--translation', drops);
    expect([code, err]).toEqual([1, expect.stringContaining('error TRANSLATION_INCOMPLETE')]);
  });

  it('reads documents for a rule that needs it, and prepares what it can', async () => {
    const values = place('values.json');
    writeFileSync(values, JSON.stringify({ moves: [{ before, after, values: { Lima: 'LIM' } }] }));
    const { code, out } = await plan('--translation', values, '--dialect', 'pgsql');
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('Translation: resources: 1 rewritten; documents are read and written'),
    ]);
    expect(out).not.toContain('upgrade prepare --before');
    expect(planned('pgsql')).toMatchObject({
      translation: [{ is: 'rewritten', before: 'Ed-Fi:Person', after: 'Ed-Fi:Person', rules: ['moves[0]'] }],
      lost: [],
      prepared_statements: 0,
    });
    expect(readdirSync(place('upgrade')).filter((name) => name.endsWith('.sql'))).toEqual([]);
    // the same for both dialects
    expect(await plan('--translation', values)).toMatchObject({ code: 0, err: '' });
    expect(planned('mssql')).toMatchObject({ translation: [{ is: 'rewritten' }], lost: [] });
    const prepared = await ran([
      'upgrade',
      'prepare',
      ...sets,
      '--connection-env',
      'PERSONS_DB',
      '--translation',
      values,
    ]);
    // its only table is recreated under its name
    expect([prepared.code, prepared.out, prepared.err]).toEqual([0, expect.stringContaining('repared'), '']);
  });

  it('refuses the option that --translation replaced, and names it', async () => {
    const { code, err } = await plan('--renames', place('moves.json'));
    expect([code, err]).toEqual([2, expect.stringContaining("unknown option '--renames'; it is '--translation' now")]);
  });

  it('refuses an option that is not a rename', async () => {
    const { code, err } = await plan('--rename', before);
    expect([code, err]).toEqual([1, expect.stringContaining('error UPGRADE_RENAME_INVALID')]);
  });
});

describe('upgrade apply', () => {
  it('moves the value', async () => {
    const connection = ['--connection-env', 'PERSONS_DB'];
    const load = ['load', '--artifacts', place('before'), ...connection, place('persons.jsonl')];
    expect(await ran(load)).toMatchObject({ code: 0 });
    const applied = await ran(['upgrade', 'apply', ...sets, ...connection, '--rename', rename]);
    expect([applied.code, applied.out, applied.err]).toEqual([0, expect.stringContaining('Upgraded'), '']);
    expect(await ran(['dump', '--artifacts', place('after'), ...connection, '--output', place('dump')])).toMatchObject({
      code: 0,
    });
    const [file = ''] = readdirSync(place('dump'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.jsonl$/.test(name),
    );
    const [first] = readFileSync(place(`dump/${file}`), 'utf8').split('\n');
    expect(JSON.parse(first ?? '')).toEqual({ code: 1, cityOfBirth: 'Lima' });
    const check = await ran(['check', '--artifacts', place('after'), '--dialect', 'pgsql', ...connection, '--data']);
    expect([check.code, check.err]).toEqual([0, '']);
  });
});
