import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { passwordInFile } from './libpq-places.ts';
import { parseTarget } from './parse-target.ts';
import { type PgsqlServerTarget, passwordOf } from './target.ts';

/* The examples follow PostgreSQL's documentation: "Environment Variables", "The Password File", "The Connection Service File". */

let home: string;
const passwords = () => path.join(home, '.pgpass');

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'dms-libpq-'));
  writeFileSync(
    passwords(),
    [
      '# hostname:port:database:username:password',
      'h:5432:d:u:of-the-database',
      'h:*:*:u:of-the-user',
      '*:5432:a\\:b:*:es\\\\ca\\:ped:comment',
      'localhost:5432:d:u:of-the-socket',
      ':5432:d:u:of-nothing',
      '*:*:*:reader:of-the-reader',
    ].join('\n'),
    { mode: 0o600 },
  );
  writeFileSync(
    path.join(home, '.pg_service.conf'),
    '# services\n[other]\nhost=other\n\n[campus]\nhost = h2\nport=5433\ndbname=d2\nuser=u2\nsslmode=prefer\n[last]\nuser=x\n',
  );
  mkdirSync(path.join(home, 'shared'));
  writeFileSync(
    path.join(home, 'shared', 'pg_service.conf'),
    '[shared]\nhost=h3\ndbname=d3\npassword=of-the-service\n',
  );
  mkdirSync(path.join(home, '.postgresql'));
  writeFileSync(path.join(home, '.postgresql', 'root.crt'), '');
});

afterAll(() => rmSync(home, { recursive: true }));

function read(text: string, environment: Readonly<Record<string, string>> = {}) {
  const { target, ...found } = parseTarget(text, 'pgsql', { environment: { HOME: home, ...environment } });
  return { ...found, target: target as PgsqlServerTarget };
}

const password = (...args: Parameters<typeof read>) => passwordOf(read(...args).target)?.reveal() ?? null;

