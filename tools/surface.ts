/**
 * Writes into a folder what users and their programs see of the product: the help of every command, the output of every
 * operation (with `--json`, and for people if nothing is changed; of a successful run and of a refused one), and the
 * `schema.json` of every executor and generator. Two folders, written before and after a change, show its effects.
 *
 *   npx tsx tools/surface.ts /tmp/before
 */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase, parseTarget } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { build, ownSchemaFile } from '@dms/testing';
import { Command } from 'commander';
import { addCommands } from '../libs/product/cli/src/commands/index.ts';
import { ran } from '../libs/product/cli/test/ran.ts';
import { makeServiceDatabase } from '../libs/product/cli/test/service-database.ts';
import { emitSet, fillOds, odsOptions, schemasOf } from '../libs/product/cli/test/source-ods.ts';

const [output] = process.argv.slice(2);
if (output === undefined) throw new Error('Name the folder to write into.');

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-surface-'));
const place = (name: string) => path.join(scratch, name);

function write(name: string, text: string): void {
  const file = path.join(output as string, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A text without the parts that differ from run to run: folders, ids, times and speeds. */
const steady = (text: string): string =>
  text
    .replaceAll(scratch, '<folder>')
    .replaceAll(root, '<repository>/')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, '<time>')
    .replace(/"seconds":[\d.]+/g, '"seconds":0')
    .replace(/ written in [\d.]+ s(?:, \d+ per second)?/g, ' written in 0 s')
    .replace(/"(ran|rss|milliseconds)":[\d.]+/g, '"$1":0');

async function show(name: string, args: readonly string[], input = ''): Promise<void> {
  const { code, out, err } = await ran(args, { input });
  write(`runs/${name}.txt`, steady(`exit ${code}\n--- out\n${out}--- err\n${err}`));
  console.log(`${name}: ${code}`);
}

/** Runs a command with its output for programs. */
const json = (name: string, ...args: readonly string[]) => show(name, [...args, '--json']);

/** Runs a command that changes nothing, with its output for programs and for people. */
async function both(name: string, ...args: readonly string[]): Promise<void> {
  await json(name, ...args);
  await show(`${name}.text`, args);
}

async function helps(): Promise<void> {
  const nothing = (): never => {
    throw new Error('Nothing is run here.');
  };
  const program = new Command('dms-ddl');
  await addCommands(program, { printerFor: nothing, cancellation: { hold: nothing } });
  const words = (command: Command): readonly (readonly string[])[] =>
    command.commands.flatMap((each) => [[each.name()], ...words(each).map((rest) => [each.name(), ...rest])]);
  for (const each of [[], ...words(program)])
    write(`help/${['dms-ddl', ...each].join(' ')}.txt`, (await ran([...each, '--help'])).out);
}

function schemas(): void {
  for (const kind of ['executors', 'generators'])
    for (const name of readdirSync(path.join(root, 'plugins/nx-dms/src', kind), { recursive: true, encoding: 'utf8' }))
      if (path.basename(name) === 'schema.json')
        write(`schemas/${kind}/${name}`, readFileSync(path.join(root, 'plugins/nx-dms/src', kind, name), 'utf8'));
  write('schemas/executors.json', readFileSync(path.join(root, 'plugins/nx-dms/executors.json'), 'utf8'));
}

const campus = ['--schema', ownSchemaFile('campus')];
const folders = { out: place('out'), later: place('later') };
const database = (name: string) => `pglite:${place(name)}`;
const on = (name: string, artifacts = folders.out) => ['--artifacts', artifacts, '--connection', database(name)];
const pgsql = ['--dialect', 'pgsql'];
const fleetOf = (name: string) => ['--fleet', place(`${name}.json`), '--concurrency', '1'];

/** Writes a set with one more resource, and one text fewer. */
function writeLaterSchema(): string {
  const schema = JSON.parse(readFileSync(ownSchemaFile('campus'), 'utf8'));
  const { resourceSchemas } = schema.projectSchema;
  const { properties } = resourceSchemas.schools.jsonSchemaForInsert;
  properties.motto = { type: 'string', maxLength: 40 };
  delete properties.webAddress;
  writeFileSync(place('later.json'), JSON.stringify(schema));
  return place('later.json');
}

async function execute(name: string, text: string): Promise<unknown> {
  const { target } = parseTarget(database(name), 'pgsql');
  if (target.kind === 'static') throw new Error('unexpected');
  const session = await openDatabase(target);
  try {
    return await session.execute(givenScript(text));
  } finally {
    await session.close();
  }
}

/** Copies a database that no program uses, so that several operations start with the same one. */
const copied = (from: string, to: string) => cpSync(place(from), place(to), { recursive: true });

async function setOperations(): Promise<void> {
  const set = place('dms.json');
  writeFileSync(set, JSON.stringify({ schemas: [ownSchemaFile('campus')], outputDirectory: 'configured' }));
  await json('emit', 'emit', ...campus, '--output', folders.out);
  await show('emit.text', ['emit', ...campus, '--output', folders.out]);
  await both('emit config', 'emit', set, '--only', 'script');
  await both('emit check', 'emit', ...campus, '--output', folders.out, '--check');
  await both('emit check differs', 'emit', ...campus, '--output', folders.out, '--check', '--mapping-version', 'v2');
  await both('emit refused', 'emit', '--schema', place('missing.json'), '--output', place('none'));
  await both('emit wrong use', 'emit', ...campus);
  await json('emit later', 'emit', '--schema', writeLaterSchema(), '--output', folders.later);
  await both('schemas', 'schemas', path.join(root, 'fixtures/schemas/campus'));
  await both('schemas refused', 'schemas', place('missing'));
  await both('hash', 'hash', ...campus);
  await both('hash refused', 'hash', '--schema', place('missing.json'));
  const { projectSchema } = build.project('Ed', []) as { projectSchema: build.JsonRecord };
  writeFileSync(
    place('old.json'),
    JSON.stringify({ apiSchemaVersion: '1.0.0', projectSchemas: { ed: projectSchema } }),
  );
  await both('convert', 'convert', place('old.json'), '--output', place('converted'));
  await both('convert refused', 'convert', ownSchemaFile('campus'), '--output', place('converted'));
  for (const format of ['text', 'json', 'markdown'])
    await both(`impact ${format}`, 'impact', '--before', folders.out, '--after', folders.later, '--format', format);
  await both(
    'impact refused',
    'impact',
    '--before',
    folders.out,
    '--after',
    folders.later,
    '--fail-on',
    'loss,free,rewritten',
  );
  await both('explore', 'explore', '--artifacts', folders.out, '--output', place('page.html'));
  await both('explore refused', 'explore', '--artifacts', place('missing'));
  await both('explore wrong use', 'explore', '--artifacts', folders.out, '--rename', 'a=b');
  await both('diagram', 'diagram', '--artifacts', folders.out, 'Campus:School', '--format', 'mermaid');
  await both('diagram refused', 'diagram', '--artifacts', folders.out, 'Campus:Skool');
  await both('dictionary', 'dictionary', '--artifacts', folders.out);
  await both('dictionary file', 'dictionary', '--artifacts', folders.out, '--output', place('dictionary.md'));
  await both('dictionary refused', 'dictionary', '--artifacts', place('missing'));
  await both('dictionary wrong use', 'dictionary', '--artifacts', folders.out, '--format', 'xlsx');
  await both('pack build', 'pack', 'build', '--artifacts', folders.out, '--output', place('packs'));
  const [pack = ''] = readdirSync(place('packs/pgsql'));
  const file = path.join(place('packs/pgsql'), pack);
  await both('pack manifest', 'pack', 'manifest', file, '--output', place('manifest'));
  await both('pack manifest refused', 'pack', 'manifest', set, '--output', place('manifest'));
  await both('pack verify', 'pack', 'verify', file, '--artifacts', folders.out);
  await both('pack verify refused', 'pack', 'verify', file, '--artifacts', folders.later);
  await both('pack build refused', 'pack', 'build', '--artifacts', place('missing'), '--output', place('packs'));
  await both('reporting emit', 'reporting', 'emit', ...campus, ...pgsql, '--output', folders.out);
  await both('reporting emit refused', 'reporting', 'emit', '--artifacts', place('missing'));
  await both('comments emit', 'comments', 'emit', '--artifacts', folders.out);
  await both('comments emit refused', 'comments', 'emit', '--artifacts', place('missing'));
  await json('sample', 'sample', '--artifacts', folders.out, '--documents', '40', '--output', place('sample'));
  await both('sample refused', 'sample', '--artifacts', folders.out, '--documents', '40', '--output', place('sample'));
  await both('verify', 'verify', '--artifacts', folders.out, '--dialect', 'mssql');
  await both('verify refused', 'verify', '--artifacts', place('missing'), '--dialect', 'mssql');
  await both('verify wrong use', 'verify', '--artifacts', folders.out, '--connection', 'pglite:');
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) await both(`completion ${shell}`, 'completion', shell);
  await both('completion refused', 'completion', 'dos');
}

