import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { shellWord } from '@dms/diagnostics';
import { build, ownSchemaFile, ownSchemas } from '@dms/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../src/run.ts';
import { jsonLines, type RunContext, ran } from '../ran.ts';

/* Common features of all commands, and alternative ways to write the same arguments. */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-command-line-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const schemaArguments = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
const core = ownSchemaFile('campus');

function write(name: string, value: unknown): string {
  const file = path.join(scratch, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  return file;
}

const small = (name: string) =>
  build.project(name, [
    build.resource('Student', {
      identityJsonPaths: ['$.studentId'],
      jsonSchemaForInsert: build.object({ studentId: build.string() }, ['studentId']),
    }),
  ]);

/** A file with one resource, for tests that are the same for every schema set: it compiles fast. */
const smallFile = write('small.json', small('Ed'));

/** A project with a text without a length, which is an error when the model is derived. */
const wrongProject = build.project('Ed', [
  build.resource('Student', {
    identityJsonPaths: ['$.studentId'],
    jsonSchemaForInsert: build.object({ studentId: { type: 'string' } }, ['studentId']),
  }),
]);

describe('short forms', () => {
  it.each([
    ['-h', ['emit', '-h'], ['emit', '--help']],
    ['help', ['help', 'emit'], ['emit', '--help']],
    ['-V', ['-V'], ['--version']],
  ])('%s', async (_, short, long) => {
    const found = await ran(short);
    expect(found).toEqual(await ran(long));
    expect(found.code).toBe(0);
    expect(found.out).not.toBe('');
  });

  it('-q is --quiet', async () => {
    const output = path.join(scratch, 'short');
    expect(await ran(['emit', '-q', '--schema', smallFile, '--dialect', 'pgsql', '--output', output])).toEqual({
      code: 0,
      out: '',
      err: '',
    });
  });
});

describe('help', () => {
  it.each([
    [['help'], ['--help']],
    [
      ['help', 'upgrade', 'apply'],
      ['upgrade', 'apply', '--help'],
    ],
    [
      ['upgrade', 'help', 'apply'],
      ['upgrade', 'apply', '--help'],
    ],
    [
      ['help', 'pack'],
      ['pack', '--help'],
    ],
    [
      ['help', 'emit', '--quiet'],
      ['emit', '--help'],
    ],
  ])('%j is %j', async (asked, same) => {
    const found = await ran(asked);
    expect(found).toEqual(await ran(same));
    expect([found.code, found.err]).toEqual([0, '']);
    const named = same.slice(0, -1).join(' ');
    expect(found.out).toMatch(new RegExp(`^Usage: dms-ddl ${named}${named === '' ? '' : ' '}\\[options\\]`));
  });

  it.each([
    [['help', 'nosuch'], 'nosuch', undefined],
    [['help', 'emti'], 'emti', 'emit'],
    [['nosuch', '--help'], 'nosuch', undefined],
    [['help', 'upgrade', 'aply'], 'aply', 'apply'],
    [['upgrade', 'aply', '-h'], 'aply', 'apply'],
    [['help', 'emit', 'apply'], 'apply', undefined],
  ])('%j is wrong use: there is no %s', async (args, word, near) => {
    const { code, out, err } = await ran(args);
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    // points to the help of the command that lacks the word as a subcommand or an argument
    const group = args.includes('upgrade') ? 'dms-ddl upgrade' : 'dms-ddl';
    const pointer = args.includes('emit')
      ? 'Run dms-ddl emit --help for its options.'
      : `Run ${group} --help for the commands.`;
    expect([code, out, err]).toEqual([2, '', `error: unknown command '${word}'${hint}\n${pointer}\n`]);
  });

  it.each([
    [
      ['emit', 'help'],
      ['emit', '--help'],
    ],
    [
      ['upgrade', 'plan', 'help'],
      ['upgrade', 'plan', '--help'],
    ],
  ])('%j asks for help', async (asked, same) => {
    expect(await ran(asked)).toEqual(await ran(same));
  });

  it('wrong use of a command points to its own help', async () => {
    expect((await ran(['upgrade', 'plan'])).err).toMatch(/\nRun dms-ddl upgrade plan --help for its options\.\n$/);
  });
});

describe('the width of the help', () => {
  /** The lines of a help, without those to copy, and without single words that are too long for a line. */
  const proseOf = (help: string) =>
    (help.split('\nExample:')[0] ?? '').split('\n').filter((line) => line.trim().includes(' ') && !/^Usage/.test(line));

  it.each([
    [[], 80],
    [[], 40],
    [['emit'], 80],
    [['emit'], 40],
    [['load'], 40],
    [['provision'], 60],
    [['upgrade'], 40],
  ])('%j fits %s columns', async (words, columns) => {
    const { out } = await ran([...words, '--help'], { isTerminal: true, columns });
    const lines = proseOf(out);
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
  });

  it('is 80 columns at most', async () => {
    const wide = await ran(['--help'], { isTerminal: true, columns: 200 });
    expect(wide).toEqual(await ran(['--help']));
    for (const words of [[], ['emit'], ['upgrade'], ['upgrade', 'plan']])
      expect((await ran([...words, '--help'])).out, words.join(' ')).toMatch(/^ {2}-h, --help +print this help$/m);
  });
});

describe('--dialect', () => {
  it.each([
    [['--dialect', 'mssql,pgsql']],
    [['--dialect', 'pgsql', 'mssql']],
    [['--dialect', 'mssql', '--dialect', 'pgsql']],
    [['--dialect', 'pgsql,', 'mssql'].filter((each) => each !== 'pgsql,').concat('--dialect=pgsql')],
  ])('%j means both', async (args) => {
    const output = path.join(scratch, `dialects-${args.join('').replaceAll(/\W/g, '')}`);
    const { code } = await ran(['emit', '--schema', smallFile, '--output', output, ...args]);
    expect(code).toBe(0);
    expect(readdirSync(output).filter((name) => name.endsWith('.sql'))).toEqual(['mssql.sql', 'pgsql.sql']);
  });

  it('refuses a list with an unknown name, and says where the files are', async () => {
    const list = await ran(['emit', '--dialect', 'pgsql,oracle', '--output', 'x']);
    expect(list.code).toBe(2);
    expect(list.err).toContain("value 'pgsql,oracle' is invalid".replace('value', 'argument'));
    const swallowed = await ran(['emit', '--dialect', 'pgsql', 'dms.json']);
    expect(swallowed.err).toContain('Files stand before the options.');
  });
});

describe('--schema', () => {
  it('takes the standard input, which messages name', async () => {
    const input = readFileSync(core, 'utf8');
    expect(await ran(['hash', '--schema', '-'], { input })).toEqual(await ran(['hash', '--schema', core]));
    const broken = await ran(['hash', '--schema', '-'], { input: '{\n  "a": }' });
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/^error INPUT_JSON_INVALID <stdin>:2:8: /);
    const twice = await ran(['hash', '--schema', '-', '-']);
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining('there is one standard input')]);
  });

  it('takes patterns, in the order of names', async () => {
    for (const name of ['b', 'a']) write(`set/${name}/ApiSchema.json`, { name });
    const { err } = await ran(['hash', '--json', '--schema', path.join(scratch, 'set/*/ApiSchema.json')]);
    expect(jsonLines(err).map(({ code }) => code)).toEqual(['INPUT_PROJECT_MISSING', 'INPUT_PROJECT_MISSING']);
    expect(jsonLines(err).map(({ where }) => path.relative(scratch, where.file))).toEqual([
      path.join('set', 'a', 'ApiSchema.json'),
      path.join('set', 'b', 'ApiSchema.json'),
    ]);
    const none = await ran(['hash', '--schema', path.join(scratch, 'none/*.json')]);
    expect(none.err).toMatch(/^error INPUT_FILE_NOT_FOUND No file matches .*none[/\\]\*\.json; check the pattern\./);
  });

  it('takes the ApiSchema file of a folder, and names all where there are several', async () => {
    const folder = path.dirname(core);
    expect(await ran(['hash', '--schema', folder])).toEqual(await ran(['hash', '--schema', core]));
    for (const name of ['a', 'b']) write(`several/${name}.ApiSchema.json`, small('Ed'));
    const several = path.join(scratch, 'several');
    const files = ['a', 'b'].map((name) => path.join(several, `${name}.ApiSchema.json`));
    const many = await ran(['hash', '--schema', several]);
    expect([many.code, many.err]).toEqual([
      1,
      `error PROJECT_FILES_AMBIGUOUS ${several} has several ApiSchema files: ${files.join(', ')}; name one of them.\n`,
    ]);
    mkdirSync(path.join(scratch, 'without-schema'));
    const none = await ran(['hash', '--schema', path.join(scratch, 'without-schema')]);
    expect([none.code, none.err]).toEqual([
      1,
      expect.stringMatching(
        /^error INPUT_FILE_NOT_FOUND .* has no ApiSchema file \(\*ApiSchema\*\.json\); name one\.\n$/,
      ),
    ]);
    for (const [pattern, ...places] of [
      ['*/ApiSchema.json', 'a/ApiSchema.json', 'b/ApiSchema.json'],
      ['*/*/*ApiSchema*.json', 'a/b/x.ApiSchema.json', 'a/c/ApiSchema.json'],
    ] as const) {
      const above = path.join(scratch, `above-${places[0].length}`);
      for (const place of places) write(path.join(path.basename(above), place), small('Ed'));
      const { err } = await ran(['hash', '--schema', above]);
      expect(err).toContain(`name them with a pattern: ${shellWord(`${above}/${pattern}`)}\n`);
    }
  });

  it('takes a file whose name is written like a pattern', async () => {
    const file = write('odd[1].json', '{}');
    expect((await ran(['hash', '--schema', file])).err).toMatch(
      /^error INPUT_PROJECT_MISSING core \(\S+odd\[1\]\.json\): /,
    );
  });
});

