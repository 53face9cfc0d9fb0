import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { breakingRelease } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedDatabases } from '../named-databases.ts';
import { jsonLines, ran } from '../ran.ts';

/* Upgrades with a translation, on the command line (design 12a §6). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-translated-upgrade-'));
const place = (name: string) => path.join(scratch, name);
const databases = namedDatabases('north', 'south', 'empty');
const fleet = place('fleet.json');
const rules = place('rules.json');
const sets = ['--before', place('before'), '--after', place('after'), '--translation', rules];

/** Runs a command that must succeed; a failure shows its messages. */
async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : err]).toEqual([args[0], 0, '']);
  return out;
}

const emit = (files: readonly string[], output: string) =>
  done('emit', ...files.flatMap((file) => ['--schema', file]), '--dialect', 'pgsql', '--output', place(output));

const names = ['north', 'south'] as const;

beforeAll(async () => {
  await emit(breakingRelease.before, 'before');
  await emit(breakingRelease.after, 'after');
  // one of the two earlier values has no later value
  const given = JSON.parse(readFileSync(breakingRelease.translation, 'utf8'));
  for (const { values } of given.moves) if (values) values.false = undefined;
  writeFileSync(rules, JSON.stringify(given));
  const entries = names.map((name) => ({ name, env: databases.variable(name) }));
  writeFileSync(fleet, JSON.stringify({ databases: entries }));
  await done('sample', '--artifacts', place('before'), '--documents', '200', '--output', place('sample'));
  for (const name of names) {
    await done('provision', '--artifacts', place('before'), ...databases.connection(name));
    await done('load', place('sample'), '--artifacts', place('before'), ...databases.connection(name));
  }
  await done('provision', '--artifacts', place('before'), ...databases.connection('empty'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const rejectsIn = (file: string) =>
  jsonLines(readFileSync(file, 'utf8')).map(({ resource }) => (resource as string | undefined) ?? '');

describe('upgrade plan', () => {
  it('says what each resource is, by which rules', async () => {
    const out = await done('upgrade', 'plan', ...sets, '--output', place('plan'));
    expect(out).toMatch(
      /^ *Translation: resources: 6 rewritten, \d+ moved, \d+ new, 1 gone, \d+ untouched; documents are read/m,
    );
    const { translation, ways } = JSON.parse(readFileSync(place('plan/upgrade.pgsql.json'), 'utf8'));
    const of = (name: string) =>
      translation.find(({ before, after }: Record<string, string>) => (after ?? before) === name);
    expect(of('Ed-Fi:Candidate')).toEqual({
      is: 'rewritten',
      before: 'Preparation:Candidate',
      after: 'Ed-Fi:Candidate',
      rules: ['moves[0]', 'moves[2]', 'moves[3]'],
    });
    expect(of('Ed-Fi:EducatorPreparationProgram')).toMatchObject({ is: 'moved', rules: ['moves[0]', 'moves[1]'] });
    expect(of('Ed-Fi:StudentDirectory')).toEqual({
      is: 'new',
      after: 'Ed-Fi:StudentDirectory',
      rules: ['documents[1]'],
    });
    expect(of('Ed-Fi:ContactTypeDescriptor')).toEqual({
      is: 'gone',
      before: 'Ed-Fi:ContactTypeDescriptor',
      rules: ['drops[0]'],
    });
    expect(ways).toBeUndefined();
  });

  it('reads the documents of a database, names rejects, and estimates both ways', async () => {
    const args = ['upgrade', 'plan', ...sets, ...databases.connection('north'), '--output', place('asked')];
    const { code, out, err } = await ran(args);
    expect(code).toBe(1);
    expect(err).toMatch(
      /error UPGRADE_ROWS_OBJECT Preparation:Candidate \S+: .*economicDisadvantaged: .* cannot carry it/,
    );
    expect(out).toMatch(
      /untouched; \d+ documents read, \d+ written, \d+ of them new, \d+ rejected, \d+ values dropped$/m,
    );
    // an assessment has one subject in the later set
    const subjects = 'Ed-Fi:Assessment.$.academicSubjects[*].academicSubjectDescriptor';
    expect(out).toMatch(new RegExp(`^ *\\d+ values? dropped at ${subjects.replace(/[$.[\]*]/g, '\\$&')}$`, 'm'));
    expect(out).toMatch(/^ *Way: (?:in place, because it is not slower|a copy, because it is quicker): /m);
    const { translation, ways, lost_values } = JSON.parse(readFileSync(place('asked/upgrade.pgsql.json'), 'utf8'));
    const places = new Map(lost_values.map((each: { place: string }) => [each.place, each]));
    expect(places.get(subjects)).toEqual({ place: subjects, dropped: expect.any(Number), rejected: 0 });
    expect(places.get('Preparation:Candidate.$.economicDisadvantaged')).toMatchObject({ dropped: 0 });
    const candidates = translation.find(({ after }: Record<string, string>) => after === 'Ed-Fi:Candidate');
    expect(candidates.rejects).toBeGreaterThan(0);
    expect(candidates.written + candidates.rejects).toBe(candidates.read);
    expect(Object.keys(ways)).toEqual(['takes', 'in_place', 'copy']);
  });

  it('writes rejects to a file, and then refuses nothing', async () => {
    const file = place('planned.jsonl');
    const out = await done('upgrade', 'plan', ...sets, ...databases.connection('north'), '--rejects', file);
    expect(out).toContain(`--rejects ${file}`);
    expect(new Set(rejectsIn(file))).toEqual(new Set(['Preparation:Candidate']));
  });

  it('needs a database for rejects', async () => {
    const { code, err } = await ran(['upgrade', 'plan', ...sets, '--rejects', place('none.jsonl')]);
    const message = "option '--rejects <file>' needs '--connection <text>' or '--fleet <file>'";
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(place('none.jsonl'))).toBe(false);
  });

  it('takes no file for rejects without a translation', async () => {
    const given = [...sets.slice(0, 4), '--rejects', place('none.jsonl'), ...databases.connection('empty')];
    for (const command of ['plan', 'apply']) {
      const { code, err } = await ran(['upgrade', command, ...given]);
      expect([code, err]).toEqual([
        2,
        expect.stringContaining("option '--rejects <file>' needs '--translation <name>'"),
      ]);
    }
    expect(existsSync(place('none.jsonl'))).toBe(false);
  });
});

describe('upgrade apply', () => {
  it('says what the check of the translation has noted', async () => {
    const other = place('other.json');
    const drops = [{ before: 'Ed-Fi:ContactTypeDescriptor', because: 'of another reason' }];
    writeFileSync(other, JSON.stringify({ drops }));
    const given = [...sets, '--translation', other, ...databases.connection('north')];
    const { code, err } = await ran(['upgrade', 'apply', ...given, '--dry-run', '--notes']);
    expect(code).toBe(1);
    expect(err).toMatch(/note TRANSLATION_REPLACED /);
  });

  it('says that no document was rejected, and leaves no file of an earlier run that looks as if', async () => {
    const file = place('earlier.jsonl');
    const given = [...sets, ...databases.connection('empty'), '--rejects', file];
    for (const command of [['plan'], ['apply', '--dry-run'], ['apply']]) {
      writeFileSync(file, 'of an earlier run\n');
      expect(await done('upgrade', ...command, ...given)).toMatch(/none is rejected|Rejects: no document was rejected/);
      expect([command, existsSync(file)]).toEqual([command, false]);
    }
    // the file of an upgrade has the data that the upgrade has removed, so a later run keeps it
    writeFileSync(file, 'of an earlier run\n');
    expect(await done('upgrade', 'apply', ...given)).toContain('nothing was changed');
    await done('upgrade', 'plan', ...given);
    expect(readFileSync(file, 'utf8')).toBe('of an earlier run\n');
  });

  it('keeps the rejects of each database of a fleet in a file of its own', async () => {
    const folder = place('rejects');
    const refused = await ran(['upgrade', 'apply', ...sets, '--fleet', fleet, '--json']);
    expect(refused.code).toBe(1);
    await done('upgrade', 'plan', ...sets, '--fleet', fleet, '--rejects', place('planned'));
    await done('upgrade', 'apply', ...sets, '--fleet', fleet, '--rejects', folder);
    for (const name of names) {
      const file = path.join(folder, `${name}.jsonl`);
      expect(new Set(rejectsIn(file))).toEqual(new Set(['Preparation:Candidate']));
      expect(readFileSync(path.join(place('planned'), `${name}.jsonl`), 'utf8')).toBe(readFileSync(file, 'utf8'));
      await done('check', '--artifacts', place('after'), ...databases.connection(name), '--data');
    }
  });
});
