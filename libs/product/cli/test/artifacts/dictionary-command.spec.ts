import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchema, ownSchemaFile } from '@dms/testing';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/* dictionary on the command line (design 13 §7). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-dictionary-'));
const place = (...names: string[]) => path.join(scratch, ...names);
const emit = (schema: string, folder: string) => ran(['emit', '--schema', schema, '--output', place(folder)]);

beforeAll(async () => {
  expect(await emit(ownSchemaFile('campus'), 'out')).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('lists columns, references and descriptors of a document', async () => {
  const { code, out, err } = await ran(['dictionary', '--artifacts', place('out')]);
  expect([code, err]).toEqual([0, '']);
  const lines = out.split('\r\n');
  expect(lines[0]).toBe('resource,path,type,required,pgsql,mssql,ods,reference,descriptor,definition');
  const { maxLength } =
    ownSchema('campus').projectSchema.resourceSchemas.students.jsonSchemaForInsert.properties.studentUniqueId;
  expect(out).toContain(
    `Campus:Student,$.studentUniqueId,string(${maxLength}),yes,campus.Student.StudentUniqueId,campus.Student.StudentUniqueId,campus.Student.StudentUSI campus.Student.StudentUniqueId,,,`,
  );
  expect(lines.find((line) => line.startsWith('Campus:Calendar,$.schoolReference,'))).toContain(',Campus:School,');
  expect(lines.filter((line) => /,Campus:\w+Descriptor,/.test(line)).length).toBeGreaterThan(3);
});

it('has no columns of an ODS where emit was told to leave them out', async () => {
  const only = ['--only', 'model,document-schemas', '--output', place('few')];
  expect((await ran(['emit', '--schema', ownSchemaFile('campus'), ...only])).code).toBe(0);
  const { out } = await ran(['dictionary', '--artifacts', place('few')]);
  const [head = '', ...lines] = out.split('\n');
  expect(head.trim()).toBe('resource,path,type,required,pgsql,mssql,reference,descriptor,definition');
  expect(lines.find((line) => line.startsWith('Campus:Student,$.studentUniqueId,'))).not.toContain('StudentUSI');
});

it.each(['csv', 'markdown'])('prints %s with the bytes that a file has', async (format) => {
  const printed = await ran(['dictionary', '--artifacts', place('out'), '--format', format]);
  const written = await ran(['dictionary', '--artifacts', place('out'), '--format', format, '--output', place('same')]);
  expect([printed.code, written.code]).toEqual([0, 0]);
  expect(printed.out).toBe(readFileSync(place('same'), 'utf8'));
});

it('is Markdown or a workbook by the ending of the file, with the same bytes each time', async () => {
  for (const name of ['dictionary.md', 'one.xlsx', 'two.xlsx'])
    expect((await ran(['dictionary', '--artifacts', place('out'), '--output', place(name)])).code).toBe(0);
  expect(readFileSync(place('dictionary.md'), 'utf8')).toMatch(
    /^\| resource \| path \| type \|.*\n\|(---\|){10}\n\| Campus:/,
  );
  const workbook = readFileSync(place('one.xlsx'));
  expect(readFileSync(place('two.xlsx')).equals(workbook)).toBe(true);
  expect(Object.keys(unzipSync(workbook))).toContain('xl/workbook.xml');
  const { code, err } = await ran(['dictionary', '--artifacts', place('out'), '--format', 'xlsx']);
  expect([code, err]).toEqual([2, expect.stringContaining('--output')]);
});