describe('an ApiSchema file', () => {
  it.each([
    ['hash', []],
    ['emit', ['--output', 'x']],
    ['verify', []],
    ['pack build', ['--output', 'x']],
    ['provision', ['--dialect', 'pgsql', '--connection', 'pglite:x']],
  ])('in place of a dms.json gets a message that says how to name it: %s', async (command, options) => {
    const { code, err } = await ran([...command.split(' '), core, ...options]);
    const expected = `${core} is an ApiSchema file, not a dms.json; name it with --schema, or under "schemas" of a dms.json.`;
    expect([code, err]).toEqual([1, expect.stringContaining(`error CONFIG_INVALID ${core}`)]);
    expect(err).toContain(expected);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('in a folder without a dms.json is named in the message about the folder', async () => {
    const folder = path.dirname(core);
    expect((await ran(['hash', folder])).err).toBe(
      `error INPUT_FILE_UNREADABLE ${folder} is a folder; name its ApiSchema files: --schema ${core}.\n`,
    );
  });

  it('of the older format as well, and a dms.json that names no schemas keeps its own message', async () => {
    const older = await ran(['hash', write('older.json', { projectSchemas: {} })]);
    expect(older.err).toContain('is an ApiSchema file, not a dms.json');
    const { err } = await ran(['hash', write('without/dms.json', { dialects: ['pgsql'] })]);
    expect(err).toContain('/schemas is missing');
  });

  it('is not a dms.json, which says how it is given', async () => {
    const { err } = await ran(['hash', '--schema', write('set.json', { schemas: ['a'] })]);
    expect(err).toContain('this is a dms.json, which commands take without --schema');
  });

  it('next to another one, the message says how to name it', async () => {
    const several = await ran(['hash', core, core]);
    const expected =
      "error: too many arguments for 'hash'. Expected 1 argument but got 2; ApiSchema files are named with '--schema <file...>'.";
    expect([several.code, several.err.split('\n')[0]]).toEqual([2, expected]);
    const other = await ran(['convert', 'a', 'b', '--output', 'x']);
    expect([other.code, other.err.split('\n')[0]]).toEqual([
      2,
      "error: too many arguments for 'convert'. Expected 1 argument but got 2.",
    ]);
  });

  it('that is given twice, by one name or two, is named', async () => {
    const link = path.join(scratch, 'link.json');
    symlinkSync(core, link);
    const relative = path.relative('.', core);
    for (const [again, text] of [
      [core, `${core} is given twice; leave one of them out.`],
      [relative, `${relative} is the same file as ${core}, which is given already; leave one of them out.`],
      [link, `${link} is the same file as ${core}, which is given already; leave one of them out.`],
    ] as const) {
      const { code, err } = await ran(['hash', '--schema', core, again]);
      expect([code, err]).toEqual([1, `error CONFIG_SCHEMA_DUPLICATE ${text}\n`]);
    }
  });

  it('that a pattern finds again is taken once', async () => {
    const alone = await ran(['hash', '--schema', core]);
    const pattern = path.join(path.dirname(core), '*.json');
    expect(await ran(['hash', '--schema', core, pattern, pattern])).toEqual(alone);
    expect(await ran(['hash', '--schema', pattern, path.join(path.dirname(core), 'Api*.json')])).toEqual(alone);
  });
});

describe('- as an output', () => {
  const folder = path.join(scratch, 'streams');

  it.each([
    ['emit', ['--schema', core]],
    ['sample', ['--schema', core, '--documents', '3']],
    ['convert', [core]],
    ['verify', ['--schema', core]],
    ['pack build', ['--schema', core]],
    ['pack manifest', ['x.mpack']],
    ['impact', ['--before', 'a', '--after', 'b']],
    ['upgrade plan', ['--before', 'a', '--after', 'b']],
    ['dump', ['--schema', core, '--connection', 'pglite:x']],
    ['explore', ['--artifacts', 'a']],
    ['check', ['--schema', core, '--dialect', 'pgsql', '--connection', 'pglite:x']],
  ])('is refused where it would be a folder or a page: %s', async (command, options) => {
    const { code, err } = await ran([...command.split(' '), ...options, '--output', '-']);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('It cannot be the standard output; write ./- for that name.'),
    ]);
  });

  it('prints what would be printed without it', async () => {
    await ran(['emit', '-q', '--schema', smallFile, '--output', folder]);
    const diagram = ['diagram', 'Ed:Student', '--artifacts', folder];
    expect(await ran([...diagram, '--output', '-'])).toEqual(await ran(diagram));
    const hash = ['hash', '--schema', smallFile, '--report', 'sarif'];
    expect(await ran([...hash, '--report-file', '-'])).toEqual(await ran(hash));
    expect(readdirSync('.')).not.toContain('-');
  });
});

