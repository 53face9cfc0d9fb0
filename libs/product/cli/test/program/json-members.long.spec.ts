import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addCommands } from '../../src/commands/index.ts';
import { leafCommands } from '../../src/run.ts';
import { jsonLines, ran } from '../ran.ts';
import { makeServiceDatabase } from '../service-database.ts';
import { makeOds, odsOptions } from '../source-ods.ts';

/* The names of members in `--json`: in camel case, whatever the names in files and databases are (design 10 §3.1.1). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-json-members-'));
const place = (...names: string[]) => path.join(scratch, ...names);
const variables = { ods: 'JSON_MEMBERS_ODS', upgraded: 'JSON_MEMBERS_UPGRADED', service: 'JSON_MEMBERS_SERVICE' };
const made: PostgresDatabase[] = [];

const { descriptor, integer, object, project, resource, string } = build;
const rooms = (properties: build.JsonRecord) =>
  project('Ed-Fi', [
    descriptor('ColorDescriptor'),
    resource('Room', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object(properties, ['code']) }),
  ]);

async function database(variable: string): Promise<PostgresDatabase> {
  const found = await createScratchDatabase();
  made.push(found);
  process.env[variable] = found.url;
  return found;
}

const done = async (...args: readonly string[]) => {
  const { code, err } = await ran(args);
  expect([code, err], args.join(' ')).toEqual([0, expect.any(String)]);
};

beforeAll(async () => {
  const sets = {
    before: rooms({ code: integer(), wing: string(60) }),
    after: rooms({ code: integer(), wing: string(60), label: string(20) }),
    narrow: rooms({ code: integer(), wing: string(9) }),
  };
  for (const [name, schema] of Object.entries(sets)) {
    mkdirSync(place('schemas', name), { recursive: true });
    writeFileSync(place('schemas', name, 'ApiSchema.json'), JSON.stringify(schema));
    await done('emit', '--schema', place('schemas', name), '--mapping-version', 'v2', '--output', place(name));
  }
  writeFileSync(
    place('older.json'),
    JSON.stringify({ apiSchemaVersion: '1.0.0', projectSchemas: { ed: project('Ed', []).projectSchema } }),
  );
  writeFileSync(
    place('rooms.jsonl'),
    ['a', 'wider than nine letters', 7]
      .map((wing, code) => `${JSON.stringify({ resource: 'Ed-Fi:Room', document: { code, wing } })}\n`)
      .join(''),
  );
  const color = { namespace: 'uri://x/ColorDescriptor', codeValue: 'red', shortDescription: 'red' };
  writeFileSync(place('colors.json'), JSON.stringify({ ColorDescriptor: [color] }));
  writeFileSync(
    place('interchange.xml'),
    '<InterchangeRooms xmlns="http://ed-fi.org/0500"><Room><Code>1</Code></Room></InterchangeRooms>',
  );
  const ods = await makeOds((name) => place(`ods-${name}`));
  made.push(ods);
  process.env[variables.ods] = ods.url;
  await database(variables.upgraded);
  const service = await database(variables.service);
  await done('provision', ...setOf('before', 'service'));
  await makeServiceDatabase(service.url, place('before'));
  writeFileSync(
    place('fleet.json'),
    JSON.stringify({ databases: [{ name: 'west', labels: { school_year: '2026' }, env: variables.upgraded }] }),
  );
});

afterAll(async () => {
  for (const variable of Object.values(variables)) delete process.env[variable];
  for (const each of made) await each.drop();
  rmSync(scratch, { recursive: true, force: true });
});

const at = (name: keyof typeof variables) => ['--dialect', 'pgsql', '--connection-env', variables[name]];
const setOf = (name: string, where: keyof typeof variables) => ['--artifacts', place(name), ...at(where)];
const schemaOf = (name: string) => ['--schema', place('schemas', name), '--mapping-version', 'v2'];
const bothSets = ['--before', place('before'), '--after', place('after')];

/** Every command with its arguments, in an order in which it has something to report; some runs fail. */
const runs = (): readonly (readonly [command: string, ...args: readonly (string | readonly string[])[]])[] => [
  ['completion', 'bash'],
  ['emit', schemaOf('before'), '--output', place('emitted')],
  ['emit', schemaOf('after'), '--output', place('emitted'), '--check'],
  ['hash', schemaOf('before')],
  ['init', '--schema', place('schemas', 'before'), '--output', place('dms.json')],
  ['schemas', place('schemas', 'before')],
  ['convert', place('older.json'), '--output', place('converted')],
  ['verify', '--artifacts', place('before'), '--dialect', 'mssql'],
  ['verify', '--artifacts', place('before'), '--dialect', 'pgsql', '--documents', '1'],
  ['provision', setOf('before', 'upgraded'), '--dry-run'],
  ['provision', setOf('before', 'upgraded')],
  ['provision', '--artifacts', place('before'), '--fleet', place('fleet.json')],
  ['seed-descriptors', place('colors.json'), setOf('before', 'upgraded')],
  ['load', place('rooms.jsonl'), setOf('before', 'upgraded'), '--continue'],
  ['get', 'Ed-Fi:Room', setOf('before', 'upgraded')],
  ['changes', setOf('before', 'upgraded')],
  ['dump', setOf('before', 'upgraded'), '--output', place('dumped')],
  ['check', setOf('after', 'upgraded')],
  ['check', setOf('before', 'upgraded'), '--data', '--deep'],
  ['check', '--artifacts', place('after'), '--fleet', place('fleet.json')],
  ['inspect', at('upgraded'), '--output', place('inspected')],
  ['doctor', setOf('before', 'upgraded')],
  ['impact', bothSets],
  ['upgrade plan', bothSets, at('upgraded'), '--output', place('planned')],
  ['upgrade plan', '--before', place('before'), '--after', place('narrow'), at('upgraded')],
  ['upgrade apply', '--before', place('before'), '--after', place('narrow'), at('upgraded')],
  ['upgrade prepare', bothSets, at('upgraded')],
  ['check', setOf('before', 'upgraded')],
  ['upgrade apply', bothSets, at('upgraded')],
  ['upgrade status', at('upgraded')],
  ['upgrade status', '--fleet', place('fleet.json')],
  ['adopt', setOf('before', 'service')],
  ['check', setOf('before', 'service')],
  ['reporting emit', odsOptions.slice(0, -2), '--output', place('reporting')],
  ['reporting apply', odsOptions.slice(0, -2), at('ods')],
  ['check', setOf('ods-out', 'ods')],
  ['reporting drop', at('ods')],
  ['read-ods', odsOptions, '--connection-env', variables.ods, '--output', place('read')],
  ['translate', place('interchange.xml'), '--before', place('before'), '--output', place('converted-documents')],
  ['sample', '--artifacts', place('before'), '--documents', '3', '--output', place('sampled')],
  ['explore', '--artifacts', place('before')],
  ['diagram', '--artifacts', place('before'), 'Ed-Fi:Room'],
  ['comments emit', '--artifacts', place('before')],
  ['comments apply', setOf('before', 'service')],
  ['dictionary', '--artifacts', place('before')],
  ['pack build', '--artifacts', place('before'), '--output', place('packs')],
  ['pack manifest', ...packs().slice(0, 1), '--output', place('pack')],
  ['pack verify', ...packs().slice(0, 1)],
];

