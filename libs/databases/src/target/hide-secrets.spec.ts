import { expect, it } from 'vitest';
import { hideSecrets } from './hide-secrets.ts';

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
])('behind %s the secret %s is dots, before %j', (before, secret, after) => {
  expect(hideSecrets(`${before}${secret}${after}`)).toBe(`${before}${'·'.repeat(secret.length)}${after}`);
});

it.each(['Server=h;Database=d', 'postgres://u@h/d', 'https://example.org/a?b=c', '"passwordless": true', 'a: 1 @ b'])(
  '%s stays as it is',
  (text) => expect(hideSecrets(text)).toBe(text),
);