describe('wrong use with --json', () => {
  it.each([
    [
      'an unknown option',
      ['emit', '--json', '--shema', 'x'],
      'OPTION_UNKNOWN',
      'unknown option \'--shema\'; did you mean "--schema"?',
    ],
    ['an unknown command', ['emti', '--json'], 'COMMAND_UNKNOWN', 'unknown command \'emti\'; did you mean "emit"?'],
    ['a value', ['emit', '--json', '--dialect', 'oracle'], 'OPTION_INVALID', 'It must be one of: pgsql, mssql.'],
    ['a value that is not given', ['emit', '--json', '--output'], 'OPTION_MISSING', 'argument missing'],
    ['a missing source', ['verify', '--json'], 'OPTION_MISSING', 'must be given'],
    ['a missing option', ['impact', '--json'], 'OPTION_MISSING', "required option '--before <dir>' not specified"],
    [
      'a missing argument',
      ['convert', '--json', '--output', 'x'],
      'OPTION_MISSING',
      "missing required argument 'file'",
    ],
    [
      'options that contradict each other',
      ['hash', '--json', '--schema', '-', '-'],
      'OPTION_CONFLICT',
      'there is one standard input',
    ],
    [
      'the same, where they are declared so',
      ['provision', '--json', '--artifacts', 'x', '--schema', 'y'],
      'OPTION_CONFLICT',
      "option '--schema <file...>' cannot be used with option '--artifacts <dir>'",
    ],
    [
      'options of one command alone',
      ['reporting', 'drop', '--json', '--connection', 'pglite:x', '--with-earlier', '--earlier-database', 'y'],
      'OPTION_CONFLICT',
      "option '--earlier-database <name>' cannot be used with option '--with-earlier'",
    ],
    [
      'an option beside a value of another one',
      ['load', '--json', '--from-ods', 'pglite:x', '--since', '5', '--on-existing', 'skip', '--artifacts', 'y'],
      'OPTION_CONFLICT',
      "option '--since <version>' goes only with '--on-existing replace', not '--on-existing skip'",
    ],
    [
      'schemas beside a dms.json that names them',
      ['emit', '--json', 'dms.json', '--schema', 'y'],
      'OPTION_CONFLICT',
      "name one source, not both 'dms.json' and '--schema <file...>'",
    ],
    [
      'the same where a dms.json is an option',
      ['load', 'x', '--json', '--config', 'dms.json', '--schema', 'y', '--connection', 'pglite:x'],
      'OPTION_CONFLICT',
      "option '--config <file>' cannot be used with option '--schema <file...>'",
    ],
    [
      'an option of a translation without one',
      ['dump', '--json', '--artifacts', 'x', '--connection', 'pglite:x', '--output', 'y', '--no-schema-checks'],
      'OPTION_MISSING',
      "option '--no-schema-checks' needs '--after <dir>', '--translation <name>' or '--rename <before=after>'",
    ],
    ['too many arguments', ['hash', '--json', 'a', 'b'], 'OPTION_INVALID', 'too many arguments'],
    [
      'a report file without a report',
      ['hash', '--json', '--schema', core, '--report-file', 'x'],
      'OPTION_MISSING',
      "needs '--report sarif'",
    ],
    [
      'an option without the one that it needs',
      ['check', '--json', '--artifacts', scratch, '--dialect', 'pgsql', '--connection', 'pglite:x', '--repair'],
      'OPTION_MISSING',
      "option '--repair' needs '--data'",
    ],
  ])('%s is one JSON object', async (_, args, usageCode, text) => {
    const { code, out, err } = await ran(args);
    expect([code, out]).toEqual([2, '']);
    expect(jsonLines(err)).toEqual([
      { type: 'usage', severity: 'error', code: usageCode, message: expect.stringContaining(text) },
    ]);
  });

  it.each([
    [
      'an option for another dialect',
      ['reporting', 'drop', '--json', '--connection', 'pglite:x', '--views-database', 'y'],
      'is for SQL Server; on PostgreSQL the views are in the database with the tables',
    ],
    [
      'an option for PostgreSQL on SQL Server',
      ['reporting', 'drop', '--json', '--connection', 'mssql://sa:x@localhost:1/y', '--with-earlier'],
      'on SQL Server the views of the earlier version are in a database of their own',
    ],
    [
      'a file of shapes where no engine uses it',
      ['verify', '--json', '--schema', ownSchemaFile('campus'), '--dialect', 'mssql', '--shapes', 'y'],
      'Only the embedded engine uses a file of shapes',
    ],
  ])('%s is a diagnostic, because only a dialect or an engine shows that it is wrong', async (_, args, text) => {
    const { code, out, err } = await ran(args);
    expect([code, out]).toEqual([2, '']);
    const found = { type: 'diagnostic', severity: 'error', code: 'OPTION_CONFLICT' };
    expect(jsonLines(err)).toMatchObject([{ ...found, message: expect.stringContaining(text) }]);
  });

  it.each([
    ['behind an unknown option', ['emit', '--conection=postgres://u:geheim7@h/d']],
    ['as an unknown option', ['emit', '--pasword=geheim7']],
    ['in place of a command', ['Server=h;Pwd=geheim7']],
    ['in place of a command, with quotes', ["Server=h;Pwd='geh;eim7'"]],
    ['as the value of an option', ['emit', '--dialect', 'Server=h;Password="geh;eim7"']],
    ['as a choice', ['provision', '--dialect', 'pgsql', '--if-same', 'Server=h;Pwd=geheim7']],
    ['in place of a dms.json', ['provision', 'Server=h;Pwd=geheim7', '--dialect', 'pgsql']],
    ['in place of a dms.json, as a URL', ['hash', 'postgres://u:geheim7@h/d']],
  ])('repeats no password: %s', async (_, args) => {
    const json = await ran([...args, '--json']);
    expect([json.code, jsonLines(json.err).length]).toEqual([2, 1]);
    const plain = await ran(args);
    expect([plain.code, plain.err]).toEqual([2, expect.stringMatching(/^error: /)]);
    for (const { out, err } of [json, plain]) expect(`${out}${err}`).not.toMatch(/geh|eim7/);
  });

  it.each([
    [['check', '--connection-env', 'postgres://u:geheim7@h/d'], "option '--connection-env <NAME>' has a connection"],
    [['check', '--connection-env=postgres://h/d'], "option '--connection-env <NAME>' has a connection"],
    [['check', '--connection-file', 'Server=h;Pwd=geheim7'], "option '--connection-file <path>' has a connection"],
    [['emit', '--output', 'u:geheim7@h:5432/d'], "option '--output <dir>' has a connection"],
    [['load', 'a.jsonl', 'postgres://u:p@ss#geheim7@h/d'], 'an argument has a connection'],
  ])('a connection in the place of something else is named by its place: %j', async (args, text) => {
    const { code, err } = await ran(args);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining(`error: ${text} or a password, which does not belong there`),
    ]);
    expect(err).not.toMatch(/geheim7|postgres:|Pwd/);
  });

  it('the missing command too', async () => {
    expect(jsonLines((await ran(['--json'])).err)).toEqual([
      { type: 'usage', severity: 'error', code: 'COMMAND_MISSING', message: expect.any(String) },
    ]);
  });
});

