import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { referencePages } from './reference.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages: Readonly<Record<string, string>> = await referencePages();

describe('the reference', () => {
  test.each(Object.keys(pages))('%s is current (otherwise: node tools/reference.mjs)', (name) => {
    expect(readFileSync(path.join(root, name), 'utf8')).toBe(pages[name]);
  });

  test('leaves no row without a meaning', () => {
    const rows = Object.entries(pages).flatMap(([name, text]) =>
      text
        .split('\n')
        .filter((line) => line.startsWith('| `') && !/artifacts|dms-json/.test(name))
        .map((line) => [name, line] as const),
    );
    expect(rows.length).toBeGreaterThan(250);
    expect(rows.filter(([, line]) => /\| +\|$/.test(line))).toEqual([]);
  });
});
