import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession, type PostgresDatabase, type TestDatabase, usualGenerations } from '@dms/testing';
import { type JsonValue, jsonText } from '@dms/values';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChangingOds, fittingOds, withValue } from '../changing-ods.ts';
import { jsonLines, ran } from '../ran.ts';
import { newTargetOf, schemasOf } from '../source-ods.ts';

/*
 * Unique ids of persons that change in an ODS. Rows that refer to the person have its number there, so they get no new
 * ChangeVersion; documents have the unique id, and their resources keep the keys of documents (design 19a §11).
 */

const schemas = { v1: 'campus', v2: 'edfi' } as const;
const ways = [
  ['with the ids of the source', ['--keep-ids']],
  ['with ids of its own', []],
] as const;

describe.each(usualGenerations())('changed keys of persons, in %s', (generation) => {
  const schema = schemas[generation];
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-person-keys-'));
  const place = (name: string) => path.join(scratch, name);
  const databases: PostgresDatabase[] = [];
  let url = '';
  let ods: ChangingOds;
  let source: TestDatabase;
  let version = 0;

  const load = async (target: string, ...options: readonly string[]) => {
    const { code, out, err } = await ran([
      ...['load', '--from-ods', url, '--schema-suffix', '_src', ...schemasOf(generation), '--dialect', 'pgsql'],
      ...['--connection', target, '--json', '--verify', ...options],
    ]);
    return { code, err, result: jsonLines(out)[0] };
  };
  const queried = async (target: string, text: string) => {
    const session = await openSession(target);
    try {
      return (await session.query<{ found: string }>(text)).map(({ found }) => found);
    } finally {
      await session.close();
    }
  };
  const uuidsIn = (target: string) =>
    queried(target, `SELECT "DocumentUuid"::text AS found FROM dms."Document" ORDER BY 1`);

  beforeAll(async () => {
    ods = await fittingOds(place, generation);
    ({ url } = ods);
    source = await openSession(url);
  });
  // restore the rows of the ODS
  beforeEach(() => ods.step());
  afterAll(async () => {
    await source?.close();
    await ods?.close();
    for (const database of databases) await database.drop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const copied = async (options: readonly string[]) => {
    const target = await newTargetOf(place('out'));
    databases.push(target);
    const at = ['--artifacts', place('out'), '--dialect', 'pgsql', '--connection', target.url];
    const whole = await load(target.url, ...options);
    expect(whole.code, whole.err).toBe(0);
    expect(whole.result.comparison.differences).toEqual([]);
    version = Math.max(version, Number(whole.result.reading.lastVersion));
    return { at, url: target.url, first: String(whole.result.reading.lastVersion) };
  };

  /** The numbers of persons. */
  const persons = async (kind: 'Student' | 'Staff', count: number) => {
    const name = kind.toLowerCase();
    const numbers = await queried(
      url,
      `SELECT ${name}usi::text AS found FROM ${schema}_src.${name} ORDER BY ${name}usi LIMIT ${count}`,
    );
    expect(numbers).toHaveLength(count);
    return numbers;
  };

  /** Changes the unique id of a person as the ODS does: in its own row, with a record of the change. */
  const renamed = async (kind: 'Student' | 'Staff', usi: string, uniqueId: string) => {
    const name = kind.toLowerCase();
    version += 1;
    await source.exec(`INSERT INTO tracked_changes_${schema}_src.${name} (old${name}usi, new${name}usi, old${name}uniqueid, new${name}uniqueid, id, changeversion)
SELECT ${name}usi, ${name}usi, ${name}uniqueid, '${uniqueId}', id, ${version} FROM ${schema}_src.${name} WHERE ${name}usi = ${usi};
UPDATE ${schema}_src.${name} SET ${name}uniqueid = '${uniqueId}', changeversion = ${version} WHERE ${name}usi = ${usi}`);
  };
  const uniqueIdOf = async (usi: string) =>
    (await queried(url, `SELECT studentuniqueid AS found FROM ${schema}_src.student WHERE studentusi = ${usi}`))[0] ??
    '';

  it.each(ways)('are followed in a chain by all documents that name them, %s', async (_, options) => {
    const target = await copied(options);
    const before = await uuidsIn(target.url);
    const [first = '', second = '', third = ''] = await persons('Student', 3);
    const [staff = ''] = await persons('Staff', 1);
    const idOfFirst = await uniqueIdOf(first);
    const idOfSecond = await uniqueIdOf(second);
    await renamed('Student', first, 'chain-1');
    await renamed('Student', first, 'chain-2');
    // two persons take the id that the person before them gave up
    await renamed('Student', second, idOfFirst);
    await renamed('Student', third, idOfSecond);
    await renamed('Staff', staff, 'staff-1');

    const increment = await load(target.url, '--since', 'last', ...options);
    expect(increment.code, increment.err).toBe(0);
    expect(increment.result.comparison.differences).toEqual([]);
    expect(increment.result).toMatchObject({
      total: { inserted: 0, rejected: 0 },
      changes: { recorded: 5, deleted: 0 },
    });
    expect(increment.result.changes.keysChanged).toBe(options.length === 0 ? 4 : 5);
    expect(increment.result.changes.rewritten).toBeGreaterThan(3);
    // each document keeps its id
    expect(await uuidsIn(target.url)).toEqual(before);
    const checked = await ran(['check', '--data', ...target.at]);
    expect(checked.code, checked.out + checked.err).toBe(0);

    const again = await load(target.url, '--since', target.first, ...options);
    expect(again.code, again.err).toBe(0);
    expect(again.result).toMatchObject({
      total: { inserted: 0, replaced: 0, rejected: 0 },
      changes: { keysChanged: 0, rewritten: 0, deleted: 0 },
      comparison: { differences: [] },
    });
  });

  it('are exchanged where ids tell documents apart, and refused before anything is written where only keys do', async () => {
    const kept = await copied(['--keep-ids']);
    const own = await copied([]);
    const [first = '', second = ''] = await persons('Student', 2);
    const idOfFirst = await uniqueIdOf(first);
    const idOfSecond = await uniqueIdOf(second);
    await renamed('Student', first, 'between');
    await renamed('Student', second, idOfFirst);
    await renamed('Student', first, idOfSecond);
    const exchanged = await load(kept.url, '--since', 'last', '--keep-ids');
    expect(exchanged.code, exchanged.err).toBe(0);
    expect(exchanged.result).toMatchObject({ changes: { keysChanged: 3 }, comparison: { differences: [] } });
    const versions = `SELECT sum("ContentVersion")::text AS found FROM dms."Document"`;
    const before = await queried(own.url, versions);
    const refused = await load(own.url, '--since', 'last');
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/"code":"LOAD_KEYS_EXCHANGED"/);
    expect(refused.err).toContain('--keep-ids');
    expect(await queried(own.url, versions)).toEqual(before);
  });

  it('that the target cannot take are rejected with the reason', async () => {
    const target = await copied(['--keep-ids']);
    const [first = ''] = await persons('Student', 1);
    // a document with this key is written into the target
    const student = (await ods.documents()).find(({ resource }) => resource.endsWith(':Student'));
    if (student === undefined) throw new Error('no student');
    const document = withValue(student.document, '$.studentUniqueId', 'taken');
    writeFileSync(
      place('taken.jsonl'),
      `${jsonText(
        new Map<string, JsonValue>([
          ['resource', student.resource],
          ['document', document],
        ]),
      )}\n`,
    );
    expect(await ran(['load', place('taken.jsonl'), ...target.at])).toMatchObject({ code: 0 });
    await renamed('Student', first, 'taken');
    const { code, err, result } = await load(target.url, '--since', 'last', '--keep-ids', '--continue');
    expect(code).toBe(1);
    expect(err).toContain('cannot follow its key in the source: The key of the document');
    expect(result.total.rejected).toBeGreaterThan(0);
    // the version is kept, so the same command continues when the cause is removed
    expect(result.reading.lastVersion).toBe(target.first);
  });
});
