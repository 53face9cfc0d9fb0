import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from '@dms/testing';
import { afterAll, expect, it } from 'vitest';
import { compiled, ownSet, server } from '../../test/bench.ts';
import { describeBulkLoad, firstGeneration, secondGeneration } from '../../test/bulk-load-suite.ts';
import { BulkTarget, RecordFiles } from '../../test/bulk-target.ts';
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
});

it('load --bulk finds what is stored with a URI beyond ASCII by the URI in ASCII', async () => {
  const { descriptor, descriptorPath, object, project, reference, resource, string, uri } = build;
  const kind = '$.kindDescriptor';
  const thing = { thingId: string(9), kindDescriptor: uri() };
  const parts = Object.keys(thing);
  const set = compiled(
    [
      project('Core', [
        descriptor('KindDescriptor'),
        resource('Thing', {
          identityJsonPaths: ['$.thingId', kind],
          documentPathsMapping: { Kind: descriptorPath('Core:KindDescriptor', kind) },
          jsonSchemaForInsert: object(thing, parts),
        }),
        resource('Note', {
          identityJsonPaths: ['$.noteId'],
          documentPathsMapping: {
            Thing: reference(
              'Core:Thing',
              parts.map((part) => [`$.${part}`, `$.thingReference.${part}`] as const),
            ),
          },
          jsonSchemaForInsert: object({ noteId: string(9), thingReference: object(thing, parts) }, ['noteId']),
        }),
      ]),
    ],
    'v2-natural',
  );
  const target = new BulkTarget(await server.open(set.script), set);
  try {
    // the Kelvin sign is `k` in lower case
    const named = (code: string, thingId: string) => ({ thingId, kindDescriptor: `uri://x/KindDescriptor#${code}` });
    const kelvin = { namespace: 'uri://x/KindDescriptor', codeValue: '\u212a', shortDescription: 'K' };
    const stored = files.records(
      'stored.jsonl',
      { resource: 'Core:KindDescriptor', document: kelvin },
      { resource: 'Core:Thing', document: named('\u212a', 'a') },
    );
    expect((await target.load([stored], false)).told).toEqual([]);
    const further = files.records(
      'further.jsonl',
      { resource: 'Core:Thing', document: named('k', 'a') },
      { resource: 'Core:Thing', document: named('k', 'b') },
      { resource: 'Core:Note', document: { noteId: '1', thingReference: named('k', 'a') } },
    );
    const { told, summary } = await target.load([further], true, { onExisting: 'skip' });
    expect(told).toEqual([]);
    expect(summary.total).toMatchObject({ inserted: 2, skipped: 1, rejected: 0 });
  } finally {
    await target.bench.close();
  }
});
