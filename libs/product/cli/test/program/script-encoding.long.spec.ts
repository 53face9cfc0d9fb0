import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, createScratchDatabase, usualGenerations } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ran } from '../ran.ts';

/* Scripts with letters beyond ASCII, run by a client with another encoding and odd settings (design 06 §2.5). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-encoding-'));
const place = (...names: string[]) => path.join(scratch, ...names);

const hasPsql = (() => {
  try {
    execFileSync('psql', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const { integer, object, project, resource, string } = build;

/** A schema whose rooms have a property with letters beyond ASCII; without that property for null. */
function schemaFile(name: string, property: string | null): string {
  const more = property === null ? {} : { [property]: { ...string(20), description: 'Größe' } };
  const rooms = resource('Room', {
    identityJsonPaths: ['$.code'],
    jsonSchemaForInsert: object({ code: integer(), ...more }, ['code']),
  });
  writeFileSync(place(name), JSON.stringify(project('Ed-Fi', [rooms])));
  return place(name);
}

const first = "SET client_encoding = 'UTF8'; -- this text has letters beyond ASCII\n";

describe.each(usualGenerations('v1'))('the scripts of %s', (version) => {
  let schema: string;
  const versionOption = ['--mapping-version', version];
  beforeAll(async () => {
    schema = schemaFile(`${version}.json`, 'größe');
    const emit = async (file: string, output: string) =>
      expect(await ran(['emit', '--schema', file, ...versionOption, '--output', output])).toMatchObject({ code: 0 });
    await emit(schema, place(version));
    await emit(schemaFile(`${version}-before.json`, null), place(`${version}-before`));
    const sets = ['--before', place(`${version}-before`), '--after', place(version)];
    expect(await ran(['upgrade', 'plan', ...sets, '--output', place(`${version}-plan`)])).toMatchObject({ code: 0 });
    const source = ['--schema', schema, ...versionOption];
    expect(await ran(['reporting', 'emit', ...source, '--output', place(`${version}-reporting`)])).toMatchObject({
      code: 0,
    });
    expect(await ran(['comments', 'emit', ...source, '--output', place(`${version}-comments`)])).toMatchObject({
      code: 0,
    });
  });

  it('that have such letters say their encoding first, and the others have the bytes that they had', () => {
    const folders = readdirSync(scratch).filter((name) => name.startsWith(version) && !name.endsWith('.json'));
    const scripts = folders.flatMap((folder) =>
      readdirSync(place(folder))
        .filter((name) => name.includes('pgsql') && name.endsWith('.sql'))
        .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(place(folder, name), 'utf8') })),
    );
    const kinds = new Set(scripts.map(({ name }) => path.basename(name)));
    expect([...kinds].sort()).toEqual(['comments.pgsql.sql', 'pgsql.sql', 'reporting.pgsql.sql', 'upgrade.pgsql.sql']);
    for (const { name, text } of scripts)
      expect([name, text.startsWith(first)]).toEqual([name, /[^\0-\x7f]/.test(text)]);
    expect(scripts.filter(({ text }) => text.startsWith(first)).map(({ name }) => name)).toEqual([
      `${version}/pgsql.sql`,
      `${version}-comments/comments.pgsql.sql`,
      `${version}-plan/upgrade.pgsql.sql`,
    ]);
  });

  it('verify accepts them', async () => {
    const verified = await ran(['verify', '--schema', schema, ...versionOption, '--dialect', 'pgsql']);
    expect([verified.code, verified.err]).toEqual([0, expect.any(String)]);
  });

  it.runIf(hasPsql).each([
    ['another client encoding', { PGCLIENTENCODING: 'WIN1252' }],
    ['quote_all_identifiers', { PGOPTIONS: '-c quote_all_identifiers=on' }],
  ])('psql makes what check expects under %s (needs psql)', async (_, environment) => {
    const database = await createScratchDatabase();
    try {
      const script = ['-v', 'ON_ERROR_STOP=1', '-q', '-d', database.url, '-f', place(version, 'pgsql.sql')];
      execFileSync('psql', script, { env: { ...process.env, ...environment }, stdio: 'pipe' });
      const options = ['--artifacts', place(version), '--dialect', 'pgsql', '--connection-env', 'DMS_ENCODING_SPEC'];
      vi.stubEnv('DMS_ENCODING_SPEC', database.url);
      const checked = await ran(['check', ...options, '--strict']);
      expect([checked.code, checked.err, checked.out]).toEqual([0, '', expect.stringContaining('0 differences')]);
    } finally {
      vi.unstubAllEnvs();
      await database.drop();
    }
  });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));
