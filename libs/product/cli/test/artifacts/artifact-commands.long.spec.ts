import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allOptions, operations } from '@dms/operations';
import { ownSchemaFile, usualGenerations } from '@dms/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { ArtifactRuns, ofSecond } from '../artifact-runs.ts';
import { ran } from '../ran.ts';

/*
 * Every command that takes a folder of artifacts works on a folder that `emit` has written, and needs nothing else
 * (design 06 §9), in both generations. Git may have checked out the files of the second one with `\r\n`;
 * `namesake-projects.long.spec.ts` runs each command on files as they are written.
 */

const all = new ArtifactRuns();
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-artifact-commands-'));
const schemas = (['district', 'transport'] as const).map(ownSchemaFile);

afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await all.end();
});

const asOnWindows = (folder: string) => {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
  }
};

/** The options that name a folder of artifacts. */
const folders = ['artifacts', 'before', 'after'];

const taking = async () => {
  const known = (await Promise.all(Object.values(operations).map(({ load }) => load()))).flat();
  return known.filter((operation) => folders.some((name) => allOptions(operation)[name] !== undefined));
};

const places = [
  { version: 'v1', where: 'that emit has written', change: undefined },
  { version: 'v2', where: 'that Git has checked out with \\r\\n', change: asOnWindows },
] as const;

describe.each(places.filter(({ version }) => usualGenerations().includes(version)))(
  'on a folder $where, $version',
  ({ version, change }) => {
    it('every command that takes artifacts works', async () => {
      const done = await all.run({ version, schemas, change });
      const names = (await taking()).map(({ name }) => name);
      expect([...done, ...(version === 'v1' ? ofSecond : [])].sort()).toEqual(names.sort());
    });

    it('and --only leaves what a later command reads out, which that command then says', async () => {
      const out = path.join(scratch, `${version}-script`);
      const named = schemas.flatMap((file) => ['--schema', file]);
      await ran(['emit', ...named, '--mapping-version', version, '--output', out, '--only', 'script,catalog,model']);
      const { code, err } = await ran(['reporting', 'emit', '--artifacts', out, '--dialect', 'pgsql']);
      expect(code).toBe(1);
      expect(err).toMatch(/^error INPUT_FILE_NOT_FOUND .*ods-mapping\.json does not exist; dms-ddl emit --schema /);
    });
  },
);
