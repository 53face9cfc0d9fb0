import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  dayUri,
  dumpedTexts,
  mainGenerations,
  occasionSchemas,
  openSession,
  type PostgresDatabase,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/*
 * The first and the last day and second of time, which the second generation and the API of an ODS store as infinite
 * (design 16 §6.4, 19 §6.2): every command that reads values returns the days and seconds.
 */

const day = { first: '0001-01-01', last: '9999-12-31' } as const;
const second = { first: '0001-01-01T00:00:00Z', last: '9999-12-31T23:59:59Z' } as const;
const from = { day: day.first, startsAt: second.first };
const to = { day: day.last, startsAt: second.last };
const usual = { day: '2030-05-01', startsAt: '2030-05-01T08:00:00Z', endsAt: '2030-05-01T09:00:00Z' };
const records = [
  { resource: 'Core:Occasion', document: { ...from, lastDay: day.last, endsAt: second.last } },
  { resource: 'Core:Occasion', document: { ...to, lastDay: day.first, endsAt: second.first } },
  { resource: 'Core:Occasion', document: usual },
  { resource: 'Core:Visit', document: { visitId: 1, occasionReference: from } },
  { resource: 'Core:Visit', document: { visitId: 2, occasionReference: to } },
];
const [namespace, codeValue] = dayUri('Always').split('#');
const descriptor = {
  resource: 'Core:DayDescriptor',
  namespace,
  codeValue,
  shortDescription: 'Always',
  effectiveBeginDate: day.first,
  effectiveEndDate: day.last,
};

