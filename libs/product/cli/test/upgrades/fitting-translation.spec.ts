import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { breakingRelease } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* An upgrade between versions for which the product has a translation. */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-fitting-translation-'));
const place = (name: string) => path.join(scratch, name);

/** Emits the core of a release under another version. */
async function emitAs(version: string, [core = '']: readonly string[]) {
  const schema = JSON.parse(readFileSync(core, 'utf8'));
  schema.projectSchema.projectVersion = version;
  writeFileSync(place(`${version}.json`), JSON.stringify(schema));
  const emit = ['emit', '--schema', place(`${version}.json`), '--mapping-version', 'v2', '--dialect', 'pgsql'];
  expect(await ran([...emit, '--output', place(version)])).toMatchObject({ code: 0 });
}

const planned = async (before: string, after: string) => {
  const { out } = await ran(['upgrade', 'plan', '--before', place(before), '--after', place(after), '--json']);
  return jsonLines(out)[0].next as readonly string[];
};

beforeAll(async () => {
  await emitAs('5.2.0', breakingRelease.before);
  await emitAs('6.1.0', breakingRelease.after);
  await emitAs('6.9.0', breakingRelease.after);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('is what comes next, in place of a permission to lose values', async () => {
  const plan = (after: string, end: string) => [
    `dms-ddl upgrade plan --before ${place('5.2.0')} --after ${place(after)} ${end}`,
  ];
  expect(await planned('5.2.0', '6.1.0')).toEqual(plan('6.1.0', '--translation ed-fi-5.2-to-6.1'));
  expect(await planned('5.2.0', '6.9.0')).toEqual(plan('6.9.0', '--allow-loss all'));
});

it('is named where an earlier version comes without one', async () => {
  const emit = ['emit', '--schema', place('6.1.0.json'), '--mapping-version', 'v2', '--dialect', 'pgsql'];
  const { code, err } = await ran([...emit, '--output', place('out'), '--earlier', place('5.2.0')]);
  expect([code, err]).toEqual([1, expect.stringContaining('"ed-fi-5.2-to-6.1" is between these versions.\n')]);
});
