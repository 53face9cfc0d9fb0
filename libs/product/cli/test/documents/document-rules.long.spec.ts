import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* An upgrade to schemas with a rule that no table has, and the documents that break it (design 12 §3.8). */

const { array, integer, object, project, resource, string } = build;
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-document-rules-'));
const place = (name: string) => path.join(scratch, name);

const schools = (required: readonly string[]) =>
  project('Ed-Fi', [
    resource('School', {
      identityJsonPaths: ['$.schoolId'],
      jsonSchemaForInsert: object({ schoolId: integer(), addresses: array(object({ city: string(20) }, ['city'])) }, [
        ...required,
      ]),
    }),
  ]);

let database: PostgresDatabase;

/** Runs a command that must succeed; a failure shows its messages. */
async function done(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : err]).toEqual([args[0], 0, '']);
  return out;
}

const at = (artifacts: string) => ['--artifacts', place(artifacts), '--connection', database.url, '--dialect', 'pgsql'];
const sets = () => ['--before', place('before'), '--after', place('after')];
const apply = (...options: readonly string[]) =>
  ran(['upgrade', 'apply', ...sets(), '--connection', database.url, ...options]);

beforeAll(async () => {
  database = await createScratchDatabase();
  for (const [name, required] of Object.entries({ before: ['schoolId'], after: ['schoolId', 'addresses'] })) {
    writeFileSync(place(`${name}.json`), JSON.stringify(schools(required)));
    await done('emit', '--schema', place(`${name}.json`), '--output', place(name), '--quiet');
  }
  const documents = [{ schoolId: 1, addresses: [{ city: 'Ulm' }] }, { schoolId: 2 }, { schoolId: 3 }];
  mkdirSync(place('all/ed-fi'), { recursive: true });
  writeFileSync(place('all/ed-fi/schools.jsonl'), documents.map((each) => `${JSON.stringify(each)}\n`).join(''));
  await done('provision', ...at('before'));
  await done('load', place('all'), ...at('before'));
});

afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await database.drop();
});

describe('a collection that becomes required', () => {
  const change = { class: 'checked', change: 'member required', path: ['Ed-Fi:School', '$.addresses'] };

  it('reads the same in impact and in the plan', async () => {
    const [impact] = jsonLines(await done('impact', ...sets(), '--dialect', 'pgsql', '--json'));
    expect(JSON.stringify(impact)).toContain(JSON.stringify(change.path));
    const plan = ['upgrade', 'plan', ...sets(), '--output', place('plan')];
    // the documents break the rule, so the plan is written and the command fails
    const { code, out, err } = await ran([...plan, '--connection', database.url]);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('error UPGRADE_ROWS_OBJECT Ed-Fi:School: member required'),
    ]);
    expect(readFileSync(place('plan/upgrade.pgsql.sql'), 'utf8')).toContain(
      '-- UPGRADE_ROWS_OBJECT: Ed-Fi:School: member required',
    );
    expect(out).toContain('    checked    member required: Ed-Fi:School.$.addresses\n');
    expect(out).toContain(
      'D1: reads 3 documents of Ed-Fi:School and checks 1 rule; the script alone does not do this\n',
    );
    expect(out).toContain('Verdict: checked (rows are looked at first, and may object)');
    const written = JSON.parse(readFileSync(place('plan/upgrade.pgsql.json'), 'utf8'));
    const item = written.items.findIndex((each: { change: string }) => each.change === change.change);
    expect(written.items[item]).toMatchObject({ ...change, owner: 'Ed-Fi:School' });
    expect(written.items[item].hazards[0]).toMatchObject({ lock: 'ACCESS SHARE', work: 'scan' });
    expect(written.document_checks).toEqual([{ id: 'D1', resource: 'Ed-Fi:School', items: [item] }]);
  });

  it('is refused with the documents, and changes nothing', async () => {
    const { code, err } = await apply();
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('error UPGRADE_ROWS_OBJECT Ed-Fi:School: member required'),
    ]);
    expect(err).toMatch(/2 documents do not allow it \([0-9a-f-]{36} \$\.addresses, [0-9a-f-]{36} \$\.addresses\)/);
    expect(err).toContain('--allow-invalid Ed-Fi:School');
    await done('check', ...at('before'), '--data');
  });

  it('is made where documents may stay, which the database remembers', async () => {
    const { code, out } = await apply('--allow-invalid', 'Ed-Fi:School');
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('Left invalid: 2 documents: member required: Ed-Fi:School.$.addresses\n'),
    ]);
    const status = await done('upgrade', 'status', '--dialect', 'pgsql', '--connection', database.url);
    expect(status).toMatch(/became Ed-Fi 1\.0\.0 .* checked, with invalid documents of Ed-Fi:School/);
    for (const flag of [[], ['--json']]) {
      const found = await ran(['check', ...at('after'), '--data', ...flag]);
      expect([found.code, found.err]).toEqual([1, expect.stringContaining('CHECK_DATA_DIFFERS')]);
      expect(found.out).toMatch(
        flag.length === 0
          ? /Ed-Fi:School: 2 documents that the JSON schema of the resource refuses \([0-9a-f-]{36} \$\.addresses, /
          : /"kind":"documentSchema","object":"Ed-Fi:School","count":2/,
      );
    }
  });

  it('needs no permission once the documents obey; what is dumped can be loaded again', async () => {
    const again = await createScratchDatabase();
    const fresh = await createScratchDatabase();
    try {
      const own = (url: string, artifacts: string) => [
        '--artifacts',
        place(artifacts),
        '--connection',
        url,
        '--dialect',
        'pgsql',
      ];
      mkdirSync(place('valid/ed-fi'), { recursive: true });
      writeFileSync(place('valid/ed-fi/schools.jsonl'), '{"schoolId":1,"addresses":[{"city":"Ulm"}]}\n');
      await done('provision', ...own(again.url, 'before'));
      await done('load', place('valid'), ...own(again.url, 'before'));
      await done('upgrade', 'apply', ...sets(), '--connection', again.url);
      await done('dump', ...own(again.url, 'after'), '--output', place('dumped'));
      await done('provision', ...own(fresh.url, 'after'));
      expect(await done('load', place('dumped'), ...own(fresh.url, 'after'))).toContain('1 document written');
    } finally {
      await again.drop();
      await fresh.drop();
    }
  });
});

describe('an earlier set without document schemas', () => {
  it('is refused by the name of the file', async () => {
    cpSync(place('before'), place('old'), { recursive: true });
    rmSync(place('old/document-schemas.json'));
    const { code, err } = await ran([
      'upgrade',
      'plan',
      '--before',
      place('old'),
      '--after',
      place('after'),
      '--output',
      place('p'),
    ]);
    expect([code, err]).toEqual([1, expect.stringContaining('document-schemas.json')]);
  });
});
