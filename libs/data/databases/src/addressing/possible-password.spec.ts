import { expect, it } from 'vitest';
import { holdsConnection, mayHoldPassword } from './possible-password.ts';

it.each([
  'postgres://u:geheim7@h/d',
  'postgres:/u:geheim7@h/d',
  'of year=postgres://u:geheim7@h/d',
  'postgres://u:geheim7',
  'https://u:geheim7@example.org/a',
  'Server=h;Pwd=geheim7',
  'pwd = "geheim7"',
  "Password='geheim7'",
  '{"password": "geheim7"}',
  '{"target":"Server=h;Pwd=\\"geheim7\\""}',
  'jdbc:sqlserver://h;password={a;b}',
  'PGPASSWORD=geheim7',
  'pglite:x?pass%77ord=geheim7',
  'host=h pass=geheim7',
  'u:geheim7@h:5432/d',
  'u:ge heim@7@h/d',
  '//u:geheim7@h/d',
  'u:geheim7@localhost',
])('%s may hold a password', (text) => expect(mayHoldPassword(text)).toBe(true));

it.each([
  'postgres://u@h:5432/d',
  'postgres://h:5432',
  'https://h:8080/a@b',
  'https://example.org/@scope/a?b=c',
  'npm:nx@24',
  'npm:@scope/name@1.2.3',
  'mailto:a@b.org',
  'a:b@c',
  'C:\\work\\a@b\\c',
  'D:/work/@scope/c',
  'edfi.School.password=edfi.School.secret',
  'Password=',
  'Password=***',
  'Password=…',
  '"passwordless": true',
  'compass=north',
  'uri://ed-fi.org/TermDescriptor#Fall',
  'edfi:School',
  'year=2026',
])('%s holds none', (text) => expect(mayHoldPassword(text)).toBe(false));

it('a server without a password is a connection', () => {
  expect(
    ['postgres://h/d', 'jdbc:postgresql://h/d', 'mssql://h/d', 'x=postgresql+psycopg2://h'].map(holdsConnection),
  ).toEqual([true, true, true, true]);
  expect(['pglite:data', 'mypostgres://h', 'Host=h;Database=d', 'schemas/a.json'].map(holdsConnection)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
