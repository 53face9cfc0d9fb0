import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unorderedLocks } from './ordered-locks.ts';

/* S19: a function that writes several documents locks them in one order. */

const scriptOf = (set: string) => readFileSync(new URL(`../../../../golden/${set}/pgsql.sql`, import.meta.url), 'utf8');
const functionsOf = (script: string) =>
  [...script.matchAll(/CREATE OR REPLACE FUNCTION (\S+)\(\)\n[^$]*\$func\$\n([\s\S]*?)\$func\$;/g)].map(
    ([, name = '', body = '']) => ({ name, body }),
  );
const lock = /\n *ORDER BY \w+\."DocumentId"\n *FOR NO KEY UPDATE/;

describe.each([
  ['dms', 50],
  ['dms-v2', 50],
  // no function maintains referential ids
  ['dms-v2-natural', 30],
] as const)('the functions of %s', (set, fewest) => {
  const functions = functionsOf(scriptOf(set));
  const locking = functions.filter(({ body }) => lock.test(body));

  it('lock what they write', () => {
    expect(functions.length).toBeGreaterThan(fewest);
    expect(unorderedLocks(functions)).toEqual([]);
  });

  it('are named, each alone, if they do not', () => {
    expect(locking.length).toBeGreaterThan(5);
    for (const { name, body } of locking) {
      for (const less of [
        body.replace(new RegExp(lock, 'g'), ''),
        body.replaceAll(/\n *ORDER BY \w+\."DocumentId"(?=\n *FOR NO KEY)/g, ''),
        body.replaceAll(/\n *FOR NO KEY UPDATE/g, ''),
      ])
        expect(unorderedLocks([{ name, body: less }])).toMatchObject([
          { id: 'S19', text: expect.stringContaining(name) },
        ]);
    }
  });
});
