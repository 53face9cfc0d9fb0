import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { givenScript, trusted } from '@dms/sql';
import { build, mainGenerations } from '@dms/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { compiled, server } from '../../test/bench.ts';
import { loadDocuments } from './load-documents.ts';

/* Tables that a load fills, while the statistics still say that they are empty (design 14a §1.2). */

const { integer, object, project, reference, resource, string } = build;

const schema = project('Ed-Fi', [
  resource('School', {
    identityJsonPaths: ['$.schoolId'],
    jsonSchemaForInsert: object({ schoolId: integer() }, ['schoolId']),
  }),
  resource('Student', {
    identityJsonPaths: ['$.studentId'],
    documentPathsMapping: { School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
    jsonSchemaForInsert: object(
      { studentId: string(), schoolReference: object({ schoolId: integer() }, ['schoolId']) },
      ['studentId', 'schoolReference'],
    ),
  }),
]);

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-growing-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const count = 1200;
const file = path.join(scratch, 'documents.jsonl');
const lines = Array.from({ length: count }, (_, id) => [
  { resource: 'Ed-Fi:School', document: { schoolId: id } },
  { resource: 'Ed-Fi:Student', document: { studentId: `${id}`, schoolReference: { schoolId: id } } },
]);
writeFileSync(
  file,
  lines
    .flat()
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
);

describe.each(mainGenerations)('tables of %s that a load fills', (version) => {
  it.each([
    ['a load', false],
    ['a load in bulk', true],
  ])(
    'are not scanned by %s where statistics call them empty, and the session gets its own settings back',
    async (_, isBulk) => {
      const set = compiled([schema], version);
      const bench = await server.open(set.script);
      try {
        const { connection } = bench;
        await connection.execute(givenScript('VACUUM ANALYZE'));
        const loader = await bench.open({ forCopies: isBulk });
        const settings = "SELECT name, setting FROM pg_settings WHERE name IN ('enable_seqscan', 'jit') ORDER BY name";
        const before = await loader.query(trusted(settings));
        const { total } = isBulk
          ? await loadDocuments([connection], set.plans, [file], { bulk: loader })
          : await loadDocuments([loader], set.plans, [file]);
        expect(total).toMatchObject({ inserted: 2 * count, rejected: 0 });
        expect(await loader.query(trusted(settings))).toEqual(before);
        // a session passes its counts on when it ends
        await loader.close();
        const read = async () => {
          const [row] = await connection.query<{ inserted: number; scanned: number }>(
            trusted(
              `SELECT sum(n_tup_ins) FILTER (WHERE relname = 'Student')::int4 AS inserted, sum(seq_tup_read)::int4 AS scanned FROM pg_stat_user_tables`,
            ),
          );
          return row ?? expect.unreachable();
        };
        await expect.poll(async () => (await read()).inserted, { timeout: 10_000 }).toBe(count);
        expect((await read()).scanned).toBeLessThan(count);
      } finally {
        await bench.close();
      }
    },
  );
});
