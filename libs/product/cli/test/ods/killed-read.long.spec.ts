import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession, type PostgresDatabase, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleProgram, linkPackages } from '../bundled-program.ts';
import { ran } from '../ran.ts';
import { makeOds, odsOptions } from '../source-ods.ts';

/* A reader of an ODS that is interrupted or killed leaves no folder that load could mistake for a complete one. */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-killed-read-'));
const place = (name: string) => path.join(scratch, name);
let program: string;
let server: PostgresDatabase;
let blocker: TestDatabase;
let observer: TestDatabase;

beforeAll(async () => {
  program = await bundleProgram(scratch);
  linkPackages(scratch);
  server = await makeOds(place);
  blocker = await openSession(server.url);
  observer = await openSession(server.url);
});
afterAll(async () => {
  await blocker.close();
  await observer.close();
  await server.drop();
  rmSync(scratch, { recursive: true, force: true });
});

const command = ['read-ods', ...odsOptions, '--connection-env', 'TARGET', '--output', place('read')];

async function blocked(): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'dms' AND wait_event_type = 'Lock'`;
  while ((await observer.query(waiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

const left = () => readdirSync(scratch).filter((name) => name.includes('read'));

/** Ends the program while it waits for a table. */
async function ended(signal: 'SIGINT' | 'SIGKILL') {
  await blocker.exec('BEGIN; LOCK TABLE edfi_src.survey');
  const child = spawn(process.execPath, [program, ...command], {
    env: { ...process.env, TARGET: server.url, NO_COLOR: '1' },
  });
  let err = '';
  child.stderr.on('data', (text) => {
    err += text;
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  await Promise.race([blocked(), closed]);
  child.kill(signal);
  const code = await closed;
  await blocker.exec('ROLLBACK');
  return { code, err };
}

it('an interrupted reader leaves nothing', async () => {
  const { code, err } = await ended('SIGINT');
  expect(code).toBe(130);
  expect(err).toMatch(/^error DB_CANCELLED /m);
  expect(left()).toEqual([]);
});

it('a killed reader leaves no folder of that name, and the next run removes the rest', async () => {
  await ended('SIGKILL');
  expect(left()).not.toContain('read');
  const { code } = await ran([...command.slice(0, -4), '--connection', server.url, '--output', place('read')]);
  expect(code).toBe(0);
  expect(left()).toEqual(['read']);
});
