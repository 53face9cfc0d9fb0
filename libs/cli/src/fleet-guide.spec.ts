import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { openSession, ownSchemaFile, serverUrl, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ran } from '../test/ran.ts';
import { run } from './run.ts';
import type { Terminal } from './terminal.ts';

/* The commands of docs/fleets.md, in order, on six databases of a server, and what they print on a terminal. */

const root = path.resolve(import.meta.dirname, '../../..');
const text = readFileSync(path.join(root, 'docs', 'fleets.md'), 'utf8');
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-fleet-guide-'));
const place = (name: string) => path.join(scratch, name);
const prefix = `dms_guide_${process.pid}_`;
const fleet = JSON.parse(/```json\n([^`]*)```/.exec(text)?.[1] ?? '');
const names: readonly string[] = fleet.databases.map(({ name }: { readonly name: string }) => name);
let server: URL;
let administrator: TestDatabase;

function urlOf(name: string): URL {
  const url = new URL(server);
  url.pathname = `/${prefix}${name}`;
  return url;
}

async function inDatabases(chosen: readonly string[], sql: string): Promise<void> {
  for (const name of chosen) {
    const session = await openSession(urlOf(name).href);
    await session.exec(sql);
    await session.close();
  }
}

/** Runs a line of the guide on a terminal, and gives back the lines that stay there, in their order. */
async function printedBy(command: string): Promise<string> {
  const isPlace = (word: string) => /^(?:released|out|upgrade|fleet\.json)$/.test(word);
  const [first = '', ...others] = command.split(' ');
  const words = [first, ...others.map((word) => (isPlace(word) ? place(word) : word))];
  let text = '';
  const print = (part: string) => {
    // what is drawn during the work is dim, or gone again
    if (!part.startsWith('\r') && !part.includes('\u001b[2m')) text += stripVTControlCharacters(part);
  };
  const terminal: Terminal = { out: print, err: print, isOutTerminal: true, isErrTerminal: true };
  await run(words, terminal, '1.2.3', { environment: { FORCE_COLOR: '1' } });
  const address = `${server.username}@${server.host}/${prefix}`;
  const times = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g;
  return text.replaceAll(`${scratch}${path.sep}`, '').replaceAll(address, 'app@db1/').replace(times, '2026-11-21T20:15:00Z');
}

const escaped = (line: string) => line.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether the lines are those of the guide, in which `…` on a line of its own stands for any. */
function pattern(shown: string): RegExp {
  const lines = shown.trimEnd().split('\n');
  return new RegExp(`^${lines.map((line) => (line.trim() === '…' ? '(?:.*\\n)*' : `${escaped(line)}\\n`)).join('')}$`);
}

beforeAll(async () => {
  server = new URL(await serverUrl());
  administrator = await openSession(server.href);
  const released = path.join(root, 'fixtures', 'released', 'athletics-0.8.0.json');
  for (const [folder, athletics] of [
    ['released', released],
    ['out', ownSchemaFile('athletics')],
  ] as const) {
    const schemas = ['--schema', ownSchemaFile('campus'), '--schema', athletics];
    expect(await ran(['emit', ...schemas, '--dialect', 'pgsql', '--output', place(folder)])).toMatchObject({ code: 0 });
  }
  writeFileSync(place('fleet.json'), JSON.stringify(fleet));
  for (const { name, env } of fleet.databases) vi.stubEnv(env, urlOf(name).href);
}, 60_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  for (const name of names) await administrator.exec(`DROP DATABASE IF EXISTS "${prefix}${name}" WITH (FORCE)`);
  await administrator.close();
  rmSync(scratch, { recursive: true, force: true });
});

const transcripts = [...text.matchAll(/```console\n\$ dms-ddl ([^\n]*)\n([^`]*)```/g)].map(([, command = '', shown = '']) => ({
  command,
  shown,
}));

/** What somebody has done before a command of the guide, by its position. */
const before: Readonly<Record<number, () => Promise<void>>> = {
  2: () =>
    inDatabases(
      names.filter((name) => name.endsWith('2026')),
      'DROP INDEX campus."IX_Calendar_School_DocumentId_School_SchoolId"',
    ),
  4: () => inDatabases(['west-2025'], 'ALTER TABLE campus."School" ADD COLUMN "Motto" text NOT NULL'),
  7: () => inDatabases(['west-2025'], 'ALTER TABLE campus."School" DROP COLUMN "Motto"'),
};

it('the guide prints what it says', async () => {
  expect(transcripts).toHaveLength(9);
  for (const [index, { command, shown }] of transcripts.entries()) {
    await before[index]?.();
    expect(await printedBy(command), command).toMatch(pattern(shown));
  }
}, 240_000);
