import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { breakingRelease, createScratchDatabase, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* Reports of an earlier version on a database of the next one, with commands alone (design 21 §3). */

describe('views of an earlier version', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-earlier-commands-'));
  const place = (name: string) => path.join(scratch, name);
  const [before, after] = [place('out-1'), place('out-2')];
  const version = ['--mapping-version', 'v2', '--dialect', 'pgsql,mssql'];
  const emitAfter = ['emit', '--schema', ...breakingRelease.after, ...version, '--output', after];
  const earlier = ['--earlier', before, '--earlier-translation', breakingRelease.translation];
  let database: PostgresDatabase;
  let at: readonly string[];

  const done = async (...args: readonly string[]) => {
    const run = await ran([...args]);
    expect(run, run.err).toMatchObject({ code: 0 });
    return run;
  };
  const rows = async (sql: string) => {
    const session = await openSession(database.url);
    try {
      return await session.query(sql);
    } finally {
      await session.close();
    }
  };

  beforeAll(async () => {
    database = await createScratchDatabase();
    at = ['--artifacts', after, '--dialect', 'pgsql', '--connection', database.url];
    await done('emit', '--schema', ...breakingRelease.before, ...version, '--output', before);
    await done(...emitAfter, ...earlier);
    await done('sample', '--artifacts', before, '--documents', '20', '--output', place('documents'));
    const translate = ['--before', before, '--after', after, '--translation', breakingRelease.translation];
    await done('translate', place('documents'), ...translate, '--output', place('later'), '--continue');
    await done('provision', ...at);
    await done('load', place('later'), ...at, '--continue');
  });
  afterAll(async () => {
    rmSync(scratch, { recursive: true });
    await database.drop();
  });

  it('emit writes where the tables of the earlier version are, and only where it is asked to', async () => {
    const mapping = JSON.parse(readFileSync(path.join(after, 'earlier-mapping.json'), 'utf8'));
    const fingerprint = (folder: string) =>
      JSON.parse(readFileSync(path.join(folder, 'effective-schema.manifest.json'), 'utf8')).effective_schema_hash;
    expect([mapping.before, mapping.after]).toEqual([fingerprint(before), fingerprint(after)]);
    expect((await done(...emitAfter, ...earlier, '--check')).out).toContain('are what emit writes');
    writeFileSync(path.join(after, 'earlier-mapping.json'), '{}\n');
    const stale = await ran([...emitAfter, ...earlier, '--check']);
    expect([stale.code, stale.out]).toEqual([1, expect.stringContaining('earlier-mapping.json')]);
    await done(...emitAfter, ...earlier);
    // --earlier-translation needs --earlier
    const lone = await ran([...emitAfter, '--earlier-translation', breakingRelease.translation]);
    expect([lone.code, lone.err]).toEqual([2, expect.stringContaining('--earlier')]);
    const itself = await ran([...emitAfter, '--earlier', after]);
    expect([itself.code, itself.err]).toEqual([1, expect.stringContaining('are of this schema set itself')]);
  });

  it('reporting gives a database the views, check knows them, and drop removes them', async () => {
    const needs = await ran(['reporting', 'apply', ...at, '--earlier']);
    expect([needs.code, needs.err]).toEqual([1, expect.stringContaining('error REPORTING_EARLIER_NEEDS')]);
    await done('reporting', 'apply', ...at);
    const applied = await done('reporting', 'apply', ...at, '--earlier');
    expect(applied.out).toMatch(
      /^Applied \d+ views of the earlier version\nNot given back: 3 places; --notes lists them\n/,
    );
    const students = await rows('SELECT StudentUniqueId FROM edfi_10.Student');
    expect(students.length).toBeGreaterThan(0);
    const checked = await done('check', ...at);
    expect(checked.out).toMatch(
      /^Reporting views: \d+\nReporting views of the earlier version: \d+, set \w{12}, translation \w{12}$/m,
    );
    await rows('CREATE OR REPLACE VIEW edfi_10.student AS SELECT * FROM edfi.student WHERE false').catch(
      () => undefined,
    );
    await rows('ALTER VIEW edfi_10.student RENAME TO pupil');
    const drifted = await done('check', ...at);
    expect(drifted.err).toContain('reporting views of the earlier version were renamed since they were made');
    expect(drifted.err).toContain('dms-ddl reporting apply --earlier replaces them');
    await done('reporting', 'apply', ...at, '--earlier');
    expect((await done('check', ...at)).err).not.toContain('REPORTING_VIEWS_DIFFER');
    const refused = await ran(['reporting', 'drop', ...at]);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('--with-earlier')]);
    expect((await done('reporting', 'drop', ...at, '--earlier')).out).toMatch(/^Dropped \d+ views\n/);
    await done('reporting', 'apply', ...at, '--earlier', '--earlier-suffix', '_old');
    await rows('SELECT * FROM edfi_old.Student');
    await done('reporting', 'drop', ...at, '--with-earlier');
    // old SQL, without any change
    await done('reporting', 'apply', ...at, '--schema-suffix', '_2');
    await done('reporting', 'apply', ...at, '--earlier', '--earlier-suffix', '');
    await rows('SELECT s.StudentUniqueId, c.EconomicDisadvantaged FROM edfi.Student s, preparation.Candidate c');
    await done('reporting', 'drop', ...at, '--with-earlier');
    // scripts with keys to descriptors
    await done('reporting', 'apply', ...at, '--descriptor-table');
    const withTable = await done('reporting', 'apply', ...at, '--earlier', '--descriptor-table');
    expect(withTable.out).toMatch(/^Applied \d+ views and the table edfi_10\.descriptor of the earlier version\n/);
    await rows('CREATE TABLE public.map (DescriptorId bigint REFERENCES edfi_10.Descriptor (DescriptorId))');
    await rows('ALTER TABLE dms."Descriptor" DISABLE TRIGGER "TR_Descriptor_Reporting_Delete_Earlier"');
    const changed = await done('check', ...at);
    expect(changed.err).toContain('dms-ddl reporting apply --earlier --descriptor-table replaces');
    await done('reporting', 'apply', ...at, '--earlier', '--descriptor-table');
    await rows('DROP TABLE public.map');
    const dropped = await done('reporting', 'drop', ...at, '--with-earlier');
    expect(dropped.out).toMatch(/^Dropped \d+ views and the tables edfi\.descriptor and edfi_10\.descriptor\n/);
    expect((await done('check', ...at)).out).not.toContain('Reporting views');
  });

  it('the dictionary says where a column of the earlier version lives now', async () => {
    const { out } = await done('dictionary', '--artifacts', after, '--earlier');
    const [head = '', ...lines] = out.split('\r\n');
    const at = head.split(',').indexOf('earlier');
    expect(head.split(',')[at - 1]).toBe('ods');
    const cells = lines.map((line) => line.split(','));
    const whereIs = (column: string) =>
      cells.filter((row) => row[at]?.split(' ').includes(column)).map(([resource, place]) => `${resource} ${place}`);
    expect(whereIs('edfi.Student.FirstName')).toEqual(['Ed-Fi:Student $.firstName']);
    // a column that moved to another project, with other values
    expect(whereIs('preparation.Candidate.EconomicDisadvantaged')).toEqual([
      'Ed-Fi:Candidate $.economicDisadvantageDescriptor',
    ]);
    const without = await ran(['dictionary', '--artifacts', before, '--earlier']);
    expect([without.code, without.err]).toEqual([1, expect.stringContaining('--earlier-translation')]);
  });

  it('the page has the tables of the earlier version, and says where their columns live now', async () => {
    const page = place('page.html');
    await done('explore', '--artifacts', after, '--earlier', '--output', page);
    const [, data = ''] = /id="model">([^<]*)</.exec(readFileSync(page, 'utf8')) ?? [];
    const { first } = JSON.parse(inflateRawSync(Buffer.from(data, 'base64')).toString('utf8'));
    const columns = new Map<string, readonly string[]>(
      first.earlierTables.flatMap(
        (table: { schema: string; name: string; columns: { name: string; sources: string[] }[] }) =>
          table.columns.map(({ name, sources }) => [`${table.schema}.${table.name}.${name}`, sources]),
      ),
    );
    expect(columns.get('preparation.Candidate.EconomicDisadvantaged')).toEqual([
      'edfi.Candidate.EconomicDisadvantageDescriptorId',
    ]);
    expect(columns.get('edfi.ContactTypeDescriptor.ContactTypeDescriptorId')).toEqual([]);
    const without = await ran(['explore', '--artifacts', before, '--earlier', '--output', page]);
    expect([without.code, without.err]).toEqual([1, expect.stringContaining('--earlier-translation')]);
  });

  it('reporting emit writes the scripts of both dialects, with what does not come back', async () => {
    const emitted = await done('reporting', 'emit', '--artifacts', after, '--earlier', '--notes');
    expect(emitted.out).toContain('Not given back: 3 places\n');
    expect(emitted.out).toContain('  Ed-Fi:ContactTypeDescriptor: gone; by ');
    const script = readFileSync(path.join(after, 'reporting-earlier.pgsql.sql'), 'utf8');
    expect(script).toContain('VIEW "edfi_10"."student" AS');
    const other = readFileSync(path.join(after, 'reporting-earlier.mssql.sql'), 'utf8');
    expect(other).toContain('CREATE OR ALTER VIEW [edfi].[Student] AS');
    expect(other).toContain('FROM [$(SourceDatabase)].[edfi].[Student] r');
    const json = await done('reporting', 'emit', '--artifacts', after, '--earlier', '--json');
    const [{ notGivenBack }] = jsonLines(json.out) as [{ notGivenBack: { reason: string }[] }];
    expect(notGivenBack.map(({ reason }) => reason)).toEqual(['first', 'gone', 'made']);
    const suffix = await ran(['reporting', 'emit', '--artifacts', after, '--earlier-suffix', '_old']);
    expect([suffix.code, suffix.err]).toEqual([2, expect.stringContaining("needs '--earlier'")]);
    const without = await ran(['reporting', 'emit', '--artifacts', before, '--earlier']);
    expect([without.code, without.err]).toEqual([1, expect.stringContaining('--earlier-translation')]);
  });
});
