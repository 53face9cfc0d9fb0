import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { givenScript } from '../libs/base/sql/src/index.ts';
import { jsonText } from '../libs/base/values/src/index.ts';
import type { StoredDocument } from '../libs/data/documents/src/index.ts';
import { documentsIn } from '../libs/data/ods/test/copied-ods.ts';
import { copyViews } from '../libs/data/ods/test/copy-views.ts';
import { unexplained } from '../libs/data/ods/test/expected-losses.ts';
import { core61, publishedTables, publishedTargets } from '../libs/data/ods/test/published-ods.ts';
import { compiledFiles, fittedSamples } from '../libs/data/ods/test/round-trip.ts';
import { ChangingOds, connectionTo, nameOf, withValue } from '../libs/product/cli/test/changing-ods.ts';
import { jsonLines, ran } from '../libs/product/cli/test/ran.ts';
import { createScratchDatabase, hasSharedData, isThorough, type PostgresDatabase } from '../libs/testing/src/index.ts';

/*
 * A database of the data standard 6.1 is loaded from an ODS, whose tables are those of the published script: completely
 * and in increments, with the commands as people type them. `npm run search -- data-standard-6.1` runs it.
 */

/** The columns that an ODS with change queries adds to tables with an id. */
const changeColumns = ['AggregateId int', 'AggregateData bytea', 'ChangeVersion bigint'];

/** The published tables with their keys, in the schema of the source, filled from the views. */
function sourceTables() {
  const tables = publishedTables('ods-6.1');
  const placed = (text: string) => text.replaceAll(/\bods\./g, 'edfi_src.');
  return publishedTargets('ods-6.1').map(({ create, copy, foreignKeys }) => {
    const [, name = ''] = /FROM (\S+)$/.exec(copy) ?? [];
    const hasId = tables.get(name)?.columns.some((column) => column.startsWith('Id '));
    const added = hasId ? (name === 'edfi.SchoolYearType' ? changeColumns.slice(2) : changeColumns) : [];
    const columns = added
      .map((column) => `, ADD COLUMN ${column}`)
      .join('')
      .slice(2);
    return {
      create: placed(columns === '' ? create : `${create}; ALTER TABLE ods.${name.slice('edfi.'.length)} ${columns}`),
      copy: placed(copy),
      foreignKeys: foreignKeys.map(placed),
    };
  });
}

describe.runIf(hasSharedData && isThorough).each(['v1', 'v2'] as const)(
  'an ODS of the data standard 6.1 in %s (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  (generation) => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'dms-ods-6.1-'));
    const place = (name: string) => path.join(scratch, name);
    const databases: PostgresDatabase[] = [];
    const schemas = ['--schema', core61(), '--mapping-version', generation];
    const artifacts = ['--artifacts', place('out')];
    const done = async (...args: readonly string[]) => {
      const result = await ran(args);
      expect(result.code, result.err).toBe(0);
      return result;
    };
    const newDatabase = async () => {
      const database = await createScratchDatabase();
      databases.push(database);
      return database;
    };
    const at = (url: string) => ['--dialect', 'pgsql', '--connection', url];
    const newTarget = async () => {
      const database = await newDatabase();
      await done('provision', ...artifacts, ...at(database.url));
      return database;
    };

    beforeAll(async () => {
      await done('emit', ...schemas, '--dialect', 'pgsql', '--output', place('out'));
    });
    afterAll(async () => {
      for (const database of databases) await database.drop();
      rmSync(scratch, { recursive: true, force: true });
    });

    it('is loaded whole and in increments, with new ids and with its own', async () => {
      const database = await newTarget();
      const { url } = database;
      const set = await compiledFiles(generation, core61());
      const lines = fittedSamples(set, 800).map(
        ({ resource, document }) => `{"resource":"${resource}","document":${jsonText(document)}}\n`,
      );
      writeFileSync(place('fitted.jsonl'), lines.join(''));
      // documents whose targets an ODS cannot store are left out
      await ran(['load', place('fitted.jsonl'), ...artifacts, ...at(url), '--continue']);
      await done('reporting', 'apply', ...artifacts, ...at(url), '--change-columns');
      const connection = await connectionTo(url);
      try {
        await connection.execute(givenScript('CREATE SCHEMA edfi_src'));
        expect(await copyViews(connection, sourceTables())).toEqual([]);
        await done('reporting', 'drop', ...at(url));
        const ods = await ChangingOds.over(database, connection, { files: [core61()], generation });
        const load = async (target: string, ...options: readonly string[]) => {
          const source = ['--from-ods', url, '--schema-suffix', '_src', ...artifacts];
          const { out } = await done('load', ...source, ...at(target), '--json', '--verify', ...options);
          const [result] = jsonLines(out);
          expect(result.comparison.differences).toEqual([]);
          return result;
        };
        const dumpOf = async (target: string, name: string) => {
          await done('dump', ...artifacts, ...at(target), '--output', place(name));
          return documentsIn(place(name));
        };
        const [plain, kept] = [(await newTarget()).url, (await newTarget()).url];
        const whole = await load(plain);
        expect(whole.total.rejected).toBe(0);
        expect(whole.reading.documents).toBeGreaterThan(600);
        await load(kept, '--keep-ids');

        const all = await ods.documents();
        const first = (resource: string) => {
          const found = all.find((document) => document.resource === `Ed-Fi:${resource}`);
          if (found === undefined) throw new Error(`no ${resource}`);
          return found;
        };
        const replace = ({ resource, uuid, document }: StoredDocument, path: string, value: string) =>
          ods.store.replace(nameOf(resource), uuid, withValue(document, path, value));
        await replace(first('Student'), '$.firstName', 'Changed');
        await replace(first('Session'), '$.sessionName', 'Another Session');
        // no document refers to it, so removing it is the only step
        await ods.remove(first('StudentGradebookEntry'));
        for (const [target, options] of [
          [plain, []],
          [kept, ['--keep-ids']],
        ] as const) {
          const increment = await load(target, '--since', 'last', ...options);
          expect(increment.total.rejected).toBe(0);
          const { recorded } = increment.changes;
          expect(recorded).toBeGreaterThan(2);
          // a document with the id of the source follows its key, with the documents that refer to it; others are
          // inserted under the new key
          const changes = target === kept ? { keysChanged: 1, deleted: 1 } : { keysChanged: 0, deleted: recorded };
          expect(increment.changes).toMatchObject({ ...changes, rewritten: 0 });
          const again = await load(target, '--since', 'last', ...options);
          expect(again.total).toMatchObject({ inserted: 0, replaced: 0, rejected: 0 });
        }
        await dumpOf(url, 'of-source');
        for (const target of [plain, kept]) {
          const found = await dumpOf(target, target === kept ? 'of-kept' : 'of-plain');
          expect(unexplained(documentsIn(place('of-source')), found, whole.reading.losses)).toEqual([]);
        }
      } finally {
        await connection.close();
      }
    });
  },
);
