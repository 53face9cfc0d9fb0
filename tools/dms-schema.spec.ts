import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dmsSchemaFile, dmsSchemaText } from './dms-schema.mjs';

test('the committed dms.schema.json is the one that would be written', async () => {
  expect(readFileSync(dmsSchemaFile, 'utf8')).toBe(await dmsSchemaText());
});