/** The packs that `pack build` has written. */
const packs = (): readonly string[] => {
  const names = readdirSync(scratch, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.mpack')).map((name) => place(name));
};

/** Places where the names of members are data: labels, documents, the columns of a key, and generations. */
const dataPlaces = [/\.labels$/, /\.document$/, /\.key$/, /\.fits$/];

/** The places of members whose names are not in camel case. */
function strangeMembers(value: unknown, at = '$'): string[] {
  if (typeof value !== 'object' || value === null || dataPlaces.some((data) => data.test(at))) return [];
  if (Array.isArray(value)) return value.flatMap((each) => strangeMembers(each, at));
  return Object.entries(value).flatMap(([name, member]) => [
    ...(/^[a-z][a-zA-Z0-9]*$/.test(name) ? [] : [`${at}.${name}`]),
    ...strangeMembers(member, `${at}.${name}`),
  ]);
}

it('finds a member that is not in camel case, and leaves data alone', () => {
  expect(strangeMembers({ a: [{ b_c: 1 }], labels: { d_e: 1 } })).toEqual(['$.a.b_c']);
});

it('every command has camel case in --json', async () => {
  const answered = new Set<string>();
  for (let index = 0; index < runs().length; index++) {
    const [command = '', ...given] = runs()[index] ?? [];
    const { code, out, err } = await ran([...command.split(' '), ...given.flat(), '--json']);
    expect(code, `${command}: ${err}`).toBeLessThan(2);
    const objects = [...jsonLines(out), ...jsonLines(err)];
    expect(objects.length, command).toBeGreaterThan(0);
    expect(
      objects.flatMap((each) => strangeMembers(each)),
      `${command} ${given.flat().join(' ')}`,
    ).toEqual([]);
    if (jsonLines(out).some(({ type }) => type === 'result')) answered.add(command);
  }
  const program = new Command();
  const unused = () => {
    throw new Error('Nothing is run here.');
  };
  await addCommands(program, { printerFor: unused, cancellation: { hold: unused } });
  const wordsOf = (each: Command): string =>
    each.parent === null || each.parent === program ? each.name() : `${wordsOf(each.parent)} ${each.name()}`;
  expect([...answered].sort()).toEqual(leafCommands(program).map(wordsOf).sort());
});
