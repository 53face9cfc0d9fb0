import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { schemaFiles, schemaText } from './dms-schema.mjs';

test.each(schemaFiles)('the committed %s is the one that would be written', async (file) => {
  const committed = path.join(import.meta.dirname, '..', file);
  expect(readFileSync(committed, 'utf8')).toBe(await schemaText(file));
});