describe.skipIf(process.platform === 'win32')('what a text lacks', () => {
  it('comes from the variables of libpq', () => {
    const environment = {
      PGHOST: 'db1',
      PGPORT: '5433',
      PGDATABASE: 'd',
      PGUSER: 'u',
      PGPASSWORD: 'geheim',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: '/ca.pem',
      PGCONNECT_TIMEOUT: '3',
      PGAPPNAME: 'loader',
    };
    for (const text of ['postgres://', 'postgresql:///', 'postgres://?application_name=']) {
      const { target, places, hasPassword } = read(text, environment);
      expect(target).toMatchObject({
        host: 'db1',
        port: 5433,
        database: 'd',
        user: 'u',
        encryption: { mode: 'verify-full', rootCertificate: '/ca.pem' },
        connectTimeout: 3000,
        applicationName: 'loader',
      });
      expect([target.password?.reveal(), hasPassword, places]).toEqual(['geheim', false, Object.keys(environment)]);
    }
    expect(read('Database=d2;Host=h', environment).target).toMatchObject({ host: 'h', database: 'd2', user: 'u' });
  });

  it('is what the text has, where it has it', () => {
    const environment = {
      PGHOST: 'x',
      PGUSER: 'x',
      PGPASSWORD: 'x',
      PGSSLMODE: 'disable',
      PGPORT: '1',
      PGDATABASE: 'x',
    };
    const { target, places, hasPassword } = read('postgres://u:p@h:5432/d?sslmode=require', environment);
    expect(target).toMatchObject({ host: 'h', port: 5432, database: 'd', user: 'u', encryption: { mode: 'require' } });
    expect([target.password?.reveal(), hasPassword, places]).toEqual(['p', true, []]);
    expect(read('hostaddr=127.0.0.1 dbname=d user=u port=1', environment).target.host).toBe('127.0.0.1');
  });

  it('is not there where variables are empty, or demand nothing', () => {
    const { target, places } = read('postgres://other@h4/d', {
      PGPASSWORD: '',
      PGSSLMODE: 'prefer',
      PGCONNECT_TIMEOUT: '0',
    });
    expect(target).toMatchObject({ encryption: { mode: 'require' }, connectTimeout: 15_000, password: null });
    expect(places).toEqual([]);
  });

  it.each([
    [{ PGPORT: 'x' }, 'The connection option port from PGPORT has a value'],
    [{ PGSSLMODE: 'x' }, 'The connection option sslmode from PGSSLMODE has a value'],
    [{ PGCONNECT_TIMEOUT: '9999' }, 'The connection option connect_timeout from PGCONNECT_TIMEOUT has a value'],
    [{ PGSERVICE: 'absent' }, 'The service of the connection is not known. It is not in'],
  ])('names the variable with a wrong value: %j', (environment, words) => {
    expect(() => read('postgres://u@h/d', environment)).toThrow(words);
  });

  it.each([
    ['linux', 'add it to ~/.pg_service.conf, or'],
    ['win32', 'add it to %APPDATA%\\postgresql\\.pg_service.conf, or'],
  ])('says on %s where a service belongs', (platform, words) => {
    vi.stubGlobal('process', Object.create(process, { platform: { value: platform } }));
    try {
      expect(() => read('postgres://u@h/d', { PGSERVICE: 'absent' })).toThrow(words);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('comes from a service before the variables', () => {
    const expected = { host: 'h2', port: 5433, database: 'd2', user: 'u2', encryption: { mode: 'require' } };
    for (const text of [
      'service=campus',
      'postgres:///?service=campus',
      'postgres://?service=campus&connect_timeout=1',
    ])
      expect(read(text, { PGHOST: 'x', PGUSER: 'x' }).target).toMatchObject(expected);
    const { target, places } = read('postgres://u@/d', { PGSERVICE: 'campus' });
    expect(target).toMatchObject({ host: 'h2', port: 5433, database: 'd', user: 'u' });
    expect(places).toEqual([`service campus in ${path.join(home, '.pg_service.conf')}`]);
    expect(password('service=shared', { PGSYSCONFDIR: path.join(home, 'shared') })).toBe('of-the-service');
    expect(read('service=shared', { PGSERVICEFILE: path.join(home, 'shared', 'pg_service.conf') }).target.host).toBe(
      'h3',
    );
  });

  it.each([
    ['postgres://u@h/d', 'of-the-database'],
    ['postgres://u@h/other', 'of-the-user'],
    ['postgres://u@h:1/d', 'of-the-user'],
    ['host=h hostaddr=127.0.0.1 dbname=d user=u', 'of-the-database'],
    ['postgres://any@any/a:b', 'es\\ca:ped'],
    ['postgres://u@/d?host=/var/run/postgresql', 'of-the-socket'],
    ['postgres://u@localhost/d', 'of-the-socket'],
    ['postgres://reader@elsewhere:1/x', 'of-the-reader'],
    ['postgres://u@elsewhere/d', null],
    ['postgres://v@h/d', null],
    ['postgres://u:p@h/d', 'p'],
  ])('of %s is the password %s of the password file', (text, expected) => {
    expect(password(text)).toBe(expected);
  });

  it('is looked up for the database that a session opens', () => {
    const { target, places } = read('postgres://u@h/d');
    expect(places).toEqual([passwords()]);
    expect(passwordOf({ ...target, database: 'postgres' })?.reveal()).toBe('of-the-user');
  });

  it('comes from another password file, which PGPASSFILE or passfile names', () => {
    const file = path.join(home, 'other passwords');
    writeFileSync(file, '*:*:*:*:of-the-other\n', { mode: 0o600 });
    expect(password('postgres://u@h/d', { PGPASSFILE: file })).toBe('of-the-other');
    expect(password(`postgres://u@h/d?passfile=${encodeURIComponent(file)}`)).toBe('of-the-other');
    expect(password(`Host=h;Database=d;Username=u;Passfile=${file}`)).toBe('of-the-other');
    expect(password('postgres://u@h/d', { PGPASSFILE: '/absent' })).toBeNull();
    chmodSync(file, 0o640);
    const { warnings, places } = read('postgres://u@h/d', { PGPASSFILE: file });
    expect([warnings.map(({ code, where }) => [code, where.file]), places]).toEqual([
      [['DB_SECRET_FILE_MODE', file]],
      [],
    ]);
    expect(passwordInFile(file, { host: 'h', port: 1, database: 'd', user: 'u' })).toBeNull();
  });

  it('is the certificate of the user where certificates are verified', () => {
    const root = (text: string, environment = {}) => read(text, environment).target.encryption;
    const own = path.join(home, '.postgresql', 'root.crt');
    expect(root('postgres://h/d?sslmode=verify-ca')).toEqual({ mode: 'verify-ca', rootCertificate: own });
    expect(root('postgres://h/d')).toEqual({ mode: 'require', rootCertificate: null });
    expect(root('postgres://h/d?sslrootcert=system')).toEqual({ mode: 'verify-full', rootCertificate: null });
    expect(root('postgres://h/d?sslmode=verify-full&sslrootcert=%2Fa')).toMatchObject({ rootCertificate: '/a' });
  });
});

it('nothing is looked up for SQL Server, nor without an environment', () => {
  const environment = { HOME: home, PGHOST: 'h', PGPASSWORD: 'x', PGUSER: 'u' };
  expect(() => parseTarget('mssql:///d', 'mssql', { environment })).toThrow('names no host');
  expect(parseTarget('mssql://h/d', 'mssql', { environment }).target).toMatchObject({ user: null, password: null });
  expect(parseTarget('postgres://h/d', 'pgsql').target).toMatchObject({
    user: null,
    password: null,
    passwordFile: null,
  });
});