async function databaseOperations(): Promise<void> {
  const colors = place('descriptors.json');
  writeFileSync(
    colors,
    '{"gradeLevelDescriptors":[{"namespace":"uri://x/GradeLevelDescriptor","codeValue":"1","shortDescription":"1"}]}',
  );
  await json('provision', 'provision', ...on('db'), ...pgsql);
  for (const action of ['apply', 'skip', 'fail'])
    await both(`provision ${action}`, 'provision', ...on('db'), ...pgsql, '--if-same', action);
  await both('provision wrong use', 'provision', '--artifacts', folders.out, ...pgsql);
  await both('provision two dialects', 'provision', ...on('db'));
  await json('provision refused', 'provision', ...on('db', folders.later), ...pgsql);
  copied('db', 'empty');
  await both('seed-descriptors refused', 'seed-descriptors', place('missing.json'), ...on('db'), ...pgsql);
  await both('seed-descriptors', 'seed-descriptors', colors, ...on('db'), ...pgsql, '--ignore-unknown');
  await json('load', 'load', place('sample'), ...on('db'));
  await both('load again', 'load', place('sample'), ...on('db'), '--on-existing', 'skip');
  await both('load refused', 'load', place('sample'), ...on('db'), '--continue', '--rejects', place('rejects.jsonl'));
  await both('load stopped', 'load', place('sample'), ...on('db'));
  await both('load wrong use', 'load', ...on('db'));
  await both('load wrong ods', 'load', place('sample'), ...on('db'), '--keep-ids');
  await both('load since', 'load', place('sample'), ...on('db'), '--since', '1', '--bulk');
  await both('check', 'check', ...on('db'), ...pgsql);
  await both('check data', 'check', ...on('db'), ...pgsql, '--data', '--output', place('check.json'));
  await both('check refused', 'check', ...on('db', folders.later), ...pgsql, '--all');
  await both('check wrong use', 'check', ...on('db'), ...pgsql, '--repair');
  await both('inspect', 'inspect', ...pgsql, '--connection', database('db'), '--output', place('catalog.json'));
  await both('inspect printed', 'inspect', ...pgsql, '--connection', database('db'));
  await both('inspect refused', 'inspect', ...pgsql, '--connection', 'pglite:');
  await both('get', 'get', 'Campus:School', ...on('db'), '--limit', '2');
  await both('get refused', 'get', 'Campus:Skool', ...on('db'));
  await json('dump', 'dump', ...on('db'), '--output', place('dump'));
  await both('dump refused', 'dump', ...on('db'), '--output', place('dump'));
  await both('changes refused', 'changes', ...on('db'));
  await both('doctor', 'doctor', ...on('db'), ...pgsql);
  await both('doctor alone', 'doctor');
  await both('doctor refused', 'doctor', ...pgsql, '--connection', 'postgres://nobody@127.0.0.1:9/none');
  await both('comments apply', 'comments', 'apply', ...on('db'), ...pgsql);
  await both('comments apply refused', 'comments', 'apply', ...on('db', folders.later), ...pgsql);
  await both('reporting apply', 'reporting', 'apply', ...on('db'), ...pgsql);
  await both('reporting apply refused', 'reporting', 'apply', ...on('db', folders.later), ...pgsql);
  await json('reporting drop', 'reporting', 'drop', ...pgsql, '--connection', database('db'));
  await both('reporting drop again', 'reporting', 'drop', ...pgsql, '--connection', database('db'));
  await both('reporting drop refused', 'reporting', 'drop', ...pgsql);
  await makeWrongRow('empty', 'wrong');
  await both('check rows', 'check', ...on('wrong'), ...pgsql, '--data');
  await json('check repair', 'check', ...on('wrong'), ...pgsql, '--data', '--repair');
}