it('a bug with --json is one JSON object', async () => {
  const errors: string[] = [];
  const terminal = {
    out: () => {
      throw new Error('the pipe is closed');
    },
    err: (text: string) => void errors.push(text),
    isOutTerminal: false,
    isErrTerminal: false,
  };
  expect(await run(['hash', '--json', '--schema', core], terminal, '1.2.3')).toBe(70);
  expect(jsonLines(errors.join(''))).toEqual([
    {
      type: 'bug',
      severity: 'error',
      message: 'This is a bug in dms-ddl, please report it.',
      stack: expect.stringMatching(/^Error: the pipe is closed\n\s+at /),
    },
  ]);
});

describe('notes that follow from the schema set alone', () => {
  const args = ['emit', ...schemaArguments, '--dialect', 'mssql', '--mapping-version', 'v1'];
  const output = path.join(scratch, 'noted');

  it('are counted, and printed where they are asked for', async () => {
    const counted = await ran([...args, '--output', output]);
    const shown = await ran([...args, '--output', output, '--notes']);
    const lines = shown.err.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^note PROPAGATION_/);
    expect(shown.out.startsWith(counted.out)).toBe(true);
    expect(counted).toMatchObject({ code: 0, err: `${lines.length} notes about SQL Server; --notes shows them\n` });
  });

  it('are objects with --json, and results of a SARIF log', async () => {
    const { err } = await ran([...args, '--output', output, '--json']);
    for (const entry of jsonLines(err)) expect(entry).toMatchObject({ type: 'diagnostic', severity: 'note' });
    const { out } = await ran([...args, '--output', output, '--report', 'sarif']);
    expect(JSON.parse(out).runs[0].results).toHaveLength(jsonLines(err).length);
  });
});

describe('a signal', () => {
  const signal = AbortSignal.abort();

  it('ends emit before it changes a file, which it says', async () => {
    const output = path.join(scratch, 'cancelled');
    const args = ['emit', '--schema', smallFile, '--output', output, '--mapping-version', 'v1'];
    const said = 'error OUTPUT_CANCELLED The run was cancelled before it wrote its files. Nothing was changed.\n';
    expect(await ran(args, { signal })).toEqual({ code: 1, out: '', err: said });
    expect(existsSync(output)).toBe(false);
    expect((await ran(args)).code).toBe(0);
    const before = readdirSync(output);
    expect(await ran([...args, '--dialect', 'pgsql'], { signal })).toEqual({ code: 1, out: '', err: said });
    expect(readdirSync(output)).toEqual(before);
  });

  it('ends verify, which says that nothing was changed', async () => {
    const { code, out, err } = await ran(['verify', '--schema', smallFile, '--dialect', 'pgsql'], { signal });
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(/^error DB_CANCELLED .* Nothing was changed\.\n$/)]);
  });
});

