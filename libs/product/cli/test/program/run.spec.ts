import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, ownSchemaFile, ownSchemas } from '@dms/testing';
import { Command } from 'commander';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { addCommands } from '../../src/commands/index.ts';
import { leafCommands, run } from '../../src/run.ts';
import type { Terminal } from '../../src/terminal.ts';
import { jsonLines, ran } from '../ran.ts';

const schemaArguments = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-cli-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
let folder: string;
beforeEach(() => {
  folders += 1;
  folder = path.join(scratch, String(folders));
});

function input(name: string, value: unknown): string {
  const file = path.join(scratch, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

describe('help and use', () => {
  it('lists the commands', async () => {
    const { code, out } = await ran(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/emit .*write the SQL scripts/);
    expect(out).toMatch(/hash .*fingerprint/);
    expect(out).toMatch(/convert .*older\s+format/);
  });

  it.each(['emit', 'hash', 'convert', 'verify', 'provision', 'check', 'inspect', 'impact', 'completion'])(
    '%s --help explains its options with an example',
    async (command) => {
      const { code, out } = await ran([command, '--help']);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: dms-ddl ${command}`);
      expect(out).toContain('--json');
      expect(out).toContain(`Example:\n  dms-ddl ${command} `);
    },
  );

  it('prints its version', async () => {
    expect(await ran(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });

  it.each([
    ['no command', [], 'Usage: dms-ddl'],
    ['an unknown command', ['emti'], "unknown command 'emti'"],
    ['an unknown option', ['emit', '--schema', 'x', '--output', 'y', '--shema', 'x'], "unknown option '--shema'"],
    ['a missing option', ['emit', '--output', 'x'], "a dms.json or option '--schema <file...>' must be given"],
    ['a missing argument', ['convert', '--output', 'x'], "missing required argument 'file'"],
    ['an empty schema', ['emit', '--schema', '', '--output', 'y'], "argument '' is invalid. It must not be empty."],
    ['a second empty schema', ['hash', '--schema', 'x', ''], "argument '' is invalid. It must not be empty."],
    ['an empty output', ['emit', '--schema', 'x', '--output', ''], "argument '' is invalid. It must not be empty."],
    [
      'an empty file',
      ['convert', '', '--output', 'y'],
      "value '' is invalid for argument 'file'. It must not be empty.",
    ],
    ['an empty converted output', ['convert', 'x', '--output='], "argument '' is invalid. It must not be empty."],
    ['an empty supplement', ['convert', 'x', '--output', 'y', '--supplement', ''], 'It must not be empty.'],
    ['an unknown dialect', ['emit', '--dialect', 'oracle', '--schema', 'x', '--output', 'y'], 'one of: pgsql, mssql'],
  ])('%s is wrong use', async (_, args, text) => {
    const { code, out, err } = await ran(args);
    expect(code).toBe(2);
    expect(err).toContain(text);
    expect(out).toBe('');
  });
});

describe('emit', () => {
  it('lists what it wrote with --notes, line by line', async () => {
    const args = ['emit', ...schemaArguments, '--output', folder, '--dialect', 'pgsql'];
    const { code, out, err } = await ran([...args, '--notes']);
    expect(code).toBe(0);
    const [first, second, third, fourth, ...files] = out.trimEnd().split('\n');
    expect(first).toContain(folder);
    expect(second).toMatch(/^Effective schema hash: [0-9a-f]{64}$/);
    expect(third).toBe('Resource key count: 31');
    expect(fourth).toBe('Files written:');
    expect(files.map((line) => line.slice(2)).sort()).toEqual(readdirSync(folder).sort());
    expect(files.every((line) => /^ {2}\S/.test(line))).toBe(true);
    expect(err).toMatch(/^Mapping v1, the only one that suits this set; .*\n$/);
    expect((await ran(args)).out.trimEnd().split('\n')).toEqual([first, second, third]);
  });

  it('prints notes to stderr and still succeeds', async () => {
    const { code, err } = await ran(['emit', ...schemaArguments, '--output', folder, '--dialect', 'mssql', '--notes']);
    expect(code).toBe(0);
    expect(err).toMatch(/^note PROPAGATION_FALLBACK \S+ApiSchema\.json:\d+:\d+: Campus:Section: /m);
  });

  it('takes several files after one --schema', async () => {
    const files = ownSchemas.map(ownSchemaFile);
    const { code, out } = await ran(['emit', '--dialect', 'pgsql', '--output', folder, '--schema', ...files]);
    expect(code).toBe(0);
    expect(out).toContain('Resource key count: 31');
  });

  it('prints one JSON object per result or diagnostic', async () => {
    const { code, out, err } = await ran(['emit', ...schemaArguments, '--output', folder, '--json']);
    expect(code).toBe(0);
    const [result, ...more] = jsonLines(out);
    expect(more).toEqual([]);
    expect(result).toMatchObject({ type: 'result', command: 'emit', output: folder, resourceKeyCount: 31 });
    expect(result.files.map(({ name }: { name: string }) => name).sort()).toEqual(readdirSync(folder).sort());
    for (const entry of jsonLines(err)) expect(entry).toMatchObject({ type: 'diagnostic', severity: 'note' });
  });
});

it('every option and argument that takes a path refuses an empty one', async () => {
  const program = new Command();
  const unused = () => {
    throw new Error('Nothing is run here.');
  };
  await addCommands(program, { printerFor: unused, cancellation: { hold: unused } });
  const takesPath = /<(file|dir|path)(\.\.\.)?>/;
  const parsers = leafCommands(program).flatMap((command) => [
    ...command.options
      .filter(({ flags }) => takesPath.test(flags))
      .map((option) => [option.flags, option.parseArg] as const),
    ...command.registeredArguments
      .filter((argument) => argument.argChoices === undefined)
      .map((argument) => [argument.name(), argument.parseArg] as const),
  ]);
  expect(parsers.length).toBeGreaterThanOrEqual(6);
  for (const [name, parse] of parsers) {
    expect(() => parse?.('', undefined), name).toThrow('It must not be empty.');
    expect([parse?.('x', undefined)].flat(), name).toEqual(['x']);
  }
});

describe('diagnostics', () => {
  const badString = build.project('Ed', [
    build.resource('Student', {
      identityJsonPaths: ['$.studentId'],
      jsonSchemaForInsert: build.object({ studentId: { type: 'string' } }, ['studentId']),
    }),
  ]);

  it('name file, resource and path, and nothing is written', async () => {
    const file = input('no-length.json', badString);
    const { code, out, err } = await ran(['emit', '--schema', file, '--output', folder]);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('STRING_MAX_LENGTH_MISSING');
    for (const part of [file, 'Ed:Student', '$.studentId']) expect(err).toContain(part);
    expect(existsSync(folder)).toBe(false);
  });

  it('are all printed together', async () => {
    const { code, err } = await ran([
      ...['emit', '--output', folder, '--json'],
      ...['--schema', input('one.json', '{'), '--schema', path.join(scratch, 'none.json')],
    ]);
    expect(code).toBe(1);
    expect(jsonLines(err).map((entry) => entry.code)).toEqual(['INPUT_JSON_INVALID', 'INPUT_FILE_NOT_FOUND']);
  });

  it('say why a place cannot be written', async () => {
    const file = input('a-file', 'mine');
    const { code, out, err } = await ran(['emit', ...schemaArguments, '--output', path.join(file, 'x'), '--json']);
    expect([code, out]).toEqual([1, '']);
    const entries = jsonLines(err).filter((entry) => entry.severity === 'error');
    // Windows has another error code for a file in place of a parent folder
    const cause = process.platform === 'win32' ? 'EEXIST' : 'ENOTDIR';
    expect(entries).toMatchObject([{ code: 'OUTPUT_NOT_A_FOLDER', details: { cause } }]);
  });

  it('say line and column of invalid JSON', async () => {
    const file = input('broken.json', '{ "apiSchemaVersion": "1.0.0",\n  "projectSchema": }');
    const { code, err } = await ran(['hash', '--schema', file]);
    expect(code).toBe(1);
    expect(err).toContain(`${file}:2:20: `);
  });

  it('are coloured on a terminal only, and not with NO_COLOR', async () => {
    const args = ['hash', '--schema', input('empty.json', '{}')];
    const colour = '\u001b[';
    expect((await ran(args)).err).not.toContain(colour);
    expect((await ran(args, { isTerminal: true })).err).toContain(colour);
    expect((await ran(args, { isTerminal: true, environment: { NO_COLOR: '1' } })).err).not.toContain(colour);
  });
});

describe('other commands', () => {
  it('hash prints the fingerprint on a line of its own', async () => {
    const { code, out } = await ran(['hash', ...schemaArguments]);
    expect(code).toBe(0);
    expect(out).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it('convert reports what it derived', async () => {
    const { projectSchema } = build.project('Ed', []) as { projectSchema: build.JsonRecord };
    const file = input('old.json', { apiSchemaVersion: '1.0.0', projectSchemas: { ed: projectSchema } });
    const { code, out } = await ran(['convert', file, '--output', folder]);
    expect(code).toBe(0);
    expect(out).toContain(`Written: ${path.join(folder, 'ApiSchema-ed.json')}`);
    expect(readdirSync(folder)).toEqual(['ApiSchema-ed.json']);
  });

  it('a bug prints its stack and exits 70', async () => {
    const terminal: Terminal = {
      out: () => {
        throw new Error('the pipe is closed');
      },
      err: () => {},
      isOutTerminal: false,
      isErrTerminal: false,
    };
    const errors: string[] = [];
    const code = await run(
      ['hash', ...schemaArguments],
      { ...terminal, err: (text) => void errors.push(text) },
      '1.2.3',
    );
    expect(code).toBe(70);
    expect(errors.join('')).toMatch(/This is a bug in dms-ddl.*\n.*the pipe is closed\n\s+at /s);
  });
});