/** Copies a database, and adds a document without its derived row. */
async function makeWrongRow(from: string, to: string): Promise<void> {
  copied(from, to);
  await ran(['load', place('sample'), ...on(to)]);
  await execute(to, 'SET session_replication_role TO replica; DELETE FROM dms."ReferentialIdentity"');
}

async function upgrades(): Promise<void> {
  const sets = ['--before', folders.out, '--after', folders.later];
  const permitted = [...sets, '--allow-loss', 'all'];
  const at = (name: string) => ['--connection', database(name)];
  await both('upgrade status', 'upgrade', 'status', ...pgsql, ...at('db'));
  await both('upgrade status refused', 'upgrade', 'status', ...pgsql);
  await both('upgrade plan', 'upgrade', 'plan', ...permitted, '--output', place('plan'));
  await both('upgrade plan markdown', 'upgrade', 'plan', ...permitted, '--format', 'markdown');
  await both('upgrade plan refused', 'upgrade', 'plan', ...sets);
  await both('upgrade plan database', 'upgrade', 'plan', ...permitted, ...at('db'), ...pgsql);
  copied('db', 'upgraded');
  await both('upgrade apply refused', 'upgrade', 'apply', ...sets, ...at('upgraded'));
  await both('upgrade apply dry run', 'upgrade', 'apply', ...permitted, ...at('upgraded'), '--dry-run');
  await both('upgrade prepare dry run', 'upgrade', 'prepare', ...permitted, ...at('upgraded'), '--dry-run');
  await both('upgrade prepare wrong use', 'upgrade', 'prepare', ...permitted, ...at('upgraded'), '--dry-run', '--undo');
  await both('upgrade prepare one folder', 'upgrade', 'prepare', '--after', folders.later, ...at('upgraded'));
  await json('upgrade prepare', 'upgrade', 'prepare', ...permitted, ...at('upgraded'));
  await json('upgrade prepare undo', 'upgrade', 'prepare', '--undo', ...at('upgraded'));
  await both('upgrade prepare undo again', 'upgrade', 'prepare', '--undo', ...at('upgraded'));
  await json('upgrade apply', 'upgrade', 'apply', ...permitted, ...at('upgraded'));
  await both('upgrade apply again', 'upgrade', 'apply', ...permitted, ...at('upgraded'));
}