describe('the generation', () => {
  const note = 'Mapping v1; the Data Management Service needs v2: --mapping-version v2\n';
  const output = path.join(scratch, 'generation');
  const commands = [
    ['hash', []],
    ['emit', ['--output', output]],
  ] as const;

  it.each(commands)('is named by %s %j where nobody chose one', async (command, more) => {
    const args = [command, '--schema', smallFile, ...more];
    const loud = await ran(args);
    expect([loud.code, loud.err]).toEqual([0, note]);
    rmSync(output, { recursive: true, force: true });
    for (const silent of [['--quiet'], ['--json'], ['--mapping-version', 'v1']])
      expect((await ran([...args, ...silent])).err, silent.join(' ')).toBe('');
    expect((await ran([...args, '--mapping-version', 'v1'])).out).toBe(loud.out);
  });

  it('is the only one of a set that the other refuses, and the note says so', async () => {
    rmSync(output, { recursive: true, force: true });
    const { code, err } = await ran(['emit', '--schema', core, '--output', output]);
    expect([code, err.split('\n')[0]]).toEqual([
      0,
      'Mapping v1, the only one that suits this set; the Data Management Service needs v2, which refuses it: COLLECTION_IDENTITY_MISSING',
    ]);
    const refused = await ran(['emit', '--schema', core, '--mapping-version', 'v2', '--output', output]);
    expect(refused.code).toBe(1);
    for (const line of refused.err.trimEnd().split('\n'))
      expect(line).toMatch(
        /^error COLLECTION_IDENTITY_MISSING .* take the set for v1 \(--mapping-version v1\), the only generation that it suits as it is\.$/,
      );
  });

  it('is named once for a folder of artifacts', async () => {
    const args = ['emit', '--schema', smallFile, '--output', output];
    rmSync(output, { recursive: true, force: true });
    expect((await ran(args)).err).toBe(note);
    expect(await ran(args)).toMatchObject({ code: 0, err: '' });
    expect(await ran([...args, '--check'])).toMatchObject({ code: 0, err: '' });
  });

  it('may be chosen in a dms.json', async () => {
    for (const [chosen, err] of [
      [{}, note],
      [{ mappingVersion: 'v1' }, ''],
    ] as const) {
      const config = write('generation/dms.json', { schemas: ['../small.json'], ...chosen });
      expect(await ran(['hash', config])).toMatchObject({ code: 0, err });
    }
  });

  it('is not named by a run that fails', async () => {
    expect((await ran(['hash', '--schema', path.join(scratch, 'none.json')])).err).not.toContain('Mapping v1');
  });
});

describe('what a run lacks', () => {
  it.each([
    [
      'emit',
      [],
      ["a dms.json or option '--schema <file...>' must be given", "required option '--output <dir>' not specified"],
    ],
    ['impact', [], ["required option '--before <dir>' not specified", "required option '--after <dir>' not specified"]],
    ['convert', [], ["missing required argument 'file'", "required option '--output <dir>' not specified"]],
    [
      'check',
      ['--schema', core],
      ["required option '--dialect <name>' not specified", 'name a database with one of the options'],
    ],
    [
      'provision',
      [],
      [
        "one of a dms.json and the options '--schema <file...>' and '--artifacts <dir>' must be given",
        'name a database with one of the options',
      ],
    ],
    [
      'upgrade prepare',
      [],
      [
        "required option '--before <dir>' not specified",
        "required option '--after <dir>' not specified",
        'name a database with one of the options',
      ],
    ],
    ['get', ['--artifacts', '.'], ["missing required argument 'resource'", 'name a database with one of the options']],
  ])('is told at once: %s %j', async (command, args, texts) => {
    const { code, out, err } = await ran([...command.split(' '), ...args]);
    expect([code, out]).toEqual([2, '']);
    const [first, ...lines] = err.trimEnd().split('\n');
    expect(first).toBe('error: several options are missing:');
    expect(lines.slice(0, -1)).toEqual(texts.map((text) => expect.stringContaining(`  ${text}`)));
    expect(lines.at(-1)).toBe(`Run dms-ddl ${command} --help for its options.`);
  });

  it('is told in one line where it is one thing', async () => {
    const { code, err } = await ran(['emit', '--schema', core]);
    expect([code, err.split('\n')[0]]).toEqual([2, "error: required option '--output <dir>' not specified"]);
  });

  it('in a folder without artifacts is named with an output folder that emit accepts', async () => {
    const folder = path.dirname(write('schemas-only/ApiSchema.json', small('Ed')));
    const above = path.dirname(folder);
    const missing = async (place: string) => (await ran(['explore', '--artifacts', place])).err;
    expect(await missing(folder)).toContain(`dms-ddl emit --schema ${folder} --output <another folder> writes it.`);
    expect(await missing(above)).toContain('dms-ddl emit --schema … --output <another folder> writes it.');
  });

  it('is reported after a uuid in place of a resource', async () => {
    const uuid = '00000000-0000-4000-8000-000000000000';
    const database = ['--dialect', 'pgsql', '--connection', `pglite:${path.join(scratch, 'no-database')}`];
    const { code, err } = await ran(['get', uuid, '--schema', smallFile, ...database]);
    expect([code, err]).toEqual([1, expect.stringContaining(`error DOCUMENT_RESOURCE_UNKNOWN ${uuid} is a uuid; `)]);
  });

  it('may be the manifest of scripts, which a run for one of several dialects leaves out', async () => {
    const folder = path.join(scratch, 'one-of-several');
    await ran(['emit', '-q', '--schema', smallFile, '--dialect', 'pgsql', '--output', folder]);
    rmSync(path.join(folder, 'ddl.manifest.json'));
    expect((await ran(['diagram', 'Ed:Student', '--artifacts', folder])).code).toBe(0);
    const { code, out, err } = await ran(['impact', '--before', folder, '--after', folder]);
    expect([code, out]).toEqual([1, expect.stringMatching(/^PostgreSQL: nothing changes\n/)]);
    expect(err).toContain('error UPGRADE_SAME_FOLDER ');
  });

  it('may be a folder of artifacts that is not there', async () => {
    const place = path.join(scratch, 'nowhere');
    const expected = `error INPUT_FILE_NOT_FOUND The folder ${place} does not exist; dms-ddl emit --schema … --output ${place} writes it.\n`;
    for (const args of [
      ['check', '--artifacts', place, '--connection', 'pglite:x'],
      ['verify', '--artifacts', place],
      ['diagram', 'Ed:Student', '--artifacts', place],
      ['explore', '--artifacts', place],
      ['dictionary', '--artifacts', place],
      ['impact', '--before', place, '--after', place],
      ['upgrade', 'plan', '--before', place, '--after', place, '--dialect', 'pgsql'],
    ])
      expect(await ran(args), args.join(' ')).toEqual({ code: 1, out: '', err: expected });
  });
});

