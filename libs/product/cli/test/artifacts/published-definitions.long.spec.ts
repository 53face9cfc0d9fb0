import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasSharedData, sharedFile } from '@dms/testing';
import { expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

it.runIf(hasSharedData)(
  'the dictionary of the data standard 5.2 has its 3,330 definitions (needs the shared conformance data)',
  async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'dms-published-definitions-'));
    try {
      const artifacts = path.join(scratch, 'out');
      const schema = sharedFile('inputs', 'ds-5.2-core.json');
      expect(await ran(['emit', '--schema', schema, '--output', artifacts])).toMatchObject({ code: 0 });
      const output = path.join(scratch, 'standard.csv');
      const { code, out } = await ran(['dictionary', '--artifacts', artifacts, '--output', output, '--json']);
      expect([code, jsonLines(out)[0]]).toEqual([0, expect.objectContaining({ definitions: 3330 })]);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
);
