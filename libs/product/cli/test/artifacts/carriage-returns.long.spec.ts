import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, expect, it } from 'vitest';
import { ArtifactRuns } from '../artifact-runs.ts';

/*
 * Artifacts that Git has checked out with `\r\n` are read as they were written (design 06 §9).
 */

const all = new ArtifactRuns();

afterAll(() => all.end());

const asOnWindows = (folder: string) => {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
  }
};

it('every command that takes artifacts works', async () => {
  const schemas = (['district', 'transport'] as const).map(ownSchemaFile);
  expect(await all.run({ version: 'v2', schemas, change: asOnWindows })).toContain('upgrade apply');
});