describe.each(mainGenerations)('the ends of time, %s', (generation) => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-ends-of-time-'));
  const place = (name: string) => path.join(scratch, name);
  const databases: PostgresDatabase[] = [];
  let source = '';
  let target = '';
  let ods: TestDatabase;
  let session: TestDatabase;

  const schemas = ['--schema', place('core.json'), '--mapping-version', generation];
  const at = (url: string) => ['--artifacts', place('out'), '--dialect', 'pgsql', '--connection', url];
  const done = async (...args: readonly string[]) => {
    const result = await ran([...args]);
    expect(result.code, result.err).toBe(0);
    return result;
  };
  const provisioned = async () => {
    const database = await createScratchDatabase();
    databases.push(database);
    await done('provision', ...at(database.url));
    return database.url;
  };
  const texts = (folder: string) => Object.values(dumpedTexts(place(folder))).join('');
  const fromOds = ['--schema-suffix', '_src', ...schemas];

  beforeAll(async () => {
    const [schema] = occasionSchemas();
    writeFileSync(place('core.json'), JSON.stringify(schema));
    writeFileSync(place('records.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    writeFileSync(place('days.json'), JSON.stringify([descriptor]));
    await done('emit', ...schemas, '--dialect', 'pgsql', '--output', place('out'));
    source = await provisioned();
    await done('seed-descriptors', place('days.json'), ...at(source));
    await done('load', place('records.jsonl'), ...at(source));
    const reporting = ['--dialect', 'pgsql', '--connection', source];
    await done('reporting', 'apply', ...schemas, ...reporting);
    ods = await openSession(source);
    await ods.exec(`SET TIME ZONE 'UTC'; DO $$ DECLARE v record; BEGIN
  CREATE SCHEMA core_src;
  FOR v IN SELECT viewname AS name FROM pg_views WHERE schemaname = 'core' AND viewname = lower(viewname)
  LOOP EXECUTE format('CREATE TABLE core_src.%I AS SELECT * FROM core.%I', v.name, v.name); END LOOP;
END $$`);
    await done('reporting', 'drop', ...reporting);
    // the API of an ODS writes such values, and fractions of a second too
    await ods.exec(`UPDATE core_src.occasion SET lastday = 'infinity', endsat = 'infinity' WHERE day = '${day.first}';
UPDATE core_src.occasion SET endsat = endsat + interval '0.75 s' WHERE day = '2030-05-01';
UPDATE core_src.descriptor SET effectivebegindate = '-infinity'`);
    target = await provisioned();
    session = await openSession(target);
    await session.exec(`SET TIME ZONE 'UTC'; SET datestyle TO ISO`);
  });
  afterAll(async () => {
    await ods?.close();
    await session?.close();
    for (const database of databases) await database.drop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('are loaded from an ODS, and equal to it', async () => {
    const { out } = await done('load', '--from-ods', source, ...fromOds, ...at(target).slice(2), '--verify', '--json');
    expect(jsonLines(out)[0]).toMatchObject({ total: { inserted: 6, rejected: 0 }, comparison: { differences: [] } });
    const again = await ran([
      'load',
      '--from-ods',
      source,
      ...fromOds,
      ...at(target).slice(2),
      '--on-existing',
      'replace',
      '--json',
    ]);
    expect(jsonLines(again.out)[0]).toMatchObject({ total: { unchanged: 6, replaced: 0 } });
  });

  it('differ where the ODS has another day or second', async () => {
    await ods.exec(`UPDATE core_src.occasion SET lastday = '9999-12-30' WHERE day = '${day.first}';
UPDATE core_src.occasion SET endsat = endsat + interval '1 s' WHERE day = '2030-05-01'`);
    const { code, out } = await ran([
      'load',
      '--from-ods',
      source,
      ...fromOds,
      ...at(target).slice(2),
      '--verify',
      '--json',
    ]);
    expect(code).toBe(1);
    expect(jsonLines(out)[0].comparison.differences).toMatchObject([
      { table: 'core.Occasion', rows: [{ kind: 'changed' }, { kind: 'changed' }] },
    ]);
    await ods.exec(`UPDATE core_src.occasion SET lastday = 'infinity' WHERE day = '${day.first}';
UPDATE core_src.occasion SET endsat = endsat - interval '1 s' WHERE day = '2030-05-01'`);
  });

  it('are days and seconds in views, with which reports compare and count', async () => {
    const reporting = ['--dialect', 'pgsql', '--connection', target];
    await done('reporting', 'apply', ...schemas, ...reporting, '--schema-suffix', '_ods');
    const rows = await session.query<{ row: string }>(
      `SELECT concat_ws(' ', day, startsat, lastday, endsat, extract(year FROM lastday) - extract(year FROM day)) AS row FROM core_ods.occasion ORDER BY day`,
    );
    const fraction = generation === 'v1' ? '.75' : '';
    expect(rows.map(({ row }) => row)).toEqual([
      '0001-01-01 0001-01-01 00:00:00 9999-12-31 9999-12-31 23:59:59 9998',
      `2030-05-01 2030-05-01 08:00:00 2030-05-01 09:00:00${fraction}`,
      '9999-12-31 9999-12-31 23:59:59 0001-01-01 0001-01-01 00:00:00 -9998',
    ]);
    const visits = await session.query<{ row: string }>(
      `SELECT concat_ws(' ', v.visitid, v.day, v.startsat) AS row FROM core_ods.visit v JOIN core_ods.occasion o ON o.day = v.day AND o.startsat = v.startsat ORDER BY v.visitid`,
    );
    expect(visits.map(({ row }) => row)).toEqual([
      '1 0001-01-01 0001-01-01 00:00:00',
      '2 9999-12-31 9999-12-31 23:59:59',
    ]);
    const [kind] = await session.query(
      `SELECT effectivebegindate::text AS first, effectiveenddate::text AS last FROM core_ods.descriptor`,
    );
    expect(kind).toEqual(day);
    const types = await session.query<{ type: string }>(
      `SELECT DISTINCT data_type AS type FROM information_schema.columns WHERE table_schema = 'core_ods' AND column_name IN ('day', 'lastday')`,
    );
    expect(types).toEqual([{ type: 'date' }]);
  });

  it('are days and seconds in documents: dump, get, a reading of the views, check and changes', async () => {
    await done('dump', '--output', place('dump'), ...at(target));
    await done('read-ods', ...schemas, '--schema-suffix', '_ods', '--connection', target, '--output', place('read'));
    for (const folder of ['dump', 'read']) {
      const text = texts(folder);
      expect(text).not.toContain('infinity');
      for (const { document } of records.slice(0, 2))
        for (const [name, value] of Object.entries(document)) expect(text).toContain(`"${name}":"${value}"`);
      expect(text).toContain(`"effectiveBeginDate":"${day.first}"`);
      expect(text).toContain(`"effectiveEndDate":"${day.last}"`);
    }
    const got = await done('get', 'Core:Occasion', '--where', `day=${day.last}`, ...at(target), '--json');
    expect(jsonLines(got.out)[0]).toMatchObject({
      documents: [{ document: { ...to, lastDay: day.first, endsAt: second.first } }],
    });
    const checked = await done('check', '--data', ...at(target));
    expect(checked.out).not.toContain('infinity');
    if (generation === 'v1') return;
    await session.exec(`DELETE FROM core."Visit"; DELETE FROM core."Occasion" WHERE "Day" <> '2030-05-01'`);
    const { out } = await done('changes', ...at(target), '--json');
    const keys = jsonLines(out).flatMap(({ resource, oldKey }) => (resource === 'Core:Occasion' ? [oldKey] : []));
    expect(keys).toEqual(expect.arrayContaining([from, to]));
    expect(out).not.toContain('infinity');
  });
});
