import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { specsOfTier } from '../libs/testing/src/runs/test-tiers.ts';

/* A quick spec waits for an event, or so briefly that nobody notices (docs/testing.md). */

const root = fileURLToPath(new URL('..', import.meta.url));

/** The longest allowed wait, in milliseconds. */
const longest = 50;

const number = (text: string) => Number(text.replaceAll('_', ''));

/** Patterns of waits with a fixed length, each with the milliseconds of its unit. */
const waits: readonly (readonly [pattern: RegExp, unit: number])[] = [
  [/\bsetTimeout\((?:[^;]*?), ([\d_]+)\)/g, 1],
  [/\b(?:wait|delay|pause|sleep)\(([\d_]+)\b/g, 1],
  [/\bAbortSignal\.timeout\(([\d_]+)\)/g, 1],
  [/\b(?:lock|statement)_timeout = '?(\d+)(?:ms)?\b'?/g, 1],
  [/\b(?:lock|statement)_timeout = '(\d+)s'/g, 1000],
  // a whole number of seconds is a sleep that is interrupted
  [/\bpg_sleep\((\d*\.\d+)\)/g, 1000],
  [/\bsleep (\d*\.?\d+)[;'" ]/g, 1000],
];

/** Waits that no quick run reaches, or whose length only the server decides. */
const reasons: Readonly<Record<string, string>> = {
  'libs/data/databases/src/provisioning/generations.spec.ts 5000': 'a limit that only a failing run reaches',
  'libs/data/databases/src/provisioning/provision.spec.ts 1500': 'the embedded engine, which only long runs have',
};

test('no quick spec waits for a fixed time that is noticed', () => {
  const specs = specsOfTier('quick')(['{libs,plugins,tools,tests}/**/*.spec.ts']);
  expect(specs.length).toBeGreaterThan(300);
  const found = specs.flatMap((spec) => {
    const text = readFileSync(path.join(root, spec), 'utf8');
    return waits.flatMap(([pattern, unit]) =>
      [...text.matchAll(pattern)]
        .map(([, length = '']) => number(length) * unit)
        .filter((length) => length > longest)
        .map((length) => `${spec} ${length}`),
    );
  });
  expect(found.filter((wait) => reasons[wait] === undefined)).toEqual([]);
  expect(found.toSorted()).toEqual(Object.keys(reasons).toSorted());
});
