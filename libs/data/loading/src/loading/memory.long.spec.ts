import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { expect, it } from 'vitest';
import { ownSet, server } from '../../test/bench.ts';
import { loadDocuments } from './load-documents.ts';

const count = 256;

it(`memory does not grow with the input: ${count} megabytes`, async () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-load-memory-'));
  const set = ownSet();
  const bench = await server.open(set.script);
  try {
    const padding = ' '.repeat(1_000_000);
    const file = path.join(scratch, 'large.jsonl.gz');
    const packed = createGzip({ level: 1 });
    const written = pipeline(packed, createWriteStream(file));
    for (let schoolId = 1; schoolId <= count; schoolId += 1) {
      const document = JSON.stringify({ schoolId, schoolName: `School ${schoolId}` });
      const text = `{"resource":"Campus:School",${padding}"document":${document}}\n`;
      if (!packed.write(text)) await once(packed, 'drain');
    }
    packed.end();
    await written;
    const used = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const before = used();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, used() - before);
    }, 5);
    const { total } = await loadDocuments([bench.connection], set.plans, [file]).finally(() => clearInterval(watch));
    expect(total).toMatchObject({ inserted: count, rejected: 0 });
    expect(most).toBeLessThan(150_000_000);
  } finally {
    await bench.close();
    rmSync(scratch, { recursive: true, force: true });
  }
});
