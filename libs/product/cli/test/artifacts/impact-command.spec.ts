import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/run.ts';

/* dms-ddl impact (design 09a §2.4). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-cli-impact-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function ran(args: readonly string[]) {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    isOutTerminal: false,
    isErrTerminal: false,
  };
  return { code: await run(args, terminal, '1.2.3'), out, err };
}

const place = (name: string) => path.join(scratch, name);
const { integer, object, string } = build;

async function emitted(name: string, properties: build.JsonRecord, dialects: readonly string[] = []): Promise<void> {
  const school = build.resource('School', {
    identityJsonPaths: ['$.schoolId'],
    jsonSchemaForInsert: object({ schoolId: integer(), ...properties }, ['schoolId', ...Object.keys(properties)]),
  });
  const file = place(`${name}.json`);
  writeFileSync(file, JSON.stringify(build.project('Ed-Fi', [school])));
  const chosen = dialects.flatMap((dialect) => ['--dialect', dialect]);
  expect(await ran(['emit', '--schema', file, '--output', place(name), ...chosen])).toMatchObject({ code: 0 });
}

const impact = (...options: string[]) =>
  ran(['impact', '--before', place('before'), '--after', place('after'), ...options]);

beforeAll(async () => {
  await emitted('before', {});
  await emitted('after', { motto: string(20) });
  await emitted('single', { motto: string(20) }, ['pgsql']);
});

describe('impact', () => {
  it.each(['text', 'markdown', 'json'])('writes what it prints into a file, in the form %s', async (format) => {
    const printed = await impact('--format', format);
    const file = place(`report.${format}`);
    expect(await impact('--format', format, '--print-to', file)).toEqual({
      code: 0,
      out: `Report written to ${file}\n`,
      err: '',
    });
    expect(readFileSync(file, 'utf8')).toBe(printed.out);
    expect(await impact('--format', format, '--print-to', '-')).toEqual(printed);
  });

  it('says what changes, for each dialect', async () => {
    const { code, out, err } = await impact();
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^PostgreSQL: checks rows first\nThe effective schema hash changes from /);
    const lines = [
      'Ed-Fi: checks rows first',
      '  School: checks rows first',
      '    + required column added edfi.School.Motto',
    ];
    expect(out).toContain(`\n${lines.join('\n')}: varchar(20), not null\n`);
    expect(out).toMatch(/\n\nSQL Server: checks rows first\n(.*\n)*.*nvarchar\(20\), not null\n$/);
  });

  it('prints Markdown for a pull request', async () => {
    const { code, out } = await impact('--format', 'markdown');
    expect(code).toBe(0);
    expect(out).toMatch(/^## Schema impact on PostgreSQL: checks rows first\n/);
    expect(out).toContain(
      '| School | checks rows first | required column added: `edfi.School.Motto` varchar(20), not null |\n',
    );
    expect(out).toMatch(/\nSQL Server: the same resources with the same verdicts\.\n$/);
  });

  it('prints and writes the same JSON', async () => {
    const output = place('report');
    const { code, out } = await impact('--format', 'json', '--dialect', 'mssql', '--output', output);
    expect(code).toBe(0);
    expect(readdirSync(output)).toEqual(['impact.mssql.json']);
    expect(readFileSync(path.join(output, 'impact.mssql.json'), 'utf8')).toBe(out);
    expect(JSON.parse(out)).toMatchObject({ impact_format: 2, dialect: 'mssql', verdict: 'checked' });
    const text = await impact('--dialect', 'pgsql', '--output', output);
    expect(text.out).toMatch(/\nWritten: .*impact\.pgsql\.json\n$/);
    expect(readdirSync(output)).toEqual(['impact.pgsql.json']);
  });

  it('is one JSON object with --json', async () => {
    const { code, out } = await impact('--json', '--fail-on', 'loss');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      type: 'result',
      command: 'impact',
      files: [],
      refused: [],
      reports: [
        { dialect: 'pgsql', verdict: 'checked' },
        { dialect: 'mssql', verdict: 'checked' },
      ],
    });
  });

  it.each([
    ['checked', 'checked'],
    ['loss, checked', 'checked'],
    ['free,rewritten,checked,loss,impossible', 'checked'],
  ])('fails on %s, after the report', async (classes, found) => {
    const { code, out, err } = await impact('--fail-on', classes);
    expect(code).toBe(1);
    expect(out).toMatch(/^PostgreSQL: checks rows first\n/);
    expect(err).toMatch(new RegExp(`^error IMPACT_REFUSED .*the class ${found}, which --fail-on refuses`));
  });

  it.each([['free'], ['loss'], ['loss, impossible']])(
    'does not fail on %s, which the change has not',
    async (classes) => {
      expect(await impact('--fail-on', classes)).toMatchObject({ code: 0, err: '' });
    },
  );

  it('compares the dialects of the folder after the change', async () => {
    const { code, out } = await ran(['impact', '--before', place('before'), '--after', place('single')]);
    expect(code).toBe(0);
    expect(out).toContain('PostgreSQL: checks rows first');
    expect(out).not.toContain('SQL Server');
  });

  it.each(['impact', 'upgrade plan'])('%s refuses a folder that is compared with itself', async (command) => {
    const before = place('before');
    const { code, out, err } = await ran([...command.split(' '), '--before', before, '--after', `${before}/.`]);
    expect([code, err]).toEqual([1, expect.stringContaining('error UPGRADE_SAME_FOLDER')]);
    expect(out).not.toBe('');
  });

  it('needs the artifacts of both folders, of one schema set each', async () => {
    const other = await ran(['impact', '--before', place('single'), '--after', place('after')]);
    expect(other.code).toBe(1);
    expect(other.err).toMatch(
      /^error INPUT_FILE_NOT_FOUND .*relational-model\.mssql\.json does not exist; dms-ddl emit .* writes it, unless --dialect leaves out mssql\./,
    );
    const none = await ran(['impact', '--before', place('none'), '--after', place('after')]);
    expect([none.code, none.out]).toEqual([1, '']);
    expect(none.err).toMatch(/^error INPUT_FILE_NOT_FOUND /);
    await emitted('mixed', { motto: string(9) });
    const catalog = readFileSync(path.join(place('after'), 'catalog.pgsql.json'));
    writeFileSync(path.join(place('mixed'), 'catalog.pgsql.json'), catalog);
    const mixed = await ran(['impact', '--before', place('before'), '--after', place('mixed')]);
    expect([mixed.code, mixed.out]).toEqual([1, '']);
    expect(mixed.err).toMatch(
      /^error MODEL_FILE_INVALID .*catalog\.pgsql\.json belongs to the schema set [0-9a-f]{12}, the model beside it/,
    );
  });

  it.each([
    ['no folders', ['impact'], "required option '--before <dir>' not specified"],
    ['an empty folder', ['impact', '--before', '', '--after', 'x'], 'It must not be empty.'],
    ['an unknown format', ['impact', '--before', 'x', '--after', 'y', '--format', 'html'], 'text, json, markdown'],
    [
      'an unknown class',
      ['impact', '--before', 'x', '--after', 'y', '--fail-on', 'loss,M'],
      'one or more of: free, rewritten, checked',
    ],
    [
      'no class',
      ['impact', '--before', 'x', '--after', 'y', '--fail-on', ','],
      'one or more of: free, rewritten, checked',
    ],
  ])('with %s is wrong use', async (_, args, text) => {
    const { code, out, err } = await ran(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(text);
  });
});
