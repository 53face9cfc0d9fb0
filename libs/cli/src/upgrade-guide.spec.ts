import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../test/ran.ts';

/* The commands of docs/upgrade.md, in order, and what they print. DMS_ACCEPT_GUIDE=1 writes what they print into it. */

const root = path.resolve(import.meta.dirname, '../../..');
const guide = path.join(root, 'docs', 'upgrade.md');
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-upgrade-guide-'));
const place = (name: string) => path.join(scratch, name);

/** Runs a line of the guide with its files in the scratch folder, which is not in what it prints. */
async function printedBy(command: string) {
  const isPlace = (word: string) => /^(?:released|out|upgrade|back|[\w.-]+\.json)$/.test(word);
  const words = command.split(' ').map((word, index) => (index > 0 && isPlace(word) ? place(word) : word));
  const { code, out, err } = await ran(words);
  return { code, text: timeless(`${out}${err}`.replaceAll(`${scratch}${path.sep}`, '')) };
}

/** The times of a history as the guide shows them. */
function timeless(text: string): string {
  const time = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/;
  const began = new RegExp(`${time.source}(?=  began)`, 'g');
  return text.replace(new RegExp(time, 'g'), '2026-11-21T20:15:00Z').replace(began, '2026-08-14T09:30:00Z');
}

beforeAll(async () => {
  copyFileSync(ownSchemaFile('campus'), place('campus.json'));
  copyFileSync(ownSchemaFile('athletics'), place('athletics.json'));
  copyFileSync(path.join(root, 'fixtures', 'released', 'athletics-0.8.0.json'), place('athletics-0.8.0.json'));
  process.env.CAMPUS_DB = `pglite:${place('database')}`;
  expect(await printedBy('emit --schema campus.json --schema athletics.json --output out')).toMatchObject({ code: 0 });
}, 60_000);

afterAll(() => {
  delete process.env.CAMPUS_DB;
  rmSync(scratch, { recursive: true, force: true });
});

const transcripts = (text: string) =>
  [...text.matchAll(/```console\n\$ dms-ddl ([^\n]*)\n([^`]*)```/g)].map(([, command = '', printed = '']) => ({
    command,
    printed,
  }));

it('the guide prints what it says', async () => {
  const text = readFileSync(guide, 'utf8');
  const steps = transcripts(text);
  expect(steps).toHaveLength(7);
  const [emit, ...others] = steps;
  const provision = 'provision --artifacts released --dialect pgsql --connection-env CAMPUS_DB';
  for (const command of [emit?.command ?? '', provision]) expect(await printedBy(command)).toMatchObject({ code: 0 });
  let found = text;
  for (const { command, printed } of others) {
    const { text: now } = await printedBy(command);
    found = found.replace(`$ dms-ddl ${command}\n${printed}\`\`\``, () => `$ dms-ddl ${command}\n${now}\`\`\``);
  }
  if (process.env.DMS_ACCEPT_GUIDE) writeFileSync(guide, found);
  expect(found).toBe(text);
}, 120_000);