/** Runs every operation on the databases of a fleet: two that exist, and one that does not. */
async function fleets(): Promise<void> {
  const entry = (name: string) => {
    writeFileSync(place(`${name}.txt`), database(name));
    return { name, file: place(`${name}.txt`), labels: { year: '2026' } };
  };
  const fleet = (name: string, ...names: readonly string[]) =>
    writeFileSync(place(`${name}.json`), JSON.stringify({ dialect: 'pgsql', databases: names.map(entry) }));
  copied('db', 'f1');
  copied('db', 'f2');
  fleet('both', 'f1', 'f2');
  fleet('one', 'f1');
  writeFileSync(
    place('partly.json'),
    JSON.stringify({ dialect: 'pgsql', databases: [entry('f1'), { name: 'gone', env: 'DMS_NOT_SET' }] }),
  );
  fleet('new', 'f3');
  const source = ['--artifacts', folders.out];
  const sets = ['--before', folders.out, '--after', folders.later, '--allow-loss', 'all'];
  await json('fleet provision new', 'provision', ...source, ...fleetOf('new'));
  await both(
    'fleet provision',
    'provision',
    ...source,
    ...fleetOf('both'),
    '--seed-descriptors',
    place('descriptors.json'),
  );
  await both('fleet provision apply', 'provision', ...source, ...fleetOf('one'), '--if-same', 'apply');
  await both('fleet partly', 'check', ...source, ...fleetOf('partly'));
  await both('fleet check', 'check', ...source, ...fleetOf('both'), '--data');
  await both('fleet check differs', 'check', '--artifacts', folders.later, ...fleetOf('both'), '--all');
  await both('fleet wrong use', 'check', ...source, '--canary', '1', ...pgsql);
  await both('fleet missing', 'check', ...source, '--fleet', place('missing.json'));
  await both('fleet dialect', 'check', ...source, ...fleetOf('both'), '--dialect', 'mssql');
  await both('fleet adopt', 'adopt', ...source, ...fleetOf('both'));
  await both('fleet seed', 'seed-descriptors', place('descriptors.json'), ...source, ...fleetOf('both'));
  await both('fleet comments', 'comments', 'apply', ...source, ...fleetOf('both'));
  await both('fleet reporting apply', 'reporting', 'apply', ...source, ...fleetOf('both'));
  await both('fleet reporting drop', 'reporting', 'drop', ...fleetOf('both'));
  await both('fleet load refused', 'load', ...source, ...fleetOf('both'));
  await both('fleet load wrong use', 'load', place('sample'), ...source, ...fleetOf('both'));
  await both('fleet upgrade status', 'upgrade', 'status', ...fleetOf('both'));
  await both('fleet upgrade plan', 'upgrade', 'plan', ...sets, ...fleetOf('both'));
  await both('fleet upgrade dry run', 'upgrade', 'apply', ...sets, ...fleetOf('both'), '--dry-run');
  await both('fleet upgrade prepare dry run', 'upgrade', 'prepare', ...sets, ...fleetOf('both'), '--dry-run');
  await json('fleet upgrade prepare', 'upgrade', 'prepare', ...sets, ...fleetOf('both'));
  await json('fleet upgrade undo', 'upgrade', 'prepare', '--undo', ...fleetOf('both'));
  await json('fleet upgrade apply', 'upgrade', 'apply', ...sets, ...fleetOf('both'));
  await both('fleet upgrade again', 'upgrade', 'apply', ...sets, ...fleetOf('both'));
}

