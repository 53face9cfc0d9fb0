import { expect, it } from 'vitest';
import { hideSecrets, secretHider } from './hide-secrets.ts';

it.each([
  ['postgres://u:', 'geheim7', '@h/d'],
  ['"target": "postgres://u:', 'ge:h@ei/m7', '@h/d", "x": 1'],
  ['"target": "postgres://u:', 'ge\\"heim7', '@h/d"'],
  ['postgres://:', 'geheim 7', '@h/d'],
  ['Server=h;Password=', 'geheim7', ';Database=d'],
  ['Server=h;Pwd=', 'geheim7', ';Database=d'],
  ['"Server=h; pwd = ', 'geheim 7', '", "x": 1'],
  ['Server=h;Pwd=', '"ge;""heim7"', ';Database=d'],
  ['Server=h;PASSWORD=', "'ge;''heim7'", ';Database=d'],
  ['"target": "Server=h;Pwd=', '\\"ge;heim7\\"', ';Database=d"'],
  ['"target": "Server=h;Pwd=', '\\"ge\\"\\";heim7\\"', ';Database=d"'],
  ['"password": ', '"geheim7"', ', "x": 1'],
  ['postgres://h/d?password=', 'geheim7', ''],
  ['--password=', 'geheim7', ''],
  ['PGPASSWORD=', 'geheim7', ''],
  ['of the folder /work/postgres:/u:', 'geheim7', '@h/d'],
  ['"target": "Server=h;Pwd=', '\\"geheim7', '", "x": "\\"y\\""'],
  ['host=h password=', "'ge\\'heim7'", ' user=u'],
  ['password%3D', 'geheim7', ''],
  ['postgres://admin@server:', 'geheim7', '@server.example.org/d'],
  ['postgres://u:', 'ge"heim7', '@h/d'],
  ['postgres://u:', 'geheim7', ''],
  ["the variable 'postgres://u:", 'geheim7', "' is not set"],
  ['jdbc:sqlserver://h;password=', '{ge;heim}}7}', ';user=u'],
])('behind %s the secret %s is dots, before %j', (before, secret, after) => {
  expect(hideSecrets(`${before}${secret}${after}`)).toBe(`${before}${'·'.repeat(secret.length)}${after}`);
});

it.each([
  'postgres://h:5432',
  'postgres://h:5432,i:5433/d',
  'mssql://h:1433;x=1',
  'postgres://[::1]:5432/d',
  'npm:nx@24',
  'mailto:a@b.org',
  'mssql://sa@h:1433/d: the connection broke; nothing was changed. mssql://sa@h:1433/d: read ECONNRESET',
  'postgres://h:5432/d, postgres://u@i/e differ',
  'copied from postgres://u@h:5432/a to postgres://v@h:5433/b and to mssql://w@i:1433/c',
])('%s stays as it is in a message', (text) => expect(hideSecrets(text)).toBe(text));

it.each([
  ['u:geheim7@h:5432/d', 'u:·······@h:5432/d'],
  ['//u:geheim7@h/d', '//u:·······@h/d'],
  ['postgres:u:geheim7@h/d', 'postgres:u:·······@h/d'],
  ['Host=h;pass=geheim7', 'Host=h;pass=·······'],
])('an argument %s hides its password wherever it shows', (text, shown) => {
  const hide = secretHider([text]);
  expect(hide(`the variable ${text}: geheim7`)).toBe(`the variable ${shown}: ***`);
});

it('an argument with an encoded key hides its password', () => {
  expect(secretHider(['postgres://h/d?pass%77ord=geheim7'])('no postgres://h/d?pass%77ord=geheim7')).not.toContain(
    'geheim7',
  );
});

it.each(['Server=h;Database=d', 'postgres://u@h/d', 'https://example.org/a?b=c', '"passwordless": true', 'a: 1 @ b'])(
  '%s stays as it is',
  (text) => expect(hideSecrets(text)).toBe(text),
);

it.each([
  'Use postgres://user:password@host:port/database, postgresql://… or Server=…;User Id=…;Password=….',
  'postgres://u:***@h/d',
  'Password=***',
])('a placeholder stays: %s', (text) => expect(hideSecrets(text)).toBe(text));

it('a message that names two targets hides the passwords of both', () => {
  expect(hideSecrets('postgres://u@h:5432/d: not as postgres://v:geheim7@h/e, postgres://w:secret/8@i/f')).toBe(
    `postgres://u@h:5432/d: not as postgres://v:${'·'.repeat('geheim7@h/e, postgres://w:secret/8'.length)}@i/f`,
  );
  expect(hideSecrets('postgres://u:54321/geheim@h/d and postgres://v@h:5432/e')).not.toContain('geheim');
});

it('hiding twice changes nothing more', () => {
  for (const text of ["'password=geheim7' is invalid", 'postgres://u:geheim7@h, postgres://v:geheim8@h'])
    expect(hideSecrets(hideSecrets(text))).toBe(hideSecrets(text));
});

it('the passwords of given texts are hidden in parts of these texts and in paths that were made from them', () => {
  const hide = secretHider([
    'Password=geheim7;Host=h',
    'postgres://u:ge%68eim8@h/d',
    'pglite:x?pwd=geheim9&a=b',
    'emit',
    '',
  ]);
  expect(hide("label 'geheim7;Host=h', geheim8, ge%68eim8 and geheim9")).toBe("label '***;Host=h', ***, *** and ***");
  expect(hide("option 'Password=geheim7;Host=h' of emit")).toBe("option 'Password=·······;Host=h' of emit");
});

it('a password that its text shows elsewhere is not looked for, since the gap would tell it', () => {
  const hide = secretHider(['postgres://postgres:postgres@h/d']);
  expect(hide('postgres://postgres@h/d')).toBe('postgres://postgres@h/d');
  expect(hide('postgres://postgres:postgres@h/d')).toBe('postgres://postgres:········@h/d');
});
