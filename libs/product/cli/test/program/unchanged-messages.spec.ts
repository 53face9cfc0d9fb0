import { diagnostic, formatDiagnostic, redactor, Secret } from '@dms/diagnostics';
import { sourcePositions } from '@dms/operations';
import { random, seedOfRun } from '@dms/testing';
import { expect, it } from 'vitest';
import { Printer } from '../../src/output/printer.ts';
import type { Terminal } from '../../src/terminal.ts';

/*
 * Messages without secrets are printed unchanged, whatever they look like (design 09 §1.3): no part of them is replaced
 * because it could be a part of a connection.
 */

const fragments = [
  'password authentication failed for user "app_rw"',
  "Login failed for user 'sa'.",
  'Must declare the scalar variable "@range_first_value".',
  'user: the owner@example.org has no rights: grant them',
  'Password=… stands in the file',
  'key=value;Database=edfi;Server=(local)',
  'postgres://app@db1:5432/edfi',
  'from postgres://h:5432/a to postgres://u@h:5432/b',
  'postgres://user:password@host:port/database',
  'https://docs.example.org:8080/a@b?c=d',
  'mailto:a@b.org',
  'npm:@scope/name@1.2.3',
  'the path C:\\data\\a@b\\x.json',
  'DETAIL: Key ("uri")=(uri://ed-fi.org/A#b: c@d) already exists.',
  'CREATE USER app WITH PASSWORD;',
  'the password of the role expires',
  '"passwordless": true',
  'pass=1, failed=2',
  'it is 12:30@noon, a:b@c',
  '100 % of {x} <y> [z] ***',
  'secretly',
  'my_long_secret_2',
];

const texts = 2_000;

it(`${texts} messages without secrets come out unchanged`, () => {
  const next = random(seedOfRun());
  let printed = '';
  const terminal: Terminal = {
    out: () => undefined,
    err: (text) => {
      printed += text;
    },
    isOutTerminal: false,
    isErrTerminal: false,
    columns: undefined,
  };
  const printer = (options: { readonly json?: boolean; readonly report?: 'github' }) =>
    new Printer({ terminal, positions: sourcePositions(), version: '', environment: {} }, options);
  const taken = (work: () => void) => {
    printed = '';
    work();
    return printed;
  };
  const redact = redactor(['my_long_secret', 'edfi-app', 'p@ss', 'user', 'Password'].map((each) => new Secret(each)));
  const separators = [' ', ' at ', ', ', ': ', '; ', ' @ ', '://'];
  const pick = (list: readonly string[]) => list[Math.floor(next() * list.length)] ?? '';
  for (let index = 0; index < texts; index += 1) {
    const count = 1 + Math.floor(next() * 5);
    const message = Array.from({ length: count }, () => pick(fragments)).reduce(
      (text, fragment) => `${text}${pick(separators)}${fragment}`,
    );
    const entry = diagnostic('DB_SQL', message, {}, { label: message });
    expect(redact(message.replaceAll('Password', 'password'))).toBe(message.replaceAll('Password', 'password'));
    expect(formatDiagnostic(entry)).toBe(`error DB_SQL ${message}`);
    expect(taken(() => printer({}).diagnostic(entry))).toBe(`error DB_SQL ${message}\n`);
    expect(JSON.parse(taken(() => printer({ json: true }).diagnostic(entry)))).toMatchObject({
      message,
      details: { label: message },
    });
    expect(taken(() => printer({}).notice(message))).toContain(message);
  }
});