describe('--quiet', () => {
  it('prints no result and no note', async () => {
    const output = path.join(scratch, 'quiet');
    const loud = await ran(['emit', ...schemaArguments, '--output', output, '--dialect', 'mssql']);
    expect(loud.err).toMatch(/^\d+ notes about SQL Server; --notes shows them$/m);
    expect(await ran(['emit', ...schemaArguments, '--output', output, '--quiet'], { isTerminal: true })).toEqual({
      code: 0,
      out: '',
      err: '',
    });
  });

  it('prints the requested text all the same', async () => {
    const args = ['hash', '--schema', core];
    const loud = await ran(args);
    expect(loud.out).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await ran([...args, '-q'])).toEqual({ ...loud, err: '' });
    expect(jsonLines((await ran([...args, '-q', '--json'])).out)).toHaveLength(1);
    const [folder, again] = ['asked', 'again'].map((name) => path.join(scratch, name)) as [string, string];
    for (const output of [folder, again]) await ran(['emit', '-q', '--schema', smallFile, '--output', output]);
    for (const asked of [
      ['completion', 'bash'],
      ['impact', '--before', folder, '--after', again],
      ['diagram', 'Ed:Student', '--artifacts', folder, '--format', 'mermaid'],
    ]) {
      const { code, out } = await ran([...asked, '--quiet']);
      expect([code, out], asked[0]).toEqual([0, (await ran(asked)).out]);
      expect(out, asked[0]).not.toBe('');
    }
    const file = path.join(scratch, 'diagram.mmd');
    expect(await ran(['diagram', 'Ed:Student', '--artifacts', folder, '--output', file, '-q'])).toEqual({
      code: 0,
      out: '',
      err: '',
    });
  });

  it('prints errors', async () => {
    const { code, err } = await ran(['hash', '--quiet', '--schema', path.join(scratch, 'none.json')]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^error INPUT_FILE_NOT_FOUND /)]);
  });
});

describe('a mistake in an input', () => {
  const file = write('wrong.json', wrongProject);
  // the value of studentId in the JSON schema of the resource
  const line =
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((text) => /"studentId": \{/.test(text)) + 1;

  it('has line and column of its value', async () => {
    const { err } = await ran(['emit', '--schema', file, '--output', path.join(scratch, 'x')]);
    expect(err).toContain(`${file}:${line}:`);
    expect(err).not.toContain('>');
    const json = await ran(['emit', '--json', '--schema', file, '--output', path.join(scratch, 'x')]);
    expect(jsonLines(json.err)).toMatchObject([{ code: 'STRING_MAX_LENGTH_MISSING', where: { file, line } }]);
  });

  it('is shown on a terminal', async () => {
    const { err } = await ran(['emit', '--schema', file, '--output', path.join(scratch, 'x')], { isTerminal: true });
    const plain = stripVTControlCharacters(err);
    expect(plain).toMatch(new RegExp(`^> ${line} \\| +"studentId": \\{$`, 'm'));
    expect(plain).toMatch(/^ +\| +\^$/m);
  });

  it('on a long line is shown in part', async () => {
    const long = write('long.json', JSON.stringify(wrongProject));
    const { err } = await ran(['emit', '--schema', long, '--output', path.join(scratch, 'x')], { isTerminal: true });
    const shown = stripVTControlCharacters(err)
      .split('\n')
      .filter((text) => text.includes('"studentId":'));
    expect(shown).toHaveLength(1);
    expect(shown[0]?.length).toBeLessThan(200);
  });

  it('--report github makes it an annotation', async () => {
    const args = ['emit', '--report', 'github', '--schema', file, '--output', path.join(scratch, 'x')];
    const { code, out, err } = await ran(args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^::error file=\S+wrong\.json,line=\d+,col=\d+,title=STRING_MAX_LENGTH_MISSING::.*studentId.*\n$/,
    );
    expect(err).toContain(`line=${line},`);
  });

  it('--report sarif gives each result a place', async () => {
    const folder = path.join(scratch, 'placed');
    mkdirSync(folder);
    const config = path.join(folder, 'dms.json');
    writeFileSync(config, JSON.stringify({ schemas: [file], dialects: ['pgsql'] }));
    const places = async (args: readonly string[]) => {
      const { results = [] } = JSON.parse((await ran([...args, '--report', 'sarif'])).out).runs[0];
      // biome-ignore lint/suspicious/noExplicitAny: the log as others read it
      return results.map((each: any) => each.locations?.[0]?.physicalLocation?.artifactLocation?.uri);
    };
    const output = path.join(folder, 'out');
    await ran(['emit', '--schema', core, '--output', output, '--dialect', 'pgsql']);
    writeFileSync(path.join(output, 'pgsql.sql'), '');
    const check = ['emit', '--schema', core, '--output', output, '--dialect', 'pgsql', '--check'];
    for (const args of [['emit', config, '--output', output], check]) {
      const found = await places(args);
      expect(found.length).toBeGreaterThan(0);
      expect(found).not.toContain(undefined);
    }
  });

  it('--report sarif prints a log, and no result', async () => {
    const { code, out, err } = await ran([
      'emit',
      '--report',
      'sarif',
      '--schema',
      file,
      '--output',
      path.join(scratch, 'x'),
    ]);
    expect([code, err]).toEqual([1, '']);
    const log = JSON.parse(out);
    expect(log).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'dms-ddl' } } }] });
    expect(log.runs[0].results).toMatchObject([
      {
        ruleId: 'STRING_MAX_LENGTH_MISSING',
        level: 'error',
        locations: [
          {
            physicalLocation: { region: { startLine: line } },
            logicalLocations: [{ fullyQualifiedName: 'Ed:Student' }],
          },
        ],
      },
    ]);
    const empty = await ran(['hash', '--report', 'sarif', '--schema', core]);
    expect([empty.code, JSON.parse(empty.out).runs[0].results]).toEqual([0, []]);
  });

  it('--report-file keeps the result on the standard output', async () => {
    const log = path.join(scratch, 'log.sarif');
    const { out } = await ran(['hash', '--report', 'sarif', '--report-file', log, '--schema', core]);
    expect(out).toMatch(/^[0-9a-f]{64}\n$/);
    expect(JSON.parse(readFileSync(log, 'utf8')).runs[0].results).toEqual([]);
  });

  it('--report-file makes the folders above it', async () => {
    const log = path.join(scratch, 'new', 'folder', 'log.sarif');
    expect((await ran(['hash', '--report', 'sarif', '--report-file', log, '--schema', file])).code).toBe(0);
    expect(JSON.parse(readFileSync(log, 'utf8')).runs).toHaveLength(1);
  });

  it('is not lost with a report that cannot be written', async () => {
    const report = ['--report', 'sarif', '--report-file', path.join(file, 'x')];
    const emit = ['emit', '--schema', file, '--output', path.join(scratch, 'x')];
    const lost = await ran([...emit, ...report]);
    const plain = await ran(emit);
    expect([lost.code, lost.out]).toEqual([1, '']);
    expect(plain.err).toMatch(/^error STRING_MAX_LENGTH_MISSING .*\n$/);
    expect(lost.err.startsWith(plain.err)).toBe(true);
    expect(lost.err.slice(plain.err.length)).toMatch(/^error OUTPUT_NOT_A_FOLDER [^\n]*\n$/);
    const json = await ran([...emit, ...report, '--json']);
    expect(jsonLines(json.err).map(({ code }) => code)).toEqual(['STRING_MAX_LENGTH_MISSING', 'OUTPUT_NOT_A_FOLDER']);
    const well = await ran(['hash', '--quiet', ...report, '--schema', core]);
    expect([well.code, well.out, well.err]).toEqual([
      1,
      expect.stringMatching(/^[0-9a-f]{64}\n$/),
      expect.stringMatching(/^error OUTPUT_NOT_A_FOLDER [^\n]*\n$/),
    ]);
  });
});