/** Runs the operations for a database of the service's own tool, which only the second generation knows. */
async function adoption(): Promise<void> {
  const artifacts = place('second');
  const at = [...on('service', artifacts), ...pgsql];
  await json('emit second', 'emit', ...schemasOf('v2'), '--output', artifacts);
  await json('provision second', 'provision', ...at);
  await makeServiceDatabase(database('service'), artifacts);
  await both('check service', 'check', ...at, '--data');
  await both('adopt dry run', 'adopt', ...at, '--dry-run');
  await json('adopt', 'adopt', ...at);
  await both('adopt again', 'adopt', ...at);
  await both('adopt script', 'adopt', '--artifacts', artifacts, ...pgsql, '--script', place('adopt.sql'));
  await both('adopt refused', 'adopt', ...on('db'), ...pgsql);
}

/** Runs the operations that read an ODS, and those for changes, which only the second generation records. */
async function secondGeneration(): Promise<void> {
  const folder = (name: string) => place(`ods-${name}`);
  await emitSet(folder('out'));
  await fillOds(database('ods'), folder);
  const from = ['--from-ods', database('ods'), ...odsOptions];
  await json('read-ods', 'read-ods', ...odsOptions, '--connection', database('ods'), '--output', place('read'));
  await both(
    'read-ods refused',
    'read-ods',
    ...odsOptions.slice(0, -2),
    '--connection',
    database('ods'),
    '--output',
    place('read2'),
  );
  await json('provision ods', 'provision', '--artifacts', place('ods-out'), ...pgsql, '--connection', database('copy'));
  await json('load from ods', 'load', ...from, '--connection', database('copy'), '--verify', ...pgsql);
  await both('load from ods again', 'load', ...from, '--connection', database('copy'), ...pgsql);
  await both('load two sources', 'load', place('sample'), ...from, '--connection', database('copy'), ...pgsql);
  await both('changes', 'changes', '--artifacts', place('ods-out'), '--connection', database('copy'));
  writeFileSync(place('copy.txt'), database('copy'));
  writeFileSync(place('ods.txt'), database('ods'));
  const listed = [{ name: 'copy', file: place('copy.txt'), ods: { file: place('ods.txt') } }];
  writeFileSync(place('ods-fleet.json'), JSON.stringify({ dialect: 'pgsql', databases: listed }));
  await both('fleet load', 'load', ...odsOptions, ...fleetOf('ods-fleet'), '--verify');
}

try {
  rmSync(output, { recursive: true, force: true });
  await helps();
  schemas();
  await setOperations();
  await databaseOperations();
  await upgrades();
  await fleets();
  await adoption();
  await secondGeneration();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
