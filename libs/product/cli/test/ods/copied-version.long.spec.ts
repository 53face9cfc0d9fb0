import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  openSession,
  type PostgresDatabase,
  type TestDatabase,
  usualGenerations,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';
import { makeOds, newTargetOf, schemasOf } from '../source-ods.ts';

/*
 * The version of an ODS that a target records, from which --since last continues (design 19a §9), and descriptors
 * that are equal in the target.
 */

const schemas = { v1: 'campus', v2: 'edfi' } as const;
const role = 'dms_copied_version_loader';

describe.each(usualGenerations())('a copy of an ODS, in %s', (generation) => {
  const schema = `${schemas[generation]}_src`;
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-copied-version-'));
  const place = (name: string) => path.join(scratch, name);
  const databases: PostgresDatabase[] = [];
  let ods: PostgresDatabase;
  let source: TestDatabase;
  // the sample of the first generation has a row that no ODS can hold
  const exitCode = generation === 'v1' ? 1 : 0;

  const at = (url: string) => ['--artifacts', place('out'), '--dialect', 'pgsql', '--connection', url];
  const newTarget = async () => {
    const target = await newTargetOf(place('out'));
    databases.push(target);
    return target.url;
  };
  const load = async (url: string, ...options: readonly string[]) => {
    const args = ['load', '--from-ods', ods.url, '--schema-suffix', '_src', ...schemasOf(generation), '--continue'];
    const { code, out, err } = await ran([...args, '--dialect', 'pgsql', '--connection', url, '--json', ...options]);
    return { code, err, problems: jsonLines(err), result: jsonLines(out)[0] };
  };
  const inTarget = async <Result>(url: string, work: (session: TestDatabase) => Promise<Result>): Promise<Result> => {
    const session = await openSession(url);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  };
  const records = (url: string) =>
    inTarget(url, (session) =>
      session.query<{ source: string; version: string }>(
        'SELECT "Source" AS source, "ChangeVersion"::text AS version FROM dms_load."Copy"',
      ),
    );

  beforeAll(async () => {
    ods = await makeOds(place, generation, ['--change-columns']);
    databases.push(ods);
    source = await openSession(ods.url);
  });
  afterAll(async () => {
    await source?.close();
    for (const database of databases) await database.drop();
    const { url } = await createScratchDatabase();
    await inTarget(url, (session) => session.exec(`DROP ROLE IF EXISTS ${role}`));
    rmSync(scratch, { recursive: true, force: true });
  });

  it('has no last version before it has begun', async () => {
    const url = await newTarget();
    const { code, problems } = await load(url, '--since', 'last');
    expect(code).toBe(1);
    const [problem] = problems.filter((each) => each.code === 'ODS_VERSION_UNKNOWN');
    expect(problem.message).toMatch(
      /has no record of a copy of postgres:\/\/127\.0\.0\.1:[0-9]+\/\w+ \(schemas with _src\), so/,
    );
    expect(await inTarget(url, (session) => session.query('SELECT 1 FROM dms."Document" LIMIT 1'))).toEqual([]);
  });

  it('records the version of its start, which no comparison of catalogs sees', async () => {
    const url = await newTarget();
    const whole = await load(url);
    expect(whole.code, whole.err).toBe(exitCode);
    const { lastVersion } = whole.result.reading;
    const [record, ...others] = await records(url);
    expect(others).toEqual([]);
    expect(record).toEqual({
      source: expect.stringMatching(/^postgres:\/\/[^@]+\(schemas with _src\)$/),
      version: lastVersion,
    });
    const checked = await ran(['check', ...at(url)]);
    expect(checked.code, checked.err).toBe(0);
    expect(checked.out).toMatch(/^pgsql: 0 differences in /);
    // a later run of the copy keeps the record, whatever the current version of the source
    await source.exec(`UPDATE ${schema}.student SET changeversion = ${lastVersion} + 10
WHERE studentusi = (SELECT max(studentusi) FROM ${schema}.student)`);
    expect((await load(url)).result.reading.lastVersion).toBe(lastVersion);
    const lines = await ran([
      ...['load', '--from-ods', ods.url, '--schema-suffix', '_src', ...schemasOf(generation), '--since', 'last'],
      ...['--dialect', 'pgsql', '--connection', url],
    ]);
    expect(lines.out).toMatch(
      new RegExp(
        `^Version of the copy: ${Number(lastVersion) + 10}, recorded in the database; --since last loads what has changed after it\\.$`,
        'm',
      ),
    );
    // a source that was restored has a lower version than its copy
    await source.exec(`UPDATE ${schema}.student SET changeversion = 1 WHERE changeversion > ${lastVersion}`);
    expect((await load(url)).result.reading.lastVersion).toBe(lastVersion);
  });

  it('says what to do where the role may not record it', async () => {
    const url = await newTarget();
    const asLoader = new URL(url);
    asLoader.username = role;
    asLoader.password = 'of the test';
    await inTarget(url, (session) =>
      session.exec(`DO $$ DECLARE s name; BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} LOGIN PASSWORD 'of the test'; END IF;
  FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$|^public$' LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO ${role}; GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO ${role}; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO ${role}', s, s, s, s);
  END LOOP;
END $$`),
    );
    const refused = await load(asLoader.href);
    expect(refused.code, refused.err).toBe(exitCode);
    const [warning] = refused.problems.filter((each) => each.code === 'ODS_VERSION_NOT_RECORDED');
    const { version, statements } = warning.details;
    expect(refused.result.reading.lastVersion).toBe(version);
    expect(warning.message).toContain(`--since ${version}`);
    await inTarget(url, (session) =>
      session.exec(
        `${statements} GRANT USAGE ON SCHEMA dms_load TO ${role}; GRANT SELECT, INSERT, UPDATE ON dms_load."Copy" TO ${role}`,
      ),
    );
    const again = await load(asLoader.href);
    expect(again.problems.filter((each) => each.code === 'ODS_VERSION_NOT_RECORDED')).toEqual([]);
    expect((await records(url)).map((record) => record.version)).toEqual([version]);
    await inTarget(url, (session) => session.exec(`DROP OWNED BY ${role}`));
  });

  it('names descriptors that are one in the target, and equals the source in everything else', async () => {
    const url = await newTarget();
    await source.exec(`CREATE TABLE ${schema}.kept AS SELECT * FROM ${schema}.descriptor; UPDATE ${schema}.descriptor SET codevalue = ' ' || codevalue || '  ';
INSERT INTO ${schema}.descriptor SELECT d.* FROM ${schema}.descriptor o, json_populate_record(o, json_build_object('descriptorid', 999999, 'codevalue', upper(trim(o.codevalue)))) d
  WHERE o.descriptorid = (SELECT min(termdescriptorid) FROM ${schema}.termdescriptor);
INSERT INTO ${schema}.termdescriptor VALUES (999999);
UPDATE ${schema}.session SET termdescriptorid = 999999 WHERE termdescriptorid = (SELECT min(termdescriptorid) FROM ${schema}.termdescriptor)`);
    const { code, problems, result, err } = await load(url, '--verify', '--allow-unread');
    await source.exec(`UPDATE ${schema}.session SET termdescriptorid = (SELECT min(termdescriptorid) FROM ${schema}.termdescriptor) WHERE termdescriptorid = 999999;
DELETE FROM ${schema}.termdescriptor WHERE termdescriptorid = 999999;
TRUNCATE ${schema}.descriptor; INSERT INTO ${schema}.descriptor SELECT * FROM ${schema}.kept; DROP TABLE ${schema}.kept`);
    expect(code, err).toBe(1);
    const told = problems.filter((each) => each.code === 'LOAD_DESCRIPTORS_MERGED');
    expect(told).toHaveLength(1);
    expect(told[0].message).toMatch(
      /^[\w-]+:TermDescriptor "[^"]*#[^"]+" is the same descriptor as "[^"]*# [^"]+ {2}"/,
    );
    expect(result.mergedKeys).toBe(1);
    const tables = result.comparison.differences.map(({ table }: { readonly table: string }) => table.split('.')[1]);
    // one row less because two descriptors are equal; v1 has one more document that it refuses
    expect(tables).toEqual(expect.arrayContaining(['Descriptor', 'TermDescriptor']));
    expect(tables).not.toContain('Session');
    if (exitCode === 0) expect(tables).toHaveLength(2);
  });
});