describe('a SARIF log', () => {
  const log = path.join(scratch, 'usage.sarif');
  const read = () => JSON.parse(readFileSync(log, 'utf8')).runs[0];

  it.each([
    ['an unknown option', ['hash', '--shema', 'x'], 'OPTION_UNKNOWN', "unknown option '--shema'"],
    ['an unknown command', ['nosuch'], 'COMMAND_UNKNOWN', "unknown command 'nosuch'"],
    ['a missing option', ['convert', 'x'], 'OPTION_MISSING', "required option '--output <dir>' not specified"],
    ['what is found later', ['verify'], 'OPTION_MISSING', 'must be given'],
    [
      'a password',
      ['hash', '--conection=postgres://u:geheim7@h/d'],
      'OPTION_UNKNOWN',
      "unknown option '--conection=…'",
    ],
  ])('is left by wrong use as well: %s', async (_, args, code, text) => {
    rmSync(log, { force: true });
    const plain = await ran(args);
    const found = await ran([...args, '--report', 'sarif', `--report-file=${log}`]);
    expect(found).toEqual(plain);
    expect(found.code).toBe(2);
    const [invocation] = read().invocations;
    expect(invocation).toEqual({
      executionSuccessful: false,
      toolConfigurationNotifications: [
        { level: 'error', message: { text: expect.stringContaining(text) }, descriptor: { id: code } },
      ],
    });
    expect([read().results, JSON.stringify(read())]).toEqual([[], expect.not.stringContaining('geheim7')]);
    const printed = await ran([...args, '--report', 'sarif']);
    expect([printed.code, JSON.parse(printed.out).runs[0]]).toEqual([2, read()]);
  });

  it('says that a run went through, with or without results', async () => {
    await ran(['hash', '--schema', core, '--report', 'sarif', '--report-file', log]);
    expect([read().invocations, read().results]).toEqual([[{ executionSuccessful: true }], []]);
    await ran(['hash', '--schema', path.join(scratch, 'none'), '--report', 'sarif', '--report-file', log]);
    expect(read().results).toMatchObject([{ ruleId: 'INPUT_FILE_NOT_FOUND' }]);
  });

  it('is left by a bug as well', async () => {
    const terminal = {
      out: () => {
        throw new Error('the pipe is closed');
      },
      err: () => {},
      isOutTerminal: false,
      isErrTerminal: false,
    };
    const args = ['hash', '--schema', core, '--report', 'sarif', '--report-file', log];
    expect(await run(args, terminal, '1.2.3')).toBe(70);
    expect(read().invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          { level: 'error', message: { text: expect.stringContaining('the pipe is closed') } },
        ],
      },
    ]);
  });
});

describe('colour', () => {
  const colored = '\u001b[31m';
  it.each([
    ['a terminal', { isTerminal: true }, true],
    ['no terminal', {}, false],
    ['no terminal, with FORCE_COLOR', { environment: { FORCE_COLOR: '1' } }, true],
    ['no terminal, with FORCE_COLOR=true', { environment: { FORCE_COLOR: 'true' } }, true],
    ['a terminal, with FORCE_COLOR=0', { isTerminal: true, environment: { FORCE_COLOR: '0' } }, false],
    ['a terminal, with NO_COLOR', { isTerminal: true, environment: { NO_COLOR: '1' } }, false],
    ['both', { isTerminal: true, environment: { NO_COLOR: '1', FORCE_COLOR: '1' } }, false],
    ['both, which say nothing', { isTerminal: true, environment: { NO_COLOR: '', FORCE_COLOR: '' } }, true],
  ])('of diagnostics on %s: %j, %s', async (_, surroundings, isColored) => {
    const { err } = await ran(['hash', '--schema', path.join(scratch, 'none')], surroundings);
    expect(err).toContain('INPUT_FILE_NOT_FOUND');
    expect(err.includes(colored)).toBe(isColored);
  });
});

describe('the address of a code', () => {
  const codesPage = 'https://git.ourplace.org/dms/blob/v1.2.3/docs/reference/codes.md';
  const missing = ['hash', '--schema', path.join(scratch, 'none')];
  const link = `\u001b]8;;${codesPage}#input_file_not_found\u001b\\`;

  it.each<[string, RunContext, boolean]>([
    ['a terminal', { isTerminal: true, codesPage }, true],
    ['a terminal, in a version without a repository', { isTerminal: true }, false],
    ['a terminal without links', { isTerminal: true, codesPage, environment: { TERM: 'dumb' } }, false],
    ['a terminal, with NO_COLOR', { isTerminal: true, codesPage, environment: { NO_COLOR: '1' } }, false],
    ['no terminal, with FORCE_COLOR', { codesPage, environment: { FORCE_COLOR: '1' } }, false],
  ])('is a link on %s: %j, %s', async (_, surroundings, isLinked) => {
    const { err } = await ran(missing, {
      ...surroundings,
      environment: { TERM: 'xterm', ...surroundings.environment },
    });
    expect(err).toContain('INPUT_FILE_NOT_FOUND');
    expect([err.startsWith(link), err.includes('\u001b]8')]).toEqual([isLinked, isLinked]);
  });

  it('is the help of a rule in a SARIF log', async () => {
    const rules = async (page?: string) => {
      const { out } = await ran([...missing, '--report', 'sarif'], page === undefined ? {} : { codesPage: page });
      return JSON.parse(out).runs[0].tool.driver.rules;
    };
    expect(await rules(codesPage)).toEqual([
      { id: 'INPUT_FILE_NOT_FOUND', helpUri: `${codesPage}#input_file_not_found` },
    ]);
    expect(await rules()).toEqual([{ id: 'INPUT_FILE_NOT_FOUND' }]);
  });
});

