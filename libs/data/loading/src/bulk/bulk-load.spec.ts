import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ownSet, server } from '../../test/bench.ts';
import { describeBulkLoad, firstGeneration, secondGeneration } from '../../test/bulk-load-suite.ts';
import { RecordFiles } from '../../test/bulk-target.ts';
import { loadDocuments } from '../loading/load-documents.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-bulk-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const files = new RecordFiles(scratch);

describeBulkLoad(secondGeneration);

// no session of the embedded engine copies
it('load --bulk refuses a session that does not copy', async () => {
  const bench = await server.open('');
  try {
    const work = loadDocuments(
      [bench.connection],
      ownSet().plans,
      [files.records('a.jsonl', firstGeneration.unit(1))],
      {
        bulk: bench.connection,
      },
    );
    await expect(work).rejects.toThrow(
      expect.objectContaining({
        code: 'LOAD_BULK_UNSUPPORTED',
        message: expect.stringContaining('writes to a server'),
      }),
    );
  } finally {
    await bench.close();
  }
}, 60_000);