describe('emit --check', () => {
  const output = path.join(scratch, 'checked');
  const args = ['emit', '--schema', smallFile, '--output', output];

  it('says what would change, and changes nothing', async () => {
    const before = await ran([...args, '--check']);
    expect(before.code).toBe(1);
    expect(before.out).toMatch(/^added {4}effective-schema\.manifest\.json$/m);
    expect(before.err).toContain('error ARTIFACTS_OUT_OF_DATE');
    await ran(args);
    const same = await ran([...args, '--check']);
    expect([same.code, same.out]).toEqual([
      0,
      expect.stringMatching(/^The \d+ artifacts in .* are what emit writes\.\n$/),
    ]);

    writeFileSync(path.join(output, 'pgsql.sql'), 'x');
    rmSync(path.join(output, 'ddl.manifest.json'));
    const changed = await ran([...args, '--check', '--json']);
    expect(changed.code).toBe(1);
    expect(jsonLines(changed.out)).toMatchObject([
      {
        changes: [
          { name: 'pgsql.sql', kind: 'changed' },
          { name: 'ddl.manifest.json', kind: 'added' },
        ],
      },
    ]);
    expect(readFileSync(path.join(output, 'pgsql.sql'), 'utf8')).toBe('x');
    const one = await ran([...args, '--check', '--dialect', 'pgsql']);
    expect(one.out).toMatch(/^removed {2}mssql\.sql$/m);
  });
});

describe('a dms.json', () => {
  const folder = path.join(scratch, 'workspace');
  write('workspace/schemas/ed/ApiSchema.json', small('Ed'));
  const config = write('workspace/sets/one/dms.json', { schemas: ['../../schemas/ed'], dialects: ['pgsql'] });

  it('says what emit compiles, and where it goes', async () => {
    const { code, out } = await ran(['emit', config, '--json']);
    expect(code).toBe(0);
    // without an nx.json, the workspace is the folder of the file
    expect(jsonLines(out)).toMatchObject([{ output: path.join(folder, 'sets/one/dist') }]);
    expect(readdirSync(path.join(folder, 'sets/one/dist')).filter((name) => name.endsWith('.sql'))).toEqual([
      'pgsql.sql',
    ]);
    write('workspace/nx.json', '{}');
    expect(jsonLines((await ran(['emit', config, '--json'])).out)).toMatchObject([
      { output: path.join(folder, 'dist/sets/one') },
    ]);
    write(
      'workspace/nx.json',
      '{ // mine\n "plugins": ["a", { "plugin": "nx-dms", "options": { "outputDirectory": "build" } }] }',
    );
    expect(jsonLines((await ran(['emit', config, '--json'])).out)).toMatchObject([
      { output: path.join(folder, 'build/sets/one') },
    ]);
    const elsewhere = await ran([
      'emit',
      config,
      '--output',
      path.join(folder, 'own'),
      '--dialect',
      'pgsql,mssql',
      '--json',
    ]);
    expect(jsonLines(elsewhere.out)).toMatchObject([{ output: path.join(folder, 'own') }]);
    expect(readdirSync(path.join(folder, 'own'))).toContain('mssql.sql');
  });

  it('names a folder by its name or from the workspace, and a file', async () => {
    const expected = await ran(['hash', config]);
    expect(expected.out).toMatch(/^[0-9a-f]{64}\n$/);
    for (const entry of ['ed', 'schemas/ed', '../../schemas/ed/ApiSchema.json']) {
      write('workspace/sets/two/dms.json', { schemas: [entry] });
      expect(await ran(['hash', path.join(folder, 'sets/two/dms.json')]), entry).toEqual(expected);
    }
  });

  it('is reported as a whole, with lines', async () => {
    const wrong = write('workspace/sets/wrong/dms.json', {
      schemas: ['../../schemas/edd', 'schemas/ed', '../../schemas/ed'],
      dialects: ['oracle'],
      dialekts: [],
    });
    const { code, err } = await ran(['emit', wrong, '--json']);
    expect(code).toBe(1);
    expect(jsonLines(err).map(({ code: found, where }) => [found, where.path, where.line])).toEqual([
      ['CONFIG_MEMBER_UNKNOWN', '/dialekts', 10],
      ['CONFIG_INVALID', '/dialects/0', 8],
      ['CONFIG_SCHEMA_UNKNOWN', '/schemas/0', 3],
      ['CONFIG_SCHEMA_DUPLICATE', '/schemas/2', 5],
    ]);
    expect(err).toContain('; did you mean \\"ed\\"?');
    for (const { where } of jsonLines(err)) expect(where.file).toBe(wrong);
  });

  it('of a folder with two schemas is refused', async () => {
    write('workspace/schemas/two/ApiSchema.json', small('Ed'));
    write('workspace/schemas/two/other.api-schema.json', small('Ed'));
    const two = write('workspace/sets/three/dms.json', { schemas: ['schemas/two'] });
    const { err } = await ran(['hash', two]);
    expect(err).toMatch(
      /PROJECT_FILES_AMBIGUOUS .*ApiSchema\.json, \S*other\.api-schema\.json; put each into a folder of its own/,
    );
  });

  it('stands in place of other sources', async () => {
    expect((await ran(['emit', config, '--schema', core])).code).toBe(2);
    expect((await ran(['emit'])).err).toContain("a dms.json or option '--schema <file...>' must be given");
  });

  it('says where the database is', async () => {
    const set = { schemas: ['ed'], databases: { pgsql: { env: 'DMS_TEST_UNSET' } } };
    const file = write('workspace/sets/four/dms.json', set);
    for (const command of ['provision', 'check']) {
      const { code, err } = await ran([command, file, '--dialect', 'pgsql']);
      expect([code, err], command).toEqual([1, expect.stringMatching(/^error DB_ENV_MISSING .*DMS_TEST_UNSET/)]);
    }
  });
});
